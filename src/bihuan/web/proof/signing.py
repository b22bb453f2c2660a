"""The page a customer signs on, on the device of whoever is with her; and the words she signs, as a setting."""

import base64
import binascii
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bihuan.cases import access
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.handling import signing
from bihuan.handling.models import Signature
from bihuan.handling.signing import Place
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import RuleError
from bihuan.web.desk import story
from bihuan.web.desk.door import desk
from bihuan.web.masked import masked_text
from bihuan.web.setup.door import page, show, taken, tell

_PREFIX = "data:image/png;base64,"


class WordsForm(forms.Form):
    """What is to be signed."""

    kind = forms.ChoiceField(label=_("请客户签署"), choices=Signature.Kind.choices, widget=forms.RadioSelect)
    details = forms.CharField(
        label=_("完成的工作或约定的内容"), max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("会写进要签署的文字，客户签名前看得到全文。"), error_messages={"required": _("请填写这一项。")},
    )  # fmt: skip


class SignForm(WordsForm):
    """The signature itself, as the canvas gives it."""

    signer = forms.ChoiceField(choices=[("customer", _("客户本人")), ("relative", _("家属代签"))])
    picture = forms.CharField(max_length=signing.MOST_PICTURE * 2, error_messages={"required": _("请在框内签名。")})
    shown = forms.CharField(max_length=64)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    accuracy = forms.FloatField(required=False, min_value=0)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def sign(request: HttpRequest, viewer: Viewer, number: str) -> HttpResponse:
    """First the words, then the whole text with the field to sign in, then it is kept."""
    case = access.access_case(viewer, number, roles.HANDLE, together=True)
    if request.method != "POST":
        return _ask(request, case, WordsForm(initial={"kind": "work"}))
    if "picture" not in request.POST:
        return _words(request, viewer, case)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                held = access.access_case(viewer, number, roles.HANDLE, lock=True, together=True)
                _sign(held, viewer, form.cleaned_data)
            return redirect("desk:case", number)
        except RuleError as refused:
            form.add_error(None, str(refused.message))
    return _words(request, viewer, case, form)


def _sign(case: Case, viewer: Viewer, told: dict[str, Any]) -> None:
    spot = (told["lat"], told["lon"], told["accuracy"])
    place = None if None in spot else Place(*spot)
    signing.sign(
        case, Doer.of(viewer), told["kind"], told["details"], _png(told["picture"]), signer=told["signer"], place=place,
        shown=told["shown"],
    )  # fmt: skip


def _png(told: str) -> bytes:
    """The picture behind a data address; nothing for what is none."""
    try:
        return base64.b64decode(told.removeprefix(_PREFIX), validate=True) if told.startswith(_PREFIX) else b""
    except binascii.Error:
        return b""


def _ask(request: HttpRequest, case: Case, form: forms.Form, status: int = 200) -> HttpResponse:
    return render(request, "proof/sign_words.html", {"place": "desk", "case": case, "form": form}, status=status)


def _words(request: HttpRequest, viewer: Viewer, case: Case, refused: SignForm | None = None) -> HttpResponse:
    form = WordsForm(request.POST)
    try:
        if not form.is_valid():
            return _ask(request, case, form, 422)
        told = form.cleaned_data
        text = signing.words(case, Doer.of(viewer), told["kind"], told["details"])
    except RuleError as why:
        form.add_error(why.field if why.field in form.fields else None, str(why.message))
        return _ask(request, case, form, 422)
    context = {
        "place": "desk", "case": case, "told": told, "text": masked_text(text, story.masks_for(case)), "form": refused,
        "shown": signing.digest_of_words(text), "kind": Signature.Kind(told["kind"]).label,
    }  # fmt: skip
    return render(request, "proof/sign.html", context, status=422 if refused else 200)


class TextForm(forms.Form):
    """One kind's words."""

    kind = forms.ChoiceField(choices=Signature.Kind.choices)
    text = forms.CharField(label=_("签署文字"), max_length=5000, widget=forms.Textarea({"rows": 12}))


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest, by: Viewer) -> HttpResponse:
    """What customers sign, to be edited."""
    bound = TextForm(request.POST) if request.method == "POST" else None

    def act() -> None:
        assert bound is not None
        signing.edit_template(bound.cleaned_data["kind"], bound.cleaned_data["text"], by.staff_id)

    if bound is not None and taken(bound, act):
        tell(request, str(_("已保存，对之后的签署生效。")))
        return redirect("proof:signing-texts")
    rows = []
    for code, name in Signature.Kind.choices:
        mine = bound if bound is not None and request.POST.get("kind") == code else None
        rows.append(
            (code, name, mine or TextForm(initial={"kind": code, "text": signing.template(code)}, auto_id=f"{code}_%s"))
        )
    context = {"rows": rows, "spots": signing.SPOTS, "form": bound}
    return show(request, "proof/signing_texts.html", context)
