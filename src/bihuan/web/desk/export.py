"""A list as Excel: exactly what is shown, masked, written to the audit log."""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from bihuan.cases import filters
from bihuan.cases.models import Case
from bihuan.cases.states import STATES
from bihuan.customers import queries as customers
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Forbidden, RuleError
from bihuan.web.desk import words
from bihuan.web.desk.door import desk
from bihuan.web.desk.listing import find
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text

MOST = 50_000
CHUNK = 1000


@require_safe
@desk
def export(request: HttpRequest, viewer: Viewer) -> HttpResponseBase:
    """The sheet of the list under the same filter; at most `MOST` rows."""
    if not viewer.can(roles.EXPORT):
        raise Forbidden("export")
    chosen = filters.parse(request.GET)
    text = request.GET.get("q", "").strip()
    found = find(viewer, chosen, text).order_by("-id")
    if found[MOST : MOST + 1].exists():
        raise RuleError("export.too_many", _("超过 %(most)d 行，请缩小范围再导出。") % {"most": MOST})
    book = tempfile.TemporaryFile(prefix="bihuan-export-")  # noqa: SIM115 - closed by the answer
    count = write(book, found)
    book.seek(0)
    audit.record(
        "export", actor_id=viewer.staff_id, actor_name=viewer.name, subject="cases",
        address=request.META.get("REMOTE_ADDR", ""),
        detail={"rows": count, "filter": chosen.query(), "words": bool(text)},
    )  # fmt: skip
    name = f"{_('工单')}-{timezone.localtime(clock.now()):%Y%m%d-%H%M}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name)


def headings() -> list[str]:
    """The first row."""
    return [
        _("工单编号"), _("状态"), _("登记时间"), _("渠道"), _("来源系统"), _("来源单号"), _("客户"), _("联系电话"),
        _("投诉号码"), _("地区"), _("分类"), _("优先级"), _("紧急程度"), _("内容"), _("诉求"), _("责任部门"), _("处理人"),
        _("时限"), _("首次回复"), _("答复时间"), _("办结时间"), _("满意度"), pgettext("tree", "原因"),
        _("催办"), _("退单"), _("重新处理"),
    ]  # fmt: skip


def write(target: IO[bytes], found: Any) -> int:
    """Fill the workbook row by row without holding it in memory; answers how many rows."""
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("工单"))
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 25, 16)
    for place, heading in enumerate(headings()):
        sheet.write_string(0, place, heading, bold)
    count = 0
    for cells in _rows(found):
        count += 1
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if hasattr(cell, "tzinfo"):
                sheet.write_datetime(count, place, timezone.make_naive(cell), moment)
            elif isinstance(cell, int):
                sheet.write_number(count, place, cell)
            else:
                sheet.write_string(count, place, str(cell)[:32_000])
    book.close()
    return count


def _rows(found: Any) -> Iterator[Sequence[Any]]:
    names = Names()
    cases = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(cases, CHUNK)):
        masks = customers.masks_of(case.party_id for case in chunk)
        for case in chunk:
            yield _cells(case, masks.get(case.party_id, {}), names)


def _cells(case: Case, masks: dict[str, str], names: Names) -> Sequence[Any]:
    return [
        case.number, str(STATES[case.status].name), case.registered_at, case.get_channel_display(), case.source_system,
        case.source_number, masks.get("name"), masks.get("phone"), masks.get("complained_number"),
        names.area(case.area_id, whole=True), names.node(case.category_id, whole=True), case.priority,
        case.get_urgency_display(), masked_text(case.content, masks), masked_text(case.demand, masks),
        names.unit(case.holder_unit_id), names.staff(case.handler_id), case.limit_at, case.first_reply_at,
        case.replied_at, case.ended_at, str(words.SATISFACTION.get(case.satisfaction or 0, "")),
        names.node(case.cause_id, whole=True), case.chaser_count, case.return_count, case.reopen_count,
    ]  # fmt: skip
