"""Routing rules: the sets as readable tables, one rule at a time, and a complaint to try them with."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.catalog import snapshot as catalog
from bihuan.dispatch import comparison as comparing
from bihuan.dispatch import editing, trial
from bihuan.dispatch.models import Rule, RuleSet
from bihuan.dispatch.queries import active_rules, moment_facts, rule_info
from bihuan.dispatch.rules import RuleInfo
from bihuan.identity import book as units
from bihuan.identity import roles
from bihuan.identity.models import Staff, Unit
from bihuan.identity.viewer import Viewer
from bihuan.intake import context as intake
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound
from bihuan.kernel.models import SettingChange
from bihuan.text.classify import urgency_hint
from bihuan.web.setup import conditions
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.history import Line
from bihuan.web.setup.names import Names, english, listed, named, phrased
from bihuan.web.setup.rule_forms import RuleForm, TrialForm, initial


@page(roles.SETUP)
@require_safe
def rule_sets(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The sets; the one that dispatches leads."""
    held = {one.code: one for one in RuleSet.objects.filter(active=True)}
    newest = [
        editing.latest(code) for code in RuleSet.objects.values_list("code", flat=True).distinct().order_by("code")
    ]
    newest.sort(key=lambda one: one.code not in held)
    lines = [{"set": one, "rules": one.rules.count(), "running": held.get(one.code)} for one in newest]
    return show(request, "setup/rule_sets.html", {"lines": lines})


