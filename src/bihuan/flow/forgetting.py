"""A customer is forgotten (依法删除): everything that leads to her goes, in all rooms; what proves the work stays."""

from collections.abc import Sequence

from django.db import transaction

from bihuan.cases.actions import SYSTEM
from bihuan.cases.models import Case
from bihuan.customers import actions as customers
from bihuan.handling import confirming, evidence, packs
from bihuan.handling.models import CallerCheck, Recording
from bihuan.kernel.models import Message
from bihuan.revisit.models import Care, Interview, Survey

WORDS = {
    "files": "evidence files, previews and signatures' pictures",
    "packs": "evidence packs",
    "recordings": "links to call recordings",
    "ratings": "free words of ratings",
    "interviews": "interview answers",
    "notes": "notes of care calls and caller checks",
    "messages": "messages",
    "waits": "waits for a written answer's confirmation",
}
"""What is removed besides the sealed record, as the command tells it."""


def also_hers(case: Case) -> list[Case]:
    """Other complaints under the same number or identity that still lead to her, the oldest first."""
    ids = customers.records_of_same_person(case.party_id)
    return list(Case.objects.filter(party_id__in=ids).exclude(pk=case.pk).order_by("id"))


@transaction.atomic
def forget(cases: Sequence[Case]) -> dict[str, int]:
    """Delete for good what leads to the customer of these cases; answers how many of each (`WORDS`, and `records`).

    What waits for her ends: nobody can ask her any more, and the case may be closed as one whose customer is unreachable.
    Events, figures, digests of files and packs stay, so that every chain and pack still verifies.
    """
    ids = [case.id for case in cases]
    told = {
        "messages": Message.objects.filter(recipient_id__in=[case.party_id for case in cases])
        .exclude(body=b"")
        .count(),
        "records": sum(customers.shred(case.party_id) for case in cases),
        "files": evidence.remove(ids),
        "packs": packs.remove(ids),
        "recordings": Recording.objects.filter(case_id__in=ids).exclude(address="").update(address=""),
        "ratings": Survey.objects.filter(case_id__in=ids).exclude(words="").update(words=""),
        "interviews": Interview.objects.filter(case_id__in=ids).exclude(answers=[]).update(answers=[]),
        "notes": Care.objects.filter(case_id__in=ids).exclude(note="").update(note=""),
    }
    told["notes"] += CallerCheck.objects.filter(case_id__in=ids).exclude(who="", note="").update(who="", note="")
    told["waits"] = sum(confirming.forgotten(one, SYSTEM) is not None for one in _locked(ids))
    return told


def _locked(ids: Sequence[int]) -> list[Case]:
    return list(Case.objects.filter(pk__in=ids).order_by("id").select_for_update())
