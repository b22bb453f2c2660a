"""The four trees: walked or searched, each entry with its names, defaults and keywords."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.catalog import editing, shipped
from bihuan.catalog.models import Node
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import NotFound
from bihuan.web.setup import history, words
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.setup.names import named
from bihuan.web.widgets import NodePicker

TABLE = "catalog_node"
_NONE = [("", "—")]


class NodeForm(forms.Form):
    """One entry. Defaults and keywords are the phenomenon tree's."""

    code = forms.CharField(
        label=gettext_lazy("代码"), help_text=gettext_lazy("以上级的代码开头，以后不能改。"), max_length=24
    )
    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    position = forms.IntegerField(label=gettext_lazy("次序"), min_value=0, max_value=99_999, required=False)
    service_type = forms.ChoiceField(
        label=gettext_lazy("服务类型"), choices=[*_NONE, *Node.ServiceType.choices], required=False
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("紧急程度"), choices=[*_NONE, *words.CHOICES["urgency"].items()],
        coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    impact = forms.TypedChoiceField(
        label=gettext_lazy("影响范围"), choices=[*_NONE, *words.CHOICES["impact"].items()],
        coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    complexity = forms.TypedChoiceField(
        label=gettext_lazy("复杂程度"), choices=[*_NONE, *words.CHOICES["complexity"].items()],
        coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    dispute = forms.CharField(label=gettext_lazy("争议类型"), widget=NodePicker("dispute"), required=False)
    keywords = forms.CharField(
        label=gettext_lazy("关键词"),
        help_text=gettext_lazy("投诉内容里出现这些词时建议这一类；用空格或顿号分开。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def __init__(self, *args: Any, tree: str, row: Node | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["code"]
        if tree != Node.Tree.PHENOMENON:
            for name in ("service_type", "urgency", "impact", "complexity", "dispute", "keywords"):
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """What `catalog.editing` takes."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "code"}
        told["position"] = told["position"] or 0
        if "keywords" in told:
            told["keywords"] = re.split(r"[\s,，、;；|]+", told["keywords"].strip())
        return told


@page(roles.SETUP)
@require_safe
def tree(request: HttpRequest, by: Viewer, tree: str = Node.Tree.PHENOMENON) -> HttpResponse:
    """One tree: all of it in order, or what a word or code finds."""
    _check(tree)
    q, closed = request.GET.get("q", "").strip(), request.GET.get("closed") == "1"
    rows = Node.objects.filter(tree=tree).order_by("code")
    if not closed:
        rows = rows.filter(active=True)
    if q:
        rows = rows.filter(
            Q(name__contains=q) | Q(name_en__icontains=q) | Q(code__istartswith=q) | Q(initials__startswith=q.lower())
            | Q(keywords__contains=[q.lower()])
        )  # fmt: skip
    context = paged(request, rows, 100) | {"q": q, "closed": closed, "tree": tree, "trees": Node.Tree.choices}
    return show(request, "setup/tree.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def new_node(request: HttpRequest, by: Viewer, tree: str) -> HttpResponse:
    """An entry more, below `parent` (an id) or at the top."""
    _check(tree)
    told = request.POST.get("parent") or request.GET.get("parent", "")
    parent = Node.objects.filter(pk=int(told), tree=tree).first() if told.isdigit() and len(told) < 15 else None
    start = {"code": editing.next_code(tree, parent), "position": 0}
    form = NodeForm(request.POST or None, tree=tree, initial=start)
    made: list[Node] = []

    def add() -> None:
        code = form.cleaned_data["code"]
        made.append(editing.add_node(tree, parent.pk if parent else None, code, form.values(), by.staff_id))

    if request.method == "POST" and taken(form, add):
        tell(request, _("已新建“%s”。") % named(made[0]))
        return redirect("setup:node", made[0].pk)
    context = {
        "form": form,
        "tree": tree,
        "tree_name": Node.Tree(tree).label,
        "chain": _chain(parent),
        "parent": parent,
    }
    return show(request, "setup/node.html", context)


@page(roles.SETUP)
@require_http_methods(["GET", "HEAD", "POST"])
def node(request: HttpRequest, by: Viewer, node_id: int) -> HttpResponse:
    """One entry: change it, retire it, see what became of it."""
    row = _node(node_id)
    form = NodeForm(request.POST or None, tree=row.tree, row=row, initial=_initial(row))
    if request.method == "POST" and taken(form, lambda: editing.edit_node(row.pk, form.values(), by.staff_id)):
        tell(request, _("已保存，今后的登记按新内容。"))
        return redirect("setup:node", row.pk)
    context = {
        "form": form,
        "node": row,
        "tree": row.tree,
        "tree_name": Node.Tree(row.tree).label,
        "chain": _chain(row.parent),
        "children": Node.objects.filter(parent=row).order_by("code"),
        "may_grow": row.level < shipped.DEPTHS[row.tree] and row.active,
        "entries": history.entries(TABLE, row.pk),
        "may_edit": True,
    }
    return show(request, "setup/node.html", context)


@page(roles.SETUP)
@require_POST
def retirement(request: HttpRequest, by: Viewer, node_id: int) -> HttpResponse:
    """Retire an entry, or (`back=1`) bring it back."""
    editing.switch_node(node_id, bool(request.POST.get("back")), by.staff_id)
    tell(request, _("已保存。"))
    return redirect("setup:node", node_id)


def restore(row_id: int, after: dict[str, Any], by: Viewer) -> None:
    """Back to an earlier version of an entry."""
    editing.edit_node(row_id, {name: after.get(name) for name in editing.NODE_FIELDS}, by.staff_id)


def _check(tree: str) -> None:
    if tree not in Node.Tree.values:
        raise NotFound("tree")


def _node(node_id: int) -> Node:
    row = Node.objects.select_related("parent").filter(pk=node_id).first()
    if row is None:
        raise NotFound("node")
    return row


def _chain(row: Node | None) -> list[Node]:
    found: list[Node] = []
    while row is not None:
        found.insert(0, row)
        row = row.parent
    return found


def _initial(row: Node) -> dict[str, Any]:
    return {name: getattr(row, name) for name in editing.NODE_FIELDS} | {"keywords": "、".join(row.keywords)}
