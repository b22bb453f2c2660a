"""What stands beside a case and inside its reply: articles that fit, text modules, advice before sending."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from bihuan.cases.access import access_case
from bihuan.cases.models import Case
from bihuan.handling import reply_guard
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.knowledge import actions, queries, rules
from bihuan.knowledge.models import Article
from bihuan.web import words
from bihuan.web.desk.names import Names
from bihuan.web.setup.door import page

MOST_MODULES = 60


@page(roles.READ)
@require_safe
def panel(request: HttpRequest, by: Viewer, number: str) -> HttpResponse:
    """Articles that fit the case, best first; for a closed case the way to make it a typical one."""
    case = access_case(by, number)
    drawn = Article.objects.filter(from_case_id=case.id).first() if by.can(roles.KNOW_WRITE) else None
    context = {
        "case": case,
        "articles": queries.beside(case),
        "drawn": drawn,
        "may_draw": by.can(roles.KNOW_WRITE) and case.status == "closed" and drawn is None,
    }
    return render(request, "knowledge/panel.html", context)


def values_for(case: Case, by: Viewer) -> dict[str, str]:
    """What stands for the placeholders in a reply to this case. Names of customers stay as masked as the reader sees
    them: the sender puts the name in."""
    names = Names()
    return {
        "工单号": case.number,
        "处理人": by.name,
        "处理部门": names.unit(by.unit_id),
        "承诺时间": words.local(case.promised_at) if case.promised_at else "",
        "登记时间": words.local(case.registered_at),
        "今天": words.local(clock.now())[:10],
        "客户称呼": "尊敬的客户",
        "产品": names.node(case.product_id),
        "分类": names.node(case.category_id or case.suggested_category_id),
        "地区": names.place(case),
    }


@page(roles.READ)
@require_safe
def modules(request: HttpRequest, by: Viewer, number: str) -> JsonResponse:
    """Text modules for a reply to this case, placeholders filled in: [{id, title, keys, text}]."""
    case = access_case(by, number)
    values = values_for(case, by)
    codes = queries.codes_of(case.category_id or case.suggested_category_id)
    found = queries.modules(codes, case.channel)[:MOST_MODULES]
    told = [
        {
            "id": one.id,
            "title": one.title,
            "keys": f"{one.shortcut} {one.initials}",
            "text": rules.fill(one.body, values),
        }
        for one in found
    ]
    return JsonResponse(told, safe=False)


@page(roles.READ)
@require_POST
def check(request: HttpRequest, by: Viewer, number: str) -> HttpResponse:
    """What the reply being written lacks, and what must not stand in it."""
    case = access_case(by, number)
    text = request.POST.get("text", "")[:5000]
    found = []
    if len(text.strip()) >= 4:
        found = reply_guard.findings(
            case, text, final=not request.POST.get("interim"), solution=request.POST.get("solution", "")[:5000],
            handler=by.name,
        )  # fmt: skip
    context = {"found": found, "written": bool(text.strip()), "language": get_language()}
    return render(request, "knowledge/check.html", context)


@page(roles.READ)
@require_POST
def uses(request: HttpRequest, by: Viewer, article_id: int) -> HttpResponse:
    """An article was used, for the case named where there is one."""
    number = request.POST.get("case", "")[:64]
    actions.use(article_id, by, access_case(by, number) if number else None)
    if request.headers.get("HX-Request") == "true":
        return render(request, "knowledge/used.html")
    return HttpResponse(status=204)
