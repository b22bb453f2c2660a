"""What steps beside the handling ask for: withdrawals, chasers, material, merges, evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case, Channel
from bihuan.requests.models import Kind
from bihuan.reviews.models import Lack
from bihuan.web.desk import words
from bihuan.web.desk.forms import StepForm, choices_of, line, long_text
from bihuan.web.desk.widgets import PickerInput


class WithdrawalForm(StepForm):
    """The customer ends it, told by telephone or letter."""

    proven_by = forms.ChoiceField(label=_("撤诉依据"))
    note = long_text(_("与客户沟通的情况"), rows=3)

    def ready(self) -> None:
        self.choose("proven_by", [(code, str(words.PROOFS[code])) for code in ("call", "letter")])


class ConversionForm(StepForm):
    """What is no complaint goes on as a service request or a lead of another unit."""

    kind = forms.ChoiceField(label=_("转成什么"), choices=Kind.choices, widget=forms.RadioSelect)
    unit = forms.IntegerField(
        label=_("由哪个部门办"),
        widget=PickerInput("units"),
        error_messages={"required": _("请选择部门。"), "invalid": _("请从列表中选择部门。")},
    )
    wish = long_text(_("客户要什么"), rows=3, help_text=_("工单随之结束，客户会收到告知；只用于咨询和业务请求。"))

    def begin(self, case: Case) -> dict[str, Any]:
        return {"kind": "service", "wish": case.demand}


class PassOnReviewForm(StepForm):
    """Could it have been solved at first contact, and what was missing?"""

    solvable = forms.ChoiceField(
        label=_("当时能否当场解决"), choices=[("yes", _("能")), ("no", _("不能，派得对"))], widget=forms.RadioSelect
    )
    lacks = forms.MultipleChoiceField(
        label=_("当时缺什么"), choices=Lack.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    note = long_text(_("说明"), required=False, rows=2)


class ChaserForm(StepForm):
    """The customer asks again."""

    channel = forms.ChoiceField(label=_("渠道"), choices=Channel.choices)
    text = long_text(_("客户怎么说"), required=False, rows=3)


class MaterialForm(StepForm):
    """Words the customer adds."""

    channel = forms.ChoiceField(label=_("渠道"), choices=Channel.choices)
    text = long_text(_("补充的内容"), rows=4, help_text=_("写下的号码会自动保护。"))


class MergeForm(StepForm):
    """Folded into another open case of the same customer."""

    into = line(_("并入哪张工单"), required=True, help_text=_("同一客户或号码的另一张未办结工单的编号。"))
    why = long_text(_("原因"), rows=2)


class EvidenceForm(StepForm):
    """A file, with what it is."""

    kind = forms.ChoiceField(label=_("是什么"))
    content = forms.FileField(
        label=_("文件"),
        help_text=_("图片、录音、视频、PDF、Word、Excel、文本、CSV 或抓包文件，最大 8 MB。"),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的，请选择有内容的文件。")},
    )

    def ready(self) -> None:
        self.choose("kind", choices_of(words.EVIDENCE))
