"""Leaks: recorded, added to, sanctioned. The record says who did what; the data that leaked is never written down."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day
from bihuan.identity import book
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.oversight import rules
from bihuan.oversight.actions import enter
from bihuan.oversight.models import Leak
from bihuan.oversight.rules import LeakIn


@transaction.atomic
def record(told: LeakIn, doer: Doer) -> Leak:
    """Open a file. Whoever answers for the leak does not keep it."""
    rules.check_leak(told, local_day(clock.now()))
    if told.unit_id not in book.units().units:
        raise RuleError("oversight.unit", _("请选择部门。"), field="unit")
    if doer.staff_id is None or doer.staff_id == told.staff_id:
        raise Forbidden("oversight.own", _("责任人不能自己登记。"))
    made = Leak.objects.create(
        found_on=told.found_on, found_by=told.found_by, kinds=list(dict.fromkeys(told.kinds)), people=told.people,
        answerable=told.answerable, unit_id=told.unit_id, staff_id=told.staff_id,
        name=rules.said(told.name, "name", 100),
        account=rules.needed(told.account, "account", _("请写明经过：什么时候、怎样泄露。")),
        measures=rules.said(told.measures, "measures"), case_ids=sorted(set(told.case_ids)), made_at=clock.now(),
        made_by_id=doer.staff_id,
    )  # fmt: skip
    enter("leak", made.pk, "recorded", doer, made.account, kinds=made.kinds)
    return made


@transaction.atomic
def note(ident: int, doer: Doer, text: str) -> Leak:
    """What came to light since."""
    held = Leak.objects.select_for_update().get(pk=ident)
    enter("leak", held.pk, "noted", doer, rules.needed(text, "text", _("请写明补充的情况。")))
    return held


@transaction.atomic
def sanction(ident: int, doer: Doer, codes: Sequence[str], decided_by: str, decided_on: date, text: str = "") -> Leak:
    """The decision, once: by whom, when, which sanctions. What comes up later is noted beside it."""
    held = Leak.objects.select_for_update().get(pk=ident)
    if held.decided_at is not None:
        raise Conflict("oversight.decided", _("已有处理决定；后来的情况请写在补充里。"))
    rules.check_sanctions(codes, decided_on, held.found_on, local_day(clock.now()))
    held.sanctions, held.decided_on, held.decided_at = list(dict.fromkeys(codes)), decided_on, clock.now()
    held.decided_by = rules.needed(decided_by, "decided_by", _("请写明由谁决定，例如“公司纪委”。"), 200)
    held.sanction_note = rules.said(text, "text")
    held.save(update_fields=["sanctions", "decided_on", "decided_at", "decided_by", "sanction_note"])
    enter(
        "leak", held.pk, "sanctioned", doer, held.sanction_note, sanctions=held.sanctions, decided_by=held.decided_by,
        decided_on=str(decided_on),
    )  # fmt: skip
    return held
