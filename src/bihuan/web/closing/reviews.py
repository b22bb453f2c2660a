"""Passed-on review: which cases to look back at, a sample of them, findings by agent and category, scripts from findings."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases import access, filters
from bihuan.cases.facets import FACETS
from bihuan.cases.filters import Filter
from bihuan.cases.lexicon import current
from bihuan.cases.models import Case
from bihuan.flow import reviews as flow
from bihuan.identity import roles
from bihuan.kernel.errors import RuleError
from bihuan.reviews import queries
from bihuan.reviews.models import Lack
from bihuan.web.closing import workbook
from bihuan.web.closing.surveys import stretch
from bihuan.web.desk.names import Names
from bihuan.web.desk.rows import rows_of
from bihuan.web.viewers import needs, viewer

PAGE, CHUNK = 50, 1000
VERDICTS = ("none", "solvable", "right")
_LACKS = dict(Lack.choices)


def _asked(request: HttpRequest) -> tuple[Filter, str, int]:
    """The conditions, the verdict, the size of the sample (0: no sample)."""
    verdict, size = request.GET.get("verdict", ""), request.GET.get("sample", "")
    small = int(size) if size.isascii() and size.isdigit() and len(size) < 4 else 0
    return filters.parse(request.GET), verdict if verdict in VERDICTS else "", min(small, queries.MOST_SAMPLE)


@needs(roles.REVIEW)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Passed-on cases, all or a sample, each with its verdict; beside them what the verdicts say together."""
    who, refused = viewer(request), None
    chosen, verdict, size = Filter(), "", 0
    try:
        chosen, verdict, size = _asked(request)
    except RuleError as error:
        refused = error
    found = queries.passed(who, chosen, verdict)
    seed = f"{chosen.query()}:{who.staff_id}"
    cases = queries.sample(found, size, seed) if size else list(found.order_by("-id")[:PAGE])
    verdicts, names = queries.verdicts_of([case.id for case in cases]), Names()
    by: list[tuple[str, str, Any]] = [
        ("agent_id", _("受理人"), names.staff), ("category_id", _("分类"), names.node),
    ]  # fmt: skip
    context = {
        "rows": [
            {"row": row, "verdict": verdicts.get(row.case.id), "agent": names.staff(row.case.registered_by_id),
             "lacks": _lacks(verdicts.get(row.case.id))}
            for row in rows_of(cases)
        ],
        "findings": [
            (name, [(naming(key) or "—", one, _LACKS.get(one.worst, "")) for key, one in told[:10]])
            for code, name, naming in by if (told := queries.findings(who, code, *stretch(request)))
        ],
        "refused": refused, "chosen": chosen, "verdict": verdict, "sample": size or "", "query": request.GET.urlencode(),
        "from": chosen.one("from"), "to": chosen.one("to"), "categories": FACETS["category"].choices(current()),
        "category": chosen.one("category"), "may_export": who.can(roles.EXPORT),
        "may_write": who.can(roles.KNOW_WRITE), "place": "reviews",
    }  # fmt: skip
    return render(request, "closing/reviews.html", context, status=422 if refused else 200)


def _lacks(verdict: Any) -> str:
    return _("、").join(str(_LACKS[lack]) for lack in verdict.lacks) if verdict is not None else ""


@needs(roles.KNOW_WRITE)
@require_POST
def script(request: HttpRequest, number: str) -> HttpResponse:
    """A script's draft from a finding; its editor opens."""
    who = viewer(request)
    with transaction.atomic():
        case = access.access_case(who, number, lock=True)
        article = flow.draft_script(case, who)
    return redirect("knowledge:edit", article.pk)


@needs(roles.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The passed-on cases under the filter with their verdicts as Excel."""
    who = viewer(request)
    chosen, verdict, _size = _asked(request)
    found = queries.passed(who, chosen, verdict).order_by("-id")
    headings = [
        _("工单"), _("登记时间"), _("分类"), _("受理人"), _("责任部门"), _("能否当场解决"), _("当时缺什么"), _("复盘人"),
        _("复盘时间"),
    ]  # fmt: skip
    detail = {"subject": "reviews", "filter": chosen.query(), "verdict": verdict}
    return workbook.answer(request, who, _("转派复盘"), headings, _cells(found), detail)


def _cells(found: Any) -> Iterator[list[Any]]:
    names, walk = Names(), found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(walk, CHUNK)):
        verdicts = queries.verdicts_of([case.id for case in chunk])
        for case in chunk:
            yield _line(case, verdicts.get(case.id), names)


def _line(case: Case, told: Any, names: Names) -> list[Any]:
    said = "" if told is None else _("能") if told.solvable else _("不能，派得对")
    return [
        case.number, case.registered_at, names.node(case.category_id, whole=True), names.staff(case.registered_by_id),
        names.unit(case.holder_unit_id), said, _lacks(told), names.staff(told.by_id) if told else "",
        told.at if told else None,
    ]  # fmt: skip
