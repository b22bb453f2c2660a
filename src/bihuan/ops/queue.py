"""The worker of queued jobs (`kernel.queue`); restarted with a growing pause while the database is away."""

import asyncio
import logging
from contextlib import suppress

from django.conf import settings
from procrastinate import App, PsycopgConnector

from bihuan.kernel.queue import app

__all__ = ["app", "work"]
log = logging.getLogger(__name__)
_LONGEST_PAUSE = 15.0
_CONCURRENCY = 2
_STALE_SECONDS = 8.0


async def work(stopping: asyncio.Event) -> None:
    """Run jobs until `stopping`; it comes back by itself after any error."""
    pause = 0.5
    while not stopping.is_set():
        try:
            await _until(stopping)
            pause = 0.5
        except Exception:
            log.exception("the worker of queued jobs stopped; it starts again in %.1f s", pause)
            await _wait(stopping, pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


async def _until(stopping: asyncio.Event) -> None:
    connector = PsycopgConnector(conninfo=settings.DATABASE_URL, min_size=1, max_size=_CONCURRENCY + 2, timeout=5.0)
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        parts = [asyncio.create_task(part) for part in (_run(worker_app), _put_back(worker_app), stopping.wait())]
        done, rest = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in rest:
            part.cancel()
        results = await asyncio.gather(*parts, return_exceptions=True)
        troubles = [result for result in results if isinstance(result, Exception)]
        if troubles and not stopping.is_set():
            raise troubles[0]


async def _run(worker_app: App) -> None:
    await worker_app.run_worker_async(
        concurrency=_CONCURRENCY,
        install_signal_handlers=False,
        shutdown_graceful_timeout=4.0,
        update_heartbeat_interval=_STALE_SECONDS / 4,
        stalled_worker_timeout=_STALE_SECONDS,
        fetch_job_polling_interval=2.0,
    )


async def _put_back(worker_app: App) -> None:
    """Jobs that a killed worker had in hand are queued again once its sign of life is old enough."""
    while True:
        for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALE_SECONDS):
            log.warning("job %s (%s) was cut off; it is queued again", job.id, job.task_name)
            await worker_app.job_manager.retry_job(job)
        await asyncio.sleep(_STALE_SECONDS / 2)


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
