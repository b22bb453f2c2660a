"""The rules of calling back as they stand, one picture in memory; which of them a case follows."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.kernel.cached import PerSettings
from bihuan.revisit.models import Rule
from bihuan.revisit.plan import Hours, Plan


@dataclass(frozen=True)
class RuleInfo:
    """One rule; fields as `models.Rule` describes them."""

    id: int | None
    version: int | None
    category: str
    plan: Plan
    approver: str
    approval_term: str
    required: tuple[str, ...]
    follows: bool
    script: tuple[str, str]
    questions: tuple[str, ...]
    survey: bool
    survey_days: int
    bad_score: int
    bad_rating: str
    bad_days: int
    care_days: int
    care_within: int


def info(row: Rule) -> RuleInfo:
    """A row as plain values."""
    hours = Hours(tuple(row.days), row.hour_from, row.hour_to)
    plan = Plan(hours, timedelta(minutes=row.gap_minutes), row.attempts, row.spread_days, tuple(row.media))
    return RuleInfo(
        row.pk, row.version, row.category, plan, row.approver, row.approval_term, tuple(row.required),
        row.follows, (row.script, row.script_en), tuple(row.questions), row.survey, row.survey_days, row.bad_score,
        row.bad_rating, row.bad_days, row.care_days, row.care_within,
    )  # fmt: skip


def _load() -> dict[str, RuleInfo]:
    return {row.category: info(row) for row in Rule.objects.filter(active=True)}


rules = PerSettings(_load, "revisit_rule")
"""Rules in use by category code; `""` is the general one."""
FALLBACK = RuleInfo(
    None, None, "", Plan(), "", "8h", ("cause",), False, ("", ""), (), False, 7, 2, Rule.Bad.NOTHING, 7, 0, 3
)  # fmt: skip
"""Where somebody has switched every rule off: calls as usual, no survey, no care."""


def rule_of(case: Case) -> RuleInfo:
    """The rule of the case's category or the nearest one above it, else the general one; one that `follows` keeps its id,
    version and `required` and takes all else from the next above that does not."""
    found = _above(case)
    own = found[0]
    if not own.follows:
        return own
    lender = next((one for one in found if not one.follows), FALLBACK)
    return replace(lender, id=own.id, version=own.version, category=own.category, required=own.required, follows=True)


def _above(case: Case) -> list[RuleInfo]:
    """All rules over the case's category, the nearest first, the general one last."""
    known, nodes = rules(), catalog.current().nodes
    node = nodes.get(case.category_id or 0)
    codes = [nodes[step].code for step in reversed(node.path if node else ()) if step in nodes]
    return [*(known[code] for code in codes if code in known), known.get("", FALLBACK)]
