"""Who is looking at a page, as the rooms understand it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest

from bihuan.identity import book
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer, viewer_of
from bihuan.kernel.errors import NotFound


def viewer(request: HttpRequest) -> Viewer:
    """The signed-in person's rights and reach; worked out once a request."""
    held: Viewer | None = getattr(request, "_viewer", None)
    if held is None:
        assert isinstance(request.user, Staff)
        held = viewer_of(request.user, book.units())
        request._viewer = held  # type: ignore[attr-defined]
    return held


def needs(right: str) -> Any:
    """For a page that exists only for who has this right: sign-in first, then 404 for everyone else."""

    def decorate(view: Any) -> Any:
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not viewer(request).can(right):
                raise NotFound("page")
            return view(request, *args, **kwargs)

        guarded.__name__, guarded.__doc__ = view.__name__, view.__doc__
        return guarded

    return decorate
