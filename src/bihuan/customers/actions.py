"""What is done with sealed data: opened for a stated purpose, added to, told to its owner, shredded."""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bihuan.customers import vault
from bihuan.customers.models import Code, Mark, Party, Use
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message

CODE_MINUTES = 10
WRONG_TRIES = 3
LOOK_UP = "查询码 {code}，{minutes} 分钟内有效，用于查询投诉 {number}。"
PURPOSES = ("contact", "verify", "visit", "correct", "audit")
"""Why a sealed field may be opened: to speak to the customer, verify her, visit, correct a mistake, or check an audit."""


def reveal(party_id: int, fields: Sequence[str], staff_id: int, purpose: str, subject: str) -> dict[str, str]:
    """The plain values of these fields; the use register gets its row in the same transaction.

    `subject` is the case number it is opened for. Raises `RuleError` for an unknown purpose or field, or a shredded record.
    """
    if purpose not in PURPOSES:
        raise RuleError("reveal.purpose", _("请选择查看明文的用途。"), field="purpose")
    with transaction.atomic():
        party = Party.objects.get(pk=party_id)
        values = _open(party)
        strange = [field for field in fields if field not in vault.FIELDS and field not in values]
        if strange:
            raise RuleError("reveal.field", _("没有这一项个人信息，请核对字段名。"), field="fields")
        Use.objects.create(
            at=clock.now(), staff_id=staff_id, party_id=party_id, fields=list(fields), purpose=purpose, subject=subject
        )
    return {field: values.get(field, "") for field in fields}


def _open(party: Party) -> dict[str, str]:
    if party.sealed is None:
        raise RuleError("party.shredded", _("这位客户的个人信息已依法删除，无法查看。"))
    return vault.open_party(party.key_id, bytes(party.sealed), party.id)


def again(party_id: int) -> dict[str, str]:
    """The plain fields of a record, for sealing them into another record of the same person in the same transaction:
    the same customer complains again. Never for showing; that is `reveal`."""
    values = _open(Party.objects.get(pk=party_id))
    return {field: value for field, value in values.items() if field in vault.FIELDS}


def absorb(party_id: int, found: dict[str, tuple[str, str]]) -> None:
    """Add numbers taken out of a later text ({token: (kind, value)}) to the sealed record."""
    if not found:
        return
    party = Party.objects.select_for_update().get(pk=party_id)
    values = _open(party)
    kinds = {token: kind for token, (kind, _value) in found.items()}
    values.update({token: value for token, (_kind, value) in found.items()})
    fields = {key: value for key, value in values.items() if key in vault.FIELDS}
    tokens = {key: (kinds.get(key, "account"), value) for key, value in values.items() if key not in vault.FIELDS}
    sealed = vault.seal_party(party_id, fields, tokens, party.level)
    masks = {**party.masks, **{token: vault.mask_of(kind, value) for token, (kind, value) in found.items()}}
    party.key_id, party.sealed, party.masks = sealed.row[1], sealed.row[2], masks
    party.save(update_fields=["key_id", "sealed", "masks"])


def tokens_of(party_id: int) -> list[str]:
    """The tokens the record already holds: a later text numbers its own from there on."""
    masks = Party.objects.values_list("masks", flat=True).get(pk=party_id)
    return [key for key in masks if key not in vault.FIELDS]


def tell(party_id: int, purpose: str, text: str, subject_id: int, field: str = "phone") -> Message | None:
    """Write a message to the customer's own number into the outbox; None when she gave no such number."""
    party = Party.objects.filter(pk=party_id).values_list("masks", flat=True).first() or {}
    if field not in party:
        field = "other_contact" if "other_contact" in party else "phone"
    if field not in party:
        return None
    now = clock.now()
    key_id, body = vault.seal_text(text, str(subject_id))
    return Message.objects.create(
        created_at=now,
        medium="email" if "@" in party[field] else "sms",
        purpose=purpose,
        subject_id=subject_id,
        recipient_id=party_id,
        recipient_field=field,
        key_id=key_id,
        body=body,
        next_try_at=now,
    )


def send_code(
    party_id: int, subject_id: int, number: str, field: str = "phone", *, wording: str = LOOK_UP
) -> Message | None:
    """Make a fresh six-digit code and send it to the customer's own number; the old one is void. `wording` says what for,
    with `{code}`, `{minutes}` and `{number}`."""
    now = clock.now()
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        Code.objects.filter(party_id=party_id, used_at=None).update(expires_at=now)
        Code.objects.create(
            party_id=party_id,
            digest=vault.code_digest(party_id, code),
            made_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES),
        )
        text = wording.format(code=code, minutes=CODE_MINUTES, number=number)
        return tell(party_id, "code", text, subject_id, field)


def codes_sent_since(party_id: int, minutes: int) -> int:
    """How many codes were sent in the last minutes, to stop floods."""
    return Code.objects.filter(party_id=party_id, made_at__gte=clock.ago(minutes=minutes)).count()


def check_code(party_id: int, code: str) -> bool:
    """True once for the right code in time; every wrong try counts, the third voids the code."""
    with transaction.atomic():
        held = Code.objects.select_for_update().filter(party_id=party_id, used_at=None).order_by("-id").first()
        if held is None or held.expires_at <= clock.now() or held.wrong_tries >= WRONG_TRIES:
            return False
        if not secrets.compare_digest(bytes(held.digest), vault.code_digest(party_id, re.sub(r"\D", "", code))):
            held.wrong_tries += 1
            held.save(update_fields=["wrong_tries"])
            return False
        held.used_at = clock.now()
        held.save(update_fields=["used_at"])
        return True


def records_of_same_person(party_id: int) -> list[int]:
    """Records with the same number or identity, not shredded; this one among them."""
    own: dict[str, Any] = {}
    own.update(Party.objects.filter(pk=party_id).values("phone_index", "identity_index").first() or {})
    keys = [Q(**{name: value}) for name, value in own.items() if value is not None]
    if not keys:
        return []
    found = Party.objects.filter(reduce(or_, keys), shredded_at=None)
    return list(found.order_by("id").values_list("id", flat=True))


def is_forgotten(party_id: int) -> bool:
    """True when nothing leads to this person any more: nobody can reach her."""
    return Party.objects.filter(pk=party_id, shredded_at__isnull=False).exists()


def shred(party_id: int) -> bool:
    """Delete what identifies the person for good: sealed data, masks, hashes, codes, and the words of messages to her.
    The complaint stays, with nothing that leads to anyone. False where it had been done before."""
    with transaction.atomic():
        found = Party.objects.filter(pk=party_id, shredded_at=None).update(
            sealed=None,
            masks={},
            phone_index=None,
            other_index=None,
            identity_index=None,
            line_index=None,
            shredded_at=clock.now(),
        )
        Code.objects.filter(party_id=party_id).delete()
        Mark.objects.filter(party_id=party_id).delete()
        waiting = Message.objects.filter(recipient_id=party_id)
        waiting.filter(sent_at=None).update(next_try_at=None, error="forgotten")
        waiting.update(body=b"")
    return bool(found)
