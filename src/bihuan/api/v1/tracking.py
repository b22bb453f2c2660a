"""Special tracking, news owed and reports over the API: the lists, beginning, and the steps of a tracking."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Code, Moment, Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import Names, masked
from bihuan.api.v1.shapes import CaseAnswer, Named
from bihuan.api.v1.steps import _person as person
from bihuan.api.v1.steps import answered, held
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.flow import majors
from bihuan.flow import tracking as flow
from bihuan.identity import roles
from bihuan.majors import queries as reports
from bihuan.majors.models import Report
from bihuan.progress import actions as progress
from bihuan.progress import queries as news
from bihuan.tracking import actions, queries
from bihuan.tracking.models import Track


class TrackingIn(_In):
    """Why, who follows it, what comes next and when."""

    cause: Literal["unresolved", "hot", "difficult", "dissatisfied", "reopened"] = "unresolved"
    owner: Annotated[str, Meta(max_length=64, description="Username; nobody: who answers for the unit")] = ""
    next_step: Annotated[str, Meta(max_length=500)] = ""
    next_at: Moment | None = None
    hot: bool = False
    difficult: bool = False


class EntryIn(_In):
    """What was done, and what comes next; or with `outcome` the end of it."""

    text: Note = ""
    next_step: Annotated[str, Meta(max_length=500)] = ""
    next_at: Moment | None = None
    outcome: Literal["", "satisfied", "explained"] = ""


class TracksOf(_In):
    """Which of them."""

    which: Literal["open", "mine", "hot", "difficult", "done"] = "open"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class NewsOf(_In):
    """From where on."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[str, Meta(max_length=64, description="From the page before")] = ""


class MajorReportsOf(NewsOf):
    """Those to write, or those handed in."""

    which: Literal["open", "done"] = "open"


class WishIn(_In):
    """Whether the customer wants messages about how it goes on."""

    told: bool
    why: Annotated[str, Meta(max_length=200)] = ""


class MajorReportIn(_In):
    """Who leads (nobody: the interface person), until when."""

    lead: Code = ""
    due: Moment | None = None


class TrackOut(Struct, kw_only=True):
    """One case under special tracking."""

    id: int
    complaint: str
    cause: str
    hot: bool
    difficult: bool
    owner: str | None
    unit: Named | None
    next_step: str
    next_at: datetime | None
    begun_at: datetime
    ended_at: datetime | None
    outcome: str


class TrackList(Struct, kw_only=True):
    """The table."""

    items: list[TrackOut]


class NewsOut(Struct, kw_only=True):
    """A customer who waits for the first news."""

    complaint: str
    due_at: datetime


class NewsList(Struct, kw_only=True):
    """The nearest first; `after` is the key of the next page, empty on the last."""

    items: list[NewsOut]
    after: str


class MajorReportOut(Struct, kw_only=True):
    """A report on a major complaint."""

    id: int
    complaint: str
    lead: str | None
    due_at: datetime
    handed_at: datetime | None
    to: Named | None


class MajorReportList(Struct, kw_only=True):
    """Reports in order; `after` is the key of the next page, empty on the last."""

    items: list[MajorReportOut]
    after: str


def begin(call: Call) -> Answer:
    """`POST /complaints/{number}/tracking`."""
    told: TrackingIn = call.body
    case = held(call, roles.REOPEN)
    track = flow.begin(
        case, Doer.of(call.viewer), told.cause, owner_id=person(told.owner, "owner") if told.owner else None,
        next_step=told.next_step, next_at=told.next_at, hot=told.hot, difficult=told.difficult,
    )  # fmt: skip
    return Answer(_tracks([track])[0], {"ETag": f'"{case.version}"'})


def table(call: Call) -> Answer:
    """`GET /tracking`."""
    found = queries.table(call.viewer, call.query.which)
    return Answer(TrackList(items=_tracks(list(found[: call.query.limit]))))


def entry(call: Call) -> Answer:
    """`POST /tracking/{id}/entries`."""
    told: EntryIn = call.body
    case, track = queries.access_track(call.viewer, int(call.places["id"]))
    doer = Doer.of(call.viewer)
    if told.outcome:
        actions.end(case, track, doer, told.outcome, told.text)
    else:
        actions.note(case, track, doer, told.text, told.next_step, told.next_at or case.registered_at)
    return Answer(_tracks([track])[0], {"ETag": f'"{case.version}"'})


