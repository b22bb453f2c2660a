"""List, read, write, approve."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.cases.access import access_case
from bihuan.cases.lexicon import current, either
from bihuan.catalog import snapshot as catalog
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.knowledge import actions, queries
from bihuan.knowledge.models import Article, Feedback, Kind, State, Version
from bihuan.web.knowledge.forms import ArticleForm, beginning
from bihuan.web.setup.door import page, paged, show, taken, tell
from bihuan.web.setup.names import listed, named


@page(roles.READ)
@require_safe
def articles(request: HttpRequest, by: Viewer) -> HttpResponse:
    """All articles, by words, kind, state, class, owner, or due for review."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "kind", "state", "category")}
    mine, due = bool(request.GET.get("mine")), bool(request.GET.get("due"))
    found = queries.listed(**asked, owner_id=by.staff_id if mine else None, due=due)
    if not by.can(roles.KNOW_WRITE):
        found = found.filter(published__isnull=False)
    listed = paged(request, found)
    rows = [(row, _owner(row.article), _classes(row.version)) for row in queries.rows(listed["rows"])]
    context = {
        **listed, **asked, "rows": rows, "mine": mine, "due": due, "kinds": Kind.choices, "states": State.choices,
        "may_write": by.can(roles.KNOW_WRITE), "may_approve": by.can(roles.KNOW_APPROVE),
        "waiting": queries.waiting() if by.can(roles.KNOW_APPROVE) else 0, "due_count": queries.due_count(),
        "today": clock.now().date(), "place": "knowledge",
    }  # fmt: skip
    return show(request, "knowledge/articles.html", context)


def _owner(article: Article) -> str:
    person = current().staff.get(article.owner_id)
    return either(person.name, person.name_en) if person else ""


def _classes(version: Version) -> str:
    held = catalog.current()
    nodes = [held.node("phenomenon", code) for code in version.categories]
    return listed(named(node) for node in nodes if node is not None)


def _found(article_id: int, by: Viewer) -> Article:
    article = Article.objects.filter(pk=article_id).first()
    if article is None or not (article.published or by.can(roles.KNOW_WRITE)):
        raise NotFound("article")
    return article


@page(roles.READ)
@require_safe
def article(request: HttpRequest, by: Viewer, article_id: int) -> HttpResponse:
    """One article: the published version, or the one asked for; its history for who writes."""
    one = _found(article_id, by)
    told = request.GET.get("version", "")
    writes = by.can(roles.KNOW_WRITE)
    number = int(told[:6]) if told.isdigit() and writes else one.published or one.latest
    versions = list(one.versions.order_by("-number")) if writes else list(one.versions.filter(number=number))
    shown = next((version for version in versions if version.number == number), None)
    if shown is None:
        raise NotFound("article")
    return show(request, "knowledge/article.html", _article(by, one, shown, versions))


def _article(by: Viewer, one: Article, shown: Version, versions: list[Version]) -> dict[str, Any]:
    people = current().staff
    latest = versions[0]
    return {
        "place": "knowledge",
        "row": queries.rows([one])[0],
        "article": one,
        "shown": shown,
        "latest": latest,
        "owner": _owner(one),
        "classes": _classes(shown),
        "history": [(version, people.get(version.made_by_id), people.get(version.decided_by_id or 0)) for version in versions],
        "overdue": one.review_on <= clock.now().date(),
        "own": Feedback.objects.filter(article=one, version=one.published or 0, by_id=by.staff_id).first(),
        "notes": Feedback.objects.filter(article=one).exclude(note="").order_by("-at")[:10],
        "may_write": by.can(roles.KNOW_WRITE),
        "may_submit": by.can(roles.KNOW_WRITE) and latest.state == State.DRAFT,
        "may_decide": by.can(roles.KNOW_APPROVE)
        and latest.state == State.SUBMITTED
        and by.staff_id not in {latest.made_by_id, latest.submitted_by_id},
        "may_retire": by.can(roles.KNOW_APPROVE) and one.retired_at is None,
        "may_confirm": bool(one.published) and (by.can(roles.KNOW_APPROVE) or by.staff_id == one.owner_id),
    }  # fmt: skip


@page(roles.KNOW_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, by: Viewer) -> HttpResponse:
    """An article more."""
    start = {"owner": by.staff_id, "kind": request.GET.get("kind", Kind.SCRIPT)}
    form = ArticleForm(request.POST or None, initial=start)
    made: list[Article] = []

    def add() -> None:
        told = form.cleaned_data
        made.append(actions.create(by, told["kind"], form.told(), owner_id=told["owner"], review_on=told["review_on"]))

    if request.method == "POST" and taken(form, add):
        tell(request, _("已存为草稿。写好后请提交审核。"))
        return redirect("knowledge:article", made[0].pk)
    return show(request, "knowledge/edit.html", {"form": form, "title": _("新建知识"), "place": "knowledge"})


@page(roles.KNOW_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, by: Viewer, article_id: int) -> HttpResponse:
    """A new version of an article."""
    one = _found(article_id, by)
    latest = Version.objects.get(article=one, number=one.latest)
    form = ArticleForm(request.POST or None, article=one, initial=beginning(one, latest))

    def save() -> None:
        told = form.cleaned_data
        actions.edit(
            one.pk, by, form.told(), seen=told["seen"] or 0, owner_id=told["owner"], review_on=told["review_on"]
        )

    if request.method == "POST" and taken(form, save):
        tell(request, _("已存为新的一版草稿，发布前大家仍看到旧版。"))
        return redirect("knowledge:article", one.pk)
    context = {"form": form, "title": _("修改知识"), "article": one, "place": "knowledge"}
    return show(request, "knowledge/edit.html", context)


@page(roles.READ)
@require_POST
def step(request: HttpRequest, by: Viewer, article_id: int, noun: str) -> HttpResponse:
    """Submission, approval, return, retirement, review, feedback: nouns of one article."""
    one, word = _found(article_id, by), request.POST.get("why", "")[:500]
    done = {
        "submission": lambda: actions.submit(one.pk, by),
        "approval": lambda: actions.approve(one.pk, by, word),
        "return": lambda: actions.send_back(one.pk, by, word),
        "retirement": lambda: actions.retire(one.pk, by, word),
        "review": lambda: actions.confirm(one.pk, by),
        "feedback": lambda: actions.judge(one.pk, by, request.POST.get("verdict", ""), word),
    }.get(noun)
    if done is None:
        raise NotFound("step")
    try:
        done()
    except RuleError as refused:
        if refused.status == 403:
            raise
        tell(request, str(refused.message))
    else:
        tell(request, _("已保存。"))
    return redirect("knowledge:article", one.pk)


@page(roles.KNOW_WRITE)
@require_POST
def from_case(request: HttpRequest, by: Viewer, number: str) -> HttpResponse:
    """A closed case as the draft of a typical case."""
    made = actions.from_case(by, access_case(by, number))
    tell(request, _("已转为典型案例草稿，客户信息已去除。请看一遍再提交审核。"))
    return redirect("knowledge:article", made.pk)
