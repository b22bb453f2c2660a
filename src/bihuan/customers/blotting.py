"""Takes a customer's own data out of a text that leaves her case: what is compared is opened inside, shown to nobody."""

from collections.abc import Sequence

from bihuan.customers import vault
from bihuan.customers.models import Party

_LEAST = 2
"""A single character is no name that could be looked for."""


def without_own(party_id: int, text: str, word: str = "某某") -> str:
    """The text with every value of her record (name, address, numbers) replaced by `word`; longest first."""
    party = Party.objects.filter(pk=party_id).first()
    if party is None or party.sealed is None:
        return text
    held = vault.open_party(party.key_id, bytes(party.sealed), party.id)
    for value in sorted({own.strip() for own in held.values()}, key=len, reverse=True):
        if len(value) >= _LEAST:
            text = text.replace(value, word)
    return text


def without_each(texts: Sequence[tuple[int, str]], word: str = "某某") -> list[str]:
    """The same for many texts, each with its party's id: one statement however many."""
    parties = {party.id: party for party in Party.objects.filter(pk__in={ident for ident, _text in texts})}
    found = []
    for ident, text in texts:
        party = parties.get(ident)
        if party is not None and party.sealed is not None:
            held = vault.open_party(party.key_id, bytes(party.sealed), party.id)
            for value in sorted({own.strip() for own in held.values()}, key=len, reverse=True):
                text = text.replace(value, word) if len(value) >= _LEAST else text
        found.append(text)
    return found


def others_in(party_id: int, numbers: list[str]) -> list[str]:
    """Those of these numbers that some other party is reached at or complains about, and that are not her own."""
    digests = {number: vault.index_of("number", number) for number in numbers}
    wanted = [digest for digest in digests.values() if digest]
    if not wanted:
        return []
    held: dict[bytes, set[int]] = {}
    for column in ("phone_index", "line_index", "other_index"):
        rows = Party.objects.filter(**{f"{column}__in": wanted}).values_list(column, "id")
        for digest, owner in rows[:200]:
            held.setdefault(bytes(digest), set()).add(owner)
    own = {bytes(digest) for digest, owners in held.items() if party_id in owners}
    return [
        number for number, digest in digests.items() if digest and bytes(digest) in held and bytes(digest) not in own
    ]
