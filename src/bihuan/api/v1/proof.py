"""Evidence packs over the API: ask for one, list those of a complaint, take one away. Handlers."""

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from bihuan.api.v1.inputs import _In
from bihuan.api.v1.operation import BASE, Answer, Call, Operation
from bihuan.api.v1.rendering import Names
from bihuan.api.v1.steps import held
from bihuan.cases.access import access_case
from bihuan.cases.models import Case
from bihuan.handling import packs
from bihuan.handling.models import Pack
from bihuan.identity import audit, roles
from bihuan.web.proof import packing

Purpose = Literal["contact", "verify", "visit", "correct", "audit"]


class PackAsked(_In, kw_only=True):
    """What the pack is for; `plain` shows personal data unmasked and takes the right to reveal."""

    purpose: Purpose
    plain: bool = False


class PackOut(Struct, kw_only=True):
    """One pack; `sha256` is of the whole file. It can be read while `state` is `ready`; others are `waiting`,
    `failed` and `gone`."""

    id: int
    href: str
    state: str
    purpose: str
    plain: bool
    originals: bool
    size: int | None
    sha256: str | None
    asked_at: datetime
    asked_by: str | None
    expires_at: datetime | None


class PackList(Struct, kw_only=True):
    """Packs of a complaint, newest first."""

    items: list[PackOut]


def _out(case: Case, pack: Pack) -> PackOut:
    return PackOut(
        id=pack.pk, href=f"{BASE}/complaints/{case.number}/packs/{pack.pk}", state=pack.state, purpose=pack.purpose,
        plain=pack.plain, originals=pack.originals, size=pack.size,
        sha256=bytes(pack.digest).hex() if pack.digest else None, asked_at=pack.asked_at,
        asked_by=Names().username(pack.asked_by_id), expires_at=pack.expires_at,
    )  # fmt: skip


def ask(call: Call) -> Answer:
    """`POST …/packs`."""
    case = held(call, roles.EXPORT)
    made = packing.pack(case, call.viewer, call.body.purpose, plain=call.body.plain)
    shown = _out(case, made)
    return Answer(shown, {"Location": shown.href, "ETag": f'"{case.version}"'})


def listing(call: Call) -> Answer:
    """`GET …/packs`."""
    case = access_case(call.viewer, call.places["number"])
    return Answer(PackList(items=[_out(case, one) for one in packs.of_case(case.id)]))


def content(call: Call) -> Answer:
    """`GET …/packs/{id}`: the ZIP, a piece at a time; every reading is in the audit log."""
    case = access_case(call.viewer, call.places["number"])
    pack = packs.access_pack(call.viewer, case, int(call.places["id"]))
    found = packs.content(pack)
    audit.record(
        "export", actor_id=call.viewer.staff_id, actor_name=call.viewer.name, subject=case.number, address=call.address,
        detail={"pack": pack.pk, "plain": pack.plain, "purpose": pack.purpose, "token": call.viewer.token_id},
    )  # fmt: skip
    headers = {
        "Content-Disposition": f'attachment; filename="{case.number}-{pack.pk}.zip"',
        "Content-Length": str(pack.size),
        "X-Content-SHA256": bytes(pack.digest or b"").hex(),
    }
    return Answer(found, headers, "application/zip")


_CASE = "/complaints/{number}"
OPERATIONS = (
    Operation(
        "POST", f"{_CASE}/packs", "makePack", "evidence", _("导出证据包：工单、经过和证据合成一个签名的 ZIP"),
        (roles.EXPORT,), ask, PackOut, body=PackAsked, status=201, of_case=True, example={"purpose": "audit"},
    ),
    Operation(
        "GET", f"{_CASE}/packs", "listPacks", "evidence", _("列出证据包"), (roles.READ,), listing, PackList, of_case=True
    ),
    Operation(
        "GET", f"{_CASE}/packs/{{id}}", "readPack", "evidence", _("下载证据包并登记"), (roles.EXPORT,), content, bytes,
        of_case=True, file=True,
    ),
)  # fmt: skip
