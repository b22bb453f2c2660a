"""Evidence packs: asked for on a case, built aside, kept sealed for a week, taken away by who may."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from bihuan.cases import access
from bihuan.cases import actions as cases
from bihuan.cases.actions import Doer
from bihuan.cases.models import Case
from bihuan.customers.actions import PURPOSES
from bihuan.handling.models import Evidence, Pack
from bihuan.handling.pack_writing import Contents, write
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.kernel import clock, crypto, sealed_files
from bihuan.kernel.errors import Conflict, Forbidden, NotFound, RuleError

KEPT = timedelta(days=7)
AT_ONCE = 4 * 1024 * 1024
"""Bytes of files up to which a pack is built while one waits; larger ones are built by the jobs process."""


@transaction.atomic
def ask(case: Case, viewer: Viewer, purpose: str, *, plain: bool = False) -> Pack:
    """Note on a locked case that its evidence is taken out, and for what; the pack itself is built afterwards.

    Masked without originals for who may export only; originals go along for who may open them one by one. Plain words
    take the right to reveal. Raises `RuleError` naming `purpose`, `Forbidden`.
    """
    if purpose not in PURPOSES:
        raise RuleError("pack.purpose", _("请选择证据包的用途。"), field="purpose")
    if plain and not access.may(viewer, case, roles.REVEAL):
        raise Forbidden(roles.REVEAL, _("您没有查看明文的权限，只能导出脱敏的证据包。"))
    pack = Pack.objects.create(
        case_id=case.id, asked_at=clock.now(), asked_by_id=viewer.staff_id, purpose=purpose, plain=plain,
        originals=may_read_originals(viewer, case),
    )  # fmt: skip
    payload = {"pack": pack.pk, "purpose": purpose, "plain": plain, "originals": pack.originals}
    cases.append(case, "packed", Doer.of(viewer), payload=payload)
    return pack


def may_read_originals(viewer: Viewer, case: Case) -> bool:
    """Originals show what no mask covers: they are for whoever works with the case or may reveal."""
    return access.may(viewer, case, roles.HANDLE) or access.may(viewer, case, roles.REVEAL)


def small(pack: Pack) -> bool:
    """Whether it is built quickly enough to wait for."""
    held = Evidence.objects.filter(case_id=pack.case_id).aggregate(size=Sum("size"))["size"] or 0
    return not pack.originals or held <= AT_ONCE


def build(pack: Pack, case: Case, contents: Contents) -> None:
    """Write the file and note its size and digest. Building twice gives a pack with the same contents."""
    moment = clock.now()
    with sealed_files.SealedWriter(_path(pack), _place(pack)) as out:
        size, digest = write(pack, case, contents, out.write, moment)
    pack.state, pack.size, pack.digest = Pack.State.READY, size, digest
    pack.made_at, pack.expires_at = moment, moment + KEPT
    pack.save()


def failed(pack: Pack) -> None:
    """Note that it could not be built."""
    Pack.objects.filter(pk=pack.pk, state=Pack.State.WAITING).update(state=Pack.State.FAILED)


def of_case(case_id: int) -> list[Pack]:
    """All packs of a case, newest first."""
    return list(Pack.objects.filter(case_id=case_id))


def access_pack(viewer: Viewer, case: Case, pack_id: int) -> Pack:
    """A pack of this case for taking away: it takes what asking for the same would take."""
    pack = Pack.objects.filter(case_id=case.id, pk=pack_id).first()
    if pack is None:
        raise NotFound("pack")
    allowed = access.may(viewer, case, roles.EXPORT)
    if pack.originals:
        allowed = allowed and may_read_originals(viewer, case)
    if pack.plain:
        allowed = allowed and access.may(viewer, case, roles.REVEAL)
    if not allowed:
        raise Forbidden("pack.read", _("这个证据包含原件或明文，您没有相应权限。"))
    return pack


def content(pack: Pack) -> Iterator[bytes]:
    """The file, a piece at a time; `Conflict` while it is being built or when it is no longer kept."""
    if pack.state != Pack.State.READY:
        raise Conflict("pack.not_ready", _("证据包还没有生成，或已过期，请重新导出。"))
    try:
        first = next(pieces := sealed_files.read(_path(pack), _place(pack)))
    except (crypto.Unreadable, StopIteration):
        raise Conflict("pack.not_ready", _("证据包还没有生成，或已过期，请重新导出。")) from None
    return _all(first, pieces)


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def tidy() -> int:
    """Drop the files of packs whose week is over; for the schedule. Answers how many."""
    return _dropped(list(Pack.objects.filter(state=Pack.State.READY, expires_at__lt=clock.now())[:200]))


def remove(case_ids: Collection[int]) -> int:
    """Drop every pack of these cases at once, being built or ready; rows and digests stay. Answers how many."""
    kept = (Pack.State.READY, Pack.State.WAITING)
    return _dropped(list(Pack.objects.filter(case_id__in=case_ids, state__in=kept)))


def _dropped(over: Sequence[Pack]) -> int:
    for pack in over:
        transaction.on_commit(partial(_path(pack).unlink, missing_ok=True))
        Pack.objects.filter(pk=pack.pk).update(state=Pack.State.GONE)
    return len(over)


def _path(pack: Pack) -> Path:
    return Path(settings.EVIDENCE_DIR) / "packs" / f"{pack.pk}.sealed"


def _place(pack: Pack) -> bytes:
    return b"pack:%d" % pack.pk
