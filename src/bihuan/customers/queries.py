"""Masks for screens, and finding parties by what was told."""

from collections.abc import Iterable

from bihuan.customers import vault
from bihuan.customers.models import Party


def masks_of(party_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """{party id: masks} in one query."""
    return dict(Party.objects.filter(pk__in=list(party_ids)).values_list("id", "masks"))


def parties_with_number(number: str, limit: int = 50) -> list[int]:
    """Parties reached at, or complaining about, this telephone or account number; newest first. Four index look-ups."""
    digest = vault.index_of("number", number)
    if digest is None:
        return []
    found: set[int] = set()
    for column in ("phone_index", "line_index", "other_index"):
        query = Party.objects.filter(**{column: digest}).order_by("-id").values_list("id", flat=True)
        found.update(query[:limit])
    return sorted(found, reverse=True)[:limit]


def parties_with_identity(number: str, limit: int = 50) -> list[int]:
    """Parties with this identity number; newest first."""
    digest = vault.index_of("identity", number)
    if digest is None:
        return []
    return list(Party.objects.filter(identity_index=digest).order_by("-id").values_list("id", flat=True)[:limit])


def same_person(one: int, other: int) -> bool:
    """True when two parties share a line, a phone or an identity number."""
    rows = {party.id: party for party in Party.objects.filter(pk__in=[one, other])}
    if len(rows) < 2:
        return one == other
    a, b = rows[one], rows[other]
    numbers = [{bytes(n) for n in (p.phone_index, p.other_index, p.line_index) if n} for p in (a, b)]
    identity = a.identity_index is not None and b.identity_index is not None
    return bool(numbers[0] & numbers[1]) or (
        identity and bytes(a.identity_index or b"") == bytes(b.identity_index or b"")
    )


def belongs(party_id: int, value: str) -> bool:
    """True when this number is one she gave or that stood in her texts. Compared inside, shown to nobody."""
    party = Party.objects.filter(pk=party_id).first()
    if party is None or party.sealed is None:
        return False
    wanted = vault.normal_number(value)
    held = vault.open_party(party.key_id, bytes(party.sealed), party.id)
    return any(wanted == vault.normal_number(own) or value in own for own in held.values())


def neighbours(party_id: int, limit: int = 20) -> list[int]:
    """Other parties of the same line, phone or identity number, newest first; two statements."""
    own = Party.objects.filter(pk=party_id).values_list("line_index", "phone_index", "identity_index").first()
    if own is None:
        return []
    columns = ("line_index", "phone_index", "identity_index")
    walks = [
        Party.objects.filter(**{column: value})
        .exclude(pk=party_id)
        .order_by("-id")
        .values_list("id", flat=True)[:limit]
        for column, value in zip(columns, own, strict=True)
        if value is not None
    ]
    if not walks:
        return []
    found = walks[0].union(*walks[1:]) if len(walks) > 1 else walks[0]
    return sorted(found, reverse=True)[:limit]
