"""Words in complaint texts, found anywhere in them.

Without an index: an index over pairs of characters made writing a complaint several times as dear (measured: 0.16 ms a
row without, 0.6 to 1.0 ms with one), which intake would have to bear. A search therefore walks the cases of the reader's
reach, newest first, and gives up after a while with the advice to narrow it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from bihuan.kernel.errors import RuleError

SECONDS = 4.0
MOST_WORDS = 8
_PERSONAL = re.compile(r"^\+?[\d\s\-－()（）xX]{7,25}$")


def looks_personal(typed: str) -> bool:
    """True for what may be a telephone, account or identity number."""
    return bool(_PERSONAL.match(typed)) and sum(char.isdigit() for char in typed) >= 7


def having(found: Any, words: str) -> Any:
    """Cases whose text holds every one of the words, wherever it stands."""
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(content__contains=word)
    return found


@contextmanager
def patience() -> Iterator[None]:
    """Each of the block's statements may take `SECONDS`; `RuleError` with advice when one would take longer."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{SECONDS * 1000:.0f}ms"])
            yield
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise RuleError("search.too_broad", _("要查的范围太大，请加上日期、地区或状态再查。"), field="q") from error
