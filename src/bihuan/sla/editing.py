"""Changing limits, calendars and days off. Every edit is a new version; running clocks keep theirs unless told otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer, Fact, record_many
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.history import edited_by
from bihuan.sla import clocks, models, queries, steps
from bihuan.sla.actions import write
from bihuan.sla.calendar_form import build
from bihuan.sla.clocks import State
from bihuan.sla.fold import ADOPTED, fold
from bihuan.sla.past import happened
from bihuan.sla.policies import from_data
from bihuan.sla.replay import books

_KEPT = (*queries.POLICY_FIELDS, "active")


def edit_policy(policy_id: int, changes: Mapping[str, Any], by: int | None) -> models.Policy:
    """A new version of a policy with some fields changed (`calendar` by code); applies to clocks begun from now on."""
    with edited_by(by):
        old = models.Policy.objects.select_for_update().select_related("calendar").get(pk=policy_id)
        if not old.latest:
            raise Conflict("policy.outdated", _("这条时限已有更新的版本，请刷新后再改。"))
        unknown = set(changes) - {*_KEPT, "calendar"}
        if unknown:
            raise RuleError("policy.field", _("时限没有“%s”这一项。") % sorted(unknown)[0], field=sorted(unknown)[0])
        fields = {name: changes.get(name, getattr(old, name)) for name in _KEPT}
        calendar = _calendar(str(changes["calendar"])) if "calendar" in changes else old.calendar
        from_data(fields | {"calendar": calendar.code})
        return _next_version(old, fields, calendar)


def add_policy(fields: Mapping[str, Any], by: int | None) -> models.Policy:
    """A new policy; `fields` as in `policies.from_data` with `calendar` by code."""
    from_data(fields)
    with edited_by(by):
        if models.Policy.objects.filter(code=fields["code"]).exists():
            raise Conflict("policy.exists", _("已有代码为“%s”的时限，请换一个代码。") % fields["code"])
        kept = {name: fields[name] for name in _KEPT if name in fields}
        return models.Policy.objects.create(**kept, calendar=_calendar(str(fields.get("calendar") or "7x24")))


def switch_policy(policy_id: int, active: bool, by: int | None) -> None:
    """Lets a policy start clocks, or no more; running clocks go on."""
    with edited_by(by):
        if not models.Policy.objects.filter(pk=policy_id, latest=True).update(active=active):
            raise Conflict("policy.outdated", _("这条时限已有更新的版本，请刷新后再改。"))


def edit_calendar(code: str, changes: Mapping[str, Any], by: int | None) -> models.Calendar:
    """A new version of a calendar (`name`, `name_en`, `zone`, `week`, `makeup`), and of the policies that count by it."""
    with edited_by(by):
        old = models.Calendar.objects.select_for_update().get(code=code, active=True)
        names = ("name", "name_en", "kind", "zone", "week", "makeup", "region")
        fields = {name: changes.get(name, getattr(old, name)) for name in names}
        days = [(date(2000, 1, 1), False)] if fields["kind"] == models.Calendar.Kind.OFFICIAL else []
        build(code, fields["kind"], fields["week"], zone=fields["zone"], makeup=fields["makeup"], days=days)
        models.Calendar.objects.filter(pk=old.pk).update(active=False)
        new = models.Calendar.objects.create(code=code, version=old.version + 1, **fields)
        for policy in models.Policy.objects.filter(calendar__code=code, latest=True).select_for_update():
            _next_version(policy, {name: getattr(policy, name) for name in _KEPT}, new)
        return new


def enter_year(region: str, year: int, days: Iterable[tuple[str, bool, str]], by: int | None) -> int:
    """The days off and make-up days of a year as (`2027-01-01`, worked?, name); replaces what was there for that year.

    Clocks that waited for the year are set from their events; answers how many.
    """
    try:
        told = [(date.fromisoformat(day), worked, name) for day, worked, name in days]
    except ValueError:
        raise RuleError("days.date", _("日期应写成 2027-01-01。"), field="days") from None
    wrong = next((day for day, _worked, _name in told if day.year != year), None)
    if wrong or not told:
        raise RuleError("days.year", _("请录入 %d 年的放假日和补班日，不要混入其他年份。") % year, field="days")
    if len({day for day, _worked, _name in told}) < len(told):
        raise RuleError("days.twice", _("有日期重复，请核对。"), field="days")
    with edited_by(by):
        models.CalendarDay.objects.filter(region=region, day__year=year).delete()
        rows = [models.CalendarDay(region=region, day=day, worked=worked, name=name) for day, worked, name in told]
        models.CalendarDay.objects.bulk_create(rows)
        return settle()


def settle() -> int:
    """Sets the clocks whose due moment or next level could not be known for want of a year; answers how many."""
    waiting = models.Clock.objects.filter(state=State.UNKNOWN) | models.Clock.objects.filter(
        state=State.RUNNING, next_at=None
    )
    case_ids = sorted(set(waiting.values_list("case_id", flat=True)))
    promises, book_at = queries.book(), books()
    histories = happened(case_ids)
    changed = []
    for case_id, held in queries.stored(case_ids, lock=True).items():
        told = {(t.clock.policy.id, t.clock.round): t.clock.state for t in fold(histories[case_id], book_at)}
        for one in held:
            state = one.state
            if state.state == State.UNKNOWN:
                state = told.get((one.policy_id, one.round), state)
            elif state.state == State.RUNNING and state.next_at is None:
                state = clocks.armed(state, promises.terms(one))
            if state != one.state:
                changed.append(one._replace(state=state))
    write(changed, ())
    steps.keep(case_ids)
    return len(changed)


def adopt(code: str, doer: Doer) -> int:
    """By explicit choice, runs the living clocks of older versions of a policy under its latest one from now on.

    Used and paused time stay; each case gets an event, so that its deadline still follows from its events.
    Answers how many clocks changed.
    """
    with edited_by(doer.staff_id):
        latest = models.Policy.objects.get(code=code, latest=True)
        older = list(models.Policy.objects.filter(code=code, latest=False).values_list("id", flat=True))
        rows = models.Clock.objects.filter(policy_id__in=older, state__in=[int(state) for state in clocks.ALIVE])
        case_ids = sorted(set(rows.values_list("case_id", flat=True)))
        now, promises = clock.now(), queries.book()
        payload = {"policy": latest.id, "code": code, "version": latest.version}
        record_many([Fact(case_id, ADOPTED, now, payload, actor=doer) for case_id in case_ids])
        held = [one for found in queries.stored(case_ids, lock=True).values() for one in found]
        moved = [
            promises.moved(c, latest.id, now) for c in held if c.policy_id in older and c.state.state in clocks.ALIVE
        ]
        write(moved, ())
        steps.keep(case_ids)
    return len(moved)


def versions(code: str) -> Sequence[models.Policy]:
    """All versions of a policy, newest first."""
    return list(models.Policy.objects.filter(code=code).select_related("calendar").order_by("-version"))


def _calendar(code: str) -> models.Calendar:
    found = models.Calendar.objects.filter(code=code, active=True).first()
    if found is None:
        raise RuleError("calendar.unknown", _("没有这个日历，请从列表中选择。"), field="calendar")
    return found


def _next_version(old: models.Policy, fields: Mapping[str, Any], calendar: models.Calendar) -> models.Policy:
    models.Policy.objects.filter(pk=old.pk).update(latest=False, active=False)
    return models.Policy.objects.create(**{**fields, "code": old.code}, version=old.version + 1, calendar=calendar)
