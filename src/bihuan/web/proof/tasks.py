"""Packs too large to wait for, built by the jobs process."""

from django.db import transaction
from django.utils import translation

from bihuan.kernel import queue
from bihuan.kernel.errors import RuleError


def build(pack_id: int, language: str) -> None:
    """Build a pack that was asked for; a refusal is noted on it and is no reason to try again."""
    from bihuan.cases.models import Case
    from bihuan.handling import packs
    from bihuan.handling.models import Pack
    from bihuan.web.proof.packing import contents_of

    pack = Pack.objects.filter(pk=pack_id, state=Pack.State.WAITING).first()
    if pack is None:
        return
    try:
        with translation.override(language), transaction.atomic():
            case = Case.objects.get(pk=pack.case_id)
            packs.build(pack, case, contents_of(pack, case))
    except RuleError:
        packs.failed(pack)


build_pack = queue.task("pack.build", attempts=3)(build)
