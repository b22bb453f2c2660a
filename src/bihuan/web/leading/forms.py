"""What asking, answering and supervising ask for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bihuan.asking import queries as asking
from bihuan.asking.models import Question
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.kernel import clock
from bihuan.notices.wording import RESULTS
from bihuan.supervision.actions import VERDICTS
from bihuan.web.desk.forms import StepForm, long_text
from bihuan.web.desk.names import Names, either
from bihuan.web.masked import masked_text

_MOMENT = "%Y-%m-%dT%H:%M"


class QuestionForm(StepForm):
    """A hard case; nobody chosen: the duty manager on duty."""

    text = long_text(_("请教的问题"), rows=3, help_text=_("值班长 30 分钟内答复，答复写在经过里。"))
    to = forms.ChoiceField(label=_("问谁"), required=False)

    def ready(self) -> None:
        on_duty = asking.on_duty(self.case)
        first = f"{_('当班值班长')} {either(on_duty.name, on_duty.name_en)}" if on_duty else _("当班值班长（现在没有）")
        self.choose("to", [("", first), *_superiors(self.case, self.viewer.staff_id)])


class PleaForm(StepForm):
    """For a customer: may we? Put to somebody who may decide it."""

    text = long_text(_("替客户请示什么"), rows=3, help_text=_("写明客户的要求、您的建议和理由。4 小时内要有决定。"))
    to = forms.ChoiceField(label=_("请示谁"))

    def ready(self) -> None:
        self.choose("to", _superiors(self.case, self.viewer.staff_id))


def _superiors(case: Case, asker_id: int) -> list[tuple[str, str]]:
    names = Names()
    found = asking.superiors(case, asker_id)
    return [(str(one.pk), f"{either(one.name, one.name_en)} · {names.unit(one.unit_id)}") for one in found]


class AnswerForm(StepForm):
    """One of the open questions she may answer."""

    question = forms.ChoiceField(label=_("问题"))
    granted = forms.ChoiceField(
        label=_("决定（代客请示）"), required=False, widget=forms.RadioSelect,
        choices=[("yes", _("同意")), ("no", _("不同意"))],
    )  # fmt: skip
    text = long_text(_("答复"), rows=4)

    def ready(self) -> None:
        open_ = [one for one in asking.open_on(self.case.id) if asking.may_answer(one, self.viewer.staff_id)]
        names, masks = Names(), customers.masks_of([self.case.party_id]).get(self.case.party_id, {})
        told = [(str(one.pk), f"{names.staff(one.asked_by_id)}：{masked_text(one.text, masks)[:80]}") for one in open_]
        self.choose("question", told)
        if not any(one.kind == Question.Kind.PLEA for one in open_):
            del self.fields["granted"]


class SuperviseForm(StepForm):
    """What is demanded, by when."""

    demand = long_text(_("督办要求"), rows=3)
    due = forms.DateTimeField(
        label=_("督办期限"), required=False, help_text=_("不填为三个工作日。"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
    )  # fmt: skip

    def begin(self, case: Case) -> dict[str, Any]:
        later = timezone.localtime(clock.now() + timedelta(days=2)).replace(hour=18, minute=0)
        return {"due": later.strftime(_MOMENT)}


class ReportForm(StepForm):
    """How far it is."""

    text = long_text(_("督办进展"), rows=3)


class VerdictForm(StepForm):
    """How it ended."""

    verdict = forms.ChoiceField(
        label=_("督办结论"), widget=forms.RadioSelect, choices=[(code, RESULTS[code]) for code in VERDICTS]
    )
    note = long_text(_("说明"), required=False, rows=3, help_text=_("没有完全达到要求时必填。"))