@page(roles.SETUP)
@require_safe
def rule_set(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """One set as a table: if … then unit, priority, demands; beside it the trial and the versions."""
    held = editing.latest(code)
    form = (
        TrialForm(request.GET) if "channel" in request.GET else TrialForm(initial={"channel": "hotline", "level": "0"})
    )
    result = _try(held, form) if form.is_bound and form.is_valid() else None
    verdicts = {one.rule.code: one for one in result["tried"]} if result else {}
    lines = [_line(rule, verdicts.get(rule.code)) for rule in held.rules.order_by("position")]
    context = {"set": held, "lines": lines, "form": form, "result": result, "versions": _versions(code), **_force(held)}
    return show(request, "setup/rule_set.html", context)


def _force(held: RuleSet) -> dict[str, Any]:
    """Which version dispatches, and whether the newest waits to be switched on."""
    running = editing.in_force(held.code)
    return {"running": running, "waits": running is not None and running.pk != held.pk}


@page(roles.SETUP)
@require_safe
def comparison(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """What the newest version would have changed among the last month's cases, against the rules in force."""
    held, names = editing.latest(code), Names()
    found = comparing.compare(by, active_rules(), _rules(held), units.units(), clock.now())
    context = {
        "set": held,
        "found": found,
        "days": comparing.DAYS,
        "most": comparing.MOST,
        "lines": [
            {"before": _answer_words(line.before, names), "after": _answer_words(line.after, names), "line": line}
            for line in found.lines[:200]
        ],
        **_force(held),
    }
    return show(request, "setup/rule_comparison.html", context)


def _answer_words(answer: comparing.Answer, names: Names) -> str:
    unit, priority, staff, routed = answer
    if unit is None:
        return _("没有规则，留给派单员")
    parts = [names.unit(unit)]
    person = Staff.objects.filter(username=staff).first() if staff else None
    parts += [named(person)] if person else []
    parts += [_("优先级 %d") % priority] if priority else []
    parts += [_("派单档次 %s") % routed] if routed else []
    return " · ".join(parts)


def _line(rule: Rule, verdict: trial.Tried | None) -> dict[str, Any]:
    return {
        "rule": rule,
        "conditions": conditions.told(rule.conditions),
        "target": _target(rule.target),
        "further": _further(rule.target),
        "demands": (rule.demands_en if english() else "") or rule.demands,
        "reason": (rule.reason_en if english() else "") or rule.reason,
        "verdict": verdict,
        "unmet": conditions.told({key: rule.conditions[key] for key in verdict.unmet}) if verdict else [],
    }


def _target(target: dict[str, Any]) -> str:
    if target.get("unit"):
        found = units.units().by_code.get(str(target["unit"]))
        return named(found) if found else str(target["unit"])
    kind = str(dict(Unit.Kind.choices).get(str(target.get("kind")), target.get("kind")))
    return _("%s（投诉所在地）") % kind if target.get("by_area") else kind


def _further(target: dict[str, Any]) -> list[str]:
    """The person and the limits' word a rule names beside the unit."""
    person = Staff.objects.filter(username=target["staff"]).first() if target.get("staff") else None
    found = [named(person)] if person else []
    return found + ([_("派单档次 %s") % target["routed"]] if target.get("routed") else [])


def _try(held: RuleSet, form: TrialForm) -> dict[str, Any]:
    """The complaint of the form as registration would see it, and what each rule says to it."""
    told, book = form.cleaned_data, catalog.current()
    flags = [hint.flag for hint in urgency_hint(told["content"])]
    guess = intake.current().suggester.suggest(told["content"], top=1)
    category = book.node("phenomenon", told["category"] or (guess[0][0] if guess else ""))
    area = book.area(told["area"]) if told["area"] else None
    areas = area.levels if area else (None, None, None)
    urgency = int(told["urgency"] or (4 if "urgent" in flags else (category.urgency if category else None) or 1))
    product = book.node("product", told["product"])
    facts = {
        "category": category.code if category else "",
        "product": product.code if product else "",
        "service_type": (category.service_type if category else "") or "complaint",
        "channel": told["channel"],
        "flags": flags,
        "areas": [*areas, area.id if area else None],
        "area_level": area.level if area else 0,
        "customer_level": int(told["level"]),
        "urgency": urgency,
        "text": told["content"],
        **moment_facts(clock.now()),
    }
    tried = trial.run(_rules(held), facts, areas, units.units())
    return {
        "tried": tried,
        "chosen": next((one for one in tried if one.chosen), None),
        "category": category,
        "guessed": not told["category"],
        "flags": listed(conditions.FLAGS.get(flag, flag) for flag in flags),
        "urgency": conditions.URGENCY_NUMBERS[urgency],
    }


def _rules(held: RuleSet) -> list[RuleInfo]:
    rows = held.rules.select_related("rule_set").order_by("position")
    return [rule_info(rule, place) for place, rule in enumerate(rows, 1) if rule.active]


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, by: Viewer, code: str, rule_code: str) -> HttpResponse:
    """One rule; saving makes a new version of its set."""
    held = editing.latest(code)
    row = held.rules.filter(code=rule_code).first()
    if row is None:
        raise NotFound("rule")
    return _edit(request, by, held, rule_code, RuleForm(request.POST or None, initial=initial(row)))


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """A rule more, asked before the last one."""
    held = editing.latest(code)
    taken_codes = set(Rule.objects.filter(rule_set__code=code).values_list("code", flat=True))
    fresh = next(name for n in range(1, 10_000) if (name := f"own{n}") not in taken_codes)
    return _edit(request, by, held, fresh, RuleForm(request.POST or None, initial={"active": True}))


def _edit(request: HttpRequest, by: Viewer, held: RuleSet, rule_code: str, form: RuleForm) -> HttpResponse:
    seen = int(version) if (version := request.POST.get("version", "")).isdigit() else held.version
    made: list[RuleSet] = []

    def put() -> None:
        made.append(editing.put_rule(held.code, form.values() | {"code": rule_code}, seen, by.staff_id))

    if request.method == "POST" and taken(form, put):
        tell(
            request,
            _("规则集“%(name)s”已存为第 %(version)d 版，启用前可以先试算上月。")
            % {"name": named(held), "version": made[0].version},
        )
        return redirect("setup:rule-set", held.code)
    return show(request, "setup/rule.html", {"form": form, "set": held, "code": rule_code})


@page(roles.SETUP)
@require_POST
def removal(request: HttpRequest, by: Viewer, code: str, rule_code: str) -> HttpResponse:
    """Leave a rule out of the next version."""
    editing.drop_rule(code, rule_code, _seen(request), by.staff_id)
    tell(request, _("已删除这条规则，旧版本仍可恢复。"))
    return redirect("setup:rule-set", code)


@page(roles.SETUP)
@require_POST
def moving(request: HttpRequest, by: Viewer, code: str, rule_code: str) -> HttpResponse:
    """Ask a rule earlier (`up=1`) or later."""
    editing.move_rule(code, rule_code, request.POST.get("up") == "1", _seen(request), by.staff_id)
    return redirect("setup:rule-set", code)


@page(roles.SETUP)
@require_POST
def switching(request: HttpRequest, by: Viewer, code: str) -> HttpResponse:
    """Dispatch by this set."""
    held = editing.switch(code, by.staff_id)
    tell(request, _("现在按“%s”派单。") % named(held))
    return redirect("setup:rules")


@page(roles.SETUP)
@require_POST
def restoration(request: HttpRequest, by: Viewer, code: str, version: int) -> HttpResponse:
    """A new version with the rules of an old one."""
    made = editing.go_back(code, version, _seen(request), by.staff_id)
    tell(request, _("已按第 %(old)d 版的内容存为第 %(new)d 版。") % {"old": version, "new": made.version})
    return redirect("setup:rule-set", code)


def _seen(request: HttpRequest) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isdigit() else 0


def _versions(code: str) -> list[dict[str, Any]]:
    rows = list(RuleSet.objects.filter(code=code).order_by("-version")[:20])
    made = {
        change.row_id: change
        for change in SettingChange.objects.filter(
            table="dispatch_ruleset", row_id__in=[r.pk for r in rows], before__isnull=True
        )
    }
    names, found = Names(), []
    for place, row in enumerate(rows):
        older = rows[place + 1] if place + 1 < len(rows) else None
        change = made.get(row.pk)
        found.append(
            {
                "set": row,
                "latest": place == 0,
                "at": change.at if change else None,
                "who": (names.staff(change.actor_id) if change else "") or _("随程序提供"),
                "lines": _differences(older, row) if older else [],
            }
        )
    return found


def _differences(old: RuleSet, new: RuleSet) -> list[Line]:
    before = {rule["code"]: rule for rule in editing.plain_rules(old)}
    after = {rule["code"]: rule for rule in editing.plain_rules(new)}
    lines = []
    for code in {**before, **after}:
        if before.get(code) != after.get(code):
            label = (after.get(code) or before[code])["reason"] or code
            lines.append(Line(label, _words(before.get(code)), _words(after.get(code)) or _("（已删除）")))
    if not lines:
        lines.append(Line(_("次序"), "", _("已调整")))
    return lines


def _words(rule: dict[str, Any] | None) -> str:
    if rule is None:
        return ""
    parts = [phrased(conditions.told(rule["conditions"])) or _("其余全部"), _target(rule["target"])]
    parts += _further(rule["target"])
    parts += [_("优先级 %d") % rule["priority"]] if rule["priority"] else []
    parts += [rule["demands"]] if rule["demands"] else []
    return (
        " → ".join(parts[:2]) + "".join(f"；{part}" for part in parts[2:]) + ("" if rule["active"] else _("（停用）"))
    )
