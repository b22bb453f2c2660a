"""Evidence over the API: keep a file, list the files of a complaint, read one back. Handlers."""

from urllib.parse import quote

from bihuan.api.v1.operation import Answer, Call
from bihuan.api.v1.rendering import Names, evidence_out, masked, summary
from bihuan.api.v1.shapes import EvidenceKept, EvidenceList
from bihuan.api.v1.steps import held
from bihuan.cases.access import access_case
from bihuan.cases.actions import Doer
from bihuan.customers import queries as customers
from bihuan.flow import originals
from bihuan.handling import evidence
from bihuan.identity import audit, roles

MOST_BODY = 8 * 1024 * 1024


def keep(call: Call) -> Answer:
    """`POST …/evidence`."""
    case = held(call, roles.HANDLE, together=True)
    told = call.body
    kept, _event = evidence.keep(case, Doer.of(call.viewer), told.kind, told.name, told.content)
    masks = customers.masks_of([case.party_id]).get(case.party_id, {})
    shown = evidence_out(case, kept, Names(), masks)
    return Answer(
        EvidenceKept(evidence=shown, complaint=summary(case)), {"Location": shown.href, "ETag": f'"{case.version}"'}
    )


def listing(call: Call) -> Answer:
    """`GET …/evidence`: what there is, without the contents."""
    case = access_case(call.viewer, call.places["number"])
    masks = customers.masks_of([case.party_id]).get(case.party_id, {})
    names = Names()
    return Answer(EvidenceList(items=[evidence_out(case, kept, names, masks) for kept in evidence.of_case(case.id)]))


def content(call: Call) -> Answer:
    """`GET …/evidence/{id}`: the file itself. It shows personal data unmasked, so it takes who works with the case, is asked for
    help with it or may reveal, and every reading is in the audit log."""
    case = access_case(call.viewer, call.places["number"])
    originals.check(call.viewer, case)
    kept = evidence.find(case.id, int(call.places["id"]))
    found = evidence.content_of(kept)
    audit.record(
        "reveal",
        actor_id=call.viewer.staff_id,
        actor_name=call.viewer.name,
        subject=case.number,
        address=call.address,
        detail={"evidence": kept.id, "sha256": bytes(kept.digest).hex(), "token": call.viewer.token_id},
    )
    masks = customers.masks_of([case.party_id]).get(case.party_id, {})
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(masked(kept.name, masks))}",
        "X-Content-SHA256": bytes(kept.digest).hex(),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Answer(found, headers, kept.media_type)
