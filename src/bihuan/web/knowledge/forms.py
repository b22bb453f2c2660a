"""What writing an article asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Channel
from bihuan.catalog import snapshot as catalog
from bihuan.identity.models import Staff
from bihuan.knowledge.models import Article, Kind, Version
from bihuan.knowledge.rules import MOST_BODY, MOST_TITLE, PLACEHOLDERS, Told
from bihuan.web.widgets import NodePicker

MUST = {"required": _("请填写这一项。")}


class ArticleForm(forms.Form):
    """An article's text and what it is for; every save is a new version."""

    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices, error_messages=MUST)
    title = forms.CharField(label=_("标题"), max_length=MOST_TITLE, error_messages=MUST)
    body = forms.CharField(
        label=_("正文"), max_length=MOST_BODY, error_messages=MUST, widget=forms.Textarea(attrs={"rows": 14})
    )
    category = forms.CharField(
        label=_("适用分类"),
        required=False,
        widget=NodePicker("phenomenon"),
        help_text=_("不选则适用所有分类；选上级即包含下级。"),
    )
    more_categories = forms.CharField(
        label=_("其他适用分类（代码，空格隔开）"), required=False, max_length=200, help_text=_("例如 N0102 N0201")
    )
    product = forms.CharField(label=_("产品"), required=False, widget=NodePicker("product"))
    channels = forms.MultipleChoiceField(
        label=_("适用渠道（不选即全部）"),
        required=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    shortcut = forms.CharField(
        label=_("快捷字母（文本模块）"), required=False, max_length=12, help_text=_("在答复里输入 :: 加字母即可插入。")
    )
    owner = forms.TypedChoiceField(label=_("负责人"), coerce=int)
    review_on = forms.DateField(label=_("下次复核"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("这一版改了什么"), required=False, max_length=200)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = _("可用占位符：%(all)s") % {
            "all": " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        }
        people = Staff.objects.filter(is_active=True, is_system=False).values_list("id", "name", "username")
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [(pk, f"{name}（{username}）") for pk, name, username in people]
        if article is not None:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        """Classes must be known."""
        told = super().clean() or {}
        held = catalog.current()
        codes = [told.get("category", ""), *told.get("more_categories", "").split()]
        nodes = [held.node("phenomenon", code) for code in codes if code]
        if None in nodes:
            self.add_error("category", _("没有这个分类，请从列表里选，或核对代码。"))
        told["codes"] = list(dict.fromkeys(node.code for node in nodes if node is not None))
        return told

    def told(self) -> Told:
        """As the room takes it."""
        data = self.cleaned_data
        return Told(
            data["title"], data["body"], data["shortcut"], data["codes"],
            [data["product"]] if data["product"] else [], data["channels"], data["note"],
        )  # fmt: skip


def beginning(article: Article, version: Version) -> dict[str, Any]:
    """The form's first values: the latest version."""
    codes = list(version.categories)
    return {
        "title": version.title,
        "body": version.body,
        "category": codes[0] if codes else "",
        "more_categories": " ".join(codes[1:]),
        "product": version.products[0] if version.products else "",
        "channels": version.channels,
        "shortcut": version.shortcut,
        "owner": article.owner_id,
        "review_on": article.review_on,
        "seen": article.latest,
    }
