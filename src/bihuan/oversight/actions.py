"""Record, demand, report, accept: each in one transaction with one entry in the record."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day, midnight
from bihuan.catalog import snapshot as catalog
from bihuan.identity import book
from bihuan.kernel import clock, scanner
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.kernel.history import edited_by
from bihuan.kernel.scanner import Verdict
from bihuan.notices import actions as notices
from bihuan.oversight import files, rules
from bihuan.oversight.models import Checklist, Demand, Entry, Evaluation, Patrol, Point
from bihuan.oversight.rules import EvaluationIn, PatrolIn, PointIn
from bihuan.oversight.words import CHECKLISTS, SEVERITIES

_MOST_LATE = 500


def enter(about: str, subject_id: int, kind: str, doer: Doer | None, text: str = "", **payload: Any) -> Entry:
    """One line of the record."""
    return Entry.objects.create(
        about=about, subject_id=subject_id, kind=kind, at=clock.now(), by_id=doer.staff_id if doer else None,
        unit_id=doer.unit_id if doer else None, text=text, payload=payload,
    )  # fmt: skip


@transaction.atomic
def patrol(told: PatrolIn, doer: Doer) -> Patrol:
    """Record a visit; each point with a term becomes a demand its unit is told of."""
    today = local_day(clock.now())
    rules.check_patrol(told, today)
    points = rules.check_points(told.points, today)
    made = Patrol.objects.create(
        day=told.day, site=told.site, place=rules.needed(told.place, "place", _("请写明巡查地点。"), 200),
        unit_id=_unit(told.unit_id), area_id=_area(told.area_id), company=rules.said(told.company, "company", 200),
        summary=rules.said(told.summary, "summary"), case_ids=sorted(set(told.case_ids)), made_at=clock.now(),
        made_by_id=_person(doer), made_unit_id=doer.unit_id,
    )  # fmt: skip
    _points(points, patrol=made)
    enter("patrol", made.pk, "recorded", doer, made.summary, points=len(points), wrong=_wrong(points))
    _demands(points, doer, patrol=made)
    return made


@transaction.atomic
def evaluation(told: EvaluationIn, doer: Doer, file: tuple[str, bytes] | None = None) -> Evaluation:
    """Record an evaluation with its report (name, content); points with a term become demands."""
    today = local_day(clock.now())
    rules.check_evaluation(told, today)
    points = rules.check_points(told.points, today)
    name, media_type = files.checked(*file) if file else ("", "")
    made = Evaluation.objects.create(
        body=rules.needed(told.body, "body", _("请写明评估机构。"), 200),
        title=rules.needed(told.title, "title", _("请写评估名称。"), 200),
        first_day=told.first_day, last_day=told.last_day, unit_id=_unit(told.unit_id), area_id=_area(told.area_id),
        summary=rules.said(told.summary, "summary"), score=rules.score_of(points), file_name=name, media_type=media_type,
        size=len(file[1]) if file else 0, digest=files.write(file[1]) if file else b"",
        case_ids=sorted(set(told.case_ids)), made_at=clock.now(), made_by_id=_person(doer), made_unit_id=doer.unit_id,
    )  # fmt: skip
    _points(points, evaluation=made)
    enter(
        "evaluation", made.pk, "recorded", doer, made.summary, points=len(points), score=str(made.score or ""),
        sha256=bytes(made.digest).hex(),
    )  # fmt: skip
    if file:
        judged(made, scanner.scan(file[1]))
    _demands(points, doer, evaluation=made)
    return made


def judged(held: Evaluation, verdict: Verdict | None) -> None:
    """Note what the scanner said of a report. An infected one is told to whoever recorded it and is given out to nobody."""
    if verdict is None:
        return
    held.scan = Evaluation.Scan.INFECTED if verdict.infected else Evaluation.Scan.CLEAN
    held.scanned_at, held.found = clock.now(), verdict.found
    held.save(update_fields=["scan", "scanned_at", "found"])
    if verdict.infected:
        enter("evaluation", held.pk, "quarantined", None, f"{held.file_name} {verdict.found}")
        notices.tell("file_infected", [held.made_by_id], None, {"text": f"{held.file_name} {verdict.found}"})


def _points(points: Sequence[PointIn], **of: Any) -> None:
    Point.objects.bulk_create(
        Point(
            place=place, name=one.name, ok=one.ok, score=one.score, most=one.most, finding=one.finding,
            severity=one.severity, **of,
        )
        for place, one in enumerate(points, 1)
    )  # fmt: skip


def _wrong(points: Iterable[PointIn]) -> int:
    return sum(1 for one in points if one.ok is False)


def _demands(points: Iterable[PointIn], doer: Doer, **of: Any) -> None:
    for one in points:
        if one.due is not None:
            _demand(f"{one.name}：{one.finding}", one.severity, one.due, doer, **of)


def _demand(text: str, severity: str, due: date, doer: Doer, **of: Any) -> Demand:
    source: Patrol | Evaluation = of.get("patrol") or of["evaluation"]
    made = Demand.objects.create(
        unit_id=source.unit_id, text=text, severity=severity, due_on=due, due_at=midnight(due + timedelta(days=1)),
        asked_at=clock.now(), asked_by_id=_person(doer), asked_unit_id=doer.unit_id, **of,
    )  # fmt: skip
    enter("demand", made.pk, "demanded", doer, text, due=str(due), severity=severity)
    _tell_unit("rectification_asked", made, by=doer.staff_id)
    return made


@transaction.atomic
def demand(source: Patrol | Evaluation, doer: Doer, text: str, severity: str, due: date) -> Demand:
    """One more demand from a recorded visit or evaluation."""
    said = rules.needed(text, "text", _("请写明整改要求。"))
    rules.one_of(severity, SEVERITIES, "severity")
    rules.check_due(due, local_day(clock.now()))
    return _demand(said, severity, due, doer, **{source._meta.model_name or "": source})


@transaction.atomic
def report(ident: int, doer: Doer, text: str) -> Demand:
    """The unit tells what it did; who asked hears of it."""
    held = _locked(ident, "reported")
    held.report = rules.needed(text, "text", _("请写明做了哪些整改、现在怎样。"))
    held.state, held.reported_at, held.reported_by_id = "reported", clock.now(), doer.staff_id
    held.save(update_fields=["state", "report", "reported_at", "reported_by_id"])
    enter("demand", held.pk, "reported", doer, held.report)
    facts = {"by": doer.staff_id, "unit": held.unit_id, "text": held.report, "demand": held.pk}
    notices.tell("rectification_reported", [held.asked_by_id], None, facts)
    return held


@transaction.atomic
def judge(ident: int, doer: Doer, accepted: bool, note: str = "", due: date | None = None) -> Demand:
    """Accepted, or not: then why, and until when again. Nobody accepts what she reported herself."""
    held = _locked(ident, "accepted" if accepted else "refused")
    if doer.staff_id == held.reported_by_id:
        raise Forbidden("oversight.own", _("自己报的整改结果要由别人验收。"))
    text = rules.said(note, "note")
    if accepted:
        held.state, held.accepted_at, held.accepted_by_id = "accepted", clock.now(), doer.staff_id
        held.save(update_fields=["state", "accepted_at", "accepted_by_id"])
        enter("demand", held.pk, "accepted", doer, text, late=_was_late(held))
    else:
        _refuse(held, doer, text, due)
    _tell_unit("rectification_judged", held, by=doer.staff_id, result="met" if accepted else "not_met", text=text)
    return held


def _was_late(held: Demand) -> bool:
    return held.reported_at is not None and held.reported_at > held.due_at


def _refuse(held: Demand, doer: Doer, text: str, due: date | None) -> None:
    if not text:
        raise RuleError("oversight.note", _("请写明哪里不合格。"), field="note")
    again = due or held.due_on
    rules.check_due(again, local_day(clock.now()))
    held.state, held.refusals, held.late_told_at = "open", held.refusals + 1, None
    held.due_on, held.due_at = again, midnight(again + timedelta(days=1))
    held.save(update_fields=["state", "refusals", "due_on", "due_at", "late_told_at"])
    enter("demand", held.pk, "refused", doer, text, due=str(again))


def _locked(ident: int, step: str) -> Demand:
    held = Demand.objects.select_for_update().get(pk=ident)
    if held.state not in rules.NEXT[step]:
        raise Conflict("oversight.state", _("这项整改现在不能这样办理，请刷新后再看。"))
    return held


@transaction.atomic
def remind() -> int:
    """Tell the unit and who asked, once, of each demand that has become late; for the schedule. Answers how many."""
    now = clock.now()
    late = Demand.objects.select_for_update(skip_locked=True).filter(state="open", due_at__lte=now, late_told_at=None)
    held = list(late.order_by("due_at", "id")[:_MOST_LATE])
    for one in held:
        enter("demand", one.pk, "late", None, due=str(one.due_on))
        _tell_unit("rectification_late", one, also=one.asked_by_id)
    Demand.objects.filter(pk__in=[one.pk for one in held]).update(late_told_at=now)
    return len(held)


def _tell_unit(kind: str, held: Demand, also: int | None = None, **facts: Any) -> None:
    """Who answers for the unit, or for the one above it."""
    unit, known = book.units().units.get(held.unit_id), book.units().units
    people = [known[step].responsible_id for step in reversed(unit.path) if step in known] if unit else []
    told = {"due": held.due_at, "text": held.text, "demand": held.pk, **{k: v for k, v in facts.items() if v}}
    notices.tell(kind, {next((one for one in people if one), None), also}, None, told)


def edit_checklist(site: str, items: Sequence[str], actor_id: int) -> Checklist:
    """What is looked at from now on; visits recorded before keep what they were."""
    rules.one_of(site, CHECKLISTS, "site")
    told = [rules.said(one, "items", 200) for one in items]
    told = list(dict.fromkeys(one for one in told if one))
    if not told or len(told) > rules.MOST_POINTS:
        raise RuleError("oversight.items", _("请写 1 到 40 项，一行一项。"), field="items")
    with edited_by(actor_id):
        return Checklist.objects.update_or_create(site=site, defaults={"items": told})[0]


def _unit(unit_id: int) -> int:
    if unit_id not in book.units().units:
        raise RuleError("oversight.unit", _("请选择部门。"), field="unit")
    return unit_id


def _area(area_id: int | None) -> int | None:
    if area_id is not None and area_id not in catalog.current().areas:
        raise RuleError("oversight.area", _("请从列表中选择地区。"), field="area")
    return area_id


def _person(doer: Doer) -> int:
    if doer.staff_id is None:
        raise Forbidden("oversight")
    return doer.staff_id
