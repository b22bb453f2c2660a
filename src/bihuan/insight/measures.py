"""Every measure (口径), defined once: what is counted, among what, in words, and which way is good.

A measure is made of the named conditions of `cases.conditions`, so each figure opens the very cases it counted. The
outcomes first contact / passed on / late are disjoint; edge cases are written down there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bihuan.kernel.errors import RuleError

Kind = Literal["count", "ratio", "mean", "percentile", "share", "per_10k", "per_million", "score", "sum"]
Unit = Literal["cases", "ratio", "hours", "per_10k", "per_million", "score", "yuan"]
VOLUME, RATE, HOURS, PER_10K = "cases", "ratio", "hours", "per_10k"
PER_CUSTOMERS: Mapping[str, int] = {"per_10k": 10_000, "per_million": 1_000_000}
"""Kinds that count per so many customers and month."""


@dataclass(frozen=True)
class Measure:
    """`among` are the conditions every case it looks at meets, `of` the further ones of those it counts.

    `good` is `up`, `down` or empty. A ratio lies between 0 and 1; hours are hours of the calendar, nights included.
    """

    code: str
    name: Promise
    definition: Promise
    kind: Kind
    of: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    good: str = ""
    fraction: float = 0.0

    @property
    def unit(self) -> Unit:
        """In what its value is."""
        if self.kind in {"ratio", "share"}:
            return "ratio"
        if self.kind in {"mean", "percentile"}:
            return "hours"
        if self.kind == "sum":
            return "yuan"
        return self.kind if self.kind in {"per_10k", "per_million", "score"} else "cases"

    @property
    def counted(self) -> tuple[str, ...]:
        """The conditions of the cases behind a value: of a ratio its numerator, else everything it looks at."""
        return (*self.among, *self.of)


def _count(code: str, name: Promise, definition: Promise, among: str = "", good: str = "") -> Measure:
    return Measure(code, name, definition, "count", (), tuple(among.split()), good)


def _sum(code: str, name: Promise, definition: Promise, among: str) -> Measure:
    return Measure(code, name, definition, "sum", (), (among,), "down")


def _ratio(code: str, name: Promise, definition: Promise, of: str, among: str, good: str) -> Measure:
    return Measure(code, name, definition, "ratio", tuple(of.split()), tuple(among.split()), good)


MEASURES: Mapping[str, Measure] = {
    one.code: one
    for one in (
        _count("volume", _("受理量"), _("期间内登记的全部投诉，含不予受理、撤诉和已并单的。")),
        Measure("share", _("占比"), _("该组受理量占上一级分组（无上一级则占全部）受理量的比例。"), "share"),
        _ratio(
            "first_contact_rate", _("一次性处理率"),
            _("未派给其他部门就已答复、未超时、也没有重新处理的投诉 ÷ 受理量（不含已并单）。不予受理和撤诉不算一次性处理。"),
            "first_contact", "counted", "up",
        ),
        _ratio(
            "passed_on_rate", _("转派率"),
            _("派给过其他部门且未超时的投诉 ÷ 受理量（不含已并单）。超时的只计入超时率，三率互不重叠。"),
            "passed_on", "counted", "",
        ),
        _ratio(
            "late_rate", _("超时率"),
            _(
                "办结晚于时限、或到统计时点未办结且时限已过的投诉 ÷ 受理量（不含已并单）。"
                "即使当场答复，办结晚了也算超时；挂起期间不算。"
            ),
            "late", "counted", "down",
        ),
        _ratio(
            "timely_rate", _("及时率"), _("没有超时的投诉 ÷ 受理量（不含已并单）：1 减超时率。"),
            "in_time", "counted", "up",
        ),
        _ratio(
            "completion_rate", _("办结率"),
            _("到统计时点已结单、不予受理或撤诉的投诉 ÷ 受理量（不含已并单）。重新处理的，再次办结前算未办结。"),
            "ended", "counted", "up",
        ),
        _count("open_count", _("未办结量"), _("到统计时点还没有办结的投诉。"), "counted open", "down"),
        _count("late_count", _("超时量"), _("办结晚于时限、或未办结且时限已过的投诉。"), "counted late", "down"),
        _ratio(
            "first_reply_in_limit_rate", _("首次回复及时率"),
            _("登记后 48 小时内（设置可改）首次回复的投诉 ÷ 已回复或已满 48 小时的投诉（不含并单、撤诉）。"),
            "reply_fast", "owed reply_due", "up",
        ),
        _ratio(
            "reply_coverage", _("回复覆盖率"), _("到统计时点已回复客户的投诉 ÷ 受理量（不含并单、撤诉）。"),
            "replied", "owed", "up",
        ),
        _ratio(
            "revisit_coverage", _("回访覆盖率"), _("已回访到客户的投诉 ÷ 到统计时点已结单的投诉。"),
            "revisited", "closed", "up",
        ),
        _ratio(
            "satisfaction_rate", _("满意率"), _("回访评价“满意”的投诉 ÷ 有评价的投诉（“一般”不算满意，取最近一次评价）。"),
            "satisfied", "rated", "up",
        ),
        _ratio("dissatisfaction_rate", _("不满意率"), _("回访评价“不满意”的投诉 ÷ 有评价的投诉（取最近一次评价）。"),
               "dissatisfied", "rated", "down"),
        Measure("avg_hours", _("平均处理时长"), _("已结单投诉从登记到结单的平均小时数（自然时间）。"), "mean",
                (), ("closed",), "down"),
        Measure("median_hours", _("处理时长中位数"), _("一半的已结单投诉在这么多小时内结单（自然时间）。"), "percentile",
                (), ("closed",), "down", 0.5),
        Measure("p90_hours", _("处理时长九成位"), _("九成的已结单投诉在这么多小时内结单（自然时间）。"), "percentile",
                (), ("closed",), "down", 0.9),
        _ratio("repeat_rate", _("重复投诉率"),
               _("标记为重复（同一号码、同类原因、30 天内，天数设置可改）的投诉 ÷ 受理量（不含已并单）。改派不是重复。"),
               "repeat", "counted", "down"),
        _ratio("returned_rate", _("退单率"), _("被接单部门退回过的投诉 ÷ 派过单的投诉。"), "returned", "passed", "down"),
        _ratio("redispatch_rate", _("重派率"), _("派单两次以上的投诉 ÷ 派过单的投诉。"), "redispatched", "passed", "down"),
        _ratio("chaser_rate", _("催办率"), _("客户催办过的投诉 ÷ 受理量（不含已并单）。"), "chased", "counted", "down"),
        _ratio("reopened_rate", _("重新处理率"), _("答复后又重新处理过的投诉 ÷ 已答复的投诉。"), "reopened", "answered", "down"),
        Measure("survey_score", _("评价平均分"), _("结单后客户评价的平均分（1 至 5，取最近一次评价）。"), "score",
                (), ("survey_answered",), "up"),
        _ratio("survey_response_rate", _("评价答复率"), _("填了评价的投诉 ÷ 发了评价链接的投诉。"),
               "survey_answered", "survey_sent", "up"),
        _ratio("survey_solved_rate", _("评价解决率"), _("客户评价“解决了”的投诉 ÷ 填了评价的投诉。"),
               "survey_solved", "survey_answered", "up"),
        _ratio("survey_bad_rate", _("差评率"), _("分数低（几分算低按规则）或选“没有解决”的投诉 ÷ 填了评价的投诉。"),
               "survey_bad", "survey_answered", "down"),
        _ratio("care_back_rate", _("关怀回访复发率"), _("关怀回访时问题又出现的投诉 ÷ 做过关怀回访的投诉。"),
               "care_back", "care_called", "down"),
        _ratio("exceptional_rate", _("例外结单率"), _("未表示满意、经另一人审批而结单的投诉 ÷ 已结单的投诉。"),
               "exceptional", "closed", "down"),
        _count("converted_count", _("转服务请求量"), _("期间内登记、后来转为服务请求或商机的咨询。"), "converted"),
        _ratio("above_level_rate", _("越级投诉率"), _("因处理迟缓或不当而越级的投诉 ÷ 受理量（不含已并单）。"),
               "above_level", "counted", "down"),
        Measure("per_10k", _("万投比"),
                _("每万用户每月的投诉量：受理量 ÷ 期间内各月用户数之和 × 10000（不足整月按天折算）。"
                  "用户数按地区、产品在设置中维护；没有用户数或看不到整个地区时不计算。"),
                "per_10k", (), (), "down"),
        _count("appeal_count", _("申诉量"), _("期间内登记的、由管局、12300、12345、12315 等单位转来的投诉。"),
               "appealed", "down"),
        Measure("appeal_rate", _("百万用户申诉率"),
                _("每百万用户每月的申诉量：转来的投诉 ÷ 期间内各月用户数之和 × 1000000（不足整月按天折算）。"
                  "只看管局时按来源系统筛选；没有用户数或看不到整个地区时不计算。"),
                "per_million", (), ("appealed",), "down"),
        _count("money_count", _("给付件数"), _("批准过退费、调账、补偿或小礼的投诉（已兑付和待兑付，不含冲回）。"),
               "money_given"),
        _sum("money_sum", _("给付金额"), _("这些投诉批准的退费、调账、补偿和小礼的合计，元（已兑付和待兑付，不含冲回）。"),
             "money_given"),
        _count("refund_count", _("退费件数"), _("批准过退费的投诉（不含冲回）。"), "refunded"),
        _sum("refund_sum", _("退费金额"), _("批准的退费合计，元（已兑付和待兑付，不含冲回）。"), "refunded"),
        _count("adjustment_count", _("调账件数"), _("批准过账单调整的投诉（不含冲回）。"), "adjusted"),
        _sum("adjustment_sum", _("调账金额"), _("批准的账单调整合计，元（已兑付和待兑付，不含冲回）。"), "adjusted"),
        _count("compensation_count", _("补偿件数"), _("批准过补偿的投诉（不含小礼和冲回）。"), "compensated"),
        _sum("compensation_sum", _("补偿金额"), _("批准的补偿合计，元（已兑付和待兑付，不含小礼和冲回）。"), "compensated"),
        _count("assistance_count", _("协查件数"), _("请其他部门协查过的投诉（不含撤销的协查）。"), "assistance_asked"),
        _ratio("assistance_in_time_rate", _("协查及时率"),
               _("协查全部在期限内回复的投诉 ÷ 协查已回复、已退回或已到期的投诉（不含撤销的协查）。"),
               "assistance_kept", "assistance_due", "up"),
        _count("dispute_count", _("归属争议件数"), _("部门之间对责任归属有争议、提请裁定的投诉。"), "disputed"),
        _ratio("overturned_rate", _("裁定改判率"), _("裁定由其他部门负责的投诉 ÷ 裁定过归属的投诉。"),
               "overturned", "ruled", "down"),
    )
}  # fmt: skip
"""By code, as URLs, the command line and the API name them."""

USUAL = ("volume", "first_contact_rate", "passed_on_rate", "late_rate", "completion_rate")
"""What is shown when nothing else is asked for."""
MOST_MEASURES = 12


def named(codes: Sequence[str]) -> list[Measure]:
    """The measures of these codes, each once; `RuleError` on field `measure` for one there is not."""
    chosen = list(dict.fromkeys(code for code in codes if code)) or list(USUAL)
    for code in chosen:
        if code not in MEASURES:
            raise RuleError(
                "figures.measure",
                _now("没有“%(code)s”这个指标，可用：%(codes)s。") % {"code": code[:40], "codes": "、".join(MEASURES)},
                field="measure",
            )
    if len(chosen) > MOST_MEASURES:
        raise RuleError("figures.measures", _now("一次最多看 12 个指标，请减少。"), field="measure")
    return [MEASURES[code] for code in chosen]
