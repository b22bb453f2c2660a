"""One deed on several rows of a list, with a result for each: what one refuses does not stop the others."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.cases.numbers import tidy
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.web.desk.door import desk, is_fragment
from bihuan.web.desk.names import Names

MOST = 100


@dataclass(frozen=True)
class Result:
    """What became of one row."""

    number: str
    ok: bool
    text: str


def _receive(case: Case, viewer: Viewer, names: Names) -> str:
    dispatch.receive(case, Doer.of(viewer))
    return _("已接单")


def _dispatch(case: Case, viewer: Viewer, names: Names) -> str:
    """As the rules say; what is only registered is accepted first."""
    doer = Doer.of(viewer)
    if case.status == "registered":
        flow.accept(case, doer)
    if case.status != "dispatched" and flow.dispatch_by_rule(case, doer) is None:
        raise RuleError("dispatch.no_rule", _("没有适用的派单规则，或已在该部门手上，请单独派单。"))
    return _("已派给 %(unit)s") % {"unit": names.unit(case.holder_unit_id)}


DEEDS: dict[str, tuple[str, Callable[[Case, Viewer, Names], str]]] = {
    "receipts": (roles.RECEIVE, _receive),
    "dispatches": (roles.DISPATCH, _dispatch),
}


@require_POST
@desk
def bulk(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`do` names the deed, `pick` the numbers (at most `MOST` at once)."""
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise NotFound("bulk")
    numbers = list(dict.fromkeys(tidy(told) for told in request.POST.getlist("pick")))
    if not numbers or len(numbers) > MOST:
        raise RuleError("bulk.pick", _("请勾选 1 到 %(most)d 张工单。") % {"most": MOST})
    results = perform(viewer, numbers, *deed)
    context = {
        "results": results,
        "queue_code": request.POST.get("from", ""),
        "done": sum(result.ok for result in results),
    }
    return render(request, "desk/bulk_pane.html" if is_fragment(request) else "desk/bulk.html", context)


def perform(viewer: Viewer, numbers: list[str], right: str, act: Callable[[Case, Viewer, Names], str]) -> list[Result]:
    """The deed on each case in turn. All are looked up and locked in one statement, in the order of their ids, so that
    two bulk deeds at once wait for each other instead of dying."""
    names = Names()
    with transaction.atomic():
        query = access.visible(viewer).filter(number__in=numbers).order_by("id")
        cases = {case.number: case for case in query.select_for_update(of=("self",))}
        return [_one(viewer, number, cases.get(number), right, act, names) for number in numbers]


def _one(
    viewer: Viewer,
    number: str,
    case: Case | None,
    right: str,
    act: Callable[[Case, Viewer, Names], str],
    names: Names,
) -> Result:
    if case is None:
        return Result(number, False, str(NotFound("case").message))
    try:
        with transaction.atomic():
            if not access.may(viewer, case, right):
                raise RuleError("bulk.forbidden", _("您可以查看，但不能办理这一步。"))
            return Result(number, True, act(case, viewer, names))
    except RuleError as refused:
        return Result(number, False, str(refused.message))
