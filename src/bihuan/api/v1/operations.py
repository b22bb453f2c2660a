"""The API as one table: every address, what it needs and who answers. Another room adds its own tuple to `OPERATIONS`."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.api.v1 import (
    aftercare,
    appeals,
    assistance,
    bulk,
    checking,
    codes,
    compensation,
    detail,
    fieldwork,
    figures,
    files,
    finding,
    inputs,
    leading,
    ledger,
    notices,
    oversight,
    proof,
    registering,
    requests,
    reviews,
    shapes,
    sharing,
    steps,
    tracking,
)
from bihuan.api.v1.operation import ANYONE, Answer, Call, Operation, Schema
from bihuan.identity import roles
from bihuan.intake.schema import ComplaintIn, Registered

_CASE = "/complaints/{number}"

COMPLAINTS = (
    Operation(
        "POST", "/complaints", "registerComplaint", "complaints", _("登记投诉：提交后即持久保存，返回工单编号和承诺时间"),
        (roles.REGISTER,), registering.register, Registered, body=ComplaintIn, status=201, repeats="itself",
        example={
            "channel": "hotline", "content": "家里三天没有信号，打电话一直断。", "area": "320412", "category": "N0101",
            "customer": {"name": "王小明", "phone": "13912345678"},
        },
    ),
    Operation(
        "GET", "/complaints", "listComplaints", "complaints", _("按条件列出投诉，个人信息脱敏，按键翻页"),
        (roles.READ,), finding.listing, shapes.CaseList, query=inputs.Page, filtered=True,
    ),
    Operation(
        "POST", "/complaints/search", "searchComplaints", "complaints", _("按电话或证件号码等查找投诉（号码不进网址）"),
        (roles.READ,), finding.search, shapes.CaseList, body=inputs.Search, repeats="again",
        example={"phone": "13912345678", "filters": {"status": ["registered", "accepted"]}},
    ),
    Operation(
        "GET", _CASE, "readComplaint", "complaints", _("查看一件投诉：内容、时间线、时限、可办理的步骤"),
        (roles.READ,), detail.reading, shapes.CaseDetail, of_case=True,
    ),
)  # fmt: skip


def _step(
    noun: str, name: str, summary: Promise, right: str, verb: steps.Verb, body: Schema, **example: Any
) -> Operation:
    return Operation(
        "POST", f"{_CASE}/{noun}", name, "steps", summary, (right,),
        steps.step(right, verb, together=noun == "contacts"), shapes.CaseAnswer,
        body=body, status=201, of_case=True, example=example,
    )  # fmt: skip


STEPS = (
    _step("acceptance", "accept", _("受理，或说明理由不予受理"), roles.ACCEPT, steps.acceptance, inputs.Acceptance,
          accepted=True, category="N0101"),
    _step("classification", "classify", _("确定分类、紧急程度、影响范围"), roles.ACCEPT, steps.classification,
          inputs.Classification, category="N0101", urgency="important"),
    _step("dispatches", "dispatch", _("派单：指定部门，或按规则"), roles.DISPATCH, steps.dispatches, inputs.DispatchTo,
          by_rule=True),
    _step("recalls", "recall", _("撤回派单"), roles.DISPATCH, steps.recalls, inputs.Recall, why="派错部门，改派市场部"),
    _step("receipts", "receive", _("接单"), roles.RECEIVE, steps.receipts, inputs.Receipt, assessment="self"),
    _step("returns", "giveBack", _("退单：不属于本部门"), roles.RECEIVE, steps.returns, inputs.Return,
          reason="wrong_unit", note="属于资费争议，应由市场部处理"),
    _step("contacts", "contact", _("记录一次与客户的联系"), roles.HANDLE, steps.contacts, inputs.ContactMade,
          means="call", note="已联系客户，约明天上午上门"),
    _step("waits", "wait", _("因约定原因挂起"), roles.HANDLE, steps.waits, inputs.Wait,
          reason="customer_time", note="客户要求改约后天"),
    _step("resumptions", "resume", _("恢复处理"), roles.HANDLE, steps.resumptions, inputs.Resumption, note="客户已回家"),
    _step("replies", "reply", _("答复客户；登记后直接答复即一次性处理"), roles.HANDLE, steps.replies, inputs.ReplyTo,
          means="call", text="经核实为基站断电，今日 10 时已恢复，客户确认信号正常。", solution="更换电源模块"),
    _step("revisits", "revisit", _("回访；满意可同时结单，不满意退回处理"), roles.REVISIT, steps.revisits,
          inputs.RevisitMade, satisfaction="satisfied", root_solved=True),
    _step("confirmations", "confirmReply", _("记录客户确认收到了短信或邮件答复"), roles.CONFIRM, steps.confirmations,
          inputs.ConfirmationOf, means="call", note="客户说收到短信，网络已经正常"),
    _step("closure", "close", _("审核结单"), roles.CLOSE, steps.closure, inputs.Closing, cause="N1111"),
    _step("closing-requests", "requestClosing", _("申请例外结单：客户未表示满意，由另一位主管审批"), roles.CLOSE,
          steps.closing_requests, inputs.ClosingAsked, cause="N1111", exception="unreachable",
          approved_by="dutymanager1", note="三天不同时段五次拨打均无人接听"),
    _step("closing-decisions", "decideClosing", _("审批例外结单：同意即结单"), roles.DUTY, steps.closing_decisions,
          inputs.ClosingDecision, approved=True),
    _step("reopenings", "reopen", pgettext_lazy("step", "重新处理"), roles.REOPEN, steps.reopenings, inputs.ReopeningOf,
          reason="recurred", note="客户来电，信号又中断"),
    _step("withdrawal", "withdraw", _("客户撤诉"), roles.WITHDRAW, steps.withdrawal, inputs.WithdrawalOf,
          proven_by="call", note="客户来电表示问题已自行解决"),
    _step("chasers", "chase", _("客户催办"), roles.CHASE, steps.chasers, inputs.ChaserIn,
          channel="hotline", text="客户再次来电催促"),
    _step("materials", "addMaterial", _("客户补充材料"), roles.REGISTER, steps.materials, inputs.MaterialIn,
          channel="hotline", text="客户补充：电梯内也没有信号"),
    Operation(
        "POST", f"{_CASE}/merges", "merge", "steps", _("并入同一客户的另一件未办结投诉"), (roles.MERGE,), steps.merges,
        shapes.CaseAnswer, body=inputs.MergeInto, status=201, of_case=True,
        example={"into": "TS261121-00010014", "why": "同一客户同一问题"},
    ),
    _step("separations", "separate", _("撤销并单"), roles.MERGE, steps.separations, inputs.Separation, why="其实是两件事"),
    Operation(
        "POST", f"{_CASE}/reveals", "reveal", "steps", _("查看明文：写明用途，登记使用"), (roles.REVEAL,), steps.reveals,
        shapes.Revealed, body=inputs.RevealOf, of_case=True, repeats="again",
        example={"fields": ["name", "phone"], "purpose": "contact"},
    ),
    Operation(
        "POST", f"{_CASE}/evidence", "addEvidence", "evidence", _("添加证据文件，加密保存"), (roles.HANDLE,), files.keep,
        shapes.EvidenceKept, body=inputs.EvidenceIn, status=201, of_case=True, most_bytes=files.MOST_BODY,
        multipart=True, example={"kind": "document", "name": "说明.txt", "content": "5Z+656uZ5pat55S16K+05piO"},
    ),
    Operation(
        "GET", f"{_CASE}/evidence", "listEvidence", "evidence", _("列出证据文件"), (roles.READ,), files.listing,
        shapes.EvidenceList, of_case=True,
    ),
    Operation(
        "GET", f"{_CASE}/evidence/{{id}}", "readEvidence", "evidence", _("下载证据原件，核对摘要并登记"), (roles.READ,),
        files.content, bytes, of_case=True, file=True,
    ),
)  # fmt: skip


def _codes(
    noun: str, summary: Promise, handler: Callable[[Call], Answer], answer: Schema, query: Schema = inputs.Nothing
) -> Operation:
    name = f"list{noun.capitalize()}"
    return Operation("GET", f"/catalog/{noun}", name, "catalog", summary, ANYONE, handler, answer, query=query)


CODES = (
    _codes("areas", _("区域代码"), codes.areas, shapes.Areas, inputs.AreasOf),
    _codes("categories", _("现象树"), codes.categories, shapes.Nodes),
    _codes("products", _("产品树"), codes.products, shapes.Nodes),
    _codes("causes", _("原因树"), codes.causes, shapes.Nodes),
    _codes("disputes", _("争议类型"), codes.disputes, shapes.Nodes),
    _codes("units", _("责任部门"), codes.unit_list, shapes.Units),
    _codes("reasons", _("各步骤可选的原因"), codes.reasons, shapes.Reasons, inputs.ReasonsOf),
)

OPERATIONS: tuple[Operation, ...] = (
    *COMPLAINTS,
    *STEPS,
    *CODES,
    *figures.OPERATIONS,
    *ledger.OPERATIONS,
    *aftercare.OPERATIONS,
    *requests.OPERATIONS,
    *reviews.OPERATIONS,
    *appeals.OPERATIONS,
    *assistance.OPERATIONS,
    *compensation.OPERATIONS,
    *tracking.OPERATIONS,
    *fieldwork.OPERATIONS,
    *proof.OPERATIONS,
    *checking.OPERATIONS,
    *sharing.OPERATIONS,
    *bulk.OPERATIONS,
    *notices.OPERATIONS,
    *leading.OPERATIONS,
    *oversight.OPERATIONS,
)
"""The whole API. A room with operations of its own adds one line here, e.g. `*figures.OPERATIONS,`."""
