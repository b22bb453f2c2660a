"""The steps people take at the desk as nouns in the address: what each asks for and which verb it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.cases.states import STEPS
from bihuan.dispatch import actions as dispatch
from bihuan.dispatch import queries as routing
from bihuan.flow import actions as flow
from bihuan.handling import actions as handling
from bihuan.handling import evidence
from bihuan.identity.viewer import Viewer
from bihuan.intake import followup
from bihuan.revisit import actions as revisit
from bihuan.triage import actions as triage
from bihuan.web.desk import closing_forms, forms, further_forms
from bihuan.web.desk.forms import StepForm

Data = Mapping[str, Any]
Act = Callable[[Case, Viewer, Data], object]


@dataclass(frozen=True)
class Noun:
    """`verb` is the step of `cases.states` it takes. `key` is the keyboard action that opens it, `tone` that of its
    button. Without a form's fields it is done with one click."""

    code: str
    verb: str
    icon: str
    form: type[StepForm]
    act: Act
    done: str | Promise
    key: str = ""
    tone: str = ""
    name: str | Promise = ""

    @property
    def label(self) -> str:
        """As on its button."""
        return str(self.name or STEPS[self.verb].name)

    @property
    def right(self) -> str:
        """The right it takes."""
        return STEPS[self.verb].right


def _doer(viewer: Viewer) -> Doer:
    return Doer.of(viewer)


def _yes_no(told: str) -> bool | None:
    return {"yes": True, "no": False}.get(told)


def _accept(case: Case, viewer: Viewer, data: Data) -> object:
    return flow.accept(case, _doer(viewer), category=data["category"])


def _decline(case: Case, viewer: Viewer, data: Data) -> object:
    return triage.decline(case, _doer(viewer), data["reason"], note=data["note"])


def _classify(case: Case, viewer: Viewer, data: Data) -> object:
    return triage.classify(case, _doer(viewer), **data)


def _prioritise(case: Case, viewer: Viewer, data: Data) -> object:
    return triage.prioritise(case, _doer(viewer), **data)


def _dispatch(case: Case, viewer: Viewer, data: Data) -> object:
    choice = routing.suggestion(case)
    fits = choice if choice is not None and choice.unit.id == data["unit"] else None
    return dispatch.dispatch(
        case, _doer(viewer), data["unit"], handler_id=data["handler"], demands=data["demands"], choice=fits,
        why=data["why"],
    )  # fmt: skip


def _recall(case: Case, viewer: Viewer, data: Data) -> object:
    return dispatch.recall(case, _doer(viewer), data["why"])


def _receive(case: Case, viewer: Viewer, data: Data) -> object:
    return dispatch.receive(case, _doer(viewer), data["assessment"], verify_with=data["verify_with"])


def _give_back(case: Case, viewer: Viewer, data: Data) -> object:
    return dispatch.give_back(case, _doer(viewer), data["reason"], data["note"])


