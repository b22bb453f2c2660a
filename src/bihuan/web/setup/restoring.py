"""Going back to an earlier version of a setting: the old values pass the same rules as a new edit."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.kernel.models import SettingChange
from bihuan.web.setup import areas, reasons, staff, subscribers, trees, units
from bihuan.web.setup.door import page, tell

Restore = Callable[[int, dict[str, Any], Viewer], None]

RESTORES: dict[str, tuple[str, Restore, str]] = {
    units.TABLE: (roles.ACCOUNTS, units.restore, "setup:unit"),
    staff.TABLE: (roles.ACCOUNTS, staff.restore, "setup:person"),
    areas.TABLE: (roles.SETUP, areas.restore, "setup:area"),
    trees.TABLE: (roles.SETUP, trees.restore, "setup:node"),
    reasons.TABLE: (roles.SETUP, reasons.restore, "setup:reason"),
    reasons.PARAMETERS: (roles.SETUP, reasons.restore_parameter, "setup:parameters"),
    subscribers.TABLE: (roles.SETUP, subscribers.restore, "setup:subscribers"),
}
"""Table → the right it takes, the verb, the page of a row or of all of them."""
_ONE_PAGE = {"setup:parameters", "setup:subscribers"}


@page(roles.SETUP, roles.ACCOUNTS)
@require_POST
def restoration(request: HttpRequest, by: Viewer, change_id: int) -> HttpResponse:
    """Make a row again what it was after this edit."""
    change = SettingChange.objects.filter(pk=change_id).filter(after__isnull=False).first()
    right, act, where = RESTORES.get(change.table if change else "", ("", None, ""))
    if change is None or act is None or not by.can(right):
        raise NotFound("change")
    act(change.row_id, dict(change.after or {}), by)
    tell(request, _("已恢复到第 %d 版。") % change.version)
    return redirect(reverse(where, args=[] if where in _ONE_PAGE else [change.row_id]))
