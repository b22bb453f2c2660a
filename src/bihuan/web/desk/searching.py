"""Words in complaint texts: the pairs of neighbouring characters narrow by the index, the words themselves decide."""

import re
from typing import Any

from django.db.models import F, Func, TextField, Value
from django.db.models.lookups import Contains

from bihuan.text import bigrams

_PERSONAL = re.compile(r"^\+?[\d\s\-－()（）xX]{7,25}$")


def looks_personal(typed: str) -> bool:
    """True for what may be a telephone, account or identity number."""
    return bool(_PERSONAL.match(typed)) and sum(char.isdigit() for char in typed) >= 7


def having(found: Any, words: str) -> Any:
    """Cases whose text holds every one of the words, wherever it stands."""
    for word in words.split()[:8]:
        found = found.filter(content__contains=word)
    return found


__all__ = ["F", "Func", "TextField", "Value", "Contains", "bigrams", "having", "looks_personal"]