def waiting(call: Call) -> Answer:
    """`GET /news`."""
    rows, after = news.page(call.viewer, call.query.limit, call.query.after)
    numbers = dict(Case.objects.filter(pk__in=[one.case_id for one in rows]).values_list("id", "number"))
    items = [NewsOut(complaint=numbers[one.case_id], due_at=one.due_at) for one in rows if one.case_id in numbers]
    return Answer(NewsList(items=items, after=after))


def wish(call: Call) -> Answer:
    """`POST /complaints/{number}/news-wishes`."""
    case = held(call, roles.CHASE)
    event = progress.wish(case, Doer.of(call.viewer), call.body.told, call.body.why)
    return answered(case, event.seq)


def report(call: Call) -> Answer:
    """`POST /complaints/{number}/major-report`."""
    case = held(call, roles.DISPATCH)
    lead = person(call.body.lead, "lead") if call.body.lead else None
    made = majors.begin(case, Doer.of(call.viewer), lead_id=lead, due=call.body.due)
    return Answer(_reports([made])[0], {"ETag": f'"{case.version}"'})


def report_list(call: Call) -> Answer:
    """`GET /major-reports`."""
    wanted: MajorReportsOf = call.query
    found, after = reports.page(call.viewer, wanted.limit, wanted.after, done=wanted.which == "done")
    return Answer(MajorReportList(items=_reports(found), after=after))


def _tracks(found: list[Track]) -> list[TrackOut]:
    cases, names = Case.objects.in_bulk({one.case_id for one in found}), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    return [
        TrackOut(
            id=one.pk, complaint=cases[one.case_id].number, cause=one.cause, hot=one.hot, difficult=one.difficult,
            owner=names.username(one.owner_id), unit=names.unit(one.unit_id),
            next_step=masked(one.next_step, masks.get(cases[one.case_id].party_id, {})), next_at=one.next_at,
            begun_at=one.begun_at, ended_at=one.ended_at, outcome=one.outcome,
        )
        for one in found
    ]  # fmt: skip


def _reports(found: list[Report]) -> list[MajorReportOut]:
    cases, names = Case.objects.in_bulk({one.case_id for one in found}), Names()
    return [
        MajorReportOut(
            id=one.pk, complaint=cases[one.case_id].number, lead=names.username(one.lead_id), due_at=one.due_at,
            handed_at=one.handed_at, to=names.unit(one.to_unit_id),
        )
        for one in found
    ]  # fmt: skip


OPERATIONS = (
    Operation(
        "POST", "/complaints/{number}/tracking", "beginTracking", "tracking", _("列入专项跟踪"), (roles.REOPEN,), begin,
        TrackOut, body=TrackingIn, status=201, of_case=True, example={"cause": "difficult", "next_step": "请厂家会诊"},
    ),
    Operation(
        "GET", "/tracking", "listTracking", "tracking", _("专项跟踪表，最急的在前"), (roles.READ,), table, TrackList,
        query=TracksOf,
    ),
    Operation(
        "POST", "/tracking/{id}/entries", "noteTracking", "tracking", _("记一笔跟踪，或结束跟踪"), (roles.READ,), entry, TrackOut,
        body=EntryIn, status=201, of_case=True,
        example={"text": "厂家已到场", "next_step": "更换板卡", "next_at": "2027-03-02T09:00:00+08:00"},
    ),
    Operation(
        "GET", "/news", "listNews", "tracking", _("等首次告知的客户，最急的在前，按键翻页"), (roles.HANDLE,), waiting,
        NewsList, query=NewsOf,
    ),
    Operation(
        "POST", "/complaints/{number}/news-wishes", "wishNews", "tracking", _("记下客户要不要进展通知"), (roles.CHASE,), wish,
        CaseAnswer, body=WishIn, status=201, of_case=True, example={"told": False, "why": "客户说不用发"},
    ),
    Operation(
        "POST", "/complaints/{number}/major-report", "callForReport", "tracking", _("要求重大投诉报告，接口人牵头"),
        (roles.DISPATCH,), report, MajorReportOut, body=MajorReportIn, status=201, of_case=True, example={},
    ),
    Operation(
        "GET", "/major-reports", "listReports", "tracking", _("重大投诉报告：待上报或已上报，按键翻页"), (roles.READ,),
        report_list, MajorReportList, query=MajorReportsOf,
    ),
)  # fmt: skip