def _start(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.begin(case, _doer(viewer))


def _contact(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.contact(case, _doer(viewer), data["means"], data["note"], reached=data["reached"])


def _wait(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.wait(case, _doer(viewer), data["reason"], data["note"], until=data["until"])


def _resume(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.resume(case, _doer(viewer), note=data["note"])


def _reply(case: Case, viewer: Viewer, data: Data) -> object:
    return flow.answer(
        case, _doer(viewer), data["means"], data["text"], solution=data["solution"],
        final=not data.get("interim"), accepted=_yes_no(data["accepted"]),
    )  # fmt: skip


def _closing(data: Data) -> flow.Closing | None:
    if not data["cause"]:
        return None
    return flow.Closing(
        data["cause"], data["evidence_kinds"], data["value_cause"], data["system_cause"], data["people_cause"]
    )


def _revisit(case: Case, viewer: Viewer, data: Data) -> object:
    return flow.revisited(
        case, _doer(viewer), data["satisfaction"], root_solved=_yes_no(data["root_solved"]),
        left_over=data["left_over"], note=data["note"], closing=_closing(data),
    )  # fmt: skip


def _attempt(case: Case, viewer: Viewer, data: Data) -> object:
    return revisit.attempt(case, _doer(viewer), data["note"])


def _close(case: Case, viewer: Viewer, data: Data) -> object:
    return revisit.close(
        case, _doer(viewer), data["cause"], evidence_kinds=data["evidence_kinds"], value_cause=data["value_cause"],
        system_cause=data["system_cause"], people_cause=data["people_cause"], exception=data["exception"],
        approved_by_id=data["approved_by"], note=data["note"],
    )  # fmt: skip


def _reopen(case: Case, viewer: Viewer, data: Data) -> object:
    return revisit.reopen(case, _doer(viewer), data["reason"], data["note"])


def _withdraw(case: Case, viewer: Viewer, data: Data) -> object:
    return flow.withdraw(case, _doer(viewer), data["proven_by"], data["note"])


def _chase(case: Case, viewer: Viewer, data: Data) -> object:
    return followup.chase(case, _doer(viewer), data["channel"], data["text"])


def _add(case: Case, viewer: Viewer, data: Data) -> object:
    return followup.add_material(case, _doer(viewer), data["channel"], data["text"])


def _merge(case: Case, viewer: Viewer, data: Data) -> object:
    survivor = access.access_case(viewer, data["into"], lock=True)
    return flow.merge(case, survivor, _doer(viewer), data["why"])


def _separate(case: Case, viewer: Viewer, data: Data) -> object:
    return revisit.unmerge(case, _doer(viewer), data["why"])


def _keep(case: Case, viewer: Viewer, data: Data) -> object:
    file = data["content"]
    return evidence.keep(case, _doer(viewer), data["kind"], file.name or "", file.read())


NOUNS: dict[str, Noun] = {
    noun.code: noun
    for noun in (
        Noun("acceptance", "accepted", "check", forms.AcceptanceForm, _accept, _("已受理"), "assign"),
        Noun(
            "declination", "declined", "hand-stop", forms.DeclinationForm, _decline, _("已回绝并告知客户"), tone="warn"
        ),
        Noun("classification", "classified", "tags", forms.ClassificationForm, _classify, _("已分类")),
        Noun("dispatches", "dispatched", "send", forms.DispatchForm, _dispatch, _("已派单"), "assign"),
        Noun("recalls", "recalled", "arrow-back-up", forms.RecallForm, _recall, _("已撤回"), tone="warn"),
        Noun("receipts", "received", "inbox", forms.ReceiptForm, _receive, _("已接单"), "assign"),
        Noun("returns", "returned", "arrow-back-up", forms.ReturnForm, _give_back, _("已退单"), tone="warn"),
        Noun("handling", "handling_started", "edit", forms.StartForm, _start, _("已开始处理")),
        Noun("contacts", "contacted", "phone", forms.ContactForm, _contact, _("已记录联系")),
        Noun("waits", "waiting", "player-pause", forms.WaitForm, _wait, _("已挂起"), "suspend"),
        Noun("resumptions", "resumed", "repeat", forms.ResumptionForm, _resume, _("已恢复处理"), "suspend"),
        Noun("replies", "replied", "message", forms.ReplyForm, _reply, _("已答复"), "reply"),
        Noun("revisits", "revisited", "headset", closing_forms.RevisitForm, _revisit, _("已记录回访"), "reply"),
        Noun("attempts", "revisit_attempted", "phone", closing_forms.AttemptForm, _attempt, _("已记录未接通")),
        Noun("closure", "closed", "lock", closing_forms.ClosureForm, _close, _("已结单"), "assign"),
        Noun("reopenings", "reopened", "refresh", forms.ReopeningForm, _reopen, _("已转回重新处理"), tone="warn"),
        Noun("withdrawal", "withdrawn", "hand-stop", further_forms.WithdrawalForm, _withdraw, _("已撤诉"), tone="warn"),
        Noun("merges", "merged", "arrows-exchange", further_forms.MergeForm, _merge, _("已并单"), tone="warn"),
        Noun(
            "separations", "unmerged", "arrows-exchange", forms.SeparationForm, _separate, _("已撤销并单"), tone="warn"
        ),
        Noun("chasers", "chased", "bell", further_forms.ChaserForm, _chase, _("已记录催办")),
        Noun("materials", "material_added", "clipboard-text", further_forms.MaterialForm, _add, _("已补充材料")),
        Noun("evidence", "evidence_added", "paperclip", further_forms.EvidenceForm, _keep, _("已添加证据")),
        Noun("priority", "priority_changed", "flag", forms.PriorityForm, _prioritise, _("已调整优先级")),
    )
}
"""By the word in the address, in the order of menus."""


def on_the_spot(case: Case) -> bool:
    """True while an answer at once is still a first-contact resolution (一次性处理)."""
    return case.status == "registered"


def name_of(noun: Noun, case: Case) -> str:
    """The button's word, which says so when an answer would be one on the spot."""
    return str(_("当场答复")) if noun.code == "replies" and on_the_spot(case) else noun.label
