"""Beginning, writing and handing in a report; naming interface persons; editing the template."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases import actions as cases
from bihuan.cases import chain
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.identity.book import units
from bihuan.identity.models import Staff
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.history import edited_by
from bihuan.majors import rules
from bihuan.majors.models import Interface, Report, Template, Version
from bihuan.sla import deadlines
from bihuan.text.clean import clean
from bihuan.text.vaulted import vaulted

KIND = "report"
TERM = "24h"
LONGEST = timedelta(days=90)
MAJOR = "major"


def interface_of(case: Case) -> Staff | None:
    """The interface person for a case: named for the unit that has it or one above; else who answers for that unit."""
    book = units().units
    unit = book.get(case.holder_unit_id or case.registered_unit_id or 0)
    path = list(reversed(unit.path)) if unit else []
    named = {one.unit_id: one.staff_id for one in Interface.objects.filter(unit_id__in=path)}
    wanted = next((named[step] for step in path if step in named), None)
    heads = [book[step].responsible_id for step in path if step in book]
    for ident in (wanted, *heads):
        person = Staff.objects.filter(pk=ident, is_active=True).first() if ident else None
        if person is not None:
            return person
    return None


@transaction.atomic
def begin(
    case: Case, doer: Doer, *, lead_id: int | None = None, due: datetime | None = None, at: datetime | None = None
) -> Report:
    """Call for a report: the interface person leads, a day is given unless told otherwise; the case is marked major."""
    if Report.objects.filter(case_id=case.id).exists():
        raise Conflict("report.exists", _("这张工单已有重大投诉报告。"))
    lead = Staff.objects.filter(pk=lead_id, is_active=True).first() if lead_id else interface_of(case)
    if lead is None:
        raise RuleError("report.lead", _("没有接口人，请在设置中指定或在这里选择。"), field="lead")
    moment = at or clock.now()
    until = due or deadlines.due_after(moment, TERM)
    if not moment < until <= moment + LONGEST:
        raise RuleError("report.due", _("报告期限要晚于现在，最长 90 天。"), field="due")
    report = Report.objects.create(
        case_id=case.id, lead_id=lead.pk, unit_id=lead.unit_id, due_at=until, begun_at=moment, begun_by_id=doer.staff_id
    )
    deadlines.start(KIND, report.pk, case.id, until, unit_id=lead.unit_id, staff_id=lead.pk, at=moment)
    cases.let_read(case, lead.unit_id, moment)
    flags = case.flags if MAJOR in case.flags else [*case.flags, MAJOR]
    payload = {"report": report.pk, "lead": lead.pk, "unit": lead.unit_id, "due": until}
    cases.take(case, "report_begun", doer, at=moment, payload=payload, flags=flags)
    return report


@transaction.atomic
def write(case: Case, report: Report, doer: Doer, title: str, text: str, *, at: datetime | None = None) -> Version:
    """Keep a new version. The same words again are the version there is; what was handed in stays."""
    if report.handed_at is not None:
        raise Conflict("report.handed", _("报告已经上报。"))
    # the case's own number stays a placeholder: written out it would be taken for somebody's and hidden
    headed = " ".join(vaulted(case.party_id, title.replace(case.number, rules.NUMBER), 200, "title").split())
    said = vaulted(case.party_id, text.replace(case.number, rules.NUMBER), rules.MOST, "text")
    if not headed or len(said) < rules.LEAST:
        raise RuleError("report.empty", _("请写明标题和报告内容。"), field="text")
    last = Version.objects.filter(report=report).first()
    if last is not None and (last.title, last.text) == (headed, said):
        return last
    moment = at or clock.now()
    version = Version.objects.create(
        report=report, version=last.version + 1 if last else 1, title=headed, text=said, made_at=moment,
        made_by_id=doer.staff_id,
    )  # fmt: skip
    payload = {"report": report.pk, "version": version.version, "text_digest": chain.digest_of(headed, said)}
    cases.append(case, "report_drafted", doer, at=moment, payload=payload)
    return version


@transaction.atomic
def handed_in(
    case: Case, report: Report, doer: Doer, to_unit_id: int, copies: Mapping[str, int], *, at: datetime | None = None
) -> CaseEvent:
    """Note that the latest version went to this unit; `copies` are evidence ids (`word`, `pdf`). The unit reads the case."""
    version = Version.objects.filter(report=report).first()
    if report.handed_at is not None:
        raise Conflict("report.handed", _("报告已经上报。"))
    if version is None:
        raise Conflict("report.unwritten", _("还没有写报告，请先保存一版。"))
    if to_unit_id not in units().units:
        raise RuleError("report.unit", _("请选择上报给哪个部门。"), field="to")
    moment = at or clock.now()
    report.handed_at, report.handed_by_id, report.to_unit_id = moment, doer.staff_id, to_unit_id
    report.version, report.word_id, report.pdf_id = version.version, copies.get("word"), copies.get("pdf")
    report.save()
    deadlines.end(KIND, [report.pk], moment)
    cases.let_read(case, to_unit_id, moment)
    payload = {
        "report": report.pk, "version": version.version, "unit": to_unit_id, "late": moment > report.due_at,
        "evidence": copies.get("pdf") or copies.get("word"),
    }  # fmt: skip
    return cases.append(case, "report_handed_in", doer, at=moment, payload=payload)


def template() -> Template:
    """The template in force; the shipped one where none was edited."""
    return Template.objects.first() or Template(title=rules.TITLE, text=rules.TEXT)


def edit_template(title: str, text: str, by: int | None) -> Template:
    """Change the words every new report begins with."""
    headed, said = clean(title, 200, "title"), clean(text, rules.MOST, "text", multiline=True)
    rules.check(headed, "title")
    rules.check(said, "text")
    if not headed or len(said) < rules.LEAST:
        raise RuleError("report.empty", _("请写明标题和报告内容。"), field="text")
    with edited_by(by):
        row = Template.objects.select_for_update().first() or Template()
        row.title, row.text = headed, said
        row.save()
        return row


def name_interface(unit_id: int, staff_id: int | None, by: int | None) -> None:
    """Name (or with None no longer name) the interface person of a unit."""
    if unit_id not in units().units:
        raise RuleError("report.unit", _("请从列表中选择部门。"), field="unit")
    with edited_by(by):
        if staff_id is None:
            Interface.objects.filter(unit_id=unit_id).delete()
            return
        if not Staff.objects.filter(pk=staff_id, is_active=True, is_system=False).exists():
            raise RuleError("report.staff", _("接口人应是在用的账号。"), field="staff")
        Interface.objects.update_or_create(unit_id=unit_id, defaults={"staff_id": staff_id})


__all__ = ["begin", "edit_template", "handed_in", "interface_of", "name_interface", "template", "write"]
