"""Words of codes that events and forms carry: means, proofs, outcomes, kinds of evidence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Channel
from bihuan.cases.scales import WORDS
from bihuan.handling.models import Means

MEANS: Mapping[str, str | Promise] = dict(Means.choices)
CHANNELS: Mapping[str, str | Promise] = dict(Channel.choices)
ASSESSMENTS: Mapping[str, str | Promise] = {
    "self": _("我能解决"),
    "team": _("本部门投诉小组能解决"),
    "verify": _("需要其他专业核实"),
}
SATISFACTION: Mapping[int, str | Promise] = {3: _("满意"), 2: pgettext_lazy("satisfaction", "一般"), 1: _("不满意")}
PROOFS: Mapping[str, str | Promise] = {
    "code": _("凭查询码本人办理"),
    "call": _("客户来电"),
    "letter": _("书面（信函、邮件）"),
}
EVIDENCE: Mapping[str, str | Promise] = {
    "call_record": _("通话详单"),
    "network_log": _("网络日志"),
    "recording": _("录音"),
    "photo": _("照片"),
    "document": _("文件"),
    "kpi": _("话统指标"),
    "alarm": _("告警"),
    "field_test": _("现场测试"),
    "interference": _("干扰分析"),
    "signalling": _("信令分析"),
}
LOSSES: Mapping[str, str | Promise] = {"value": _("价值原因"), "system": _("系统原因"), "people": _("人员原因")}
IMPACTS, COMPLEXITIES = WORDS["impact"], WORDS["complexity"]
PRIORITIES: Mapping[int, str | Promise] = {1: _("1 最高"), 2: _("2 高"), 3: _("3 中"), 4: _("4 普通"), 5: _("5 低")}
FLAGS: Mapping[str, str | Promise] = {
    "security": _("信息安全"),
    "urgent": _("用户称急"),
    "threatens_regulator": _("扬言找监管"),
    "threatens_exposure": _("扬言曝光"),
    "above_level": _("越级投诉"),
    "major": _("重大"),
    "not_accepted": _("不认可答复"),
    "repeat": _("重复投诉"),
    "supervised": _("在督办"),
    "awaiting_confirmation": _("书面答复待客户确认"),
    "confirmation_late": _("书面答复逾期未确认"),
}
PURPOSES: Mapping[str, str | Promise] = {
    "contact": _("联系客户"),
    "verify": _("核对客户身份"),
    "visit": _("上门服务"),
    "correct": _("更正资料"),
    "audit": _("核查审计"),
}
FIELDS: Mapping[str, str | Promise] = {
    "name": _("客户姓名"),
    "phone": _("联系电话"),
    "other_contact": _("另一联系方式"),
    "complained_number": _("投诉号码"),
    "calling_number": _("主叫号码"),
    "called_number": _("被叫号码"),
    "identity_number": _("证件号码"),
    "address": _("地址"),
}
