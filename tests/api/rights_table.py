"""The table of `test_rights_of_all.py`: what is tried of each operation, and who may; an operation without a row fails."""

import base64
from datetime import timedelta
from typing import Any

from api.test_checking import PNG
from bihuan.api.v1.operations import OPERATIONS
from bihuan.kernel import clock
from cast import DISTRICT


def _patrol() -> dict[str, Any]:
    today = clock.now().date()
    point = {"name": "资费公示齐全", "ok": False, "finding": "公示栏缺三档套餐", "due": str(today + timedelta(days=9))}
    return {"day": str(today), "site": "hall", "place": "湖塘营业厅", "unit": "sc_cz", "points": [point]}


def _evaluation() -> dict[str, Any]:
    today = clock.now().date()
    point = {"name": "响应和处理及时", "score": "17.5", "most": "20"}
    span = {"first_day": str(today - timedelta(days=90)), "last_day": str(today)}
    return {"body": "某测评公司", "title": "三季度服务测评", "unit": "sc_cz", "points": [point], **span}


def _leak() -> dict[str, Any]:
    told = {"found_by": "complaint", "kinds": ["phone"], "answerable": "agent", "unit": "mk_cz", "name": "某代理网点"}
    return {**told, "found_on": str(clock.now().date()), "account": "网点员工把客户登记表拍照发到群里。"}


def _signature() -> dict[str, Any]:
    return {"kind": "work", "details": "更换分路器一只", "picture": base64.b64encode(PNG).decode()}


