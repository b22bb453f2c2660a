"""What the closing review probably codes: as the latest closed case of the same category, and what was kept as evidence."""

from typing import Any

from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.revisit.models import Closure
from bihuan.revisit.review import EVIDENCE_KINDS, LOSS_OF, Review

LOOK_BACK = 20_000
"""So many cases back."""


def like_it(case: Case) -> Review | None:
    """A review to begin with, to be checked by whoever closes; None where nothing like it was closed. Three statements."""
    if case.category_id is None:
        return None
    alike = Case.objects.filter(pk__gt=case.pk - LOOK_BACK, category_id=case.category_id, cause_id__isnull=False)
    last = alike.order_by("-id").values_list("id", "cause_id").first()
    node = catalog.current().nodes.get(last[1] or 0) if last else None
    if last is None or node is None:
        return None
    row = Closure.objects.filter(case_id=last[0]).order_by("-id").first()
    kinds = _kept(case) or (row.evidence_kinds if row else [])
    if row is not None and (row.value_cause or row.system_cause or row.people_cause):
        return Review(node.code, kinds, row.value_cause, row.system_cause, row.people_cause)
    loss = LOSS_OF.get(node.code[:1], "")
    return Review(node.code, kinds, loss == "value", loss == "system", loss == "people")


def _kept(case: Case) -> list[str]:
    """Evidence kinds of the files kept with the case."""
    kept = CaseEvent.objects.filter(case_id=case.id, kind="evidence_added").values_list("payload__kind", flat=True)
    found = {"signalling" if kind == "network_log" else kind for kind in kept}
    return [kind for kind in EVIDENCE_KINDS if kind in found]


def as_form(guess: Review) -> dict[str, Any]:
    """As the fields of a form begin."""
    return {name: value for name, value in guess.plain().items() if name != "proof"}
