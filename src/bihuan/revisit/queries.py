"""Who handled a case, what the last call-back said."""

from django.db import connection

from bihuan.revisit.models import Revisit

HANDLING = ("received", "handling_started", "contacted", "first_replied", "replied")
"""Events whose doer handled the case and may not call back about it."""


def handled_by(case_id: int, staff_id: int) -> bool:
    """True when this person received, contacted for, or replied to the case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM cases_caseevent WHERE case_id = %s AND actor_id = %s AND kind = ANY(%s))",
            [case_id, staff_id, list(HANDLING)],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def latest_reply_id(case_id: int) -> int | None:
    """The event id of the newest final reply: a later reply needs a revisit of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cases_caseevent WHERE case_id = %s AND kind = 'replied'", [case_id])
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] else None


def latest_revisit(case_id: int) -> Revisit | None:
    """The newest call-back that reached the customer."""
    return Revisit.objects.filter(case_id=case_id, reached=True).order_by("-id").first()


def attempts(case_id: int) -> int:
    """How many call-backs did not reach the customer."""
    return Revisit.objects.filter(case_id=case_id, reached=False).count()
