"""Lists page by page along a key: going on behind the last row costs the same on the thousandth page as on the first."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import DateField, DateTimeField, Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError

Row = TypeVar("Row", bound=Model)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def page(rows: "QuerySet[Row]", order: Sequence[str], size: int, after: str = "") -> tuple[list[Row], str]:
    """At most `size` rows behind the key `after` (empty: from the top), and the key of the next page (empty: the last).

    `order` names columns of the model that are never empty, the last one unique; `-` in front: downwards. `RuleError` on
    `after` for a key no page gave out.
    """
    fields = [(name.lstrip("-"), name.startswith("-")) for name in order]
    if after:
        rows = rows.filter(_behind(rows.model, fields, after))
    found = list(rows.order_by(*order)[: size + 1])
    if len(found) <= size:
        return found, ""
    last = found[size - 1]
    return found[:size], "_".join(_told(getattr(last, name)) for name, _down in fields)


def _behind(model: type[Model], fields: Sequence[tuple[str, bool]], after: str) -> Q:
    """Rows that come later: equal in the first columns and behind in the next one."""
    told = after.split("_")
    try:
        if len(told) != len(fields):
            raise ValueError(after)
        values = [_read(model._meta.get_field(name), text) for (name, _down), text in zip(fields, told, strict=True)]
    except (ValueError, OverflowError):
        raise RuleError("after.malformed", _("after 不是上一页给出的值，请从第一页重新开始。"), field="after") from None
    found, equal = Q(pk__in=[]), Q()
    for (name, down), value in zip(fields, values, strict=True):
        found |= equal & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
        equal &= Q(**{name: value})
    return found


def _told(value: Any) -> str:
    """Without a sign that an address would have to escape."""
    if isinstance(value, datetime):
        return str((value - _EPOCH) // timedelta(microseconds=1))
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(field: Any, text: str) -> Any:
    if not isinstance(field, Field) or len(text) > 24 or not text.isascii():
        raise ValueError(text)
    if isinstance(field, DateTimeField):
        return _EPOCH + timedelta(microseconds=int(text))
    if isinstance(field, DateField):
        return date.fromisoformat(text)
    number = int(text)
    if abs(number) >= 2**63:
        raise ValueError(text)
    return number
