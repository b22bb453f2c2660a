"""Editing the rules of calling back and the interview sheets: checked, versioned, kept in the history."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bihuan.catalog import snapshot as catalog
from bihuan.identity import roles
from bihuan.kernel.errors import RuleError
from bihuan.kernel.history import edited_by
from bihuan.revisit.models import Rule, Sheet
from bihuan.revisit.plan import MEDIA
from bihuan.revisit.review import REQUIREMENTS
from bihuan.sla.durations import Duration
from bihuan.text.clean import clean

RULE_FIELDS = (
    "active", "days", "hour_from", "hour_to", "gap_minutes", "attempts", "spread_days", "media", "approver",
    "approval_term", "required", "follows", "script", "script_en", "questions", "survey", "survey_days", "bad_score",
    "bad_rating", "bad_days", "care_days", "care_within",
)  # fmt: skip
_BOUNDS = {
    "hour_from": (0, 23), "hour_to": (1, 24), "gap_minutes": (5, 10_080), "attempts": (1, 20), "spread_days": (1, 20),
    "survey_days": (1, 60), "bad_score": (0, 4), "bad_days": (0, 365), "care_days": (0, 365), "care_within": (1, 60),
}  # fmt: skip
KINDS = ("score", "yes_no", "text", "choice")
MOST_QUESTIONS = 20


def add_rule(category: str, by: int | None) -> Rule:
    """A rule for one category, beginning as the general one; it counts from its first edit that switches it on."""
    node = catalog.current().node("phenomenon", category)
    if node is None or not node.active:
        raise RuleError("rule.category", _("请选择现象分类。"), field="category")
    general = Rule.objects.filter(category="").first() or Rule()
    fields = {name: getattr(general, name) for name in RULE_FIELDS}
    try:
        with edited_by(by):
            return Rule.objects.create(category=node.code, **{**fields, "active": False, "follows": False})
    except IntegrityError:
        raise RuleError("rule.there", _("这个分类已经有规则，请直接修改。"), field="category") from None


def edit_rule(rule_id: int, changes: Mapping[str, Any], by: int | None) -> Rule:
    """Change a rule: a new version, for every attempt, closing, survey and care call from now on."""
    with edited_by(by):
        row = Rule.objects.select_for_update().get(pk=rule_id)
        for name in RULE_FIELDS:
            if name in changes:
                setattr(row, name, _checked(name, changes[name]))
        if row.hour_from >= row.hour_to:
            raise RuleError("rule.hours", _("结束的钟点要晚于开始。"), field="hour_to")
        if not row.category and not row.active:
            raise RuleError("rule.general", _("通用规则不能停用，可以修改。"), field="active")
        row.follows = row.follows and bool(row.category)
        row.version += 1
        row.save()
        return row


def _checked(name: str, value: Any) -> Any:
    if name in _BOUNDS:
        least, most = _BOUNDS[name]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            told = _("请填 %(least)d 到 %(most)d 之间的整数。") % {"least": least, "most": most}
            raise RuleError("rule.number", told, field=name)
        return value
    lists: Mapping[str, Sequence[Any]] = {"days": range(1, 8), "media": MEDIA, "required": list(REQUIREMENTS)}
    if name in lists:
        if set(value) - set(lists[name]) or (name == "days" and not value):
            raise RuleError("rule.choice", _("请从列表中选择。"), field=name)
        return [one for one in lists[name] if one in value]
    if name == "questions":
        return _lines(value)
    if name in {"script", "script_en"}:
        return clean(value, 2000, name, multiline=True)
    return _word(name, value)


def _word(name: str, value: Any) -> Any:
    if name == "approver" and value and not (value in roles.ROLES and roles.DUTY in roles.ROLES[value].rights):
        raise RuleError("rule.approver", _("请选择有审批权限的角色。"), field=name)
    if name == "approval_term":
        Duration.parse(value)
    if name == "bad_rating" and value not in Rule.Bad.values:
        raise RuleError("rule.choice", _("请从列表中选择。"), field=name)
    return bool(value) if name in {"active", "survey", "follows"} else value


def _lines(value: Sequence[str]) -> list[str]:
    lines = [clean(line, 200, "questions") for line in value if line.strip()]
    if len(lines) > MOST_QUESTIONS or len(set(lines)) < len(lines):
        raise RuleError("rule.questions", _("最多 20 个问题，且不要重复。"), field="questions")
    return lines


def write_questions(questions: Sequence[Mapping[str, Any]]) -> str:
    """A sheet's questions as lines: `问题 | score`, `问题 | choice | 甲、乙`."""
    return "\n".join(
        " | ".join([one["text"], one["kind"], *(["、".join(one["choices"])] if one.get("choices") else [])])
        for one in questions
    )


def read_questions(text: str) -> list[dict[str, Any]]:
    """The inverse; a line that cannot be read is refused."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not parts[0]:
            continue
        kind = parts[1] if len(parts) > 1 and parts[1] else "text"
        choices = [one.strip() for one in parts[2].split("、") if one.strip()] if len(parts) > 2 else []
        if kind not in KINDS or (kind == "choice") != (len(choices) > 1):
            raise RuleError(
                "sheet.line",
                _("“%(line)s”读不懂：写成 问题 | score、yes_no、text，或 问题 | choice | 甲、乙。")
                % {"line": line[:40]},
                field="questions",
            )
        plain = {"text": clean(parts[0], 200, "questions"), "kind": kind}
        found.append({**plain, "choices": choices} if choices else plain)
    if not 0 < len(found) <= MOST_QUESTIONS:
        raise RuleError("sheet.questions", _("请写 1 到 20 个问题，一行一个。"), field="questions")
    return found


def save_sheet(sheet_id: int | None, told: Mapping[str, Any], by: int | None) -> Sheet:
    """A new sheet, or a new version of one. `told`: code (new ones), name, name_en, questions as lines, active."""
    with edited_by(by), transaction.atomic():
        row = Sheet.objects.select_for_update().get(pk=sheet_id) if sheet_id else Sheet(code=told["code"], version=0)
        if sheet_id is None and Sheet.objects.filter(code=told["code"]).exists():
            raise RuleError("sheet.code", _("这个代码已经用了，请换一个。"), field="code")
        row.name, row.name_en = clean(told["name"], 100, "name"), clean(told.get("name_en", ""), 100, "name_en")
        row.questions, row.active = read_questions(told["questions"]), bool(told["active"])
        row.version += 1
        row.save()
        return row
