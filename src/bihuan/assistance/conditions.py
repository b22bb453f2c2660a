"""What help of other units lets be said of a case. They tell how things stand now, as ratings do."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.assistance.models import Task
from bihuan.assistance.rules import OPEN
from bihuan.cases.conditions import Condition, add
from bihuan.kernel import clock


def _tasks() -> QuerySet[Task]:
    return Task.objects.filter(case_id=OuterRef("pk")).exclude(status="recalled")


def _due() -> Q:
    """At least one was answered or sent back, or its term is over."""
    return Q(Exists(_tasks().filter(~Q(status__in=OPEN) | Q(due_at__lte=clock.now()))))


def _late() -> Q:
    """At least one was answered after its term, or is open beyond it."""
    over = Q(ended_at__gt=F("due_at")) | Q(status__in=OPEN, due_at__lte=clock.now())
    return Q(Exists(_tasks().filter(over)))


def register() -> None:
    """Put them beside the others; once, when the room is loaded."""
    add(
        Condition("assistance_asked", _("请过协查"), lambda at: Q(Exists(_tasks()))),
        Condition("assistance_due", _("协查已回复或已到期"), lambda at: _due()),
        Condition("assistance_kept", _("协查都按时回复"), lambda at: _due() & ~_late()),
    )
