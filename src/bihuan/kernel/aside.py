"""Database work asked for by asynchronous code that no request of Django's stands around."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")


def aside(work: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """`work` in a thread, with its connection given back to the pool afterwards.

    Django does so at the end of each request. Without it the thread would keep its connection, and after a restart of
    the database ask a dead one for ever.
    """

    @wraps(work)
    def tidy(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return sync_to_async(tidy)