BY_NAME = {one.name: one for one in OPERATIONS}
CODED = {"cause": "N1111", "evidence_kinds": ["kpi"], "system_cause": True}
COMPLAINT = {
    "channel": "hotline", "content": "家里三天没有信号，打电话一直断。", "area": str(DISTRICT), "category": "N0101",
    "customer": {"name": "王小明", "phone": "13912345678"},
}  # fmt: skip
CARE = {"outcome": "unreached"}
PROBES: dict[str, tuple[str, Any]] = {
    "registerComplaint": ("", COMPLAINT),
    "listComplaints": ("", None),
    "searchComplaints": ("", {"phone": "13912345678"}),
    "readComplaint": ("received", None),
    "resume": ("waiting", {"note": "客户已回家"}),
    "confirmReply": ("texted", {"means": "call", "note": "客户说已收到"}),
    "close": ("content", CODED),
    "requestClosing": ("tried", {**CODED, "exception": "refused", "approved_by": "du", "note": "客户拒绝回访"}),
    "decideClosing": ("closing", {"approved": True}),
    "separate": ("merged", {"why": "其实是两件事"}),
    "readEvidence": ("file", None),
    **{name: ("", None) for name in BY_NAME if BY_NAME[name].path.startswith("/catalog/")},
    "readFigures": ("", None),
    "readLedger": ("", None),
    "careCall": ("closed", CARE),
    "interview": ("closed", {"sheet": "visit", "answers": ["热线", "", "", ""]}),
    "listRatings": ("", None),
    "convert": ("enquiry", {"kind": "lead", "unit": "mk_cz", "wish": "两条专线"}),
    "listRequests": ("", None),
    "readRequest": ("request", None),
    "stepRequest": ("request", {"step": "taking"}),
    "reviewPassOn": ("received", {"solvable": True, "lacks": ["knowledge"]}),
    "listPassOnFindings": ("", None),
    "receiveAppeal": ("", None),
    "listAppeals": ("", None),
    "readAppeal": ("appeal", None),
    "stepAppeal": ("appeal", {"step": "mediation", "why": "申诉人要求调解"}),
    "askAssistance": ("received", {"units": ["sp"], "question": "请核对订购", "term": "4h"}),
    "readAssistance": ("received", None),
    "listAssistance": ("", None),
    "stepAssistance": ("task", {"step": "answer", "text": "账单无误。"}),
    "proposeCompensation": ("received", {"kind": "refund", "amount": "7.00", "reason": "多收月租"}),
    "readCompensation": ("received", None),
    "listApprovals": ("", None),
    "decideApproval": ("rung", {"approved": True}),
    "payCompensation": ("granted", {"reference": "V-1"}),
    "beginTracking": ("dispatched", {"cause": "difficult", "next_step": "请厂家会诊"}),
    "listTracking": ("", None),
    "noteTracking": ("track", {"text": "厂家已到场", "next_step": "复测", "next_at": "soon"}),
    "listNews": ("", None),
    "wishNews": ("received", {"told": False}),
    "callForReport": ("dispatched", {"lead": "li"}),
    "listReports": ("", None),
    "listCrews": ("", None),
    "listSlots": ("received", None),
    "bookAppointment": ("slot", None),
    "stepAppointment": ("visit", {"step": "arrival"}),
    "sendRepair": ("crew", {"fault": "光衰大", "term": "8h"}),
    "listRepairs": ("", None),
    "readRepair": ("repair", None),
    "stepRepair": ("repair", {"step": "acceptance", "key": "k1"}),
    "hinderRepair": ("repair", {"kind": "no_resource", "reason": "port", "note": "等扩容", "expected": "soon"}),
    "fieldworkFigures": ("", None),
    "makePack": ("received", {"purpose": "audit"}),
    "listPacks": ("received", None),
    "readPack": ("pack", None),
    "checkCaller": (
        "on behalf",
        {"who": "王刚", "relation": "family", "means": "answers", "answered": ["bill", "since"]},
    ),
    "sendCallerCode": ("on behalf", None),
    "addSignature": ("received", _signature()),
    "listSignatures": ("received", None),
    "assign": ("dispatched", {"handler": "ma"}),
    "release": ("received", {"why": "点错了"}),
    "dispute": ("received", {"unit": "mk_cz", "reason": "属于资费争议"}),
    "listOwnershipDisputes": ("", None),
    "stateReasons": ("dispute", {"text": "账单没有问题"}),
    "ruleOwnership": ("dispute", {"owner": "mk_cz", "text": "网络侧已排除"}),
    "askCohandling": ("received", {"units": ["mk_cz"], "ask": "核对套餐"}),
    "contribute": ("received", {"report": "终端正常", "done": True}),
    "startBulk": ("", {"deed": "receipts", "numbers": ["TS1"]}),
    "readBulk": ("bulk", None),
    "undoBulk": ("bulk", None),
    "listNotices": ("", None),
    "readNotices": ("", {"ids": [1]}),
    "listSupervision": ("", None),
    "supervise": ("dispatched", {"demand": "两天内恢复"}),
    "reportProgress": ("received", {"text": "已更换电源模块"}),
    "endSupervision": ("received", {"verdict": "met"}),
    "listQuestions": ("", None),
    "ask": ("received", {"text": "可以减免吗？", "kind": "plea", "to": "he"}),
    "answerQuestion": ("question", {"text": "按标准减免三天"}),
    "listPatrols": ("", None),
    "recordPatrol": ("", _patrol()),
    "listEvaluations": ("", None),
    "recordEvaluation": ("", _evaluation()),
    "listRectifications": ("", None),
    "stepRectification": ("rectification", {"step": "report", "text": "公示栏已补齐。"}),
    "listLeaks": ("", None),
    "recordLeak": ("", _leak()),
    "stepLeak": ("leak", {"step": "sanction", "sanctions": ["deduction"], "decided_by": "纪委", "decided_on": "today"}),
}
"""Operation → on what, and with what body (places that are no part of the address go into the body)."""

