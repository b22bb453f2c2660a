"""The inbox, one notice opened (and so read), all marked read, and what also leaves by mail or text message."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.kernel.errors import NotFound, RuleError
from bihuan.notices import actions, queries, wording
from bihuan.notices.kinds import KINDS, Kind
from bihuan.notices.models import Notice, Preference
from bihuan.notices.queries import Line
from bihuan.web.desk.names import Names
from bihuan.web.notices.forms import PreferenceForm
from bihuan.web.viewers import viewer

PAGE = 30
TOLD = "notices_told"
PLACES = {
    "question_asked": "leading:questions",
    "plea_asked": "leading:questions",
}
"""Kinds that lead to a list of what waits for her rather than to the case."""


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Hers alone; unread first, `?after=` goes on behind a key, `?kind=` narrows."""
    who = viewer(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    after = request.GET.get("after", "")[:64]
    found, following = queries.page(who, PAGE, after, kind=kind)
    names = Names()
    context = {
        "lines": [shown(line, names) for line in found],
        "unread": queries.unread(who.staff_id),
        "kind": kind,
        "kinds": KINDS.values(),
        "first_url": f"?{urlencode({'kind': kind})}" if after else "",
        "next_url": f"?{urlencode({'kind': kind, 'after': following})}" if following else "",
        "place": "notices",
        "toasts": request.session.pop(TOLD, []),
    }
    return render(request, "notices/inbox.html", context)


def shown(line: Line, names: Names) -> dict[str, Any]:
    """One line of the inbox; of a case out of reach only that there was something."""
    notice = line.notice
    kind: Kind | None = KINDS.get(notice.kind)
    return {
        "id": notice.pk,
        "icon": kind.icon if kind else "bell",
        "pressing": bool(kind and kind.pressing and notice.read_at is None),
        "title": wording.title(notice.kind),
        "detail": "" if line.hidden else wording.detail(notice.facts),
        "text": "" if line.hidden else wording.said(notice.facts),
        "number": line.number,
        "hidden": line.hidden,
        "at": notice.made_at,
        "unread": notice.read_at is None,
        "instead_of": names.staff(notice.instead_of_id),
    }


@login_required
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Marks the chosen ones (`ids`), or all, as read."""
    ids = [int(one) for one in request.POST.getlist("ids") if one.isdigit()]
    count = actions.mark_read(viewer(request).staff_id, None if "all" in request.POST else ids)
    request.session[TOLD] = [_("%(count)d 条已标为已读。") % {"count": count}]
    return redirect("notices:inbox")


@login_required
@require_POST
def notice(request: HttpRequest, ident: int) -> HttpResponse:
    """Read it and go to what it is about."""
    who = viewer(request)
    found = Notice.objects.filter(pk=ident, staff_id=who.staff_id).first()
    if found is None:
        raise NotFound("notice")
    actions.mark_read(who.staff_id, [ident])
    line = queries.lines(who, [found])[0]
    if found.kind in PLACES:
        return redirect(PLACES[found.kind])
    if found.kind.startswith("rectification_"):
        return redirect("oversight:demand", int(found.facts.get("demand", 0)))
    return redirect("desk:case", line.number) if line.number else redirect("notices:inbox")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds she also wants by mail or text message."""
    staff_id = viewer(request).staff_id
    held = Preference.objects.filter(staff_id=staff_id).first()
    initial = {"mail_kinds": held.mail_kinds, "phone_kinds": held.phone_kinds} if held else {}
    form = PreferenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.prefer(staff_id, form.wish())
        except RuleError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, _(str(refused.message)))
        else:
            request.session[TOLD] = [_("已保存。")]
            return redirect("notices:inbox")
    context = {
        "form": form,
        "has_mail": bool(held and held.mail_sealed),
        "has_phone": bool(held and held.phone_sealed),
        "place": "notices",
    }
    return render(request, "notices/preferences.html", context, status=422 if form.errors else 200)
