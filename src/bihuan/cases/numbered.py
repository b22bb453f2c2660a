"""Cases by a telephone, account or identity number of their customer, whole or in part."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases.models import Case
from bihuan.customers import parts
from bihuan.customers import queries as customers
from bihuan.identity import audit, roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel.errors import RuleError

SHOWN = 50
MOST_WHOLE = 200
MOST_OPENED = 2000
"""Records compared for one question, at most."""


@dataclass(frozen=True)
class Numbered:
    """The newest cases in reach, newest first, and how many there are; `part` when only a part of a number was told."""

    cases: list[Case]
    count: int
    part: bool = False


def may_ask_in_part(viewer: Viewer) -> bool:
    """Parts of numbers are for those whose work brings them to the customer's own number anyway."""
    return viewer.can(roles.REVEAL)


def find(viewer: Viewer, typed: str, address: str = "") -> Numbered:
    """By the whole number; where no case in reach has it, by its part (see `customers.parts`).

    Raises `RuleError` on `number` for what is too short, or for a part told by who may not ask so.
    """
    whole = customers.parties_with_number(typed, MOST_WHOLE) or customers.parties_with_identity(typed, MOST_WHOLE)
    found = _visible(viewer, whole)
    if found:
        return Numbered(newest(found), len(found))
    part = parts.read(typed)
    if part is None and 0 < sum(mark.isdigit() for mark in typed) < parts.LEAST:
        raise RuleError("number.short", _("请输入完整号码，或至少末四位。"), field="number")
    if part is None or (part.may_be_whole and not may_ask_in_part(viewer)):
        return Numbered([], 0)
    found = by_part(viewer, part, address)
    return Numbered(newest(found), len(found), part=True)


def by_part(viewer: Viewer, part: parts.Part, address: str = "") -> list[int]:
    """Cases in reach whose customer has such a number, newest first. What masks do not show is compared with the opened
    records, which the audit log notes without the digits."""
    if not may_ask_in_part(viewer):
        text = _("按号码的一部分查，只对要联系客户的岗位开放；请输入完整号码。")
        raise RuleError("number.part", text, field="number", status=403)
    found = _visible(viewer, parts.ending(part))
    if part.masked:
        return found
    if len(found) > MOST_OPENED:
        raise RuleError("number.common", _("末四位相同的工单太多，请输入完整号码。"), field="number")
    fitting = list(parts.fitting(found, part))
    audit.record(
        "number_part", actor_id=viewer.staff_id, actor_name=viewer.name, address=address,
        detail={"digits": len(part.start + part.end), "compared": len(found), "found": len(fitting)},
    )  # fmt: skip
    return fitting


def _visible(viewer: Viewer, party_ids: list[int]) -> list[int]:
    """Those in reach, newest first. A case has the id of its customer's record."""
    if not party_ids:
        return []
    return list(access.visible(viewer).filter(pk__in=party_ids).order_by("-id").values_list("id", flat=True))


def newest(ids: list[int]) -> list[Case]:
    """The first of these cases, in their order."""
    found = Case.objects.in_bulk(ids[:SHOWN])
    return [found[ident] for ident in ids[:SHOWN]]
