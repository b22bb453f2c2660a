"""What customers ticked after closing: sums, the answers themselves, Excel."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.cases.days import BadDay, day_of, midnight
from bihuan.cases.models import Case
from bihuan.customers import queries as customers
from bihuan.identity import roles
from bihuan.kernel.errors import Forbidden, NotFound
from bihuan.revisit import surveys
from bihuan.revisit.models import Survey
from bihuan.web.closing import workbook
from bihuan.web.closing.sentences import led_to
from bihuan.web.desk.names import Names
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import paged
from bihuan.web.viewers import needs, viewer

CHUNK = 1000


def stretch(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    """The asked local days, both included, as moments; what is no day is passed over."""
    found: list[datetime | None] = []
    for name, more in (("from", 0), ("to", 1)):
        try:
            told = request.GET.get(name, "")
            found.append(midnight(day_of(told) + timedelta(days=more)) if told else None)
        except BadDay:
            found.append(None)
    return found[0], found[1]


@needs(roles.READ)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Sums of what was sent in the stretch, and the answers, the newest first; `bad` only the bad ones."""
    who = viewer(request)
    if not (who.can(roles.FIGURES) or who.can(roles.REVISIT)):
        raise NotFound("page")
    found = surveys.sent_to(who, *stretch(request))
    answers = found.filter(answered_at__isnull=False).order_by("-answered_at")
    if request.GET.get("bad"):
        answers = answers.filter(bad=True)
    page = paged(request, answers)
    context = {
        **page, "rows": _rows(page["rows"]), "sums": surveys.sums(found), "bad": request.GET.get("bad", ""),
        "from": request.GET.get("from", "")[:10], "to": request.GET.get("to", "")[:10],
        "may_export": who.can(roles.EXPORT), "query": request.GET.urlencode(),
        "place": "revisits" if who.can(roles.REVISIT) else "figures",
    }  # fmt: skip
    return render(request, "closing/surveys.html", context)


def _rows(found: list[Survey]) -> list[dict[str, Any]]:
    cases, names = Case.objects.in_bulk([one.case_id for one in found]), Names()
    masks = customers.masks_of(case.party_id for case in cases.values())
    return [
        {
            "survey": one, "case": case, "category": names.node(case.category_id),
            "unit": names.unit(case.holder_unit_id), "words": masked_text(one.words, masks.get(case.party_id, {})),
            "led_to": led_to(one.led_to),
        }
        for one in found
        if (case := cases.get(one.case_id)) is not None
    ]  # fmt: skip


@needs(roles.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every survey of the stretch as Excel, answered or not."""
    who = viewer(request)
    if not (who.can(roles.FIGURES) or who.can(roles.REVISIT)):
        raise Forbidden("export")
    found = surveys.sent_to(who, *stretch(request)).order_by("id")
    headings = [
        _("工单"), _("分类"), _("责任部门"), _("发出"), _("答复"), _("分数"), _("是否解决"), _("态度"), _("速度"), _("沟通"),
        _("差评"), _("后续"), _("客户的话"),
    ]  # fmt: skip
    detail = {"subject": "surveys", "from": request.GET.get("from", "")[:10], "to": request.GET.get("to", "")[:10]}
    return workbook.answer(request, who, _("客户评价"), headings, _cells(found), detail)


def _cells(found: Any) -> Iterator[list[Any]]:
    walk = found.iterator(chunk_size=CHUNK)
    yes_no = {True: _("是"), False: _("否"), None: ""}
    while chunk := list(islice(walk, CHUNK)):
        for row in _rows(chunk):
            one = row["survey"]
            yield [
                row["case"].number, row["category"], row["unit"], one.sent_at, one.answered_at, one.score,
                yes_no[one.solved], one.attitude, one.speed, one.communication, yes_no[one.bad or None], row["led_to"],
                row["words"],
            ]  # fmt: skip
