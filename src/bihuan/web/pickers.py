"""What the tree and area pickers ask: a few entries for a word, its pinyin initials, or the children of an entry."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bihuan.catalog.models import Area, Node
from bihuan.kernel.errors import NotFound

MOST = 30


def _english() -> bool:
    return (get_language() or "").startswith("en")


@require_safe
def areas(request: HttpRequest) -> JsonResponse:
    """Areas by word, initials or code (`q`), or below a parent; provinces when nothing is asked. Open to customers."""
    q, parent = request.GET.get("q", "").strip().lower(), request.GET.get("parent", "")
    rows = Area.objects.filter(active=True).select_related("parent__parent")
    if q.isdigit():
        rows = rows.filter(id=int(q[:12]))
    elif q and q.isascii():
        rows = rows.filter(initials__startswith=q)
    elif q:
        rows = rows.filter(name__contains=q)
    elif parent.isdigit():
        rows = rows.filter(parent_id=int(parent))
    else:
        rows = rows.filter(level=1)
    found = list(rows.order_by("level", "id")[:MOST])
    with_children = set(
        Area.objects.filter(parent_id__in=[row.id for row in found]).values_list("parent_id", flat=True)
    )
    return JsonResponse([_area(row, row.id not in with_children) for row in found], safe=False)


def _area(row: Area, leaf: bool) -> dict[str, object]:
    above = [up for up in (row.parent.parent if row.parent else None, row.parent) if up is not None]
    name = (lambda area: area.name_en or area.name) if _english() else (lambda area: area.name)
    return {"id": str(row.id), "label": name(row), "path": " ".join(name(up) for up in above), "leaf": leaf}


@login_required
@require_safe
def nodes(request: HttpRequest, tree: str) -> JsonResponse:
    """Entries of one tree by word, initials or code (`q`), or below a parent code; its top level when nothing is asked.

    Ids are codes, as all forms and the API take them.
    """
    if tree not in Node.Tree.values:
        raise NotFound("tree")
    q, parent = request.GET.get("q", "").strip(), request.GET.get("parent", "")
    rows = Node.objects.filter(tree=tree, active=True).select_related("parent__parent__parent")
    if q and q.isascii():
        rows = rows.filter(code__istartswith=q) | rows.filter(initials__startswith=q.lower())
        if _english():
            rows = rows | Node.objects.filter(tree=tree, active=True, name_en__icontains=q)
    elif q:
        rows = rows.filter(name__contains=q) | rows.filter(keywords__contains=[q])
    elif parent:
        rows = rows.filter(parent__code=parent)
    else:
        rows = rows.filter(parent=None)
    found = list(rows.order_by("level", "position", "code")[:MOST])
    with_children = set(Node.objects.filter(parent__in=found, active=True).values_list("parent_id", flat=True))
    return JsonResponse([_node(row, row.id not in with_children) for row in found], safe=False)


def _node(row: Node, leaf: bool) -> dict[str, object]:
    name = (lambda node: node.name_en or node.name) if _english() else (lambda node: node.name)
    above: list[str] = []
    up = row.parent
    while up is not None:
        above.insert(0, name(up))
        up = up.parent
    return {"id": row.code, "label": name(row), "path": " / ".join(above), "leaf": leaf}
