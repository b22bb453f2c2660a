"""A later text of a case on its way into the store: cleaned, its personal numbers moved into the vault's record."""

from bihuan.customers import actions as customers
from bihuan.text import personal
from bihuan.text.clean import clean


def vaulted(party_id: int, text: str, limit: int, field: str) -> str:
    """The text as it may be stored: at most `limit` characters, numbers of persons as tokens of this party's record."""
    plain = clean(text, limit, field, multiline=True)
    if not plain:
        return ""
    used = customers.tokens_of(party_id)
    cleaned, found = personal.replace(plain, personal.numbering(used), keep=used)
    customers.absorb(party_id, {token: (kind, value) for token, kind, value in found})
    return cleaned
