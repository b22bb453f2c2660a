"""Live news for open queues: one look at the new events a second for the whole process, told only to who may see the case.

Event ids are given before their transactions commit, so a later id may become visible before an earlier one: the poller
looks back over a stretch it has already read and passes over what it has told.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import ngettext

from bihuan.cases import access
from bihuan.cases.actions import WATCHED
from bihuan.cases.models import CaseEvent
from bihuan.identity import book
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer, viewer_of
from bihuan.kernel import clock
from bihuan.kernel.aside import aside
from bihuan.notices import queries as notices

EVERY = 1.0
"""Seconds between two looks."""
LOOK_BACK = timedelta(seconds=15)
LASTS = 900.0
"""Seconds a stream lasts at most."""
BEAT = 20.0
"""Seconds after which a silent stream says that it is still there."""
MOST = 2000
BEFORE = 500
"""Events before the last one a list has seen that may not have been told when the list was made."""
ARRIVES = frozenset({"registered", "dispatched", "returned", "recalled", "reopened", "replied"})
"""Events that put a case before somebody new; the others change one that is there."""


@dataclass(frozen=True)
class News:
    """One new event."""

    id: int
    case_id: int
    kind: str
    actor_id: int | None


Batch = list[News] | frozenset[int]
"""What a line carries: new events, or whom a notice has reached."""


@dataclass
class Poller:
    """One per process and event loop; runs while somebody listens."""

    listeners: set["asyncio.Queue[Batch]"] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)
    """Notices told already."""
    told: set[int] = field(default_factory=set)
    marks: deque[tuple[datetime, int]] = field(default_factory=deque)
    """How far the sequence had come when; the oldest not older than the stretch looked back over."""
    task: "asyncio.Task[None] | None" = None

    def join(self) -> "asyncio.Queue[Batch]":
        """A queue that gets every batch from now on."""
        line: asyncio.Queue[Batch] = asyncio.Queue(maxsize=100)
        self.listeners.add(line)
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.run())
        return line

    def leave(self, line: "asyncio.Queue[Batch]") -> None:
        """Nobody reads it any more."""
        self.listeners.discard(line)

    async def run(self) -> None:
        """Look, tell, wait; ends when nobody listens."""
        newest = await aside(newest_id)()
        self.reached = {one for one, _staff in await aside(notices.made_since)(clock.now() - LOOK_BACK)}
        self.told, self.marks = set(), deque([(clock.now(), newest)])
        while self.listeners:
            await asyncio.sleep(EVERY)
            with suppress(OperationalError):
                self.spread(await aside(after)(self.marks[0][1]), clock.now())
                self.ring(await aside(notices.made_since)(clock.now() - LOOK_BACK))

    def spread(self, found: list[News], now: datetime) -> None:
        """Hand what was not told yet to all; who has not read for long loses the oldest."""
        fresh = [one for one in found if one.id not in self.told]
        self.told = {one.id for one in found}
        self.marks.append((now, max((one.id for one in found), default=self.marks[-1][1])))
        while len(self.marks) > 1 and self.marks[1][0] <= now - LOOK_BACK:
            self.marks.popleft()
        if fresh:
            self._hand(fresh)

    def ring(self, found: list[tuple[int, int]]) -> None:
        """Tell those whom a notice (id, staff) has reached that was not told yet."""
        fresh = frozenset(staff for one, staff in found if one not in self.reached)
        self.reached = {one for one, _staff in found}
        if fresh:
            self._hand(fresh)

    def _hand(self, batch: Batch) -> None:
        for line in self.listeners:
            if line.full():
                line.get_nowait()
            line.put_nowait(batch)


_pollers: dict[int, Poller] = {}


def poller() -> Poller:
    """The poller of the running event loop."""
    return _pollers.setdefault(id(asyncio.get_running_loop()), Poller())


def newest_id() -> int:
    """How far the sequence of events has come."""
    return CaseEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def after(event_id: int) -> list[News]:
    """Events behind this one, oldest first, at most `MOST`: one walk along the end of the primary key."""
    found = CaseEvent.objects.filter(id__gt=event_id).order_by("id")
    return [News(*row) for row in found.values_list("id", "case_id", "kind", "actor_id")[:MOST]]


def since(seen: int | None) -> tuple[frozenset[int], list[News]]:
    """How it stands for a list that has seen this event (None: all so far): ids the poller need not tell any more, and
    the events behind it, oldest first, of many the newest `MOST`."""
    seen = newest_id() if seen is None else seen
    found = CaseEvent.objects.filter(id__gt=seen - BEFORE).order_by("-id")
    events = [News(*row) for row in found.values_list("id", "case_id", "kind", "actor_id")[:MOST]][::-1]
    return frozenset(one.id for one in events), [one for one in events if one.id > seen]


def seen_by(viewer: Viewer, batch: list[News]) -> tuple[list[str], list[str]]:
    """Numbers of the cases of this batch that exist for the viewer: (those that came, those that changed)."""
    others = [one for one in batch if one.actor_id != viewer.staff_id and not one.kind.startswith(WATCHED)]
    if not others:
        return [], []
    kinds: dict[int, set[str]] = {}
    for one in others:
        kinds.setdefault(one.case_id, set()).add(one.kind)
    rows = access.visible(viewer).filter(pk__in=list(kinds)).values_list("id", "number")
    came = [number for ident, number in rows if kinds[ident] & ARRIVES]
    return came, [number for _ident, number in rows if number not in came]


def message(came: set[str], changed: set[str]) -> str:
    """What the announcement says."""
    parts = []
    if came:
        parts.append(ngettext("有 %(count)d 张新工单", "有 %(count)d 张新工单", len(came)) % {"count": len(came)})
    if changed - came:
        count = len(changed - came)
        parts.append(ngettext("%(count)d 张有变动", "%(count)d 张有变动", count) % {"count": count})
    return " · ".join(parts)


def _viewer(request: HttpRequest) -> Viewer | None:
    """The viewer as the accounts stand now; None once she may no longer be here."""
    user = request.user
    if not isinstance(user, Staff):
        return None
    staff = Staff.objects.filter(pk=user.pk, is_active=True).first()
    return viewer_of(staff, book.units()) if staff else None


async def live(request: HttpRequest) -> HttpResponseBase:
    """The stream of one reader, from the event on that her list has seen (`after`; without one, where the browser was cut off).

    After a quarter of an hour it ends and the browser opens another: a session that was ended meanwhile, or a right taken
    away, opens none."""
    viewer = await aside(_viewer)(request)
    if viewer is None:
        return HttpResponse(status=204)
    language = translation.get_language() or "zh-hans"
    only_notices = request.GET.get("only") == "notices"
    told = request.GET.get("after") or request.headers.get("Last-Event-ID", "")
    seen = int(told[:18]) if told.isascii() and told.isdigit() else None
    answer = StreamingHttpResponse(_stream(viewer, language, only_notices, seen), content_type="text/event-stream")
    answer["X-Accel-Buffering"] = "no"
    return answer


async def _stream(viewer: Viewer, language: str, only_notices: bool, seen: int | None) -> AsyncIterator[bytes]:
    line = poller().join()
    came: set[str] = set()
    changed: set[str] = set()
    until = time.monotonic() + LASTS
    try:
        yield b": here\nretry: 3000\n\n"
        # what the poller has yet to tell may be on her list already
        known, missed = (frozenset(), []) if only_notices else await aside(since)(seen)
        if missed:
            line.put_nowait(missed)
        while time.monotonic() < until:
            try:
                batch = await asyncio.wait_for(line.get(), timeout=BEAT)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if isinstance(batch, frozenset):
                if viewer.staff_id in batch:
                    told = json.dumps(await aside(notices.badge)(viewer.staff_id))
                    yield f"event: notices\ndata: {told}\n\n".encode()
                continue
            if batch is not missed:
                batch = [one for one in batch if one.id not in known]
            if only_notices or not batch:
                continue
            fresh, moved = await aside(seen_by)(viewer, batch)
            if not fresh and not moved:
                continue
            came.update(fresh)
            changed.update(moved)
            with translation.override(language):
                told = json.dumps({"text": message(came, changed), "ids": [*fresh, *moved]})
            yield f"id: {batch[-1].id}\nevent: news\ndata: {told}\n\n".encode()
    finally:
        poller().leave(line)
