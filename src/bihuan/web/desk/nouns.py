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
from bihuan.flow import aftercare, assistance, compensation, majors, requests, tracking
from bihuan.flow import sharing as flow_sharing
from bihuan.flow.ending import close, reopen
from bihuan.handling import actions as handling
from bihuan.handling import confirming, evidence
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.intake import followup
from bihuan.progress import actions as progress
from bihuan.reviews import actions as reviews
from bihuan.revisit import actions as revisit
from bihuan.revisit import book, interviews
from bihuan.revisit.review import Review
from bihuan.triage import actions as triage
from bihuan.web.desk import closing_forms, forms, further_forms
from bihuan.web.desk.closing_forms import REVIEWED
from bihuan.web.desk.forms import StepForm
from bihuan.web.fieldwork import acts as fieldwork_acts
from bihuan.web.fieldwork import forms as fieldwork
from bihuan.web.fieldwork import order_forms
from bihuan.web.leading import forms as leading_forms
from bihuan.web.leading import nouns as leading
from bihuan.web.proof import acts as proof
from bihuan.web.proof import forms as proof_forms
from bihuan.web.sharing import acts as sharing_acts
from bihuan.web.sharing import forms as sharing
from bihuan.web.teamwork import forms as teamwork

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
    together: bool = False
    """Units that help beside the lead unit may take it too."""
    needs: str = ""
    """The right it takes, where that is not the step's own."""

    @property
    def label(self) -> str:
        """As on its button."""
        return str(self.name or STEPS[self.verb].name)

    @property
    def right(self) -> str:
        """The right it takes."""
        return self.needs or STEPS[self.verb].right


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
    return flow_sharing.dispatch_together(
        case, _doer(viewer), data["unit"], data["beside"], handler_id=data["handler"], demands=data["demands"],
        choice=fits, why=data["why"],
    )  # fmt: skip


def _recall(case: Case, viewer: Viewer, data: Data) -> object:
    return dispatch.recall(case, _doer(viewer), data["why"])


def _receive(case: Case, viewer: Viewer, data: Data) -> object:
    return dispatch.receive(case, _doer(viewer), data["assessment"], verify_with=data["verify_with"])


def _give_back(case: Case, viewer: Viewer, data: Data) -> object:
    return flow_sharing.give_back(case, _doer(viewer), data["reason"], data["note"])


