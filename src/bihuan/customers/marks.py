"""Marks on customers known to complain by trade or in bad faith: set with reason and proof, over on their review date."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.customers import vault
from bihuan.customers.models import Mark, Party
from bihuan.kernel import clock
from bihuan.kernel.errors import NotFound, RuleError

LONGEST = timedelta(days=366)
LEAST = 5
"""Characters a reason or a proof has at least."""


def today() -> date:
    """The operator's day."""
    return timezone.localtime(clock.now()).date()


def in_force() -> QuerySet[Mark]:
    """Marks that stand: not ended, review date not over."""
    return Mark.objects.filter(ended_at=None, review_on__gte=today())


def of_party(party_id: int) -> Mark | None:
    """The mark that stands on the person of this record, found by her line or identity number."""
    own = Party.objects.filter(pk=party_id).values_list("line_index", "phone_index", "identity_index").first()
    if own is None:
        return None
    line, phone, identity = own
    return _found([bytes(one) for one in (line, phone) if one is not None], bytes(identity) if identity else None)


def of_number(number: str) -> Mark | None:
    """The mark that stands on whoever calls from, or complains about, this number."""
    digest = vault.index_of("number", number)
    return _found([digest], None) if digest is not None else None


def _found(lines: list[bytes], identity: bytes | None) -> Mark | None:
    wanted = Q()
    if lines:
        wanted |= Q(line_index__in=lines)
    if identity is not None:
        wanted |= Q(identity_index=identity)
    return in_force().filter(wanted).order_by("-id").first() if wanted != Q() else None


@transaction.atomic
def mark(party_id: int, kind: str, reason: str, evidence: str, review_on: date, *, by: int, unit_id: int) -> Mark:
    """Mark the person of this record; a mark that stands on her is ended by it. At most a year ahead. `reason` and
    `evidence` are clean texts without numbers of persons. `RuleError` names `kind`, `reason`, `evidence`, `review_on`."""
    if kind not in Mark.Kind.values:
        raise RuleError("mark.kind", _("请选择标记类型。"), field="kind")
    for field, text in (("reason", reason), ("evidence", evidence)):
        if len(text.strip()) < LEAST:
            raise RuleError(f"mark.{field}", _("请写明标记的理由和依据，以备复核。"), field=field)
    _check_day(review_on)
    party = Party.objects.get(pk=party_id)
    if party.line_index is None and party.phone_index is None and party.identity_index is None:
        raise RuleError("mark.nobody", _("没有可识别这位客户的号码或证件，不能标记。"))
    standing = of_party(party_id)
    if standing is not None:
        end(standing, by=by)
    return Mark.objects.create(
        kind=kind, party_id=party_id, line_index=party.line_index or party.phone_index,
        identity_index=party.identity_index, reason=reason, evidence=evidence, unit_id=unit_id, marked_at=clock.now(),
        marked_by_id=by, review_on=review_on,
    )  # fmt: skip


def renew(one: Mark, review_on: date, *, by: int) -> None:
    """After review: it stands until this day. Also brings back one whose day was over."""
    _check_day(review_on)
    if one.ended_at is not None:
        raise RuleError("mark.ended", _("这个标记已取消，如仍需要请重新标记。"))
    one.review_on, one.renewed_at, one.renewed_by_id = review_on, clock.now(), by
    one.save(update_fields=["review_on", "renewed_at", "renewed_by_id"])


def end(one: Mark, *, by: int) -> None:
    """Take it off; the row stays for who asks later."""
    if one.ended_at is None:
        one.ended_at, one.ended_by_id = clock.now(), by
        one.save(update_fields=["ended_at", "ended_by_id"])


def find(mark_id: int) -> Mark:
    """One mark, locked; `NotFound` without it."""
    one = Mark.objects.select_for_update().filter(pk=mark_id).first()
    if one is None:
        raise NotFound("mark")
    return one


def to_review(units: Iterable[int] | None = None) -> QuerySet[Mark]:
    """Marks not ended, those to review soonest first; of these units (None: of all)."""
    found = Mark.objects.filter(ended_at=None)
    return found if units is None else found.filter(unit_id__in=list(units))


def _check_day(day: date) -> None:
    if not today() < day <= today() + LONGEST:
        raise RuleError("mark.review_on", _("复核日期要在今天之后、一年以内。"), field="review_on")
