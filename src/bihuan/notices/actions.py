"""Telling staff, and reading: in the caller's transaction, a constant number of statements however many are told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.cases import chain
from bihuan.customers import vault
from bihuan.identity import roster
from bihuan.kernel import clock, crypto
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message
from bihuan.notices import wording
from bihuan.notices.kinds import KINDS
from bihuan.notices.models import NOTICES, Notice, Preference

PURPOSE = "notice"
KEPT_DAYS = 180
"""For so long a notice that was read stays in the inbox; the case keeps what happened for good."""
_MOST_DROPPED = 20_000


@dataclass(frozen=True)
class Telling:
    """One thing to be told to some people. `at`: not before that moment; empty: now."""

    kind: str
    staff_ids: Sequence[int]
    case_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def tell(
    kind: str, staff_ids: Iterable[int | None], case_id: int | None = None, facts: Mapping[str, Any] | None = None
) -> int:
    """Tell these people; who is away is passed over for her deputy. `None` among the ids is nobody. Answers how many lines.

    `kind` is a key of `notices.kinds.KINDS`, `facts` plain values as `notices.wording` lists them.
    """
    wanted = [ident for ident in staff_ids if ident]
    return tell_many([Telling(kind, wanted, case_id, facts or {})]) if wanted else 0


@transaction.atomic
def tell_many(tellings: Sequence[Telling]) -> int:
    """The same for many things at once: at most five statements. Nobody gets the same thing twice."""
    unknown = {one.kind for one in tellings} - set(KINDS)
    if unknown:
        raise ValueError(f"no such kind of notice: {', '.join(sorted(unknown))}")
    now = clock.now()
    instead = roster.stand_ins(now) if tellings else {}
    rows = [row for one in tellings for row in _rows(one, instead, now)]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(NOTICES.insert(), NOTICES.parameters(rows))
    _send_outside(rows)
    return len(rows)


def _rows(one: Telling, instead: Mapping[int, int], now: datetime) -> list[tuple[Any, ...]]:
    """The rows of one telling in the order of `NOTICES`; who stands in for somebody told anyway gets it once, as her own."""
    told: dict[int, int | None] = {staff_id: None for staff_id in one.staff_ids if staff_id not in instead}
    for staff_id in one.staff_ids:
        if staff_id in instead:
            told.setdefault(instead[staff_id], staff_id)
    facts, moment = chain.text(chain.plain(one.facts)), max(one.at or now, now)
    return [(staff_id, one.kind, one.case_id, facts, moment, away) for staff_id, away in told.items()]


def _send_outside(rows: Sequence[tuple[Any, ...]]) -> None:
    """Mail and text messages for those who asked for this kind: the kind and the moment only, never what a case says."""
    asked = {one.staff_id: one for one in Preference.objects.filter(staff_id__in={row[0] for row in rows})}
    messages: list[Message] = []
    for staff_id, kind, case_id, _facts, moment, _away in rows:
        one = asked.get(staff_id)
        if one is None:
            continue
        ways = (("email", one.mail_sealed, one.mail_kinds), ("sms", one.phone_sealed, one.phone_kinds))
        messages += [
            _message(medium, staff_id, kind, case_id, moment)
            for medium, sealed, kinds in ways
            if sealed and kind in kinds
        ]
    Message.objects.bulk_create(messages)


def _message(medium: str, staff_id: int, kind: str, case_id: int | None, moment: datetime) -> Message:
    with translation.override("zh-hans"):
        text = _("闭环平台通知：%(what)s。请登录平台查看。") % {"what": wording.title(kind)}
    key_id, body = vault.seal_text(text, str(case_id))
    return Message(
        created_at=clock.now(), medium=medium, purpose=PURPOSE, subject_id=case_id, staff_id=staff_id,
        recipient_field=medium, key_id=key_id, body=body, next_try_at=moment,
    )  # fmt: skip


def mark_read(staff_id: int, ids: Sequence[int] | None = None) -> int:
    """Her notices with these ids (None: all there are now) are read; other people's are left alone. Answers how many."""
    unread = Notice.objects.filter(staff_id=staff_id, read_at=None, made_at__lte=clock.now())
    return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=clock.now())


def settle(kinds: Iterable[str], case_id: int) -> int:
    """What these notices asked for is done: they count as read in every inbox. Answers how many."""
    waiting = Notice.objects.filter(case_id=case_id, kind__in=list(kinds), read_at=None)
    return waiting.update(read_at=clock.now())


def tidy() -> int:
    """Drop what was told long ago and read, a stretch at a time; for the schedule. Answers how many."""
    old = Notice.objects.filter(made_at__lt=clock.ago(days=KEPT_DAYS), read_at__isnull=False).order_by("made_at")
    return Notice.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_MOST_DROPPED])).delete()[0]


@dataclass(frozen=True)
class Wish:
    """What she wants outside: an empty address takes it out, None leaves the one that is there."""

    mail: str | None
    mail_kinds: Sequence[str]
    phone: str | None
    phone_kinds: Sequence[str]


def prefer(staff_id: int, wish: Wish) -> Preference:
    """Keep it; RuleError for an address nobody could send to."""
    if wish.mail and not _is_mail(wish.mail):
        raise RuleError("preference.mail", _("请填写完整的邮件地址。"), field="mail")
    if wish.phone and not (wish.phone.removeprefix("+").isdigit() and 7 <= len(wish.phone) <= 16):
        raise RuleError("preference.phone", _("请填写手机号码，只用数字。"), field="phone")
    with transaction.atomic():
        row, _made = Preference.objects.select_for_update().get_or_create(staff_id=staff_id)
        if wish.mail is not None:
            row.mail_key_id, row.mail_sealed = _sealed(wish.mail, staff_id)
        if wish.phone is not None:
            row.phone_key_id, row.phone_sealed = _sealed(wish.phone, staff_id)
        row.mail_kinds = [kind for kind in KINDS if kind in wish.mail_kinds]
        row.phone_kinds = [kind for kind in KINDS if kind in wish.phone_kinds]
        row.save()
    return row


def _is_mail(address: str) -> bool:
    name, _at, host = address.partition("@")
    return bool(name) and "." in host and not any(mark.isspace() for mark in address) and len(address) <= 200


def _sealed(address: str, staff_id: int) -> tuple[str, bytes]:
    return crypto.seal(address.encode(), _place(staff_id)) if address else ("", b"")


def _place(staff_id: int) -> bytes:
    return f"staff-address:{staff_id}".encode()


def address_of(staff_id: int, medium: str) -> str:
    """Where a message of this medium (`email` or `sms`) reaches her; empty when nowhere."""
    row = Preference.objects.filter(staff_id=staff_id).first()
    if row is None:
        return ""
    key, sealed = (row.mail_key_id, row.mail_sealed) if medium == "email" else (row.phone_key_id, row.phone_sealed)
    return crypto.open_sealed(key, bytes(sealed), _place(staff_id)).decode() if sealed else ""