WHO = "an di du ma te li mk wu re ji he fe gu se au pa sys di_wx ma_wx"
# an, di, du: agent, dispatcher, duty manager · ma: handler of the unit that has it · te: crew of the team below it ·
# li: its lead · mk: another unit, asked for help · wu: district office, co-handling · re: revisit · ji: inspector · he:
# headquarters · fe: analyst · gu: manager, who ordered the supervision · se, au: administrators · pa: partner · sys: system
# + done · - not her right (403) · . does not exist for her (404) · ! allowed, but the rules refuse
TABLE = """
registerComplaint      +++ --+-+ ----- ---+ +-
listComplaints         +++ +++++ +++++ --++ ++
searchComplaints       +++ +++++ +++++ --++ ++
readComplaint          +++ +++++ .++++ .... ..
resume                 --- +.+.- .---- .... ..
confirmReply           --- +.+.- +---- .... ..
close                  --- -.-.- +---- .... ..
requestClosing         --- -.-.- +---- .... ..
decideClosing          --+ -.-.- ----- .... ..
separate               -++ ....- .---- .... ..
readEvidence           +++ +-+++ .---- .... ..
listAreas              +++ +++++ +++++ --++ ++
listCategories         +++ +++++ +++++ --++ ++
listProducts           +++ +++++ +++++ --++ ++
listCauses             +++ +++++ +++++ --++ ++
listDisputes           +++ +++++ +++++ --++ ++
listUnits              +++ +++++ +++++ --++ ++
listReasons            +++ +++++ +++++ --++ ++
readFigures            -++ --+-+ -++++ ---- +-
readLedger             -++ --+-+ -++++ -+-- +-
careCall               --- -.-.- +---- .... ..
interview              --- -.-.- +---- .... ..
listRatings            -++ --+-+ +++++ ---- +-
convert                +++ ....- .---- .... ..
listRequests           +++ +++++ +++++ --++ ++
readRequest            +++ ...++ .++++ --.. ..
stepRequest            --- ...+- ----- --.- ..
reviewPassOn           --- --+-- .+--- .... ..
listPassOnFindings     -++ --+-+ -++++ ---- +-
receiveAppeal          -++ ----- ----- ---- +-
listAppeals            +++ +++++ +++++ --++ ++
readAppeal             +++ ....+ .++++ .... ..
stepAppeal             -++ ....- .---- .... ..
askAssistance          --- +-+-- .---- .... ..
readAssistance         +++ +++++ .++++ .... ..
listAssistance         +++ +++++ ----- --+- ++
stepAssistance         --- ---+- .---- .... ..
proposeCompensation    --- +-+-- .---- .... ..
readCompensation       +++ +++++ .++++ .... ..
listApprovals          --+ --+-- --+-+ ---- --
decideApproval         ... -.+.. ..... .... ..
payCompensation        --+ --+-- .-+-+ .... ..
beginTracking          -++ -.+.- .---- .... ..
listTracking           +++ +++++ +++++ --++ ++
noteTracking           -++ --+-- .---- .... ..
listNews               +++ +++++ ----- --+- ++
wishNews               +++ +-+-+ .---- .... ..
callForReport          -++ -.+.- .---- .... ..
listReports            +++ +++++ +++++ --++ ++
listCrews              +++ +++++ ----- --+- ++
listSlots              --- +-+-- .---- .... ..
bookAppointment        --- +.+.- .---- .... ..
stepAppointment        --- +++-- .---- .... ..
sendRepair             --- +-+-- .---- .... ..
listRepairs            +++ +++++ ----- --+- ++
readRepair             +++ +++++ ----- --.- ..
stepRepair             --- -++-- .---- .... ..
hinderRepair           --- -++-- .---- .... ..
fieldworkFigures       -++ --+-+ -++++ ---- +-
makePack               -++ --+-- .--++ .... ..
listPacks              +++ +++++ .++++ .... ..
readPack               -++ --+-- .---- .... ..
checkCaller            +++ ....+ .---- .... ..
sendCallerCode         +++ ....+ .---- .... ..
addSignature           --- +-+-+ .---- .... ..
listSignatures         +++ +++++ .++++ .... ..
assign                 -++ -.+.- .---- .... ..
release                --- +-+-- .---- .... ..
dispute                --- +-+-- .---- .... ..
listOwnershipDisputes  +++ +++++ +++++ --++ ++
stateReasons           --- -.-+- .---- .... ..
ruleOwnership          --+ -.--- .---+ .... ..
askCohandling          -++ --+-- .---- .... ..
contribute             --- !-!-+ .---- .... ..
startBulk              --+ +++++ ----- --+- -+
readBulk               .+. ..... .---- --.- ..
undoBulk               .+. ..... .---- --.- ..
listNotices            +++ +++++ +++++ --++ ++
readNotices            +++ +++++ +++++ --++ ++
listSupervision        +++ +++++ +++++ --++ ++
supervise              --+ -.-.- .-+-+ .... ..
reportProgress         --- +-+-- .---- .... ..
endSupervision         --- ----- .---+ .... ..
listQuestions          +++ +++++ +++++ --++ ++
ask                    +++ +-+-+ .---- .... ..
answerQuestion         --+ ----- .---- .... ..
listPatrols            +++ +++++ --+-+ --+- ++
recordPatrol           --+ ----- --+-+ ---- --
listEvaluations        +++ +++++ --+-+ --+- ++
recordEvaluation       --+ ----- --+-+ ---- --
listRectifications     +++ +++++ --+-+ --+- ++
stepRectification      +++ ..... ----- --.- ..
listLeaks              --- ----- --+-+ ---- --
recordLeak             --- ----- --+-+ ---- --
stepLeak               --- ----- --+-+ ---- --
"""
