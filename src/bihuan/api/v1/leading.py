"""Those above over the API: a case supervised, reported on and judged; questions put to superiors and answered."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1 import shapes, steps
from bihuan.api.v1.inputs import Code, Moment, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.rendering import Names, masked
from bihuan.api.v1.shapes import Named
from bihuan.asking import actions as asking
from bihuan.asking import queries as questions
from bihuan.asking.models import Question
from bihuan.cases import lexicon
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.kernel import clock
from bihuan.supervision import actions, queries
from bihuan.supervision.models import Supervision

Told = Annotated[str, Meta(min_length=1, max_length=2000)]


class SupervisionIn(_In):
    """What is demanded, by when; without a moment within three working days."""

    demand: Told
    due: Moment | None = None


class ReportIn(_In):
    """How far it is."""

    text: Told


class VerdictIn(_In):
    """How it ended; why, unless the demand was met."""

    verdict: Literal["met", "partly", "not_met"]
    note: Annotated[str, Meta(max_length=2000)] = ""


class QuestionIn(_In):
    """A hard case to the duty manager (or `to`), a plea always to somebody named."""

    text: Told
    kind: Literal["hard", "plea"] = "hard"
    to: Annotated[Code, Meta(description="Username of the superior")] = ""


class AnswerIn(_In):
    """What she says; of a plea whether it is granted."""

    question: Annotated[int, Meta(ge=1, le=10**15)]
    text: Told
    granted: bool | None = None


class SupervisionsOf(_In):
    """Which supervisions: running (late ones first), late, ended."""

    state: Literal["open", "late", "ended"] = "open"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class QuestionsOf(_In):
    """Which questions: waiting for the token's owner, put to other duty managers, asked or answered by her."""

    which: Literal["waiting", "others", "asked", "answered"] = "waiting"
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class SupervisionOut(Struct, kw_only=True):
    """One supervision; `ordered_by` is null where the escalation procedure ordered it."""

    id: int
    complaint: str
    demand: str
    ordered_at: datetime
    ordered_by: Named | None
    due_at: datetime
    late: bool
    reports: int
    reported_at: datetime | None
    ended_at: datetime | None
    verdict: str
    note: str


class SupervisionList(Struct, kw_only=True):
    """Supervisions in order."""

    items: list[SupervisionOut]


class QuestionOut(Struct, kw_only=True):
    """One question; `granted` only of a plea."""

    id: int
    complaint: str
    kind: str
    text: str
    asked_at: datetime
    asked_by: Named | None
    asked_of: Named | None
    due_at: datetime
    answered_at: datetime | None
    answered_by: Named | None
    answer: str
    granted: bool | None


class QuestionList(Struct, kw_only=True):
    """Questions in order."""

    items: list[QuestionOut]


def order(case: Case, doer: Doer, told: SupervisionIn, call: Call) -> CaseEvent:
    """Order a supervision."""
    return actions.order(case, doer, told.demand, told.due)


def report(case: Case, doer: Doer, told: ReportIn, call: Call) -> CaseEvent:
    """Report on it."""
    return actions.report(case, doer, told.text)


def judge(case: Case, doer: Doer, told: VerdictIn, call: Call) -> CaseEvent:
    """End it."""
    return actions.end(case, doer, told.verdict, told.note)


def ask(case: Case, doer: Doer, told: QuestionIn, call: Call) -> CaseEvent:
    """Ask up."""
    found = lexicon.current().usernames.get(told.to) if told.to else None
    wanted = found.id if found else (-1 if told.to else None)
    return asking.ask(case, doer, told.text, kind=told.kind, of_id=wanted)


def answer(case: Case, doer: Doer, told: AnswerIn, call: Call) -> CaseEvent:
    """Answer."""
    return asking.answer(case, doer, told.question, told.text, told.granted)


def supervisions(call: Call) -> Answer:
    """`GET /supervision`."""
    wanted: SupervisionsOf = call.query
    found = list(queries.listing(call.viewer, wanted.state)[: wanted.limit])
    return Answer(SupervisionList(items=_supervisions(found)))


