"""A program on its owner's behalf reads her inbox. Handlers and shapes."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import _In
from bihuan.api.v1.operation import ANYONE, BASE, Answer, Call, Operation
from bihuan.notices import actions, queries, wording
from bihuan.notices.queries import Line


class NoticePage(_In):
    """Which page."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[str, Meta(max_length=64)] = ""
    kind: Annotated[str, Meta(max_length=40)] = ""


class NoticeOut(Struct):
    """One notice. `number` is null when it is about no complaint or about one that may no longer be read (`hidden`)."""

    id: int
    kind: str
    title: str
    detail: str
    text: str
    number: str | None
    hidden: bool
    facts: dict[str, Any]
    made_at: datetime
    read_at: datetime | None


class NoticeList(Struct):
    """A page, unread first."""

    items: list[NoticeOut]
    unread: int
    next: str | None
    after: str | None


class Reading(_In):
    """Which were read; none named: all."""

    ids: Annotated[list[Annotated[int, Meta(ge=1, le=10**15)]], Meta(max_length=1000)] | None = None


class ReadCount(Struct):
    """How many were marked."""

    marked: int
    unread: int


def listing(call: Call) -> Answer:
    """`GET /notices`: only the caller's own."""
    wanted: NoticePage = call.query
    found, after = queries.page(call.viewer, wanted.limit, wanted.after, kind=wanted.kind)
    told = {"limit": wanted.limit, "after": after, **({"kind": wanted.kind} if wanted.kind else {})}
    following = f"{BASE}/notices?{urlencode(told)}" if after else None
    content = NoticeList([_out(line) for line in found], queries.unread(call.viewer.staff_id), following, after or None)
    return Answer(content)


def _out(line: Line) -> NoticeOut:
    notice = line.notice
    shown = not line.hidden
    return NoticeOut(
        notice.pk, notice.kind, wording.title(notice.kind), wording.detail(notice.facts) if shown else "",
        wording.said(notice.facts) if shown else "", line.number or None, line.hidden,
        _plain(notice.facts) if shown else {}, notice.made_at, notice.read_at,
    )  # fmt: skip


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key != "text"}


def reading(call: Call) -> Answer:
    """`POST /notices/reading`."""
    staff_id = call.viewer.staff_id
    marked = actions.mark_read(staff_id, call.body.ids)
    return Answer(ReadCount(marked, queries.unread(staff_id)))


OPERATIONS = (
    Operation(
        "GET", "/notices", "listNotices", "notices", _("列出令牌所有者自己的站内通知，未读在前"), ANYONE, listing, NoticeList,
        query=NoticePage,
    ),
    Operation(
        "POST", "/notices/reading", "readNotices", "notices", _("把通知标为已读；不写 ids 即全部"), ANYONE, reading, ReadCount,
        body=Reading, repeats="again", example={"ids": [1, 2]},
    ),
)  # fmt: skip
