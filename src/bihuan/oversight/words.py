"""Codes of the room with their words. Pure; a new one is one line here."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

SITES: Words = {
    "unit": _("部门"),
    "hall": _("营业厅"),
    "channel": _("代理网点"),
    "partner": _("合作方"),
    "field": _("装维现场"),
}
"""What is visited."""
SEVERITIES: Words = {"minor": _("一般"), "serious": _("较重"), "grave": _("严重")}
STATES: Words = {"open": _("待整改"), "reported": _("待验收"), "accepted": _("已验收")}
"""Of a demand: asked for, reported as done, accepted by who asked."""
DATA_KINDS: Words = {
    "name": _("姓名"),
    "phone": _("电话号码"),
    "identity": _("证件号码或证件照片"),
    "address": _("住址或装机地址"),
    "account": _("账号、密码或验证码"),
    "bill": _("账单和消费"),
    "calls": _("通话或上网记录"),
    "location": _("位置信息"),
    "recording": _("录音或录像"),
    "complaint": _("投诉内容"),
    "business": _("公司商业秘密"),
}
"""Kinds of data that leaked; the data itself is never written down."""
FOUND: Words = {
    "complaint": _("客户投诉"),
    "audit": _("日志审计"),
    "patrol": _("巡查"),
    "evaluation": _("第三方评估"),
    "report": _("员工或合作方报告"),
    "authority": _("公安或主管部门通报"),
    "media": _("媒体或网络"),
}
"""How a leak came to light."""
ANSWERABLE: Words = {"staff": _("员工"), "agent": _("代理商"), "partner": _("合作方")}
SANCTIONS: Words = {
    "warning": _("警告"),
    "notice": _("通报批评"),
    "fine": _("经济处罚"),
    "rights": _("收回系统权限"),
    "transfer": _("调离岗位"),
    "dismissal": _("解除劳动合同"),
    "deduction": _("扣减结算款或违约金"),
    "suspension": _("暂停合作"),
    "contract_end": _("终止合作"),
    "police": _("移送公安机关"),
    "none": _("不予处罚"),
}
STEPS: Words = {
    "recorded": _("登记"),
    "quarantined": _("报告带病毒，已隔离"),
    "demanded": _("提出整改要求"),
    "reported": _("报整改结果"),
    "accepted": _("验收通过"),
    "refused": _("验收不通过"),
    "late": _("整改超期"),
    "noted": _("补充情况"),
    "sanctioned": _("处理决定"),
}
"""Kinds of entries in the record."""
CHECKLISTS: Mapping[str, tuple[str, ...]] = {
    "unit": (
        "投诉工单在时限内接单、联系客户", "答复和经过记录完整", "值班人员在岗、交接班有记录", "客户信息纸质材料入柜上锁",
    ),
    "hall": (
        "首问负责，没有推诿", "资费公示齐全、与系统一致", "投诉当场登记，告知编号和答复时间", "排队叫号和便民设施正常",
        "证件复印件当面作废或入柜",
    ),
    "channel": ("没有诱导、强制办理业务", "客户身份核验到位", "不私自留存客户证件和号码", "投诉渠道公示"),
    "partner": ("投诉派单按时响应", "系统账号一人一号", "客户信息使用有登记", "答复口径与公司一致"),
    "field": ("上门前预约、佩戴工牌", "装维质量符合规范", "离场前客户签字确认", "客户信息不外传"),
    "evaluation": ("投诉渠道畅通", "响应和处理及时", "答复准确、态度", "客户满意", "客户信息保护"),
}  # fmt: skip
"""What is looked at, as shipped; a manager edits each list (`Checklist`)."""
EVALUATION = "evaluation"
"""The list of criteria of third-party evaluations."""
