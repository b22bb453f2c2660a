"""Which field a heading of an unknown file probably means: a dictionary of what operators' systems call their columns."""

import re
from collections.abc import Sequence

from bihuan.channels.file.fields import FIELDS

_SYNONYMS = {
    "source_number": "工单号 工单编号 工单流水号 流水号 工单流水 单号 投诉单号 投诉编号 投诉工单号 受理单号 受理编号 "
    "受理流水号 服务单号 服务请求号 服务请求编号 申告单号 故障单号 来源单号 业务流水号 EMOS单号 "
    "留言编号 信访编号 信件编号 来信编号 诉求编号 事件编号 案件编号 反映编号 编号 "
    "order_id orderno ticketid ticketno ticket ticketnumber caseid caseno casenumber complaintid reference id",
    "source_system": "来源系统 系统来源 系统名称 工单来源系统 数据来源 source_system system",
    "channel": "渠道 受理渠道 投诉渠道 来源渠道 工单来源 受理方式 投诉来源 投诉方式 接入渠道 投诉途径 受理途径 "
    "来信渠道 反映渠道 channel receivedvia submittedvia",
    "content": "投诉内容 内容 问题描述 反映问题 反映内容 客户反映 投诉描述 受理内容 诉求内容 工单内容 故障描述 申告内容 "
    "业务内容 问题内容 投诉详情 描述 投诉现象描述 content description details "
    "留言详情 留言内容 信件内容 来信内容 反映详情 诉求详情 主要内容 事件描述 详情 complaint customercomplaint issue message text",
    "demand": "客户诉求 客户要求 诉求 用户诉求 用户要求 期望结果 客户期望 demand expectation",
    "category": "投诉分类 投诉类别 投诉类型 问题分类 问题类型 业务类别 投诉原因分类 投诉现象 服务请求类别 工单分类 "
    "申告类别 投诉三级分类 category complainttype problemtype",
    "dispute": "争议类型 争议归属 争议分类 投诉大类 投诉归类 大类 投诉性质类别 dispute disputetype",
    "product": "产品 产品名称 业务产品 产品类型 业务类型 业务名称 专业 product service",
    "area": "区县 区域 所属区域 地区 归属地 归属地区 受理区域 行政区 所在区县 县区 地市 城市 归属区域 area district city region",
    "address": "地址 装机地址 详细地址 故障地址 投诉地址 安装地址 用户地址 客户地址 问题地点 投诉地点 address",
    "lat": "纬度 lat latitude",
    "lon": "经度 lon lng longitude",
    "occurred_at": "发生时间 故障时间 故障发生时间 问题发生时间 occurred_at",
    "frequency": "频次 发生频次 发生频率 出现频率 frequency",
    "urgency": "紧急程度 紧急级别 工单级别 优先级 urgency priority",
    "impact": "影响范围 impact",
    "complexity": "复杂程度 难易程度 complexity",
    "called_hotline": "热线号码 拨打热线 接入号 hotline",
    "calling_number": "主叫号码 来电号码 主叫 calling_number caller",
    "called_number": "被叫号码 被叫 called_number callee",
    "complained_number": "投诉号码 业务号码 接入号码 产品号码 用户号码 设备号码 故障号码 申告号码 宽带账号 宽带帐号 "
    "服务号码 受理号码 手机号码 complained_number accountno msisdn",
    "terminal": "终端 终端型号 手机型号 设备型号 terminal device",
    "relation": "投诉人关系 与机主关系 投诉人身份 是否本人 relation",
    "customer.name": "客户姓名 客户名称 用户姓名 用户名称 联系人 联系人姓名 投诉人 投诉人姓名 机主姓名 姓名 customername name",
    "customer.phone": "联系电话 联系方式 客户联系电话 联系号码 联系人电话 客户电话 用户电话 电话 手机 手机号 回访电话 "
    "phone mobile contactphone",
    "customer.other_contact": "其他联系方式 备用电话 第二联系电话 联系电话2 电子邮箱 邮箱 email",
    "customer.identity_number": "证件号码 证件号 身份证号 身份证号码 客户证件号 idnumber",
    "customer.level": "客户级别 客户等级 用户级别 客户星级 星级 服务等级 会员级别 customerlevel level",
    "registered_at": "登记时间 登记日期 受理时间 受理日期 创建时间 创建日期 建单时间 投诉时间 投诉日期 申告时间 来电时间 "
    "受理开始时间 工单生成时间 生成时间 工单创建时间 开单时间 录入时间 registered_at createdat createtime created "
    "留言时间 留言日期 反映时间 反映日期 来信时间 提交时间 提交日期 诉求时间 报障时间 申诉时间 接单登记时间 上报时间 "
    "opened openedat submitted submittedat datereceived receivedon date 日期 时间",
    "accepted_at": "受理确认时间 确认受理时间 accepted_at",
    "dispatched_at": "派单时间 派单日期 转派时间 转派日期 派发时间 下派时间 流转时间 首次派单时间 转办时间 交办时间 "
    "dispatched_at dispatchtime assignedat",
    "received_at": "接单时间 接单日期 签收时间 签收日期 接收时间 收单时间 received_at",
    "replied_at": "回复时间 回复日期 答复时间 答复日期 反馈时间 回单时间 处理时间 处理完成时间 处理完成日期 处理结束时间 "
    "replied_at resolvedat resolved",
    "revisited_at": "回访时间 回访日期 回访完成时间 revisited_at",
    "closed_at": "办结时间 办结日期 归档时间 归档日期 结单时间 结单日期 完成时间 完成日期 竣工时间 关闭时间 完结时间 结束时间 "
    "销单时间 办理完成时间 closed_at closetime closed finishedat finished",
    "due_at": "要求完成时间 要求完成日期 时限 时限要求 截止时间 截止日期 处理时限 办结时限 到期时间 预计完成时间 承诺时间 "
    "due_at duedate deadline due",
    "reply": "回复内容 答复内容 答复情况 处理结果 处理情况 处理意见 反馈内容 处理过程 解决方案 回单内容 答复意见 回复意见 "
    "reply resolution answer response",
    "satisfaction": "满意度 客户评价 是否满意 回访结果 回访满意度 客户满意度 评价 满意情况 satisfaction rating",
    "acceptor": "受理人 受理员 受理人员 受理工号姓名 营业员 建单人 登记人 话务员 受理坐席 坐席 创建人 acceptor agent createdby",
    "taken_unit": "受理部门 受理网点 受理单位 受理班组 建单部门 登记部门 受理机构 创建部门 taken_unit",
    "holder_unit": "责任部门 转派部门 处理部门 责任单位 承办单位 承办部门 处理单位 派往部门 接单部门 办理部门 主办部门 "
    "当前处理部门 处理班组 holder_unit department unit assignedto",
}
_UNWANTED = re.compile(r"[\s_\-—－:：/／.。、*＊\"'“”‘’《》【】\[\]#]+")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_LEVELS = ("一级", "二级", "三级", "四级")


