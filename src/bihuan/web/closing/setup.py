"""Set-up of calling back: hours, attempts, who approves, what closing needs, surveys and care calls, by category."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bihuan.catalog import snapshot as catalog
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.revisit import editing
from bihuan.revisit.models import Rule
from bihuan.revisit.plan import MEDIA
from bihuan.revisit.review import REQUIREMENTS
from bihuan.web.desk.widgets import PickerInput
from bihuan.web.desk.words import MEANS
from bihuan.web.setup import history
from bihuan.web.setup.door import page, show, taken, tell
from bihuan.web.setup.names import named

TABLE = "revisit_rule"
DAYS = [
    (1, gettext_lazy("周一")), (2, gettext_lazy("周二")), (3, gettext_lazy("周三")), (4, gettext_lazy("周四")),
    (5, gettext_lazy("周五")), (6, gettext_lazy("周六")), (7, gettext_lazy("周日")),
]  # fmt: skip


def number(label: Any, help_text: Any = "") -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(label=label, help_text=help_text)


class RuleForm(forms.Form):
    """One rule: the call-back plan, what closing needs, the survey, the care call, the words."""

    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("哪几天打"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    hour_from = number(gettext_lazy("从几点"))
    hour_to = number(gettext_lazy("到几点"))
    gap_minutes = number(gettext_lazy("两次之间隔（分钟）"), gettext_lazy("间隔不到的，只算一次。"))
    attempts = number(gettext_lazy("至少打几次"))
    spread_days = number(gettext_lazy("至少分在几天"))
    tried_by = forms.MultipleChoiceField(
        label=gettext_lazy("必须用过的方式"), choices=[(code, MEANS[code]) for code in MEDIA], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    approver = forms.ChoiceField(label=gettext_lazy("由谁审批例外结单"), required=False)
    approval_term = forms.CharField(
        label=gettext_lazy("审批时限"), max_length=16, help_text=gettext_lazy("8h 小时，2wd 工作日，3d 自然日")
    )
    required = forms.MultipleChoiceField(
        label=gettext_lazy("结单要有"), choices=list(REQUIREMENTS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    follows = forms.BooleanField(
        label=gettext_lazy("其余各项跟上级"), required=False,
        help_text=gettext_lazy("勾选后，只有“结单要有”用这一页的，其余按上一级分类或通用规则。"),
    )  # fmt: skip
    survey = forms.BooleanField(label=gettext_lazy("结单后发评价短信"), required=False)
    survey_days = number(gettext_lazy("评价链接有效（天）"))
    bad_score = number(gettext_lazy("几分及以下算差评"), gettext_lazy("选“没有解决”的也算；0：只看是否解决。"))
    bad_rating = forms.ChoiceField(label=gettext_lazy("差评之后"), choices=Rule.Bad.choices)
    bad_days = number(gettext_lazy("几天内转回"), gettext_lazy("过了就另立一张关联投诉。"))
    care_days = number(gettext_lazy("结单几天后关怀回访"), gettext_lazy("0：不做"))
    care_within = number(gettext_lazy("几天内做完"))
    script = forms.CharField(
        label=gettext_lazy("回访话术"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    script_en = forms.CharField(
        label=gettext_lazy("回访话术（英文）"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    questions = forms.CharField(
        label=gettext_lazy("还要问的问题"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("一行一个；“是否根本解决、有无遗留、是否满意”总会问。"),
    )  # fmt: skip
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [(code, role.name) for code, role in roles.ROLES.items() if roles.DUTY in role.rights]
        self.fields["approver"].choices = [("", _("任一主管")), *able]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """The fields of the rule."""
        data = self.cleaned_data
        return {**data, "media": data["tried_by"], "questions": data["questions"].splitlines()}


class CategoryForm(forms.Form):
    """For which category a rule of its own is wanted."""

    category = forms.CharField(label=gettext_lazy("现象分类"), widget=PickerInput("phenomenon"))


def name_of(row: Rule) -> str:
    """The category it is for, in words."""
    node = catalog.current().node("phenomenon", row.category) if row.category else None
    return named(node) if node else row.category or _("通用（其他分类）")


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All rules; a further category's begins as the general one."""
    form = CategoryForm(request.POST or None)
    made: list[Rule] = []
    if request.method == "POST" and taken(
        form, lambda: made.append(editing.add_rule(form.cleaned_data["category"], by.staff_id))
    ):
        tell(request, _("已新建，填好后勾选“在用”。"))
        return redirect("closing:rule", made[0].pk)
    rows = [(row, name_of(row)) for row in Rule.objects.all()]
    return show(request, "closing/rules.html", {"rows": rows, "form": form})


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, by: Viewer, ident: int) -> HttpResponse:
    """One rule; saving makes its next version."""
    row = get_object_or_404(Rule, pk=ident)
    start = {name: getattr(row, name) for name in editing.RULE_FIELDS}
    form = RuleForm(
        request.POST or None, initial={**start, "tried_by": row.media, "questions": "\n".join(row.questions)}
    )
    if request.method == "POST" and taken(form, lambda: editing.edit_rule(ident, form.told(), by.staff_id)):
        tell(request, _("已保存，对之后的回访和结单生效。"))
        return redirect("closing:rule", ident)
    context = {
        "form": form, "row": row, "title": name_of(row), "entries": history.entries(TABLE, row.pk), "may_edit": False,
    }  # fmt: skip
    return show(request, "closing/rule.html", context)


class SheetForm(forms.Form):
    """One interview sheet, a question a line."""

    code = forms.SlugField(label=gettext_lazy("代码"), max_length=24)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)
    questions = forms.CharField(
        label=gettext_lazy("问题"), widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("一行一个：问题 | score 打分，yes_no 是否，text 文字，choice | 甲、乙 选项。"),
    )  # fmt: skip
    active = forms.BooleanField(label=gettext_lazy("在用"), required=False)


@page(roles.SETUP)
@require_safe
def sheets(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All interview sheets."""
    return show(request, "closing/sheets.html", {"rows": editing.Sheet.objects.all()})


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, by: Viewer, ident: int = 0) -> HttpResponse:
    """One sheet, or a new one; interviews held keep the questions as they were."""
    row = get_object_or_404(editing.Sheet, pk=ident) if ident else None
    start: dict[str, Any] = {"active": True}
    if row is not None:
        names = ("code", "name", "name_en", "active")
        start = {name: getattr(row, name) for name in names}
        start["questions"] = editing.write_questions(row.questions)
    form = SheetForm(request.POST or None, initial=start)
    if row is not None:
        del form.fields["code"]
    if request.method == "POST" and taken(
        form, lambda: editing.save_sheet(row.pk if row else None, form.cleaned_data, by.staff_id)
    ):
        tell(request, _("已保存。"))
        return redirect("closing:sheets")
    context = {
        "form": form, "title": row.name if row else _("新建访谈表"), "up": "closing:sheets", "up_label": _("访谈表"),
    }  # fmt: skip
    return show(request, "setup/edit.html", context)
