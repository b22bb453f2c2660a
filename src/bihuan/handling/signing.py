"""The customer signs on the screen of a device: what she signs stands above, and both are kept as one."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.cases import chain
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.handling import evidence
from bihuan.handling.models import Evidence, Reply, Signature, SigningText
from bihuan.handling.pack_format import canonical
from bihuan.identity.models import Staff, Unit
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.kernel.history import edited_by
from bihuan.sla import steps
from bihuan.text.clean import clean
from bihuan.text.vaulted import vaulted

SPOTS: tuple[str, ...] = ("编号", "登记日期", "投诉内容", "答复", "处理人", "部门", "日期", "内容")
TEXTS: Mapping[str, str] = {
    "work": """服务完成确认单（投诉 {编号}）
您于 {登记日期} 反映：{投诉内容}
{部门} {处理人} 于 {日期} 完成下列工作：
{内容}
我确认上述工作已经完成，现场已恢复整洁，服务人员未收取任何未告知的费用。""",
    "settlement": """投诉处理协议（投诉 {编号}）
双方就客户于 {登记日期} 反映的问题协商一致：
{内容}
上述内容履行后，双方就本次投诉不再有其他争议。客户保留依法投诉和申诉的权利。
{部门} {处理人} {日期}""",
}
SIGNERS = ("customer", "relative")
MOST_PICTURE = 512 * 1024
LEAST_SIDE, MOST_SIDE = 100, 2400
_SPOT = re.compile(r"\{([^{}\n]{1,20})\}")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Place:
    """Where it was signed: degrees of WGS 84 and metres of accuracy."""

    lat: float
    lon: float
    accuracy: float

    def __str__(self) -> str:
        return f"{self.lat:.5f}, {self.lon:.5f} ±{min(self.accuracy, 99_999):.0f} m"


def template(kind: str) -> str:
    """The words in force for this kind; the shipped ones where none were edited."""
    held = SigningText.objects.filter(kind=kind).values_list("text", flat=True).first()
    return held or TEXTS[kind]


def edit_template(kind: str, text: str, by: int | None) -> None:
    """Change what is signed from now on. `RuleError` naming `text` for an unknown placeholder, or without `{内容}`."""
    said = clean(text, 5000, "text", multiline=True)
    strange = [name for name in _SPOT.findall(said) if name not in SPOTS]
    if strange:
        every = "、".join(f"{{{name}}}" for name in SPOTS)
        raise RuleError(
            "signing.placeholder", _("没有占位符 {%(name)s}；可用：%(all)s。") % {"name": strange[0], "all": every},
            field="text",
        )  # fmt: skip
    if kind not in TEXTS or "{内容}" not in said:
        raise RuleError("signing.text", _("请保留 {内容}：它是这一次要客户确认的事项。"), field="text")
    with edited_by(by):
        SigningText.objects.update_or_create(kind=kind, defaults={"text": said})


def words(case: Case, doer: Doer, kind: str, details: str) -> str:
    """What stands above the signature, `details` as they were written. `RuleError` naming `kind` or `details`."""
    if kind not in TEXTS:
        raise RuleError("signing.kind", _("请选择要客户签署的内容。"), field="kind")
    said = clean(details, 2000, "details", multiline=True)
    if not said:
        raise RuleError("signing.details", _("请写明完成了什么，或双方约定了什么。"), field="details")
    reply = (
        Reply.objects.filter(case_id=case.id, final=True).order_by("-id").values_list("text", flat=True).first() or ""
    )
    facts = {
        "编号": case.number, "登记日期": _day(case.registered_at), "投诉内容": case.content, "答复": reply,
        "处理人": Staff.objects.filter(pk=doer.staff_id or 0).values_list("name", flat=True).first() or "",
        "部门": Unit.objects.filter(pk=doer.unit_id or 0).values_list("name", flat=True).first() or "",
        "日期": _day(clock.now()), "内容": said,
    }  # fmt: skip
    return _SPOT.sub(lambda spot: facts.get(spot[1], ""), template(kind))


def _day(moment: datetime) -> str:
    day = timezone.localtime(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def digest_of_words(text: str) -> str:
    """What the page carries along, so that she signs what she was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def sign(
    case: Case, doer: Doer, kind: str, details: str, picture: bytes, *, signer: str = "customer",
    place: Place | None = None, shown: str = "",
) -> Signature:  # fmt: skip
    """Keep a signature on a locked, open case: a PNG of at most 512 KB. `shown` is the digest of the words as they stood on
    the screen; others than those are a `Conflict`. Raises `RuleError` naming `kind`, `details`, `signer` or `picture`."""
    if shown and shown != digest_of_words(words(case, doer, kind, details)):
        raise Conflict("signing.changed", _("要签署的文字有变动，请重新打开后再签。"))
    if signer not in SIGNERS:
        raise RuleError("signing.signer", _("请选择由谁签名。"), field="signer")
    _check_picture(picture)
    text = words(case, doer, kind, vaulted(case.party_id, details, 2000, "details"))
    name = f"{Signature.Kind(kind).label}-{_('签名')}.png"
    kept, _seq = evidence.keep(case, doer, "document", name, picture)
    moment = clock.now()
    where = str(place) if place else ""
    digest = bytes.fromhex(digest_of(text, bytes(kept.digest), moment, where, signer))
    made = Signature.objects.create(
        case_id=case.id, at=moment, by_id=doer.staff_id, kind=kind, text=text, signer=signer, place=where, evidence=kept,
        digest=digest,
    )  # fmt: skip
    payload = {
        "signature": made.pk, "signed": kind, "signer": signer, "place": where, "evidence": kept.pk,
        "text": text, "digest": digest.hex(),
    }  # fmt: skip
    steps.take(case, "signed", doer, at=moment, payload=payload)
    return made


def digest_of(text: str, picture: bytes, at: datetime, place: str, signer: str) -> str:
    """SHA-256 over words, the picture's SHA-256, moment, place and who signed."""
    told: dict[str, Any] = {
        "text": text, "picture": picture.hex(), "at": chain.microseconds(at), "place": place, "signer": signer,
    }  # fmt: skip
    return hashlib.sha256(canonical(told)).hexdigest()


def holds(one: Signature) -> bool:
    """Whether words, picture, time and place are still those that were signed."""
    genuine = digest_of(one.text, bytes(one.evidence.digest), one.at, one.place, one.signer)
    return bytes(one.digest).hex() == genuine and one.evidence.scan != Evidence.Scan.INFECTED


def of_case(case_id: int) -> list[Signature]:
    """Signatures on a case, newest first, each with its picture's row."""
    return list(Signature.objects.filter(case_id=case_id).select_related("evidence"))


def _check_picture(picture: bytes) -> None:
    """A PNG drawn on a screen: its header says how large it is."""
    width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    fits = LEAST_SIDE <= width <= MOST_SIDE and LEAST_SIDE <= height <= MOST_SIDE
    if not picture.startswith(_PNG) or picture[12:16] != b"IHDR" or len(picture) > MOST_PICTURE or not fits:
        raise RuleError("signing.picture", _("没有收到签名，请在框内重新签名。"), field="picture")
