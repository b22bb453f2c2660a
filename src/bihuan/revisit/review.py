"""The closing review: what a category's rule asks for, and what of it a case does not have yet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case, CaseEvent
from bihuan.kernel.errors import RuleError

EVIDENCE_KINDS = ("kpi", "alarm", "field_test", "interference", "signalling")
LOSSES = ("value", "system", "people")
REQUIREMENTS: dict[str, Promise] = {
    "cause": _("选了原因"),
    "solution": _("答复写明解决办法"),
    "file": _("有证据文件"),
    "proof": _("有证据文件，或写明依据"),
    "evidence": _("选了用到的证据类型"),
    "kpi": _("证据：话统指标"),
    "alarm": _("证据：告警"),
    "field_test": _("证据：现场测试"),
    "interference": _("证据：干扰分析"),
    "signalling": _("证据：信令分析"),
    "loss": _("判定价值、系统、人员原因"),
    "root": _("问过是否根本解决"),
}
"""What a rule may ask for, by code."""
LOSS_OF: dict[str, str] = {"N": "system", "L": "system", "B": "system", "M": "value", "S": "people"}
"""Root of the cause tree → the cause of loss it usually is: offered, never assumed."""
NO_LOSS = frozenset({"U", "X", "Z"})
"""Roots under which nothing of ours was at fault (the customer's side, others, undetermined): no loss need be coded."""

_FIELDS = {
    "cause": "cause", "loss": "system_cause", "proof": "proof",
    **dict.fromkeys((*EVIDENCE_KINDS, "evidence"), "evidence_kinds"),
}  # fmt: skip


@dataclass(frozen=True)
class Review:
    """What is coded at closing. The three causes of loss: value 价值, system 系统, people 人员."""

    cause: str
    evidence_kinds: Sequence[str] = ()
    value_cause: bool = False
    system_cause: bool = False
    people_cause: bool = False
    proof: str = ""
    """Where the proof lies, in words, when no file is attached."""

    def plain(self) -> dict[str, Any]:
        """As it is kept with a request; `Review(**plain)` reads it back."""
        return {**asdict(self), "evidence_kinds": list(self.evidence_kinds)}


@dataclass(frozen=True)
class Found:
    """What of a case's life the review looks at."""

    replied: bool
    solution: bool
    file: bool
    root: bool


def found_of(case: Case) -> Found:
    """From the case's chain: one statement."""
    kinds = ("replied", "evidence_added", "revisited")
    told = list(
        CaseEvent.objects.filter(case_id=case.id, kind__in=kinds).order_by("seq").values_list("kind", "payload")
    )
    replies = [payload for kind, payload in told if kind == "replied"]
    calls = [payload for kind, payload in told if kind == "revisited"]
    return Found(
        bool(replies),
        bool(replies and replies[-1].get("solution")),
        any(kind == "evidence_added" for kind, _payload in told),
        bool(calls and calls[-1].get("root_solved") is not None),
    )


def lacking(required: Sequence[str], found: Found, review: Review | None = None) -> list[str]:
    """Codes of what is asked for and not there; without a review everything it codes is lacking."""
    kinds = set(review.evidence_kinds) if review else set()
    loss = review is not None and (review.value_cause or review.system_cause or review.people_cause)
    innocent = review is not None and review.cause[:1] in NO_LOSS
    there = {
        "cause": bool(review and review.cause), "solution": found.solution, "file": found.file, "root": found.root,
        "evidence": bool(kinds), "loss": loss or innocent, "proof": found.file or bool(review and review.proof.strip()),
    }  # fmt: skip
    return [code for code in required if not there.get(code, code in kinds)]


def check(required: Sequence[str], found: Found, review: Review) -> None:
    """Refuse a closing that lacks what its category's rule asks for, naming all of it."""
    missing = lacking(required, found, review)
    if missing:
        field = next((_FIELDS[code] for code in missing if code in _FIELDS), "")
        words = "、".join(str(REQUIREMENTS[code]) for code in missing)
        raise RuleError("closure.incomplete", str(_("结单还缺：%(what)s。")) % {"what": words}, field=field)
