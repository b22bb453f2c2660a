"""Reading: the published shelf kept in memory, what fits a case, lists, text modules, what is due for review."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Max, Q, QuerySet

from bihuan.cases.models import Case
from bihuan.catalog import snapshot as catalog
from bihuan.catalog.pinyin import initials
from bihuan.kernel import clock
from bihuan.knowledge import rules
from bihuan.knowledge.models import Article, Feedback, Kind, State, Use, Version
from bihuan.knowledge.rules import Reading
from bihuan.text.likeness import signature

REVIEW_AHEAD = timedelta(days=14)
"""So long before its day an article stands in the list of those due for review."""
BESIDE = (Kind.SCRIPT, Kind.TYPICAL, Kind.PROCEDURE)
_shelf: tuple[object, list[Reading]] = (None, [])


def shelf() -> list[Reading]:
    """All published articles. Read anew when an article, a use or a judgement was added; otherwise one small statement."""
    global _shelf
    stamp = (
        Article.objects.aggregate(at=Max("changed_at"), count=Count("id")),
        Use.objects.aggregate(last=Max("id")),
        Feedback.objects.aggregate(at=Max("at")),
    )
    if _shelf[0] != stamp:
        _shelf = (stamp, _read())
    return _shelf[1]


def _read() -> list[Reading]:
    rows = Version.objects.filter(article__published=F("number")).select_related("article").order_by("article_id")
    uses = dict(Use.objects.values_list("article").annotate(count=Count("id")))
    said = {
        (article, verdict): count
        for article, verdict, count in Feedback.objects.filter(version=F("article__published"))
        .values_list("article", "verdict")
        .annotate(count=Count("id"))
    }
    return [_reading(row, uses, said) for row in rows]


def _reading(row: Version, uses: dict[int, int], said: dict[tuple[int, str], int]) -> Reading:
    held = row.article
    return Reading(
        held.id, held.kind, row.number, row.title, row.body, row.shortcut, frozenset(row.categories),
        frozenset(row.channels), held.owner_id, initials(row.title, others=True),
        uses.get(held.id, 0), said.get((held.id, "helpful"), 0), said.get((held.id, "outdated"), 0),
        signature(f"{row.title} {row.body}"),
    )  # fmt: skip


def codes_of(category_id: int | None) -> list[str]:
    """Codes of a phenomenon entry from the top down to itself."""
    held = catalog.current()
    node = held.nodes.get(category_id or 0)
    return [held.nodes[step].code for step in node.path if step in held.nodes] if node else []


def beside(case: Case, top: int = 4) -> list[Reading]:
    """What may help with this case: by its class (or the suggested one) and by words, best first."""
    codes = codes_of(case.category_id or case.suggested_category_id)
    found = rules.ranked(shelf(), codes, case.content, channel=case.channel, kinds=BESIDE, top=top)
    return [one for one, _score in found]


def script_for(category: str, text: str, channel: str = "hotline") -> Reading | None:
    """The script to speak from for a class (its code) and what was said so far."""
    node = catalog.current().node("phenomenon", category)
    found = rules.ranked(
        shelf(), codes_of(node.id if node else None), text, channel=channel, kinds=(Kind.SCRIPT,), top=1
    )
    return found[0][0] if found else None


def modules(categories: list[str], channel: str = "") -> list[Reading]:
    """Text modules for a reply: those of the case's class first, then those for every class; often used first."""
    wanted = set(categories)

    def fits(one: Reading) -> bool:
        meant = not one.categories or one.categories & wanted
        return one.kind == Kind.MODULE and bool(meant) and (not channel or not one.channels or channel in one.channels)

    found = [one for one in shelf() if fits(one)]
    return sorted(found, key=lambda one: (not (one.categories & wanted), -one.uses, one.title))


@dataclass(frozen=True)
class Row:
    """One article in a list: the version shown is the published one, else the latest."""

    article: Article
    version: Version
    uses: int
    helpful: int
    outdated: int

    @property
    def state(self) -> str:
        """`retired`, `approved`, or how far the only version got."""
        if self.article.retired_at is not None:
            return State.RETIRED
        return State.APPROVED if self.article.published else self.version.state

    @property
    def pending(self) -> bool:
        """A newer version than the published one is being written or waits for approval."""
        return bool(self.article.published) and self.article.latest != self.article.published


def listed(
    *, q: str = "", kind: str = "", state: str = "", category: str = "", owner_id: int | None = None, due: bool = False
) -> QuerySet[Article]:
    """Articles by words in title or text, kind, state, class (with everything below it), owner, or due for review."""
    found = Article.objects.order_by("-changed_at", "-id")
    shown = Version.objects.filter(Q(number=F("article__published")) | Q(number=F("article__latest")))
    for word in q.split()[:8]:
        shown = shown.filter(Q(title__icontains=word) | Q(body__icontains=word) | Q(shortcut__istartswith=word.lower()))
    if category:
        shown = shown.filter(categories__overlap=_below(category))
    if q or category:
        found = found.filter(pk__in=shown.values("article_id"))
    if kind in Kind.values:
        found = found.filter(kind=kind)
    if owner_id:
        found = found.filter(owner_id=owner_id)
    if due:
        found = found.filter(published__isnull=False, review_on__lte=(clock.now() + REVIEW_AHEAD).date())
        found = found.order_by("review_on", "id")
    return found.filter(_in_state(state)) if state in State.values else found


def _in_state(state: str) -> Q:
    if state == State.RETIRED:
        return Q(retired_at__isnull=False)
    if state == State.APPROVED:
        return Q(published__isnull=False)
    return Q(pk__in=Version.objects.filter(number=F("article__latest"), state=state).values("article_id"))


def _below(code: str) -> list[str]:
    held = catalog.current()
    top = held.node("phenomenon", code)
    if top is None:
        return [code]
    return [node.code for node in held.nodes.values() if node.tree == "phenomenon" and top.id in node.path]


def rows(articles: list[Article]) -> list[Row]:
    """The list's rows in four statements."""
    ids = [one.id for one in articles]
    versions = {
        (row.article_id, row.number): row
        for row in Version.objects.filter(article_id__in=ids).filter(
            Q(number=F("article__published")) | Q(number=F("article__latest"))
        )
    }
    uses = dict(Use.objects.filter(article_id__in=ids).values_list("article").annotate(count=Count("id")))
    said = {
        (article, verdict): count
        for article, verdict, count in Feedback.objects.filter(article_id__in=ids)
        .values_list("article", "verdict")
        .annotate(count=Count("id"))
    }
    return [
        Row(
            one, versions[one.id, one.published or one.latest], uses.get(one.id, 0),
            said.get((one.id, "helpful"), 0), said.get((one.id, "outdated"), 0),
        )
        for one in articles
    ]  # fmt: skip


def waiting() -> int:
    """How many articles wait for approval."""
    return Version.objects.filter(state=State.SUBMITTED).count()


def due_count() -> int:
    """How many published articles are due for review."""
    return listed(due=True).count()
