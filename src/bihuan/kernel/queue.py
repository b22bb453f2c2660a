"""Queued work: a job is enqueued in the business transaction and runs after its commit, in the jobs process.

    @queue.task("import.run")
    def run_import(import_id: int) -> None: ...

    run_import.defer(import_id=7)

Put such functions in a room's `tasks.py`: those modules are found at start. A job may run twice (the process is
killed after the work and before the note of it), so a task must be harmless when repeated.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

__all__ = ["app", "task"]


def task(
    name: str, *, attempts: int = 5, queue: str = "default"
) -> Callable[[Callable[..., Any]], Task[..., Any, Any]]:
    """Register a function of plain keyword values as a job; failures are tried again after 2, 4, 8 … seconds."""

    def register(work: Callable[..., Any]) -> Task[..., Any, Any]:
        @functools.wraps(work)
        def tidy(*args: Any, **values: Any) -> Any:
            close_old_connections()
            try:
                return work(*args, **values)
            finally:
                close_old_connections()

        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        return app.task(name=name, queue=queue, retry=retry)(tidy)

    return register
