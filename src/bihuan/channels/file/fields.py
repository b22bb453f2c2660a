"""What a column may be read as: every field of a complaint, and the moments and names of an order's past. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """`kind` says how its cells are read: text, moment, choice (a value map applies), number, unit, staff, place."""

    code: str
    name: Promise
    kind: str = "text"
    group: str = "complaint"


_ALL = (
    Field("source_number", _("来源单号")),
    Field("source_system", _("来源系统")),
    Field("channel", _("渠道"), "choice"),
    Field("content", _("投诉内容")),
    Field("demand", _("客户诉求")),
    Field("category", _("投诉分类"), "choice"),
    Field("dispute", _("争议类型"), "choice"),
    Field("product", _("产品"), "choice"),
    Field("area", _("区域"), "choice"),
    Field("address", _("地址")),
    Field("lat", _("纬度"), "number"),
    Field("lon", _("经度"), "number"),
    Field("occurred_at", _("发生时间"), "moment"),
    Field("frequency", _("发生频次")),
    Field("urgency", _("紧急程度"), "choice"),
    Field("impact", _("影响范围"), "choice"),
    Field("complexity", _("复杂程度"), "choice"),
    Field("called_hotline", _("拨打的热线")),
    Field("calling_number", _("主叫号码")),
    Field("called_number", _("被叫号码")),
    Field("complained_number", _("投诉号码")),
    Field("terminal", _("终端型号")),
    Field("relation", _("投诉人与机主关系"), "choice"),
    Field("customer.name", _("客户姓名"), group="customer"),
    Field("customer.phone", _("联系电话"), group="customer"),
    Field("customer.other_contact", _("其他联系方式"), group="customer"),
    Field("customer.identity_number", _("证件号码"), group="customer"),
    Field("customer.level", _("客户级别"), "choice", group="customer"),
    Field("registered_at", _("登记时间"), "moment", "past"),
    Field("accepted_at", _("受理时间"), "moment", "past"),
    Field("dispatched_at", _("派单时间"), "moment", "past"),
    Field("received_at", _("接单时间"), "moment", "past"),
    Field("replied_at", _("答复时间"), "moment", "past"),
    Field("revisited_at", _("回访时间"), "moment", "past"),
    Field("closed_at", _("结单时间"), "moment", "past"),
    Field("due_at", _("要求完成时间"), "moment", "past"),
    Field("reply", _("答复内容"), group="past"),
    Field("satisfaction", _("满意度"), "choice", "past"),
    Field("acceptor", _("受理人"), "staff", "past"),
    Field("taken_unit", _("受理部门"), "unit", "past"),
    Field("holder_unit", _("责任部门"), "unit", "past"),
)
FIELDS: dict[str, Field] = {field.code: field for field in _ALL}
"""By code, in the order a page lists them."""
GROUPS = {"complaint": _("投诉"), "customer": _("客户"), "past": _("办理过程")}
MOMENTS = (
    "registered_at", "accepted_at", "dispatched_at", "received_at", "replied_at", "revisited_at", "closed_at",
)  # fmt: skip
"""In the order they follow one another."""
