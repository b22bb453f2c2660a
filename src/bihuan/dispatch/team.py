"""How a unit shares its work out, and what its people can do: kept as settings, edited by whoever plans its duty."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from bihuan.catalog import snapshot as catalog
from bihuan.dispatch.models import Mode, Skill, UnitWork
from bihuan.identity import roster
from bihuan.identity.models import Staff
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden, NotFound, RuleError
from bihuan.kernel.history import edited_by
from bihuan.sla.durations import Duration

FIELDS = ("mode", "pickup_term", "late_to", "most_open", "share_days")
TREES = {"category": "phenomenon", "product": "product"}


def set_unit(unit_id: int, told: Mapping[str, object], by: Viewer) -> UnitWork:
    """How the unit shares its work out, `told` as `FIELDS`; for who plans its duty."""
    _must(by, unit_id)
    if told.get("mode") not in Mode.values:
        raise RuleError("sharing.mode", _("请选择分派方式。"), field="mode")
    if told.get("late_to") not in {"pool", "lead"}:
        raise RuleError("sharing.late", _("请选择超时未接的去处。"), field="late_to")
    if told.get("pickup_term"):
        Duration.parse(str(told["pickup_term"]))
    with edited_by(by.staff_id):
        row, _made = UnitWork.objects.update_or_create(
            unit_id=unit_id, defaults={name: told[name] for name in FIELDS if name in told}
        )
    return row


def set_skills(staff_id: int, categories: Sequence[str], products: Sequence[str], level: int, by: Viewer) -> None:
    """Her skills are exactly these: parts of the two trees, and from which customer level on she is trained (0: none)."""
    staff = Staff.objects.filter(pk=staff_id, is_active=True).first()
    if staff is None:
        raise NotFound("staff")
    _must(by, staff.unit_id)
    book = catalog.current()
    for kind, codes in (("category", categories), ("product", products)):
        unknown = next((code for code in codes if book.node(TREES[kind], code) is None), None)
        if unknown is not None:
            raise RuleError("skill.unknown", _("没有找到“%s”，请从列表中选择。") % unknown, field=kind)
    if not 0 <= level <= 7:
        raise RuleError("skill.level", _("客户星级为 1 到 7。"), field="level")
    wanted = {("category", code) for code in categories} | {("product", code) for code in products}
    wanted |= {("level", str(level))} if level else set()
    with edited_by(by.staff_id):
        held = {(row.kind, row.code): row for row in Skill.objects.filter(staff_id=staff_id)}
        Skill.objects.filter(pk__in=[row.pk for key, row in held.items() if key not in wanted]).delete()
        fresh = sorted(wanted - set(held))
        Skill.objects.bulk_create([Skill(staff_id=staff_id, kind=kind, code=code) for kind, code in fresh])


def _must(by: Viewer, unit_id: int) -> None:
    if not roster.manages(by, unit_id):
        raise Forbidden("sharing", _("只能设置本部门及下级部门的分派方式和技能。"))
