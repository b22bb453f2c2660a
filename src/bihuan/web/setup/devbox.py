"""The development outbox: in a demo it stands in for the customer's phone and mailbox. Served nowhere else."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bihuan.cases.models import Case
from bihuan.channels import outbox
from bihuan.kernel.crypto import Unreadable
from bihuan.kernel.errors import NotFound
from bihuan.kernel.models import Message
from bihuan.web.setup.door import show

MOST = 60


@require_safe
def devbox(request: HttpRequest) -> HttpResponse:
    """The newest messages in plain, newest first; `q` finds those to one number or about one complaint."""
    if not settings.DEMO:
        raise NotFound("page")
    q = "".join(request.GET.get("q", "").split())
    rows = Message.objects.exclude(medium="notice").order_by("-id")
    case = Case.objects.filter(number=q).only("id").first() if q else None
    if case is not None:
        rows = rows.filter(subject_id=case.pk)
    messages = [_opened(row) for row in rows[: MOST * (10 if q and case is None else 1)]]
    if q and case is None:
        messages = [one for one in messages if q in str(one["address"])]
    numbers = dict(Case.objects.filter(pk__in=[one["subject"] for one in messages]).values_list("id", "number"))
    for one in messages:
        one["number"] = numbers.get(one["subject"], "")
    part = request.headers.get("HX-Request") == "true"
    template = "setup/parts/messages.html" if part else "setup/devbox.html"
    return show(request, template, {"messages": messages[:MOST], "q": request.GET.get("q", "")})


def _opened(row: Message) -> dict[str, Any]:
    try:
        address, text = outbox.plain(row)
    except Unreadable as unreadable:
        address, text = "", str(unreadable)
    return {"id": row.pk, "at": row.created_at, "medium": row.medium, "purpose": row.purpose, "sent": row.sent_at,
            "address": address, "text": text, "subject": row.subject_id}  # fmt: skip
