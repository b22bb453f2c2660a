"""Cases as another system recorded them, for counting: only moments, never outcomes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.intake.actions import Draft, register
from bihuan.intake.schema import ComplaintIn, Customer, Past, Registered

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
IMPORT = Doer(None, None, "import")


def local(*parts: int) -> datetime:
    """A moment on the operator's clock."""
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[arg-type, misc]


def batches(drafts: Iterable[Draft], size: int = 1000) -> Iterator[list[Draft]]:
    """The drafts in lists of at most `size`."""
    source = iter(drafts)
    while batch := list(islice(source, size)):
        yield batch


def register_all(drafts: Iterable[Draft]) -> list[Case]:
    """Register; every one must be taken."""
    answers = [answer for batch in batches(drafts) for answer in register(batch)]
    refused = [answer for answer in answers if not isinstance(answer, Registered)]
    assert not refused, refused[0]
    found = {case.number: case for case in Case.objects.filter(number__in=[a.number for a in answers])}  # type: ignore[union-attr]
    return [found[answer.number] for answer in answers]  # type: ignore[union-attr]


def finished(registered: datetime, *, hours: float = 5, limit: float | None = 48, **told: Any) -> Draft:
    """A finished order: closed `hours` after it was registered, to be ended within `limit` hours. `told` replaces the
    moments of `Past` and the fields of the complaint; `passed` says after how many hours it was passed on."""
    passed = told.pop("passed", None)
    past = {
        "registered_at": registered,
        "dispatched_at": registered + passed * HOUR if passed is not None else None,
        "replied_at": registered + hours * HOUR / 2,
        "revisited_at": registered + hours * HOUR * 0.9,
        "closed_at": registered + hours * HOUR,
        "due_at": registered + limit * HOUR if limit is not None else None,
        "satisfaction": 3,
    }
    past.update({name: told.pop(name) for name in list(told) if name in Past.__struct_fields__})
    fields = {
        "channel": "hotline",
        "content": "宽带断断续续，要求尽快修好。",
        "customer": Customer(phone="13912345678"),
        "area": "320412",
        "category": "N0101",
    }
    return Draft(ComplaintIn(**{**fields, **told}), IMPORT, past=Past(**past))