def _start(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.begin(case, _doer(viewer))


def _contact(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.contact(
        case, _doer(viewer), data["means"], data["note"], reached=data["reached"], recording=data["recording"]
    )


def _wait(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.wait(case, _doer(viewer), data["reason"], data["note"], until=data["until"])


def _resume(case: Case, viewer: Viewer, data: Data) -> object:
    return handling.resume(case, _doer(viewer), note=data["note"])


def _reply(case: Case, viewer: Viewer, data: Data) -> object:
    return flow.answer(
        case, _doer(viewer), data["means"], data["text"], solution=data["solution"],
        final=not data.get("interim"), accepted=_yes_no(data["accepted"]), despite=bool(data.get("despite")),
    )  # fmt: skip


def _confirm(case: Case, viewer: Viewer, data: Data) -> object:
    return confirming.confirm(case, _doer(viewer), data["means"], data["note"])


def _closing(case: Case, data: Data) -> Review | None:
    """With a cause it closes at once; where the category asks for nothing, without one too."""
    return _review(data) if data["cause"] or not book.rule_of(case).required else None


def _review(data: Data) -> Review:
    return Review(**{name: data[name] for name in REVIEWED})


def _revisit(case: Case, viewer: Viewer, data: Data) -> object:
    questions = book.rule_of(case).questions
    answers = {text: data.get(f"question_{place}", "") for place, text in enumerate(questions)}
    return flow.revisited(
        case, _doer(viewer), data["satisfaction"], root_solved=_yes_no(data["root_solved"]),
        left_over=data["left_over"], note=data["note"], closing=_closing(case, data), answers=answers,
    )  # fmt: skip


def _attempt(case: Case, viewer: Viewer, data: Data) -> object:
    return revisit.attempt(case, _doer(viewer), data["note"], means=data["means"], again_at=data["again_at"])


def _close(case: Case, viewer: Viewer, data: Data) -> object:
    return close(case, _doer(viewer), _review(data), data["note"])


def _ask_closing(case: Case, viewer: Viewer, data: Data) -> object:
    return aftercare.ask_closing(case, viewer, data["exception"], data["approved_by"], _review(data), data["note"])


def _decide_closing(case: Case, viewer: Viewer, data: Data) -> object:
    return aftercare.decide_closing(case, _doer(viewer), approved=data["approved"] == "yes", why=data["why"])


def _care(case: Case, viewer: Viewer, data: Data) -> object:
    return aftercare.care_called(
        case, _doer(viewer), data["outcome"], satisfaction=data["satisfaction"], note=data["note"], then=data["then"]
    )


def _reopen(case: Case, viewer: Viewer, data: Data) -> object:
    return reopen(case, _doer(viewer), data["reason"], data["note"])


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


def _ask_help(case: Case, viewer: Viewer, data: Data) -> object:
    return assistance.ask(case, _doer(viewer), data["units"], data["question"], data["due"], needed=data["needed"])


def _convert(case: Case, viewer: Viewer, data: Data) -> object:
    return requests.convert(case, _doer(viewer), data["kind"], data["unit"], data["wish"])


def _review_pass_on(case: Case, viewer: Viewer, data: Data) -> object:
    return reviews.judge(case, _doer(viewer), data["solvable"] == "yes", data["lacks"], data["note"])


def _interview(case: Case, viewer: Viewer, data: Data) -> object:
    return [interviews.hold(case, _doer(viewer), sheet, answers) for sheet, answers in data["told"]]


def _track(case: Case, viewer: Viewer, data: Data) -> object:
    return tracking.begin(
        case, _doer(viewer), data["cause"], owner_id=data["owner"], next_step=data["next_step"], next_at=data["next_at"],
        hot=data["hot"], difficult=data["difficult"],
    )  # fmt: skip


def _wish(case: Case, viewer: Viewer, data: Data) -> object:
    return progress.wish(case, _doer(viewer), data["told"] == "yes", data["why"])


def _report(case: Case, viewer: Viewer, data: Data) -> object:
    return majors.begin(case, _doer(viewer), lead_id=data["lead"], due=data["due"])


def _propose(case: Case, viewer: Viewer, data: Data) -> object:
    return compensation.propose(
        case, _doer(viewer), data["kind"], data["amount"], data["reason"], feasibility=data["feasibility"]
    )


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
        Noun("contacts", "contacted", "phone", forms.ContactForm, _contact, _("已记录联系"), together=True),
        Noun("waits", "waiting", "player-pause", forms.WaitForm, _wait, _("已挂起"), "suspend"),
        Noun("resumptions", "resumed", "repeat", forms.ResumptionForm, _resume, _("已恢复处理"), "suspend"),
        Noun("replies", "replied", "message", forms.ReplyForm, _reply, _("已答复"), "reply"),
        Noun("revisits", "revisited", "headset", closing_forms.RevisitForm, _revisit, _("已记录回访"), "reply"),
        Noun(
            "confirmations", "reply_confirmed", "check", closing_forms.ConfirmationForm, _confirm, _("已记录客户确认")
        ),
        Noun("attempts", "revisit_attempted", "phone", closing_forms.AttemptForm, _attempt, _("已记录未接通")),
        Noun("closure", "closed", "lock", closing_forms.ClosureForm, _close, _("已结单"), "assign"),
        Noun(
            "closing-requests", "closing_requested", "flag", closing_forms.ClosingRequestForm, _ask_closing,
            _("已申请，等审批"), tone="warn",
        ),
        Noun(
            "closing-decisions", "closing_approved", "check", closing_forms.ClosingDecisionForm, _decide_closing,
            _("已审批"), name=_("审批例外结单"),
        ),
        Noun(
            "interviews", "interviewed", "clipboard-text", closing_forms.InterviewForm, _interview, _("已记录访谈")
        ),
        Noun("care-calls", "care_called", "phone", closing_forms.CareForm, _care, _("已记录关怀回访")),
        Noun("reopenings", "reopened", "refresh", closing_forms.ReopeningForm, _reopen, _("已转回重新处理"), tone="warn"),
        Noun("withdrawal", "withdrawn", "hand-stop", further_forms.WithdrawalForm, _withdraw, _("已撤诉"), tone="warn"),
        Noun("merges", "merged", "arrows-exchange", further_forms.MergeForm, _merge, _("已并单"), tone="warn"),
        Noun(
            "separations", "unmerged", "arrows-exchange", forms.SeparationForm, _separate, _("已撤销并单"), tone="warn"
        ),
        Noun(
            "pass-on-reviews", "pass_on_reviewed", "clipboard-text", further_forms.PassOnReviewForm, _review_pass_on,
            _("已复盘"),
        ),
        Noun(
            "requests", "converted", "arrows-exchange", further_forms.ConversionForm, _convert,
            _("已转出，工单结束"), tone="warn",
        ),
        Noun("chasers", "chased", "bell", further_forms.ChaserForm, _chase, _("已记录催办")),
        Noun("materials", "material_added", "clipboard-text", further_forms.MaterialForm, _add, _("已补充材料")),
        Noun("evidence", "evidence_added", "paperclip", further_forms.EvidenceForm, _keep, _("已添加证据"), together=True),
        Noun(
            "caller-checks", "caller_checked", "shield-lock", proof_forms.CallerCheckForm, proof.check_caller,
            _("已记录核实结果"),
        ),
        Noun(
            "caller-codes", "caller_code_sent", "send", proof_forms.NoAskForm, proof.send_code, _("已把验证码发到机主号码")
        ),
        Noun("packs", "packed", "download", proof_forms.PackForm, proof.pack, _("已导出证据包，在工单页下载")),
        Noun("assignments", "assigned", "user", sharing.AssignmentForm, sharing_acts.assign, _("已指定处理人")),
        Noun(
            "takebacks", "assigned", "user", sharing.TakeBackForm, sharing_acts.take_back, _("已取回"),
            name=_("取回"), needs=roles.HANDLE,
        ),
        Noun("releases", "released", "arrow-back-up", sharing.ReleaseForm, sharing_acts.release, _("已放回部门")),
        Noun("disputes", "disputed", "alert-triangle", sharing.DisputeForm, sharing_acts.dispute, _("已提请裁定")),
        Noun("cohandling", "cohandling_asked", "users", sharing.CohandlingForm, sharing_acts.cohandle, _("已请部门协同")),
        Noun(
            "contributions", "cohandling_reported", "message", sharing.ContributionForm, sharing_acts.contribute,
            _("已报告协同结果"), "reply", together=True,
        ),
        Noun("appointments", "appointment_booked", "calendar", fieldwork.BookForm, fieldwork_acts.book, _("已约定上门")),
        Noun("repairs", "repair_sent", "send", order_forms.RepairForm, fieldwork_acts.send, _("维修单已派出")),
        Noun("visit-wishes", "visit_wished", "calendar", fieldwork.WishForm, fieldwork_acts.wish, _("已记录上门时间意愿")),
        Noun("news-wishes", "news_wished", "bell", teamwork.WishForm, _wish, _("已记录客户意愿")),
        Noun("major-report", "report_begun", "file-text", teamwork.ReportForm, _report, _("已要求报告，由接口人牵头")),
        Noun("tracking", "tracking_begun", "eye", teamwork.TrackingForm, _track, _("已列入专项跟踪")),
        Noun(
            "compensation", "compensation_proposed", "copy", teamwork.CompensationForm, _propose, _("已提出，额度内即批准")
        ),
        Noun("assistance", "assistance_asked", "users", teamwork.AssistanceForm, _ask_help, _("已请求协查")),
        Noun("questions", "asked", "info-circle", leading_forms.QuestionForm, leading.ask, _("已请教"), name=_("现场答疑")),
        Noun("pleas", "asked", "info-circle", leading_forms.PleaForm, leading.plead, _("已请示"), name=_("代客请示")),
        Noun("answers", "answered", "message", leading_forms.AnswerForm, leading.answer, _("已答复请教")),
        Noun(
            "supervision", "supervision_ordered", "flag", leading_forms.SuperviseForm, leading.supervise, _("已督办"),
            tone="warn",
        ),
        Noun(
            "supervision-reports", "supervision_reported", "message", leading_forms.ReportForm, leading.report,
            _("已报督办进展"),
        ),
        Noun(
            "supervision-verdict", "supervision_ended", "check", leading_forms.VerdictForm, leading.judge,
            _("督办已办结"),
        ),
        Noun("priority", "priority_changed", "flag", forms.PriorityForm, _prioritise, _("已调整优先级")),
    )
}  # fmt: skip
"""By the word in the address, in the order of menus."""


def on_the_spot(case: Case) -> bool:
    """True while an answer at once is still a first-contact resolution (一次性处理)."""
    return case.status == "registered"


def name_of(noun: Noun, case: Case) -> str:
    """The button's word, which says so when an answer would be one on the spot."""
    return str(_("当场答复")) if noun.code == "replies" and on_the_spot(case) else noun.label
