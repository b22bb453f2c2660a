"""What was typed into a search field: numbers of persons, which must not stand in addresses, and how long it may take.

Words are found by `bihuan.knowledge.search`; a list with further conditions may still have to walk many cases, and gives
up after a while with the advice to narrow it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from bihuan.customers import parts
from bihuan.kernel.errors import RuleError

SECONDS = 4.0
_PERSONAL = re.compile(r"^\+?[\d\s\-－()（）xX*＊.…·]{7,25}$")


def looks_personal(typed: str) -> bool:
    """True for what may be a telephone, account or identity number, or one told in part (`139*5678`)."""
    digits = sum(char.isdigit() for char in typed)
    part = parts.read(typed)
    return bool(_PERSONAL.match(typed)) and digits >= 7 or bool(part and part.start)


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
