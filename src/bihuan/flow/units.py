"""Closing a unit: only when no complaint is in its hands. Asked here, because units know no complaints."""

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.cases.states import OPEN_STATES
from bihuan.dispatch.models import Rule
from bihuan.identity import organisation
from bihuan.identity.models import Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Conflict


@transaction.atomic
def retire(unit_id: int, by: Viewer) -> Unit:
    """Take a unit out of use; refused while it holds open complaints or a rule in force sends complaints to it."""
    unit = Unit.objects.get(pk=unit_id)
    held = Case.objects.filter(holder_unit_id=unit_id, status__in=OPEN_STATES)[:1000].count()
    if held:
        raise Conflict(
            "unit.has_cases", _("部门手上还有 %(count)d 件在办投诉，请先改派。") % {"count": held}, data={"open": held}
        )
    if Rule.objects.filter(rule_set__active=True, active=True, target__unit=unit.code).exists():
        raise Conflict("unit.has_rules", _("现行派单规则还指向这个部门，请先修改规则。"))
    return organisation.close_unit(unit_id, by)
