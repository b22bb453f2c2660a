"""Judge a passed-on case; a verdict may be changed, the case's timeline keeps each."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.actions import Doer, append
from bihuan.cases.models import Case
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.reviews.models import Lack, PassedOn
from bihuan.text.vaulted import vaulted


@transaction.atomic
def judge(
    case: Case, doer: Doer, solvable: bool, lacks: Sequence[str], note: str = "", *, at: datetime | None = None
) -> PassedOn:
    """Say whether this case, which was passed on, could have been solved at first contact, and what was missing then.

    The first asker does not judge her own.
    """
    if case.dispatched_at is None:
        raise Conflict("review.not_passed", _("这张工单没有派给过其他部门，不用复盘。"))
    if doer.staff_id is None or doer.staff_id == case.registered_by_id:
        raise Forbidden("review.own", _("自己受理的工单由别人复盘。"))
    if set(lacks) - set(Lack.values):
        raise RuleError("review.lacks", _("请从列表中选择。"), field="lacks")
    if solvable and not lacks:
        raise RuleError("review.lacks", _("可以当场解决的，请选择当时缺什么。"), field="lacks")
    moment = at or clock.now()
    row = PassedOn.objects.select_for_update().filter(case_id=case.id).first() or PassedOn(case_id=case.id, times=0)
    row.at, row.by_id, row.solvable = moment, doer.staff_id, solvable
    row.lacks = [lack for lack in Lack.values if lack in lacks] if solvable else []
    row.note = vaulted(case.party_id, note, 2000, "note")
    row.agent_id, row.unit_id, row.category_id = case.registered_by_id, case.registered_unit_id, case.category_id
    row.times += 1
    row.save()
    payload = {"solvable": solvable, "lacks": row.lacks}
    append(case, "pass_on_reviewed", doer, at=moment, why=row.note, payload=payload)
    return row


def drafted(row: PassedOn, article_id: int) -> None:
    """Keep which script came of it."""
    PassedOn.objects.filter(pk=row.pk).update(article_id=article_id)
