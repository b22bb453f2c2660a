"""Finding complaints: the list by conditions, and the search by a person's numbers. Handlers."""

import base64
import binascii
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bihuan.api.v1.inputs import Page, Search
from bihuan.api.v1.operation import BASE, Answer, Call
from bihuan.api.v1.rendering import summaries
from bihuan.api.v1.shapes import CaseList
from bihuan.cases import filters, numbered
from bihuan.cases.access import visible
from bihuan.cases.chain import microseconds
from bihuan.cases.filters import Filter
from bihuan.cases.models import Anchor, Case, CaseEvent
from bihuan.cases.numbers import tidy
from bihuan.catalog import snapshot as catalog
from bihuan.customers import parts
from bihuan.customers import queries as customers
from bihuan.kernel.errors import RuleError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SLACK = timedelta(minutes=5)
MOST_PARTIES = 200
_TREES = {"category": "phenomenon", "dispute": "dispute", "product": "product", "cause": "cause"}


def listing(call: Call) -> Answer:
    """`GET /complaints`."""
    wanted: Page = call.query
    page, after = _page(_chosen(visible(call.viewer), wanted, call.filters), wanted)
    following = f"{BASE}/complaints?{_address(wanted, call.filters, after)}" if after else None
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return Answer(CaseList(items=summaries(page), next=following, after=after), headers)


def search(call: Call) -> Answer:
    """`POST /complaints/search`: the same, and by numbers that must not stand in an address."""
    wanted: Search = call.body
    given = [(name, [keys] if isinstance(keys, str) else keys) for name, keys in wanted.filters.items()]
    found = _chosen(visible(call.viewer), wanted, shared(given))
    if wanted.phone:
        found = found.filter(pk__in=customers.parties_with_number(wanted.phone, MOST_PARTIES))
    if wanted.phone_part:
        found = found.filter(pk__in=_in_part(call, wanted.phone_part))
    if wanted.identity_number:
        found = found.filter(pk__in=customers.parties_with_identity(wanted.identity_number, MOST_PARTIES))
    page, after = _page(found, wanted)
    return Answer(CaseList(items=summaries(page), next=None, after=after))


def _in_part(call: Call, typed: str) -> list[int]:
    part = parts.read(typed)
    if part is None:
        raise RuleError(
            "number.short", _("请输入至少末四位（如 5678），或开头加末尾（如 139*5678）。"), field="phone_part"
        )
    return numbered.by_part(call.viewer, part, call.address)


def shared(given: Iterable[tuple[str, list[str]]]) -> Filter:
    """The conditions all lists share. A tree code of any level may stand under the tree's plain name."""
    pairs = [(_levelled(name, key), key) for name, keys in given for key in keys]
    return filters.parse(pairs, strict=True)


def _levelled(name: str, key: str) -> str:
    """`category` for a first-level code, `category3` for one of the third: the facet that knows it."""
    node = catalog.current().node(_TREES[name], key) if name in _TREES else None
    return f"{name}{node.level}" if node is not None and node.level > 1 else name


def _address(wanted: Page, chosen: Filter, after: str) -> str:
    """The same conditions as an address, going on behind `after`."""
    told = msgspec.to_builtins(wanted)
    usual = msgspec.to_builtins(Page())
    changed = {name: value for name, value in told.items() if value != usual[name]} | {"after": after}
    return urlencode([*chosen.pairs, *changed.items()])


def _chosen(query: QuerySet[Case], wanted: Page, chosen: Filter) -> QuerySet[Case]:
    """All conditions put into the query."""
    if wanted.number:
        query = query.filter(number=tidy(wanted.number))
    if wanted.source_number:
        query = query.filter(source_number=wanted.source_number)
    if wanted.registered_from:
        query = query.filter(registered_at__gte=wanted.registered_from)
    if wanted.registered_to:
        query = query.filter(registered_at__lt=wanted.registered_to)
    if wanted.updated_from:
        query = query.filter(pk__in=_touched_since(wanted.updated_from))
    return query.filter(chosen.q()) if chosen.pairs else query


def _touched_since(moment: datetime) -> QuerySet[CaseEvent, int]:
    """Cases with an event recorded since then. The anchors lead to the place in the global sequence where to begin."""
    sealed = Anchor.objects.filter(made_at__lte=moment - _SLACK).order_by("-id").values_list("last_event", flat=True)
    return CaseEvent.objects.filter(id__gt=sealed.first() or 0, recorded_at__gte=moment).values_list(
        "case_id", flat=True
    )


def _page(query: QuerySet[Case], wanted: Page) -> tuple[list[Case], str | None]:
    """One page in order of registration, and the key of the next one."""
    newest = wanted.order == "newest"
    if wanted.after:
        at, number = read_key(wanted.after)
        side = "lt" if newest else "gt"
        query = query.filter(
            Q(**{f"registered_at__{side}": at}) | Q(registered_at=at, **{f"id__{side}": number}),
            **{f"registered_at__{side}e": at},
        )
    ordered = query.order_by("-registered_at", "-id") if newest else query.order_by("registered_at", "id")
    found = list(ordered[: wanted.limit + 1])
    page = found[: wanted.limit]
    return page, _key(page[-1]) if len(found) > wanted.limit else None


def _key(case: Case) -> str:
    return key_of(case.registered_at, case.id)


def key_of(at: datetime, ident: int) -> str:
    """The place in the order of registration, as `after` carries it."""
    told = f"{microseconds(at)}.{ident}"
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_key(key: str) -> tuple[datetime, int]:
    """The inverse; `RuleError` on `after` for anything else."""
    try:
        padded = key.encode("ascii") + b"=" * (-len(key) % 4)
        gone, number = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split(".")
        moment, case_id = _EPOCH + timedelta(microseconds=int(gone)), int(number)
    except (ValueError, OverflowError, binascii.Error):
        moment, case_id = _EPOCH, -1
    if not 0 < case_id < 2**63:
        raise RuleError("after.malformed", _("after 不是上一页 next 给出的值，请从第一页重新开始。"), field="after")
    return moment, case_id
