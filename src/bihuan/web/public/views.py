"""The customer's pages. Every change goes through the same verbs as the desk's."""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.cases import states
from bihuan.cases.actions import CUSTOMER, check_step
from bihuan.customers import queries as customers
from bihuan.flow import actions as flow
from bihuan.flow import materials
from bihuan.flow.ending import reopen
from bihuan.handling import confirming, evidence
from bihuan.intake import followup
from bihuan.intake.actions import Draft, register_one
from bihuan.intake.schema import ComplaintIn, Customer
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.web.masked import masked_text
from bihuan.web.public import door, forms, story

_GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Two doors: complain, or look up."""
    return render(request, "public/front.html")


@_GET_POST
def complaint(request: HttpRequest) -> HttpResponse:
    """Take a complaint and show its number and promised date."""
    form = forms.ComplaintForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "public/complaint.html", {"form": form}, status=422 if form.is_bound else 200)
    told = form.cleaned_data
    coming = ComplaintIn(
        channel="web",
        content=told["content"],
        customer=Customer(name=told["name"], phone=told["phone"], other_contact=told["other_contact"]),
        area=told["area"],
        address=told["address"],
        complained_number=told["complained_number"],
        extra={"topic": str(dict(forms.TOPICS)[told["topic"]])} if told["topic"] else {},
    )
    try:
        answer = register_one(Draft(coming, CUSTOMER, own=False))
    except RuleError as refused:
        name = refused.field.removeprefix("customer.")
        form.add_error(name if name in form.fields else None, str(refused.message))
        return render(request, "public/complaint.html", {"form": form}, status=refused.status)
    promised = answer.promised_at.isoformat() if answer.promised_at else ""
    request.session["receipt"] = {"number": answer.number, "promised": promised}
    return redirect("public:receipt")


@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """The number and the date, once more after a reload."""
    told = request.session.get("receipt")
    if not told:
        return redirect("public:front")
    promised = datetime.fromisoformat(told["promised"]) if told["promised"] else None
    return render(request, "public/receipt.html", {"number": told["number"], "promised": promised})


@_GET_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for a code: by complaint number, to the customer's own number."""
    form = forms.LookUpForm(request.POST or None, initial={"number": request.GET.get("number", "")[:40], "to": "phone"})
    if request.method != "POST" or not form.is_valid():
        return render(request, "public/look_up.html", {"form": form}, status=422 if form.is_bound else 200)
    door.ask(request.session, form.cleaned_data["number"], form.cleaned_data["to"])
    return redirect("public:code")


