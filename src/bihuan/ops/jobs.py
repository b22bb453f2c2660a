"""The jobs process: every periodic task in a thread of its own with its own connection, and the worker of the queue."""

import asyncio
import hashlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.db import Error, connection

from bihuan.ops import queue
from bihuan.ops.schedule import PERIODIC, Periodic

log = logging.getLogger(__name__)
_LONGEST_PAUSE = 30.0
_PATIENCE = 4.0


def run(tasks: Sequence[Periodic] | None = None) -> int:
    """Work until SIGTERM or SIGINT, then wait a few seconds for what is being done. Returns the exit code."""
    asyncio.run(_run(PERIODIC if tasks is None else tasks))
    return 0


async def _run(tasks: Sequence[Periodic]) -> None:
    stopping, told = asyncio.Event(), threading.Event()

    def stop() -> None:
        stopping.set()
        told.set()
        # when the database went first, tidying up would wait for it: nothing of ours is lost by ending at once
        leave = threading.Timer(_PATIENCE + 2.0, os._exit, [0])
        leave.daemon = True
        leave.start()

    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop)
    threads = [
        threading.Thread(target=repeat, args=(task.name, task.seconds, task.load(), told), name=task.name, daemon=True)
        for task in tasks
    ]
    for thread in threads:
        thread.start()
    await queue.work(stopping)
    limit = time.monotonic() + _PATIENCE
    for thread in threads:
        await asyncio.to_thread(thread.join, max(0.0, limit - time.monotonic()))


def repeat(name: str, seconds: float, work: Callable[[], Any], told: threading.Event) -> None:
    """Call `work` every `seconds` until `told`; after an error the pause doubles up to half a minute, then recovers."""
    failures = 0
    while not told.is_set():
        began = time.monotonic()
        try:
            with alone(name) as mine:
                if mine:
                    work()
            failures = 0
        except Exception:
            failures += 1
            log.exception("%s failed (%d in a row)", name, failures)
        finally:
            connection.close()
        pause = min(_LONGEST_PAUSE, seconds * 2 ** min(failures, 10)) if failures else seconds
        told.wait(max(0.05, began + pause - time.monotonic()))


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """True in one process an installation at a time: a second jobs process rests until the first is gone."""
    key = int.from_bytes(hashlib.sha256(f"bihuan:{name}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            # a lost connection has given the lock back already
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
