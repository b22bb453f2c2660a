"""Reports on major complaints across rooms: what the case tells fills the template; copies become evidence."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.assistance import queries as assistance
from bihuan.assistance.rules import STATUSES
from bihuan.cases import lexicon
from bihuan.cases.actions import Doer
from bihuan.cases.days import local_day
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.states import STATES, STEPS
from bihuan.customers import queries as customers
from bihuan.handling import evidence
from bihuan.kernel import clock, paper
from bihuan.majors import actions, rules
from bihuan.majors.models import Report, Version
from bihuan.notices import actions as notices

_STORY = 20
"""Steps told in the course of the report, the latest."""


@transaction.atomic
def begin(case: Case, doer: Doer, *, lead_id: int | None = None, due: datetime | None = None) -> Report:
    """Call for a report; the interface person is told."""
    report = actions.begin(case, doer, lead_id=lead_id, due=due)
    notices.tell("report_due", [report.lead_id], case.id, {"by": doer.staff_id, "due": report.due_at})
    return report


def proposal(case: Case) -> tuple[str, str]:
    """Title and text of a new report, from the template and the case; vault tokens stay."""
    facts, told = facts_of(case), actions.template()
    return rules.filled(told.title, facts), rules.filled(told.text, facts)


def facts_of(case: Case) -> dict[str, str]:
    """What stands for each placeholder."""
    book = lexicon.current()
    area = book.catalog.areas.get(case.area_id or 0)
    node = book.catalog.nodes.get(case.category_id or 0)
    unit, handler = book.units.get(case.holder_unit_id or 0), book.staff.get(case.handler_id or 0)
    reply = CaseEvent.objects.filter(case_id=case.id, kind="replied").order_by("-seq").first()
    return {
        "编号": case.number,
        "登记时间": _moment(case.registered_at),
        "地区": "".join(area.names) if area is not None and hasattr(area, "names") else area.name if area else "",
        "渠道": str(case.get_channel_display()),
        "分类": " / ".join(node.names) if node else "",
        "紧急程度": str(case.get_urgency_display()),
        "投诉内容": " ".join(case.content.split()),
        "诉求": " ".join(case.demand.split()) or _("（未说明）"),
        "责任部门": unit.name if unit else "",
        "处理人": handler.name if handler else "",
        "处理经过": _story(case),
        "协查情况": _helped(case),
        "答复": str(reply.payload.get("text", "")) if reply else _("（尚未答复）"),
        "状态": str(STATES[case.status].name),
    }


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _story(case: Case) -> str:
    events = CaseEvent.objects.filter(case_id=case.id, kind__in=list(STEPS)).order_by("-seq")[:_STORY]
    return "；".join(f"{_moment(one.at)} {STEPS[one.kind].name}" for one in reversed(events))


def _helped(case: Case) -> str:
    units = lexicon.current().units
    told = [
        f"{units[one.unit_id].name if one.unit_id in units else ''}（{STATUSES[one.status]}）{one.answer}"
        for one in assistance.of_case(case.id)
    ]
    return "；".join(told) or _("（无）")


def sheet(case: Case, version: Version, mark: str = "") -> paper.Sheet:
    """A version as it is printed, personal data masked."""
    masks = customers.masks_of([case.party_id]).get(case.party_id, {})
    return rules.sheet(
        version.title, version.text, case.number, masks, settings.OPERATOR_NAME, local_day(clock.now()), mark
    )


@transaction.atomic
def hand_in(case: Case, report: Report, doer: Doer, to_unit_id: int) -> CaseEvent:
    """Hand the latest version in: Word and, where the server has a Chinese font, PDF are kept as evidence."""
    version = Version.objects.filter(report=report).first()
    copies: dict[str, int] = {}
    if version is not None and report.handed_at is None:
        made: dict[str, tuple[str, Any]] = {"word": ("docx", paper.word)}
        if paper.has_font():
            made["pdf"] = ("pdf", paper.pdf)
        for kind, (suffix, make) in made.items():
            name = f"重大投诉报告-v{version.version}.{suffix}"
            kept, _seq = evidence.keep(case, doer, "document", name, make(sheet(case, version)))
            copies[kind] = kept.pk
    return actions.handed_in(case, report, doer, to_unit_id, copies)
