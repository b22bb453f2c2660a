"""Rights as a token may be given them, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.identity import roles

SCOPES: dict[str, Promise] = {
    roles.READ: gettext_lazy("查看投诉"),
    roles.REGISTER: gettext_lazy("登记投诉"),
    roles.ACCEPT: gettext_lazy("受理"),
    roles.DISPATCH: gettext_lazy("派单"),
    roles.RECEIVE: gettext_lazy("接单"),
    roles.HANDLE: gettext_lazy("处理"),
    roles.REVISIT: gettext_lazy("回访"),
    roles.CONFIRM: gettext_lazy("确认客户收到答复"),
    roles.CLOSE: gettext_lazy("结单"),
    roles.REOPEN: pgettext_lazy("step", "重新处理"),
    roles.WITHDRAW: gettext_lazy("撤诉"),
    roles.CHASE: gettext_lazy("催办"),
    roles.MERGE: gettext_lazy("并单"),
    roles.EXPORT: gettext_lazy("导出"),
    roles.IMPORT: gettext_lazy("导入"),
    roles.FIGURES: gettext_lazy("统计"),
    roles.REVEAL: gettext_lazy("查看明文"),
    roles.ASK: gettext_lazy("请教上级"),
    roles.SUPERVISE: gettext_lazy("督办"),
    roles.DUTY: gettext_lazy("值班管理"),
    roles.RULE: gettext_lazy("归属裁定"),
    roles.APPEAL: gettext_lazy("申诉办理"),
    roles.MONEY: gettext_lazy("补偿审批"),
    roles.REVIEW: gettext_lazy("转派复盘"),
    roles.PATROL: gettext_lazy("巡检、第三方评价和整改"),
    roles.LEAK: gettext_lazy("泄密处罚"),
    roles.KNOW_WRITE: gettext_lazy("编写知识"),
    roles.KNOW_APPROVE: gettext_lazy("审批知识"),
}
"""What a token may be given: whatever an operation of the API asks for, as far as the token's owner holds it;
administrators' rights are never among it."""
