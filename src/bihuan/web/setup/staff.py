"""People: accounts by the system administrator, roles and locks by the security administrator, on the same pages."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.identity import accounts, grants, roles
from bihuan.identity.models import Staff, Unit
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.web.setup import history
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.setup.names import named
from bihuan.web.setup.units import unit_choices
from bihuan.web.setup.widgets import StaffPicker

TABLE = "identity_staff"


class StaffForm(forms.Form):
    """What the system administrator says of an account."""

    username = forms.CharField(label=gettext_lazy("账号"), help_text=gettext_lazy("小写字母和数字，以后不能改。"))
    system = forms.BooleanField(label=gettext_lazy("这是另一个系统的账号（只用令牌，不登录）"), required=False)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    name_en = forms.CharField(label=gettext_lazy("英文姓名"), max_length=80, required=False)
    employee_number = forms.CharField(label=gettext_lazy("工号"), max_length=40, required=False)
    unit = forms.TypedChoiceField(label=gettext_lazy("部门"), coerce=int)
    deputy = forms.CharField(
        label=gettext_lazy("代理人"),
        help_text=gettext_lazy("不在岗时由谁代办。"),
        widget=StaffPicker(),
        required=False,
    )
    skills = forms.CharField(
        label=gettext_lazy("技能"), help_text=gettext_lazy("用空格或顿号分开。"), max_length=200, required=False
    )

    def __init__(self, *args: Any, staff: Staff | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]
        if staff is not None:
            del self.fields["username"], self.fields["system"]

    def values(self) -> dict[str, Any]:
        """What `accounts` takes."""
        told = self.cleaned_data
        deputy = Staff.objects.filter(username=told["deputy"]).first()
        return {
            "name": told["name"],
            "name_en": told["name_en"],
            "employee_number": told["employee_number"],
            "unit_id": told["unit"],
            "deputy_id": deputy.pk if deputy else (0 if told["deputy"] else None),
            "skills": told["skills"].replace("、", " ").replace(",", " ").split(),
        }


class RolesForm(forms.Form):
    """What the security administrator grants."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("角色"),
        choices=[(role.code, role.name) for role in roles.ROLES.values()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@page(roles.ACCOUNTS, roles.GRANTS)
@require_safe
def staff_list(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All accounts; by word, unit (with those below), role and state."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "unit", "role", "state")}
    found = paged(request, _asked(asked))
    context = (
        found
        | asked
        | {
            "units": unit_choices(_("全部部门")),
            "roles": roles.ROLES.values(),
            "may_edit": by.can(roles.ACCOUNTS),
            "now": clock.now(),
        }
    )
    return show(request, "setup/staff_list.html", context)


def _asked(asked: dict[str, str]) -> QuerySet[Staff]:
    rows = Staff.objects.select_related("unit").order_by("username")
    if asked["q"]:
        q = asked["q"]
        rows = rows.filter(
            Q(name__contains=q) | Q(name_en__icontains=q) | Q(username__istartswith=q) | Q(employee_number__iexact=q)
        )
    if asked["unit"].isdigit():
        rows = rows.filter(unit__path__contains=[int(asked["unit"])])
    if asked["role"] in roles.ROLES:
        rows = rows.filter(roles__contains=[asked["role"]])
    states = {
        "": Q(is_active=True),
        "closed": Q(is_active=False),
        "locked": Q(locked_until__gt=clock.now()),
        "norole": Q(is_active=True, roles=[]),
        "all": Q(),
    }
    return rows.filter(states.get(asked["state"], Q()))


@page(roles.ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_staff(request: HttpRequest, by: Viewer) -> HttpResponse:
    """Make an account; the one-time password is shown on this answer and never again."""
    form = StaffForm(request.POST or None, initial={"unit": request.GET.get("unit", "")})
    made: list[tuple[Staff, str]] = []
    if request.method == "POST" and taken(form, lambda: made.append(_create(form, by))):
        staff, password = made[0]
        return show(request, "setup/password.html", {"staff": staff, "password": password, "fresh": True})
    return show(
        request,
        "setup/edit.html",
        {"form": form, "title": _("新建账号"), "up": "setup:staff", "up_label": _("人员与角色")},
    )


def _create(form: StaffForm, by: Viewer) -> tuple[Staff, str]:
    told = form.cleaned_data
    return accounts.create_account(told["username"], form.values(), by, system=told["system"])


@page(roles.ACCOUNTS, roles.GRANTS)
@require_http_methods(["GET", "HEAD", "POST"])
def staff(request: HttpRequest, by: Viewer, staff_id: int) -> HttpResponse:
    """One account: its data (for the system administrator to change), its roles and lock, its history."""
    row = _staff(staff_id)
    mine = request.POST if request.POST.get("part") == "account" else None
    form = StaffForm(mine, staff=row, initial=_initial(row))
    if mine is not None and taken(form, lambda: accounts.edit_account(row.pk, form.values(), by)):
        tell(request, _("已保存。"))
        return redirect("setup:person", row.pk)
    return _page(request, by, row, form, RolesForm(initial={"roles": row.roles}))


def _page(request: HttpRequest, by: Viewer, row: Staff, form: StaffForm, role_form: RolesForm) -> HttpResponse:
    context = {
        "form": form if form.is_bound or not role_form.is_bound else role_form,
        "account_form": form,
        "role_form": role_form,
        "staff": row,
        "may_edit": by.can(roles.ACCOUNTS),
        "may_grant": by.can(roles.GRANTS) and row.pk != by.staff_id,
        "locked": row.locked_until is not None and row.locked_until > clock.now(),
        "entries": history.entries(TABLE, row.pk),
    }
    return show(request, "setup/person.html", context)


@page(roles.GRANTS)
@require_POST
def role_grant(request: HttpRequest, by: Viewer, staff_id: int) -> HttpResponse:
    """Give her exactly these roles."""
    row = _staff(staff_id)
    form = RolesForm(request.POST)
    if taken(form, lambda: grants.grant(row.pk, form.cleaned_data["roles"], by)):
        tell(request, _("已更新“%s”的角色。") % named(row))
        return redirect("setup:person", row.pk)
    return _page(request, by, row, StaffForm(staff=row, initial=_initial(row)), form)


@page(roles.GRANTS)
@require_POST
def unlocking(request: HttpRequest, by: Viewer, staff_id: int) -> HttpResponse:
    """Let a locked account try again."""
    grants.unlock(_staff(staff_id).pk, by)
    tell(request, _("已解锁。"))
    return redirect("setup:person", staff_id)


@page(roles.ACCOUNTS)
@require_POST
def password(request: HttpRequest, by: Viewer, staff_id: int) -> HttpResponse:
    """A new one-time password, shown on this answer and never again."""
    row = _staff(staff_id)
    given = accounts.reset_password(row.pk, by)
    return show(request, "setup/password.html", {"staff": row, "password": given})


@page(roles.ACCOUNTS)
@require_POST
def retirement(request: HttpRequest, by: Viewer, staff_id: int) -> HttpResponse:
    """Close an account, or (`back=1`) open it again."""
    row = _staff(staff_id)
    if request.POST.get("back"):
        accounts.reopen_account(row.pk, by)
        tell(request, _("已启用账号“%s”。") % row.username)
    else:
        if Unit.objects.filter(responsible=row, active=True).exists():
            raise RuleError("account.responsible", _("她还是某个部门的责任人，请先为该部门改派责任人。"))
        accounts.close_account(row.pk, by)
        tell(request, _("已停用账号“%s”。") % row.username)
    return redirect("setup:person", row.pk)


def restore(row_id: int, after: dict[str, Any], by: Viewer) -> None:
    """Back to an earlier version of an account; roles are never among it."""
    accounts.edit_account(row_id, {name: after.get(name) for name in accounts.FIELDS}, by)


def _staff(staff_id: int) -> Staff:
    row = Staff.objects.select_related("unit", "deputy").filter(pk=staff_id).first()
    if row is None:
        raise NotFound("staff")
    return row


def _initial(row: Staff) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_en": row.name_en,
        "employee_number": row.employee_number,
        "unit": row.unit_id,
        "deputy": row.deputy.username if row.deputy else "",
        "skills": " ".join(row.skills),
    }