def _supervisions(found: list[Supervision]) -> list[SupervisionOut]:
    cases, masks = _cases([one.case_id for one in found])
    names, now = Names(), clock.now()
    return [
        SupervisionOut(
            id=one.pk, complaint=cases[one.case_id].number, demand=masked(one.demand, masks[one.case_id]),
            ordered_at=one.ordered_at, ordered_by=names.person(one.ordered_by_id), due_at=one.due_at,
            late=one.due_at < (one.ended_at or now), reports=one.reports, reported_at=one.reported_at,
            ended_at=one.ended_at, verdict=one.verdict, note=masked(one.verdict_note, masks[one.case_id]),
        )
        for one in found
    ]  # fmt: skip


def _cases(ids: list[int]) -> tuple[dict[int, Case], dict[int, dict[str, str]]]:
    cases = Case.objects.in_bulk(ids)
    masks = customers.masks_of(case.party_id for case in cases.values())
    return cases, {ident: masks.get(case.party_id, {}) for ident, case in cases.items()}


def question_list(call: Call) -> Answer:
    """`GET /questions`."""
    wanted: QuestionsOf = call.query
    views = {
        "waiting": questions.waiting, "others": questions.of_others, "asked": questions.asked_by,
        "answered": questions.answered_by,
    }  # fmt: skip
    return Answer(QuestionList(items=_questions(list(views[wanted.which](call.viewer)[: wanted.limit]))))


def _questions(found: list[Question]) -> list[QuestionOut]:
    cases, masks = _cases([one.case_id for one in found])
    names = Names()
    return [
        QuestionOut(
            id=one.pk, complaint=cases[one.case_id].number, kind=one.kind, text=masked(one.text, masks[one.case_id]),
            asked_at=one.asked_at, asked_by=names.person(one.asked_by_id), asked_of=names.person(one.asked_of_id),
            due_at=one.due_at, answered_at=one.answered_at, answered_by=names.person(one.answered_by_id),
            answer=masked(one.answer, masks[one.case_id]), granted=one.granted,
        )
        for one in found
    ]  # fmt: skip


_CASE = "/complaints/{number}"
OPERATIONS = (
    Operation(
        "GET", "/supervision", "listSupervision", "leading", _("列出督办的投诉，超期在前"), (roles.READ,), supervisions,
        SupervisionList, query=SupervisionsOf,
    ),
    Operation(
        "POST", f"{_CASE}/supervision", "supervise", "leading", _("督办：写明要求和期限"), (roles.SUPERVISE,),
        steps.step(roles.SUPERVISE, order), shapes.CaseAnswer, body=SupervisionIn, status=201, of_case=True,
        example={"demand": "两天内恢复，每天报告进展"},
    ),
    Operation(
        "POST", f"{_CASE}/supervision-reports", "reportProgress", "leading", _("承办部门报告督办进展"), (roles.HANDLE,),
        steps.step(roles.HANDLE, report), shapes.CaseAnswer, body=ReportIn, status=201, of_case=True,
        example={"text": "已更换电源模块，明早复测"},
    ),
    Operation(
        "POST", f"{_CASE}/supervision-verdict", "endSupervision", "leading", _("办结督办，写明结论"), (roles.SUPERVISE,),
        steps.step(roles.SUPERVISE, judge), shapes.CaseAnswer, body=VerdictIn, status=201, of_case=True,
        example={"verdict": "met"},
    ),
    Operation(
        "GET", "/questions", "listQuestions", "leading", _("列出答疑和请示：等我的、别人的、我问的、我答的"), (roles.READ,),
        question_list, QuestionList, query=QuestionsOf,
    ),
    Operation(
        "POST", f"{_CASE}/questions", "ask", "leading", _("请教值班长，或替客户请示上级"), (roles.ASK,),
        steps.step(roles.ASK, ask), shapes.CaseAnswer, body=QuestionIn, status=201, of_case=True,
        example={"text": "客户要求当场赔偿，能答应吗？"},
    ),
    Operation(
        "POST", f"{_CASE}/answers", "answerQuestion", "leading", _("答复请教；请示要写明同意或不同意"), (roles.READ,),
        steps.step(roles.READ, answer), shapes.CaseAnswer, body=AnswerIn, status=201, of_case=True,
        example={"question": 1, "text": "按补偿标准减免三天"},
    ),
)  # fmt: skip
