"""Editing bodies and how long they give. Days and calendar are the time limits' own; new versions, history kept."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bihuan.appeals import papers, rules
from bihuan.appeals.models import Body, Term
from bihuan.catalog import snapshot as catalog
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.history import edited_by
from bihuan.sla import editing, models
from bihuan.text.clean import clean

EDITABLE = (
    "name", "name_en", "checks", "fee_months", "other_months", "unanswered_days", "letter", "masked", "active",
)  # fmt: skip
_MOST = {"fee_months": 600, "other_months": 600, "unanswered_days": 3650}


def edit_body(body_id: int, changes: Mapping[str, Any], by: int | None) -> Body:
    """Change a body's conditions, letter or names; appeals taken in before keep the findings they were given."""
    with edited_by(by):
        body = Body.objects.select_for_update().get(pk=body_id)
        for name in EDITABLE:
            if name in changes:
                setattr(body, name, _checked(name, changes[name]))
        if not body.name:
            raise RuleError("body.name", _("请填写名称。"), field="name")
        body.save()
        return body


def _checked(name: str, value: Any) -> Any:
    if name in {"name", "name_en"}:
        return clean(value, 100, name)
    if name == "letter":
        text = clean(value, 10_000, name, multiline=True)
        papers.check(text, name)
        return text
    if name == "checks":
        if set(value) - set(rules.CHECKS):
            raise RuleError("body.checks", _("请从列表中选择。"), field=name)
        return [code for code in rules.CHECKS if code in value]
    if name in _MOST:
        if not isinstance(value, int) or not 0 <= value <= _MOST[name]:
            raise RuleError("body.number", _("请填写不小于 0 的整数。"), field=name)
        return value
    return bool(value)


def set_term(
    body: Body, province_id: int | None, duration: str, calendar: str, conditions: str, by: int | None
) -> Term:
    """How long this body gives in a province (None: everywhere else) and what it asks for there, in words.

    `duration` as time limits take it (`10d`, `5wd`, `48h`), `calendar` a calendar's code. Applies to appeals from now on.
    """
    _check_province(province_id)
    said = clean(conditions, 2000, "conditions", multiline=True)
    with edited_by(by):
        row = Term.objects.select_for_update().filter(body=body, province_id=province_id).first()
        if row is None:
            row = Term(
                body=body, province_id=province_id, policy_code=_added(body, province_id, duration, calendar, by)
            )
        else:
            _edited(row.policy_code, duration, calendar, by)
        row.conditions = said
        row.save()
        return row


def _check_province(province_id: int | None) -> None:
    area = catalog.current().areas.get(province_id) if province_id is not None else None
    if province_id is not None and (area is None or area.level != 1):
        raise RuleError("term.province", _("请选择省份。"), field="province")


def _edited(code: str, duration: str, calendar: str, by: int | None) -> None:
    policy = models.Policy.objects.select_related("calendar").get(code=code, latest=True)
    if (policy.duration, policy.calendar.code) != (duration, calendar) or not policy.active:
        editing.edit_policy(policy.pk, {"duration": duration, "calendar": calendar, "active": True}, by)


def _added(body: Body, province_id: int | None, duration: str, calendar: str, by: int | None) -> str:
    """A time limit of this body's family, shaped like its general one."""
    code = f"appeal.{body.code}.{province_id}" if province_id is not None else f"appeal.{body.code}"
    if models.Policy.objects.filter(code=code, latest=True).exists():  # taken out of use before
        _edited(code, duration, calendar, by)
        return code
    base = models.Policy.objects.filter(family=f"appeal.{body.code}", latest=True).order_by("rank").first()
    if base is None:
        raise Conflict("term.no_policy", _("这个转办单位没有随附的时限，请先在“时限”里恢复。"))
    area = catalog.current().areas[province_id] if province_id is not None else None
    where = (f"（{area.name}）", f" ({area.name_en or area.id})") if area else ("", "")
    kept = ("owner", "family", "start_on", "stop_on", "cancel_on", "repeats", "warn", "escalate", "tell")
    applies: dict[str, Any] = {"appeal_body": [body.code], **({"province": [province_id]} if area else {})}
    editing.add_policy(
        {
            **{name: getattr(base, name) for name in kept},
            "code": code, "name": f"{body.name}答复时限{where[0]}", "name_en": f"{body.name_en} answer limit{where[1]}",
            "rank": 10 if area else 0, "duration": duration, "calendar": calendar, "applies": [applies], "active": True,
            "basis": "申诉转办单位",
        },
        by,
    )  # fmt: skip
    return code


def drop_term(term: Term, by: int | None) -> None:
    """A province goes by the general row again; running clocks keep theirs."""
    if term.province_id is None:
        raise RuleError("term.general", _("通用时限不能删除，可以修改。"), field="province")
    with edited_by(by):
        policy = models.Policy.objects.get(code=term.policy_code, latest=True)
        editing.switch_policy(policy.pk, False, by)
        term.delete()