@_GET_POST
def code(request: HttpRequest) -> HttpResponse:
    """Enter the code; three wrong ones void it."""
    if not door.asked(request.session):
        return redirect("public:look_up")
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if door.enter(request.session, form.cleaned_data["code"]):
            return redirect("public:progress")
        form.add_error("code", _("查询码不对或已过期。请核对编号和短信；连续错三次要重新获取。"))
    context = {"form": form, "number": door.asked(request.session)}
    return render(request, "public/code.html", context, status=422 if form.is_bound else 200)


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far it is, what was said, and what the customer can do."""
    try:
        case = door.opened(request.session)
    except NotFound:
        return redirect("public:look_up")
    return _page(request, case)


def _page(request: HttpRequest, case: "door.Case", status: int = 200, **bound: object) -> HttpResponse:
    masks = customers.masks_of([case.party_id]).get(case.party_id, {})
    owing = followup.owing(case, lock=False)
    allowed = {step.verb for step in states.allowed(case.status)}
    if owing.pk != case.pk:
        allowed |= {"material_added"}  # goes to the case that owes the answer
        allowed |= {step.verb for step in states.allowed(owing.status) if step.verb == "reopened"}
    context = {
        "case": case,
        "state": states.STATES[case.status],
        "masks": masks,
        "steps": story.steps(case),
        "lines": story.lines(case, masks),
        "may_add": "material_added" in allowed,
        "may_withdraw": "withdrawn" in allowed,
        "may_reject": "reopened" in allowed,
        "awaits": confirming.awaits(owing),
        "material": forms.MaterialForm(prefix="m"),
        "upload": forms.FileForm(prefix="f"),
        "files": [(one, masked_text(one.name, masks)) for one in evidence.of_case(case.id) if one.from_customer],
        "rejection": forms.RejectionForm(prefix="r"),
        "withdrawal": forms.WithdrawalForm(prefix="w"),
        **bound,
    }
    return render(request, "public/progress.html", context, status=status)


@require_POST
def material(request: HttpRequest) -> HttpResponse:
    """Add something in words."""
    form = forms.MaterialForm(request.POST, prefix="m")
    with transaction.atomic():
        case = door.opened(request.session, lock=True)
        if not form.is_valid():
            return _page(request, case, 422, material=form)
        followup.add_material(case, CUSTOMER, "web", form.cleaned_data["text"])
    return redirect("public:progress")


@require_POST
def file(request: HttpRequest) -> HttpResponse:
    """Add a photo or another file; it passes the same checks as staff's."""
    form = forms.FileForm(request.POST, request.FILES, prefix="f")
    with transaction.atomic():
        case = door.opened(request.session, lock=True)
        if form.is_valid():
            try:
                upload = form.cleaned_data["content"]
                with transaction.atomic():
                    kept = materials.customer_file(case, upload.name, upload.read(), form.cleaned_data["text"])
            except RuleError as refused:
                form.add_error(refused.field if refused.field in form.fields else "content", str(refused.message))
            else:
                if kept.scan == kept.Scan.INFECTED:
                    form.add_error("content", _("这个文件带病毒，已隔离，没有交给处理人员。请换一个文件。"))
        if form.errors:
            return _page(request, case, 422, upload=form)
    return redirect("public:progress")


@require_POST
def confirmation(request: HttpRequest) -> HttpResponse:
    """The answer arrived and the problem is solved; by the number of a merged complaint, that of the one that answered."""
    with transaction.atomic():
        hers = door.opened(request.session, lock=True)
        case = followup.owing(hers)
        if confirming.awaits(case):  # pressed twice, or staff were quicker: she sees how it stands
            confirming.confirm(case, CUSTOMER, through=hers.number)
    return redirect("public:progress")


@require_POST
def rejection(request: HttpRequest) -> HttpResponse:
    """Not solved: back to handling, with the customer's words; of a merged complaint, the one that answered."""
    form = forms.RejectionForm(request.POST, prefix="r")
    with transaction.atomic():
        case = door.opened(request.session, lock=True)
        if not form.is_valid():
            return _page(request, case, 422, rejection=form)
        answered = followup.owing(case)
        check_step(answered, "reopened")
        reopen(answered, CUSTOMER, "rejected", "")
        followup.add_material(case, CUSTOMER, "web", form.cleaned_data["text"])
    return redirect("public:progress")


@require_POST
def withdrawal(request: HttpRequest) -> HttpResponse:
    """The customer ends it, proven by the code she entered with."""
    form = forms.WithdrawalForm(request.POST, prefix="w")
    with transaction.atomic():
        case = door.opened(request.session, lock=True)
        if not form.is_valid():
            return _page(request, case, 422, withdrawal=form)
        flow.withdraw(case, CUSTOMER, "code", form.cleaned_data["text"])
    return redirect("public:progress")


@require_POST
def chaser(request: HttpRequest) -> HttpResponse:
    """Ask again; the complaint gets one step more urgent."""
    with transaction.atomic():
        followup.chase(door.opened(request.session, lock=True), CUSTOMER, "web")
    return redirect("public:progress")


@require_POST
def exit_(request: HttpRequest) -> HttpResponse:
    """Forget the complaint on this device."""
    door.leave(request.session)
    return redirect("public:front")
