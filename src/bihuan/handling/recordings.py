"""Call recordings that lie in another system: linked from a contact, on allowed hosts only."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from bihuan.handling.models import Recording, RecordingHost
from bihuan.kernel.errors import NotFound, RuleError
from bihuan.kernel.history import edited_by
from bihuan.text.clean import clean

MOST = 500
_ID = re.compile(r"[A-Za-z0-9._\-]{4,80}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.\-]{0,251}[a-z0-9])?(:\d{2,5})?")


def hosts() -> dict[str, str]:
    """{host: address of an id there}, all that are allowed."""
    return dict(RecordingHost.objects.values_list("host", "id_address"))


def address_of(told: str) -> str:
    """The full address of a recording told as an `https` address or as an id; empty for none. `RuleError` naming
    `recording` for a host that is not allowed."""
    said = clean(told, MOST, "recording").strip()
    if not said:
        return ""
    allowed = hosts()
    if _ID.fullmatch(said):
        pattern = next((address for address in allowed.values() if address), "")
        if not pattern:
            raise RuleError("recording.id", _("没有设置录音编号的地址，请填写完整地址。"), field="recording")
        return pattern.replace("{id}", said)
    if not permitted(said, allowed):
        raise RuleError(
            "recording.host",
            _("录音地址要以 https:// 开头，并在允许的录音系统上；如需增加请联系业务管理员。"),
            field="recording",
        )
    return said


def permitted(address: str, allowed: dict[str, str]) -> bool:
    """Whether this is an `https` address on an allowed host, without a user in it."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.lower()
    except ValueError:
        return False
    return parts.scheme == "https" and "@" not in host and host in allowed and not re.search(r"[\s\\<>\"]", address)


def keep(case_id: int, at: datetime, by: int | None, address: str) -> Recording:
    """Link a checked address to a case."""
    return Recording.objects.create(case_id=case_id, at=at, by_id=by, address=address)


def of_case(case_id: int) -> list[Recording]:
    """Recordings of a case, newest first."""
    return list(Recording.objects.filter(case_id=case_id))


def find(case_id: int, ident: int) -> Recording:
    """One of this case, while its host is still allowed; `NotFound` otherwise."""
    one = Recording.objects.filter(case_id=case_id, pk=ident).first()
    if one is None or not permitted(one.address, hosts()):
        raise NotFound("recording")
    return one


def allow(host: str, id_address: str, by: int | None) -> RecordingHost:
    """Allow a host, or change where its ids lie. `RuleError` names `host` or `id_address`."""
    name, pattern = clean(host, 255, "host").strip().lower(), clean(id_address, MOST, "id_address").strip()
    if not _HOST.fullmatch(name) or ".." in name:
        raise RuleError("recording.host_name", _("请写主机名，例如 rec.example.com，不带 https://。"), field="host")
    if pattern and ("{id}" not in pattern or not permitted(pattern.replace("{id}", "0"), {name: ""})):
        raise RuleError(
            "recording.id_address", _("请写这台主机上的 https 地址，用 {id} 表示录音编号。"), field="id_address"
        )
    with edited_by(by):
        return RecordingHost.objects.update_or_create(host=name, defaults={"id_address": pattern})[0]


def refuse(host_id: int, by: int | None) -> None:
    """No longer allow a host: what is linked there is no longer opened."""
    with edited_by(by):
        RecordingHost.objects.filter(pk=host_id).delete()
