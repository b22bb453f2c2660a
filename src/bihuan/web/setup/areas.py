"""Areas: found by name, code or pinyin initials; renamed, retired, and grids added below districts."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.catalog import editing
from bihuan.catalog.models import Area
from bihuan.identity import roles
from bihuan.identity.models import Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.setup import history
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.setup.names import named

TABLE = "catalog_area"


class AreaForm(forms.Form):
    """What may be changed of an area."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=80, required=False)


@page(roles.SETUP)
@require_safe
def areas(request: HttpRequest, by: Viewer) -> HttpResponse:
    """What a word finds, or what lies below an area; the provinces at first."""
    q, parent = request.GET.get("q", "").strip(), request.GET.get("parent", "")
    rows = Area.objects.select_related("parent__parent__parent").order_by("level", "id")
    above = None
    if q:
        rows = rows.filter(
            Q(name__contains=q) | Q(name_en__icontains=q) | Q(initials__startswith=q.lower())
            | (Q(id=int(q)) if q.isdigit() and len(q) < 15 else Q())
        )  # fmt: skip
    elif parent.isdigit() and len(parent) < 15:
        above = _area(int(parent))
        rows = rows.filter(parent=above)
    else:
        rows = rows.filter(level=1)
    context = paged(request, rows) | {"q": q, "above": above, "chain": _chain(above)}
    return show(request, "setup/areas.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def area(request: HttpRequest, by: Viewer, area_id: int) -> HttpResponse:
    """One area: rename it, see who answers for it and what became of it."""
    row = _area(area_id)
    form = AreaForm(request.POST or None, initial={"name": row.name, "name_en": row.name_en})
    if request.method == "POST" and taken(form, lambda: editing.edit_area(row.pk, form.cleaned_data, by.staff_id)):
        tell(request, _("已保存。"))
        return redirect("setup:area", row.pk)
    context = {
        "form": form,
        "area": row,
        "chain": _chain(row.parent),
        "units": Unit.objects.filter(area_id=row.pk, active=True),
        "entries": history.entries(TABLE, row.pk),
        "may_edit": True,
        "grids": row.level == Area.Level.DISTRICT,
    }
    return show(request, "setup/area.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def new_grid(request: HttpRequest, by: Viewer, area_id: int) -> HttpResponse:
    """A grid below this district."""
    parent = _area(area_id)
    form = AreaForm(request.POST or None)
    made: list[Area] = []

    def add() -> None:
        told = form.cleaned_data
        made.append(editing.add_grid(parent.pk, told["name"], told["name_en"], by.staff_id))

    if request.method == "POST" and taken(form, add):
        tell(request, _("已新建网格“%s”。") % named(made[0]))
        return redirect("setup:area", made[0].pk)
    title = _("%s：新建网格") % named(parent)
    return show(request, "setup/edit.html", {"form": form, "title": title, "up": "setup:areas", "up_label": _("地区")})


@page(roles.SETUP)
@require_POST
def retirement(request: HttpRequest, by: Viewer, area_id: int) -> HttpResponse:
    """Take an area out of use, or (`back=1`) put it back."""
    editing.switch_area(area_id, bool(request.POST.get("back")), by.staff_id)
    tell(request, _("已保存。"))
    return redirect("setup:area", area_id)


def restore(row_id: int, after: dict[str, Any], by: Viewer) -> None:
    """Back to an earlier version of an area."""
    editing.edit_area(row_id, {name: after.get(name, "") for name in editing.AREA_FIELDS}, by.staff_id)


def _area(area_id: int) -> Area:
    row = Area.objects.select_related("parent__parent__parent").filter(pk=area_id).first()
    if row is None:
        raise NotFound("area")
    return row


def _chain(row: Area | None) -> list[Area]:
    found: list[Area] = []
    while row is not None:
        found.insert(0, row)
        row = row.parent
    return found
