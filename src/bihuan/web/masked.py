"""Stored text as it is shown: vault tokens replaced by the masks of the case's party."""

from collections.abc import Mapping

from bihuan.kernel import phrases
from bihuan.text.personal import TOKEN


def masked_text(text: str, masks: Mapping[str, str]) -> str:
    """The text with each token as its mask; a token without one (a shredded record) as `[…]`. What the platform wrote is
    said in the reader's language."""
    text = phrases.read(text)
    if "⟦" not in text:
        return text
    return TOKEN.sub(lambda found: masks.get(found.group(0), "[…]"), text)
