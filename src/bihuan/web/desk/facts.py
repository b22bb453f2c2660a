"""The facts of a case as label and words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.cases.models import Case
from bihuan.catalog.models import Node
from bihuan.dispatch import queries as routing
from bihuan.web import words as spoken
from bihuan.web.desk import words
from bihuan.web.desk.names import Names


def lines(case: Case, names: Names) -> Iterator[tuple[str, str]]:
    """In the order people ask for them; empty where nothing was told."""
    yield _("现象分类"), _category(case, names)
    yield _("服务类型"), str(dict(Node.ServiceType.choices).get(case.service_type, ""))
    yield _("产品"), names.node(case.product_id, whole=True)
    yield _("争议类型"), names.node(case.dispute_id, whole=True)
    yield pgettext("tree", "原因"), names.node(case.cause_id, whole=True)
    yield _("地区"), names.area(case.area_id, whole=True)
    yield _("位置"), _position(case)
    yield _("发生时间"), spoken.local(case.occurred_at)
    yield _("频次"), case.frequency
    yield _("终端"), case.terminal
    yield _("紧急程度"), case.get_urgency_display()
    yield _("影响范围"), str(words.IMPACTS.get(case.impact, ""))
    yield _("复杂程度"), str(words.COMPLEXITIES.get(case.complexity, ""))
    yield _("客户星级"), _("%(level)d 星") % {"level": case.customer_level} if case.customer_level else ""
    yield _("渠道"), " · ".join(part for part in (case.get_channel_display(), case.called_hotline) if part)
    yield _("来源"), " ".join(part for part in (case.source_system, case.source_number) if part)
    yield _("反映人"), _("代他人反映") if case.relation == "on_behalf" else ""
    yield _("登记时刻"), spoken.local(case.registered_at)
    yield (
        _("首问负责"),
        " · ".join(part for part in (names.staff(case.registered_by_id), names.unit(case.registered_unit_id)) if part),
    )
    yield _("客户沟通人"), names.staff(routing.customer_contact(case)) if case.ended_at is None else ""
    yield _("承诺答复"), spoken.local(case.promised_at)
    yield _("满意度"), str(words.SATISFACTION.get(case.satisfaction or 0, ""))
    for name, value in case.extra.items():
        yield str(name), "" if value is None else str(value)


def _category(case: Case, names: Names) -> str:
    if case.category_id:
        return names.node(case.category_id, whole=True)
    if not case.suggested_category_id:
        return ""
    score = f"{(case.suggested_score or 0) * 100:.0f}%"
    return _("建议：%(name)s（%(score)s）") % {
        "name": names.node(case.suggested_category_id, whole=True),
        "score": score,
    }


def _position(case: Case) -> str:
    if case.lat is None or case.lon is None:
        return ""
    return f"{case.lat:.5f}, {case.lon:.5f} ({case.datum})"
