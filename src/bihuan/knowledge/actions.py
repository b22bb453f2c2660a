"""Write, send for approval, approve or send back, retire, review; use and judge. One transaction each, who and when kept."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError
from bihuan.knowledge import rules
from bihuan.knowledge.drawn import drawn_from
from bihuan.knowledge.models import Article, Feedback, Kind, State, Use, Verdict, Version
from bihuan.knowledge.rules import Told

REVIEW_AFTER = timedelta(days=180)


def _must(by: Viewer, right: str) -> None:
    if not by.can(right):
        raise Forbidden(right)


def _locked(article_id: int) -> Article:
    article = Article.objects.select_for_update().filter(pk=article_id).first()
    if article is None:
        raise NotFound("article")
    return article


def _latest(article: Article) -> Version:
    return Version.objects.get(article=article, number=article.latest)


def _add(article: Article, told: Told, by: Viewer) -> Version:
    return Version.objects.create(
        article=article, number=article.latest, title=told.title.strip(), body=told.body.strip(),
        shortcut=told.shortcut.strip().lower(), categories=list(told.categories), products=list(told.products),
        channels=list(told.channels), note=told.note.strip(), made_at=clock.now(), made_by_id=by.staff_id,
    )  # fmt: skip


def _touch(article: Article, *columns: str) -> None:
    article.changed_at = clock.now()
    article.save(update_fields=["changed_at", *columns])


@transaction.atomic
def create(
    by: Viewer, kind: str, told: Told, *, owner_id: int | None = None, review_on: date | None = None,
    from_case: Case | None = None,
) -> Article:  # fmt: skip
    """A new article as a draft; she who writes it answers for it unless another owner is named."""
    _must(by, roles.KNOW_WRITE)
    if kind not in Kind.values:
        raise RuleError("article.kind", _("请选择类型。"), field="kind")
    rules.check(told)
    now = clock.now()
    article = Article.objects.create(
        kind=kind, owner_id=owner_id or by.staff_id, review_on=review_on or (now + REVIEW_AFTER).date(),
        from_case_id=from_case.id if from_case else None, made_at=now, made_by_id=by.staff_id, changed_at=now,
    )  # fmt: skip
    _add(article, told, by)
    return article


@transaction.atomic
def edit(
    article_id: int, by: Viewer, told: Told, *, seen: int, owner_id: int | None = None, review_on: date | None = None
) -> Article:
    """A new version as a draft; what is published stays until the new one is approved. `seen`: the version edited from."""
    _must(by, roles.KNOW_WRITE)
    article = _locked(article_id)
    if article.latest != seen:
        raise Conflict("article.changed", _("您打开之后有人改过这篇，请刷新后再改。"))
    rules.check(told)
    if _latest(article).state == State.SUBMITTED:
        Version.objects.filter(article=article, number=article.latest).update(state=State.DRAFT)
    article.latest += 1
    article.owner_id = owner_id or article.owner_id
    article.review_on = review_on or article.review_on
    _add(article, told, by)
    _touch(article, "latest", "owner_id", "review_on")
    return article


@transaction.atomic
def submit(article_id: int, by: Viewer) -> Version:
    """Send the latest draft for approval."""
    _must(by, roles.KNOW_WRITE)
    article = _locked(article_id)
    version = _in(article, State.DRAFT)
    version.state, version.submitted_at, version.submitted_by_id = State.SUBMITTED, clock.now(), by.staff_id
    version.save()
    _touch(article)
    return version


def _in(article: Article, state: str) -> Version:
    version = _latest(article)
    if version.state != state:
        message = _("最新一版现在是“%(state)s”，不能这样办。") % {"state": State(version.state).label}
        raise Conflict("article.state", message)
    return version


@transaction.atomic
def approve(article_id: int, by: Viewer, word: str = "") -> Version:
    """Publish what was submitted. Whoever wrote or submitted it cannot approve it."""
    _must(by, roles.KNOW_APPROVE)
    article = _locked(article_id)
    version = _in(article, State.SUBMITTED)
    if by.staff_id in {version.made_by_id, version.submitted_by_id}:
        raise Forbidden(roles.KNOW_APPROVE, _("自己写的或自己提交的要由另一个人审核。"))
    now = clock.now()
    Version.objects.filter(article=article, state=State.APPROVED).update(state=State.RETIRED)
    version.state, version.decided_at, version.decided_by_id = State.APPROVED, now, by.staff_id
    version.decision = word.strip()
    version.save()
    article.published, article.retired_at = version.number, None
    _touch(article, "published", "retired_at")
    return version


@transaction.atomic
def send_back(article_id: int, by: Viewer, why: str) -> Version:
    """Not like this: back to its writer with the reason."""
    _must(by, roles.KNOW_APPROVE)
    article = _locked(article_id)
    version = _in(article, State.SUBMITTED)
    if not why.strip():
        raise RuleError("article.why", _("请写明退回的原因，作者要照着改。"), field="why")
    version.state, version.decided_at, version.decided_by_id = State.DRAFT, clock.now(), by.staff_id
    version.decision = why.strip()
    version.save()
    _touch(article)
    return version


@transaction.atomic
def retire(article_id: int, by: Viewer, why: str) -> Article:
    """Offer it no more; its versions stay readable."""
    _must(by, roles.KNOW_APPROVE)
    article = _locked(article_id)
    if not why.strip():
        raise RuleError("article.why", _("请写明停用的原因。"), field="why")
    Version.objects.filter(article=article, state=State.APPROVED).update(state=State.RETIRED)
    article.retired_at, article.retired_by_id, article.retired_why = clock.now(), by.staff_id, why.strip()
    article.published = None
    _touch(article, "retired_at", "retired_by_id", "retired_why", "published")
    return article


@transaction.atomic
def confirm(article_id: int, by: Viewer, review_on: date | None = None) -> Article:
    """Looked at and still right: the next review is due later."""
    article = _locked(article_id)
    if by.staff_id != article.owner_id:
        _must(by, roles.KNOW_APPROVE)
    today = clock.now().date()
    wanted = review_on or today + REVIEW_AFTER
    if wanted <= today:
        raise RuleError("article.review_on", _("下次复核日期要晚于今天。"), field="review_on")
    article.review_on = wanted
    _touch(article, "review_on")
    return article


@transaction.atomic
def from_case(by: Viewer, case: Case) -> Article:
    """A closed case as the draft of a typical case, without anything that tells whose it was. Once a case."""
    _must(by, roles.KNOW_WRITE)
    if case.status != "closed":
        raise Conflict("article.case", _("结单之后才能转为典型案例。"))
    made = Article.objects.filter(from_case_id=case.id).first()
    return made or create(by, Kind.TYPICAL, drawn_from(case), from_case=case)


@transaction.atomic
def use(article_id: int, by: Viewer, case: Case | None = None) -> Use:
    """Note that the published version was used, for this case where there is one."""
    _must(by, roles.READ)
    article = Article.objects.filter(pk=article_id, published__isnull=False).first()
    if article is None or article.published is None:
        raise NotFound("article")
    return Use.objects.create(
        article=article, version=article.published, case_id=case.id if case else None, by_id=by.staff_id, at=clock.now()
    )


@transaction.atomic
def judge(article_id: int, by: Viewer, verdict: str, note: str = "") -> Feedback:
    """Helpful, or outdated; her latest word on a version counts."""
    _must(by, roles.READ)
    article = Article.objects.filter(pk=article_id, published__isnull=False).first()
    if article is None or article.published is None:
        raise NotFound("article")
    if verdict not in Verdict.values:
        raise RuleError("article.verdict", _("请选择“有用”或“过时”。"), field="verdict")
    said, _made = Feedback.objects.update_or_create(
        article=article, version=article.published, by_id=by.staff_id,
        defaults={"verdict": verdict, "note": note.strip()[:500], "at": clock.now()},
    )  # fmt: skip
    return said