def folded(heading: str) -> str:
    """A heading without blanks, marks, case: `受理 时间：` and `受理时间` are the same."""
    return _UNWANTED.sub("", heading).lower()


_KNOWN: dict[str, tuple[str, int]] = {
    folded(word): (code, place) for code, words in _SYNONYMS.items() for place, word in enumerate(words.split())
}


def meaning(heading: str) -> tuple[str, int] | None:
    """(field, how far down its list the word stands: less is likelier); None when nothing is known of it."""
    for form in (folded(heading), folded(_ASIDE.sub("", heading))):
        if form in _KNOWN:
            return _KNOWN[form]
    return None


def known(headings: Sequence[str]) -> int:
    """How many of the headings mean something to us: finds the row of headings in a sheet."""
    return sum(meaning(heading) is not None or _levelled(heading) is not None for heading in headings)


def guess(headings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """field → headings, each heading used once; where two mean the same, the likelier word wins.

    一级/二级/三级分类 side by side are read together as one path. Where the time of acceptance stands beside an earlier
    one (创建时间), it is the acceptance; alone it is the registration.
    """
    best: dict[str, tuple[int, str]] = {}
    for heading in headings:
        found = meaning(heading)
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], heading)
    columns: dict[str, tuple[str, ...]] = {code: (heading,) for code, (_place, heading) in best.items()}
    path = [heading for level in _LEVELS for heading in headings if _levelled(heading) == level]
    if len(path) > 1:
        columns["category"] = tuple(path)
    _acceptance(headings, columns)
    return {code: columns[code] for code in FIELDS if code in columns}


def _levelled(heading: str) -> str | None:
    """`投诉二级分类` → `二级`; None for other headings."""
    form = folded(heading)
    if not form.endswith(("分类", "类别", "类型", "现象", "目录")) and form not in _LEVELS:
        return None
    return next((level for level in _LEVELS if level in form), None)


def _acceptance(headings: Sequence[str], columns: dict[str, tuple[str, ...]]) -> None:
    """Tell 创建时间 and 受理时间 apart when a file has both."""
    created = next((h for h in headings if folded(h) in _CREATED), None)
    accepted = next((h for h in headings if folded(h) in ("受理时间", "受理日期")), None)
    if created and accepted and "accepted_at" not in columns:
        columns["registered_at"], columns["accepted_at"] = (created,), (accepted,)


_CREATED = (
    "登记时间",
    "登记日期",
    "创建时间",
    "创建日期",
    "建单时间",
    "投诉时间",
    "来电时间",
    "工单创建时间",
    "录入时间",
)
