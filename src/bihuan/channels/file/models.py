"""How columns are read (mappings), what was imported (jobs, chunks), and which rows were refused."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mapping(models.Model):
    """One version of a saved mapping. `layouts` is a list as in the shipped `mappings/*.json`; see `layout.Layout`."""

    name = models.TextField()
    version = models.IntegerField(default=1)
    title = models.TextField(default="")
    layouts = models.JSONField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    latest = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="file_mapping_version"),
            models.UniqueConstraint(fields=["name"], condition=models.Q(latest=True), name="file_mapping_one_latest"),
        ]
        ordering = ["name", "-version"]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


class ImportJob(models.Model):
    """One file on its way into the platform. The uploaded file is removed as soon as the job has ended."""

    class Mode(models.TextChoices):
        HISTORY = "history", _("历史工单（已办结）")
        OPEN = "open", _("在办工单")

    class State(models.TextChoices):
        DRAFT = "draft", _("待确认")
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("中断")
        STOPPED = "stopped", _("已停止")

    file_name = models.TextField()
    file_path = models.TextField(default="")
    """Where it lies; empty once removed."""
    file_owned = models.BooleanField(default=False)
    """The file was uploaded to us and is ours to remove."""
    file_digest = models.TextField()
    """SHA-256 in hex."""
    file_size = models.BigIntegerField()
    sheet = models.TextField(default="")
    head_row = models.IntegerField(default=1)
    """Row of the headings, counted from 1."""
    headings = models.JSONField(default=list)
    mapping_name = models.TextField(default="")
    mapping_version = models.IntegerField(default=0)
    layout = models.JSONField()
    """The layout as it applied, so that a later edit of the mapping does not change what was read."""
    mode = models.TextField(choices=Mode.choices, default=Mode.HISTORY)
    dry_run = models.BooleanField(default=False)
    strict = models.BooleanField(default=False)
    """Unknown areas and categories refuse the row instead of being kept aside with a warning."""
    create_missing = models.BooleanField(default=False)
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    trouble = models.TextField(default="")
    """Why it was interrupted, in words."""
    total = models.IntegerField(default=0)
    """Rows in the file; estimated until it has been read to its end."""
    done = models.IntegerField(default=0)
    created = models.IntegerField(default=0)
    existing = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    warnings = models.JSONField(default=dict)
    """{"heading: what": rows}, at most some hundreds."""
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    by_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="file_job_latest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"

    @property
    def key(self) -> dict[str, Any]:
        """What makes another run of the same file the same job: an interrupted one is continued."""
        return {
            "file_digest": self.file_digest, "mode": self.mode, "dry_run": self.dry_run, "strict": self.strict,
            "sheet": self.sheet, "head_row": self.head_row, "layout": self.layout,
        }  # fmt: skip


class ImportChunk(models.Model):
    """A stretch of rows that is in: written in the same transaction as its cases, so a killed run knows where it was."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    rows = models.IntegerField()
    created = models.IntegerField()
    existing = models.IntegerField()
    failed = models.IntegerField()
    warnings = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="file_chunk_once")]


class FailedRow(models.Model):
    """A row that was refused. Its cells may name a person: they are sealed, and shredded after a while."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="failures")
    row = models.IntegerField()
    """As a spreadsheet counts, headings included."""
    column = models.TextField(default="")
    """Heading of the cell at fault; empty when it is the row as a whole."""
    code = models.TextField()
    reason = models.TextField()
    key_id = models.TextField(default="")
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["job", "row"], name="file_failed_row")]
