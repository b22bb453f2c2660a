"""Units: the tree, and one page each."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.catalog import snapshot as catalog
from bihuan.flow import units as closing
from bihuan.identity import organisation, roles
from bihuan.identity.models import Staff, Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.setup import history
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.setup.names import Names, named
from bihuan.web.setup.widgets import StaffPicker
from bihuan.web.widgets import AreaPicker

TABLE = "identity_unit"


def unit_choices(nothing: Any = None) -> list[tuple[Any, Any]]:
    """Units in use as choices of a form, in tree order, set in by their depth."""
    rows = in_tree_order(list(Unit.objects.filter(active=True)))
    shown: list[tuple[Any, Any]] = [(row.pk, "　" * (len(row.path) - 1) + named(row)) for row in rows]
    return [("", nothing), *shown] if nothing is not None else shown


def in_tree_order(units: list[Unit]) -> list[Unit]:
    """Each unit behind its parent, siblings by code."""
    codes = {unit.pk: unit.code for unit in units}
    return sorted(units, key=lambda unit: [codes.get(step, "") for step in unit.path])


class UnitForm(forms.Form):
    """One unit. The code is asked for once."""

    code = forms.CharField(label=gettext_lazy("代码"), help_text=gettext_lazy("导入和规则用它认部门，以后不能改。"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=80, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Unit.Kind.choices)
    parent = forms.TypedChoiceField(label=gettext_lazy("上级部门"), coerce=int, empty_value=None, required=False)
    area = forms.CharField(
        label=gettext_lazy("负责地区"),
        help_text=gettext_lazy("不填则与上级部门相同。"),
        widget=AreaPicker(),
        required=False,
    )
    responsible = forms.CharField(label=gettext_lazy("责任人"), widget=StaffPicker(), required=False)

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = unit_choices(_("（最上级）"))  # type: ignore[attr-defined]
        if unit is not None:
            del self.fields["code"]

    def values(self) -> dict[str, Any]:
        """What `organisation` takes."""
        told = self.cleaned_data
        area = catalog.current().area(told["area"]) if told["area"] else None
        if told["area"] and area is None:
            self.add_error("area", _("请从列表中选择地区。"))
        person = Staff.objects.filter(username=told["responsible"]).first()
        return {
            "name": told["name"],
            "name_en": told["name_en"],
            "kind": told["kind"],
            "parent_id": told["parent"],
            "area_id": area.id if area else None,
            "area_level": area.level if area else None,
            "responsible_id": person.pk if person else (0 if told["responsible"] else None),
        }


@page(roles.ACCOUNTS, roles.GRANTS)
@require_safe
def units(request: HttpRequest, by: Viewer) -> HttpResponse:
    """The tree, or what a word finds in it."""
    q, closed = request.GET.get("q", "").strip(), request.GET.get("closed") == "1"
    rows = Unit.objects.select_related("responsible")
    rows = rows.annotate(people=Count("staff", filter=Q(staff__is_active=True)))
    if not closed:
        rows = rows.filter(active=True)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(name_en__icontains=q) | Q(code__istartswith=q))
    names = Names()
    found = paged(request, in_tree_order(list(rows)), 100)
    lines = [
        {"unit": unit, "depth": min(len(unit.path), 6), "area": names.area(unit.area_id)} for unit in found["rows"]
    ]
    context = found | {"lines": lines, "q": q, "closed": closed, "may_edit": by.can(roles.ACCOUNTS)}
    return show(request, "setup/units.html", context)


@page(roles.ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_unit(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Make a unit."""
    form = UnitForm(request.POST or None, initial={"parent": request.GET.get("parent", "")})
    made: list[Unit] = []
    if request.method == "POST" and taken(
        form, lambda: made.append(organisation.create_unit(form.cleaned_data["code"], form.values(), by))
    ):
        tell(request, _("已新建部门“%s”。") % named(made[0]))
        return redirect("setup:unit", made[0].pk)
    return show(
        request,
        "setup/edit.html",
        {"form": form, "title": _("新建部门"), "up": "setup:units", "up_label": _("部门管理")},
    )


@page(roles.ACCOUNTS, roles.GRANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, by: Viewer, unit_id: int) -> HttpResponse:
    """One unit: change it, see who is in it and what became of it."""
    row = _unit(unit_id)
    form = UnitForm(request.POST or None, unit=row, initial=_initial(row))
    if request.method == "POST" and taken(form, lambda: organisation.edit_unit(row.pk, form.values(), by)):
        tell(request, _("已保存。"))
        return redirect("setup:unit", row.pk)
    people = Staff.objects.filter(unit=row, is_active=True).order_by("username")[:100]
    context = {
        "form": form,
        "unit": row,
        "people": people,
        "entries": history.entries(TABLE, row.pk),
        "may_edit": by.can(roles.ACCOUNTS),
    }
    return show(request, "setup/unit.html", context)


@page(roles.ACCOUNTS)
@require_POST
def retirement(request: HttpRequest, by: Viewer, unit_id: int) -> HttpResponse:
    """Take a unit out of use, or (`back=1`) put it back."""
    row = _unit(unit_id)
    if request.POST.get("back"):
        organisation.reopen_unit(row.pk, by)
        tell(request, _("已启用“%s”。") % named(row))
    else:
        closing.retire(row.pk, by)
        tell(request, _("已停用“%s”。") % named(row))
    return redirect("setup:unit", row.pk)


def restore(row_id: int, after: dict[str, Any], by: Viewer) -> None:
    """Back to an earlier version of a unit."""
    organisation.edit_unit(row_id, {name: after.get(name) for name in organisation.FIELDS}, by)


def _unit(unit_id: int) -> Unit:
    row = Unit.objects.select_related("responsible", "parent").filter(pk=unit_id).first()
    if row is None:
        raise NotFound("unit")
    return row


def _initial(row: Unit) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "kind": row.kind,
        "parent": row.parent_id,
        "area": str(row.area_id or ""),
        "responsible": row.responsible.username if row.responsible else "",
    }
