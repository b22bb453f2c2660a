"""Passed-on review over the API: a verdict on one complaint, and the findings."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct

from bihuan.api.v1.inputs import Note, _In
from bihuan.api.v1.operation import Answer, Call, Operation
from bihuan.api.v1.shapes import CaseAnswer
from bihuan.api.v1.steps import step
from bihuan.cases.actions import Doer
from bihuan.cases.lexicon import current
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity import roles
from bihuan.reviews import actions, queries

LackName = Literal["knowledge", "authority", "system", "data", "time", "training", "process", "other"]


class PassOnReview(_In, kw_only=True):
    """Could it have been solved at first contact, and what was missing then."""

    solvable: bool
    lacks: list[LackName] = []
    note: Note = ""


class FindingsOf(_In):
    """By what to put them together."""

    by: Annotated[Literal["agent", "category", "unit"], Meta(description="agent, category or unit")] = "category"


class FindingOut(Struct, kw_only=True):
    """Verdicts of one group; `key` is a username or a code, `lacks` how often each thing was missing."""

    key: str
    reviewed: int
    solvable: int
    lacks: dict[str, int]


class Findings(Struct, kw_only=True):
    """All groups, most solvable first."""

    items: list[FindingOut]


def judging(case: Case, doer: Doer, told: Any, call: Call) -> CaseEvent:
    """`POST /complaints/{number}/pass-on-reviews`."""
    actions.judge(case, doer, told.solvable, told.lacks, told.note)
    return CaseEvent.objects.get(case_id=case.id, seq=case.event_count)


def listing(call: Call) -> Answer:
    """`GET /pass-on-findings`."""
    by = call.query.by
    words = current()
    names: dict[str, Any] = {
        "agent": lambda key: words.staff[key].username if key in words.staff else "",
        "unit": lambda key: words.units[key].code if key in words.units else "",
        "category": lambda key: words.catalog.nodes[key].code if key in words.catalog.nodes else "",
    }
    found = queries.findings(call.viewer, f"{by}_id")
    return Answer(
        Findings(
            items=[
                FindingOut(key=names[by](key), reviewed=one.reviewed, solvable=one.solvable, lacks=one.lacks)
                for key, one in found
            ]
        )
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "POST", "/complaints/{number}/pass-on-reviews", "reviewPassOn", "steps",
        _("转派复盘：当时能否当场解决，缺什么"), (roles.REVIEW,), step(roles.REVIEW, judging), CaseAnswer,
        body=PassOnReview, status=201, of_case=True, example={"solvable": True, "lacks": ["knowledge"]},
    ),
    Operation(
        "GET", "/pass-on-findings", "listPassOnFindings", "figures", _("转派复盘的发现：按受理人、分类或部门"),
        (roles.REVIEW, roles.FIGURES), listing, Findings, query=FindingsOf,
    ),
)  # fmt: skip
