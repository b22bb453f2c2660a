"""Yunjiang Telecom (云江通信), an operator that does not exist, in places that do: its units and its staff as plain values."""

from dataclasses import dataclass

PASSWORD = "yunjiang-demo-2026"  # noqa: S105 - for a demonstration on one's own machine, printed at every start
NAME, NAME_EN = "云江通信", "Yunjiang Telecom"


@dataclass(frozen=True)
class UnitSpec:
    """A unit. `area` is a division code, 0 as the parent's; `responsible` a username."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str = ""
    area: int = 0
    responsible: str = ""


@dataclass(frozen=True)
class StaffSpec:
    """A member of staff; `deputy` is a username."""

    username: str
    name: str
    name_en: str
    unit: str
    roles: tuple[str, ...]
    deputy: str = ""
    skills: tuple[str, ...] = ()


def _district(
    code: str, name: str, name_en: str, parent: str, area: int, branch: str, branch_en: str
) -> list[UnitSpec]:
    """A district office, its branch office and the branch's installation team."""
    place = branch.removesuffix("支局")
    return [
        UnitSpec(code, name, name_en, "district", parent, area, f"{code.replace('.', '')}1"),
        UnitSpec(f"{code}.b", branch, branch_en, "branch", code),
        UnitSpec(f"{code}.b.t", f"{place}装维一班", f"{branch_en} installation team 1", "team", f"{code}.b"),
    ]


UNITS: tuple[UnitSpec, ...] = (
    UnitSpec("js", "云江通信江苏公司", "Yunjiang Telecom Jiangsu", "headquarters", "", 320000, "hq1"),
    UnitSpec("js.management", "综合管理部", "General management", "management", "js", 0, "manager1"),
    UnitSpec("js.service", "省客户服务中心", "Provincial service centre", "service_center", "js", 0, "dutymanager2"),
    UnitSpec("js.marketing", "省市场部", "Provincial marketing", "marketing", "js", 0, "jsmarketing1"),
    UnitSpec(
        "js.enterprise", "省政企客户部", "Provincial business customers", "government_enterprise", "js", 0, "jsent1"
    ),
    UnitSpec("js.support", "技术支持部", "Technical support", "technical_support", "js", 0, "support1"),
    UnitSpec("js.quality", "服务管理部", "Service management", "service_management", "js", 0, "inspector1"),
    UnitSpec("js.partner.xh", "星河数娱（合作方）", "Xinghe Games (partner)", "partner", "js", 0, "partner1"),
    UnitSpec("cz", "常州分公司", "Changzhou company", "headquarters", "js", 320400, "czhead1"),
    UnitSpec("cz.management", "常州综合管理部", "Changzhou general management", "management", "cz", 0, "czmgmt1"),
    UnitSpec("cz.service", "常州客户服务中心", "Changzhou service centre", "service_center", "cz", 0, "lead1"),
    UnitSpec("cz.marketing", "常州市场部", "Changzhou marketing", "marketing", "cz", 0, "czmarketing1"),
    UnitSpec(
        "cz.enterprise", "常州政企客户部", "Changzhou business customers", "government_enterprise", "cz", 0, "czent1"
    ),
    UnitSpec("cz.maintenance", "常州维护装维部", "Changzhou maintenance", "maintenance", "cz", 0, "lead2"),
    *_district("cz.wj", "武进区局", "Wujin office", "cz", 320412, "湖塘支局", "Hutang branch"),
    *_district("cz.tn", "天宁区局", "Tianning office", "cz", 320402, "红梅支局", "Hongmei branch"),
    *_district("cz.zl", "钟楼区局", "Zhonglou office", "cz", 320404, "五星支局", "Wuxing branch"),
    *_district("cz.xb", "新北区局", "Xinbei office", "cz", 320411, "三井支局", "Sanjing branch"),
    *_district("cz.jt", "金坛区局", "Jintan office", "cz", 320413, "金城支局", "Jincheng branch"),
    *_district("cz.ly", "溧阳区局", "Liyang office", "cz", 320481, "溧城支局", "Licheng branch"),
    UnitSpec("wx", "无锡分公司", "Wuxi company", "headquarters", "js", 320200, "wxhead1"),
    UnitSpec("wx.service", "无锡客户服务中心", "Wuxi service centre", "service_center", "wx", 0, "dispatcher2"),
    UnitSpec("wx.marketing", "无锡市场部", "Wuxi marketing", "marketing", "wx", 0, "wxmarketing1"),
    UnitSpec("wx.maintenance", "无锡维护装维部", "Wuxi maintenance", "maintenance", "wx", 0, "wxmaint1"),
    *_district("wx.lx", "梁溪区局", "Liangxi office", "wx", 320213, "崇安支局", "Chong'an branch"),
    *_district("wx.bh", "滨湖区局", "Binhu office", "wx", 320211, "蠡园支局", "Liyuan branch"),
    *_district("wx.xw", "新吴区局", "Xinwu office", "wx", 320214, "旺庄支局", "Wangzhuang branch"),
)
"""Parents before children."""

