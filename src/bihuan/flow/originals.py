"""Who may open evidence as it is: whoever works with the case or may reveal, and units that are asked for help meanwhile."""

from django.utils.translation import gettext as _

from bihuan.assistance import queries as assistance
from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.handling import packs
from bihuan.identity import roles
from bihuan.identity.book import units
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import Forbidden


def may_read(viewer: Viewer, case: Case) -> bool:
    """For looking at files one by one, each reading written down. Taking them out in a pack stays with those in charge."""
    return packs.may_read_originals(viewer, case) or _helps(viewer, case)


def check(viewer: Viewer, case: Case) -> None:
    """`Forbidden` for who may see the case but not its files."""
    if not may_read(viewer, case):
        raise Forbidden(
            "evidence.read",
            _("证据原件未脱敏：只有承办部门、正在协查或协同的部门，或有明文查看权限的人可以打开。"),
        )


def _helps(viewer: Viewer, case: Case) -> bool:
    """Her unit's part or task is still open. A partner answers from its own records: no originals leave the operator."""
    unit = units().units.get(viewer.unit_id)
    if not viewer.can(roles.HANDLE) or unit is None or unit.kind == "partner":
        return False
    return access.helps(viewer, case) or any(one in viewer.units for one in assistance.open_units(case.id))
