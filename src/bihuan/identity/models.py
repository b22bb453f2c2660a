"""Units, staff, tokens, rosters and the audit log."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.identity.roles import ROLES


class Unit(models.Model):
    """A department, centre, district or branch office, team or partner. `path` lists the ids from the top down to itself."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("公司领导")
        MANAGEMENT = "management", _("综合管理部")
        SERVICE_CENTER = "service_center", _("客户服务中心")
        MARKETING = "marketing", _("市场部")
        GOVERNMENT_ENTERPRISE = "government_enterprise", _("政企客户部")
        MAINTENANCE = "maintenance", _("维护装维部")
        TECHNICAL_SUPPORT = "technical_support", _("技术支持部")
        SERVICE_MANAGEMENT = "service_management", _("服务管理部")
        DISTRICT = "district", _("区局")
        BRANCH = "branch", _("支局")
        TEAM = "team", _("班组")
        PARTNER = "partner", _("合作方")

    code = models.TextField(unique=True)
    name = models.TextField()
    name_en = models.TextField(default="")
    kind = models.TextField(choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list)
    area_id = models.BigIntegerField(null=True)
    """The area it answers for; empty means the parent's."""
    area_level = models.SmallIntegerField(null=True)
    """1 province, 2 city, 3 district, 4 grid; that of `area_id`."""
    responsible = models.ForeignKey("Staff", null=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by username, as sign-in needs."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(username=username)


class Staff(AbstractBaseUser):
    """One person, one account. `roles` are codes of `identity.roles.ROLES`."""

    username = models.TextField(unique=True)
    name = models.TextField()
    name_en = models.TextField(default="")
    employee_number = models.TextField(default="")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="staff")
    roles = ArrayField(models.TextField(), default=list)
    deputy = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    skills = ArrayField(models.TextField(), default=list)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    """An account of another system: it only uses tokens and never signs in."""
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    """When she last chose one; empty: since the account was made."""
    failed_logins = models.SmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = StaffManager()
    USERNAME_FIELD = "username"

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def can(self, right: str) -> bool:
        """True when one of her roles gives the right (a constant of `identity.roles`)."""
        return any(right in ROLES[code].rights for code in self.roles if code in ROLES)

    def get_short_name(self) -> str:
        return self.name


class Token(models.Model):
    """A bearer token of the API. Only its SHA-256 is kept; it can do what its owner may and its scope allows."""

    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="tokens")
    name = models.TextField()
    digest = models.BinaryField(unique=True)
    hint = models.TextField()
    """The last four characters, to tell tokens apart in a list."""
    scopes = ArrayField(models.TextField(), default=list)
    source_system = models.TextField(default="")
    """When set, complaints posted with it always carry this originating system."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Shift(models.Model):
    """Someone's turn of duty in a unit (排班). `kind` says as what."""

    class Kind(models.TextChoices):
        DESK = "desk", _("值班")
        MANAGER = "manager", _("值班长")
        INTERFACE = "interface", _("接口人")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="shifts")
    kind = models.TextField(choices=Kind.choices, default=Kind.DESK)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "starts_at"], name="identity_shift_unit")]


class Absence(models.Model):
    """From when to when someone is away; her deputy (or the one named here) stands in."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    deputy = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")


class Handover(models.Model):
    """A shift handed over (交接班): the note, what was open at that moment, and when the next one took it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="handovers")
    given_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    note = models.TextField()
    open_cases = models.JSONField(default=dict)
    """Counts at hand-over: {open, late, due_soon, urgent}."""
    taken_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-given_at"], name="identity_handover_unit")]


class AuditEntry(models.Model):
    """Who did what with which right: sign-ins, refusals, reveals, exports, account changes. Only ever added."""

    at = models.DateTimeField()
    actor = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.TextField(default="")
    kind = models.TextField()
    """`login`, `login_failed`, `logout`, `reveal`, `export`, `refused`, `account`, `token`, `grant`, `import`, `mark`, `pack`,
    `leak`, `number_part`."""
    subject = models.TextField(default="")
    """What it was about: a case number, an account name; never personal data."""
    result = models.TextField(default="ok")
    address = models.GenericIPAddressField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="identity_audit_at"),
            models.Index(fields=["actor", "-at"], name="identity_audit_actor"),
            models.Index(fields=["kind", "-at"], name="identity_audit_kind"),
        ]