_HANDLER = ("handler",)
STAFF: tuple[StaffSpec, ...] = (
    StaffSpec("agent1", "周敏", "Zhou Min", "cz.service", ("agent",)),
    StaffSpec("agent2", "陆佳怡", "Lu Jiayi", "cz.service", ("agent",)),
    StaffSpec("agent3", "蒋文涛", "Jiang Wentao", "cz.service", ("agent",)),
    StaffSpec("agent4", "史晓琳", "Shi Xiaolin", "cz.service", ("agent",)),
    StaffSpec("agent5", "郑海燕", "Zheng Haiyan", "wx.service", ("agent",)),
    StaffSpec("agent6", "惠晨", "Hui Chen", "wx.service", ("agent",)),
    StaffSpec("dispatcher1", "沈国平", "Shen Guoping", "cz.service", ("dispatcher",), "lead1"),
    StaffSpec("dispatcher2", "浦丽华", "Pu Lihua", "wx.service", ("dispatcher",)),
    StaffSpec("lead1", "钱红霞", "Qian Hongxia", "cz.service", ("lead",), "dutymanager1"),
    StaffSpec("dutymanager1", "蔡志刚", "Cai Zhigang", "cz.service", ("dutymanager",), "lead1"),
    StaffSpec("dutymanager2", "丁伟", "Ding Wei", "js.service", ("dutymanager",)),
    StaffSpec("revisit1", "袁婷婷", "Yuan Tingting", "cz.service", ("revisit",)),
    StaffSpec("revisit2", "华洁", "Hua Jie", "wx.service", ("revisit",)),
    StaffSpec("handler1", "王建军", "Wang Jianjun", "cz.maintenance", _HANDLER, "handler2", ("radio", "field_test")),
    StaffSpec("handler2", "潘磊", "Pan Lei", "cz.maintenance", _HANDLER, "handler1", ("line", "olt")),
    StaffSpec("lead2", "邵永强", "Shao Yongqiang", "cz.maintenance", ("lead",), "handler1"),
    StaffSpec("czmarketing1", "冯雪", "Feng Xue", "cz.marketing", _HANDLER, "czmarketing2", ("billing",)),
    StaffSpec("czmarketing2", "顾彬", "Gu Bin", "cz.marketing", _HANDLER, "czmarketing1", ("plans",)),
    StaffSpec("czent1", "范宏伟", "Fan Hongwei", "cz.enterprise", _HANDLER),
    StaffSpec("czmgmt1", "何志远", "He Zhiyuan", "cz.management", ("liaison", "handler")),
    StaffSpec("branch1", "高俊", "Gao Jun", "cz.wj", ("branch",), "czwj1"),
    StaffSpec("czwj1", "吴春明", "Wu Chunming", "cz.wj", _HANDLER, "branch1", ("line",)),
    StaffSpec("cztn1", "龚晓东", "Gong Xiaodong", "cz.tn", _HANDLER),
    StaffSpec("czzl1", "毛丽娟", "Mao Lijuan", "cz.zl", _HANDLER),
    StaffSpec("czxb1", "姜涛", "Jiang Tao", "cz.xb", _HANDLER),
    StaffSpec("czjt1", "汤福荣", "Tang Furong", "cz.jt", _HANDLER),
    StaffSpec("czly1", "史根宝", "Shi Genbao", "cz.ly", _HANDLER),
    StaffSpec("czwjteam1", "孙元", "Sun Yuan", "cz.wj.b.t", _HANDLER, "", ("line",)),
    StaffSpec("czhead1", "邹国栋", "Zou Guodong", "cz", ("lead",)),
    StaffSpec("wxhead1", "荣海波", "Rong Haibo", "wx", ("lead",)),
    StaffSpec("wxmarketing1", "许欣", "Xu Xin", "wx.marketing", _HANDLER),
    StaffSpec("wxmaint1", "杜明", "Du Ming", "wx.maintenance", _HANDLER, "", ("radio", "line")),
    StaffSpec("wxlx1", "朱凤英", "Zhu Fengying", "wx.lx", _HANDLER),
    StaffSpec("wxbh1", "薛成", "Xue Cheng", "wx.bh", _HANDLER),
    StaffSpec("wxxw1", "过俊杰", "Guo Junjie", "wx.xw", _HANDLER),
    StaffSpec("jsmgmt1", "孔祥", "Kong Xiang", "js.management", ("liaison", "handler")),
    StaffSpec("jsmarketing1", "段晓慧", "Duan Xiaohui", "js.marketing", _HANDLER),
    StaffSpec("jsent1", "白宇", "Bai Yu", "js.enterprise", _HANDLER),
    StaffSpec("support1", "秦浩", "Qin Hao", "js.support", _HANDLER, "", ("core", "signalling")),
    StaffSpec("partner1", "刘洋（星河数娱）", "Liu Yang (Xinghe)", "js.partner.xh", ("partner",)),
    StaffSpec("inspector1", "谭静", "Tan Jing", "js.quality", ("inspector",)),
    StaffSpec("analyst1", "贺梦琪", "He Mengqi", "js.quality", ("analyst",)),
    StaffSpec("hq1", "林正阳", "Lin Zhengyang", "js", ("hq",)),
    StaffSpec("manager1", "方圆", "Fang Yuan", "js.management", ("manager",)),
    StaffSpec("sysadmin1", "熊伟", "Xiong Wei", "js.management", ("sysadmin",)),
    StaffSpec("secadmin1", "乔莉", "Qiao Li", "js.management", ("secadmin",)),
    StaffSpec("auditor1", "康宁", "Kang Ning", "js.management", ("auditor",)),
)

SHOWN = (
    "agent1", "dispatcher1", "handler1", "lead1", "dutymanager1", "branch1", "revisit1", "inspector1", "analyst1", "hq1",
    "manager1", "czmgmt1", "partner1", "sysadmin1", "secadmin1", "auditor1",
)  # fmt: skip
"""One login a role, as the start-up lists them."""
SYSTEM_ACCOUNT = StaffSpec(
    "openapi", "开放接口", "Open API", "js", ("dispatcher", "lead", "analyst", "manager", "system")
)
"""The account behind the API token: takes in, dispatches and handles everywhere; it cannot revisit what it handled."""
REVISIT_ACCOUNT = StaffSpec("openapi-revisit", "开放接口（回访）", "Open API (revisits)", "js", ("revisit",))
"""A second one, because whoever handled a complaint may not revisit it."""
SUBSCRIBERS = {
    320412: (612_000, 398_000), 320402: (421_000, 243_000), 320404: (402_000, 231_000), 320411: (455_000, 262_000),
    320413: (318_000, 176_000), 320481: (366_000, 198_000), 320213: (588_000, 344_000), 320211: (472_000, 281_000),
    320214: (533_000, 305_000),
}  # fmt: skip
"""Mobile and home-broadband customers by district, this month."""
