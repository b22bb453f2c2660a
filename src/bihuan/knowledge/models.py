"""Articles in versions, and how they were used and judged."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an article is for."""

    SCRIPT = "script", _("服务脚本")
    TYPICAL = "typical", _("典型案例")
    PROCEDURE = "procedure", _("处理规范")
    MODULE = "module", _("文本模块")


class State(models.TextChoices):
    """How far a version got."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    APPROVED = "approved", _("已发布")
    RETIRED = "retired", _("已停用")


class Verdict(models.TextChoices):
    """What a reader thought of it."""

    HELPFUL = "helpful", _("有用")
    OUTDATED = "outdated", _("过时")


class Article(models.Model):
    """One piece of knowledge. What it says stands in its versions; `published` is the number of the one people read."""

    kind = models.TextField(choices=Kind.choices)
    owner_id = models.BigIntegerField()
    """Staff who answers for it and is asked to review it."""
    review_on = models.DateField()
    """The day by which the owner has to look at it again."""
    latest = models.IntegerField(default=1)
    published = models.IntegerField(null=True)
    retired_at = models.DateTimeField(null=True)
    retired_by_id = models.BigIntegerField(null=True)
    retired_why = models.TextField(default="")
    from_case_id = models.BigIntegerField(null=True, unique=True)
    """The closed case it was drawn from."""
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()
    changed_at = models.DateTimeField()
    """Moves with every change; what is kept in memory is read anew when it moved."""


class Version(models.Model):
    """What an article said: title, plain text, for which classes, products and channels; who wrote and who approved it."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    title = models.TextField()
    body = models.TextField()
    shortcut = models.TextField(default="")
    """Text modules: what may be typed behind `::` to find it."""
    categories = ArrayField(models.TextField(), default=list)
    """Codes of the phenomenon tree; an entry stands for everything below it. Empty: for every class."""
    products = ArrayField(models.TextField(), default=list)
    channels = ArrayField(models.TextField(), default=list)
    """Codes of `cases.Channel`. Empty: for every channel."""
    note = models.TextField(default="")
    """What was changed, in the writer's words."""
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decision = models.TextField(default="")
    """Why it was sent back, or a word with the approval."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="knowledge_version_once")]
        indexes = [models.Index(fields=["state"], name="knowledge_version_state")]


class Use(models.Model):
    """One use: which version, for which case, by whom. Only ever added."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="uses")
    version = models.IntegerField()
    case_id = models.BigIntegerField(null=True)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["article", "-at"], name="knowledge_use_article")]


class Feedback(models.Model):
    """What a reader said of one version; her latest word counts."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="feedback")
    version = models.IntegerField()
    verdict = models.TextField(choices=Verdict.choices)
    note = models.TextField(default="")
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "version", "by_id"], name="knowledge_feedback_once")]


class Posting(models.Model):
    """Which cases of one block of ids have one thing: a pair of characters in their text, or a fact reach is decided by
    (`knowledge.postings` names them). Written behind registration by the jobs process.

    What is new goes to the small rows of part 1, which are folded into those of part 0 now and then, so that some new
    cases do not rewrite large rows.
    """

    pk = models.CompositePrimaryKey("term", "block", "part")
    term = models.TextField(db_collation="C")
    block = models.BigIntegerField()
    """Case id divided by `postings.BLOCK`; the bits are what remains."""
    part = models.SmallIntegerField()
    bits = models.BinaryField()
    """A roaring bitmap, serialized."""


class IndexedUpTo(models.Model):
    """One row: what the events up to `event_id` say is in the postings."""

    event_id = models.BigIntegerField(default=0)
    young = models.IntegerField(default=0, db_default=0)
    """Cases in part 1."""


class Restated(models.Model):
    """A case whose text, place or first asker was changed, noted by a trigger: its postings say what was, until it is
    indexed anew. No verb does that at present."""

    case_id = models.BigIntegerField()


class Phrase(models.Model):
    """A phrase that was searched for and left many texts to look into."""

    word = models.TextField(primary_key=True, db_collation="C")
    asked_at = models.DateTimeField()
    """Lately, to the day."""
    known = models.BooleanField(default=False)
    """Every indexed case that holds it has it as a term."""
