"""Every kind of notice: its name and its mark. Pure. A new kind is one line here."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """`icon` is a drawing of the sprite; `pressing` ones stand out."""

    code: str
    name: Promise
    icon: str
    pressing: bool = False


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("limit_warned", _("时限将到"), "clock"),
        Kind("limit_breached", _("已超时"), "alert-octagon", pressing=True),
        Kind("limit_escalated", _("超时升级"), "alert-octagon", pressing=True),
        Kind("reported_upward", _("客户不认可答复"), "alert-triangle", pressing=True),
        Kind("question_asked", _("现场答疑：有人请教"), "info-circle", pressing=True),
        Kind("question_answered", _("现场答疑：已答复"), "message"),
        Kind("plea_asked", _("代客请示：等您决定"), "info-circle", pressing=True),
        Kind("plea_decided", _("代客请示：已有决定"), "message"),
        Kind("supervision_ordered", _("提出督办"), "flag", pressing=True),
        Kind("supervision_reported", _("督办进展"), "message"),
        Kind("supervision_ended", _("督办办结"), "check"),
        Kind("assigned", _("派给您"), "inbox"),
        Kind("handed_over", _("转到您手上"), "inbox"),
        Kind("taken_back", _("从您手上转走"), "arrow-back-up"),
        Kind("approval_asked", _("等您审批"), "check", pressing=True),
        Kind("approval_decided", _("审批结果"), "message"),
        Kind("assistance_asked", _("请您协查"), "inbox"),
        Kind("assistance_answered", _("协查结果"), "message"),
        Kind("cohandling_asked", _("请贵部门协同处理"), "inbox"),
        Kind("cohandling_done", _("协同部门已完成"), "message"),
        Kind("offered_back", _("可以取回您的工单"), "inbox"),
        Kind("ruling_asked", _("等您裁定归属"), "info-circle", pressing=True),
        Kind("ruling_given", _("归属已裁定"), "message"),
        Kind("confirmation_missed", _("客户没有确认书面答复，请再打电话"), "phone", pressing=True),
        Kind("appointment", _("上门预约"), "calendar"),
        Kind("repair", _("维修单"), "inbox"),
        Kind("tracking", _("专项跟踪"), "refresh"),
        Kind("report_due", _("等您写报告"), "file-text"),
        Kind("review", _("到期复核"), "calendar"),
        Kind("rectification_asked", _("整改要求"), "flag", pressing=True),
        Kind("rectification_reported", _("整改结果等您验收"), "check"),
        Kind("rectification_judged", _("整改验收结果"), "message"),
        Kind("rectification_late", _("整改超期"), "alert-octagon", pressing=True),
        Kind("file_infected", _("文件带病毒，已隔离"), "alert-octagon", pressing=True),
        Kind("general", _("通知"), "bell"),
    )
}
