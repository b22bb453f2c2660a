"""What a closed case has to tell everyone: complaint, cause, answer and solution, without whose it was."""

from bihuan.cases import lexicon
from bihuan.cases.models import Case, CaseEvent
from bihuan.catalog import snapshot as catalog
from bihuan.customers.blotting import without_own
from bihuan.knowledge import rules
from bihuan.knowledge.rules import Told


def drawn_from(case: Case) -> Told:
    """Title, text and classes of the typical case. No number, name, address or account of a person survives."""
    held = catalog.current()
    events = list(CaseEvent.objects.filter(case_id=case.id).order_by("seq"))
    replies = [event.payload for event in events if event.kind == "replied"]
    last = replies[-1] if replies else {}
    cause = held.nodes.get(case.cause_id or 0)
    category = held.nodes.get(case.category_id or 0)
    parts = [
        ("客户反映", case.content),
        ("客户诉求", case.demand),
        ("查明原因", " / ".join(cause.names) if cause else ""),
        ("答复客户", str(last.get("text", ""))),
        ("解决办法", str(last.get("solution", ""))),
    ]
    names = _staff_names(case, events)
    told = [f"【{name}】\n{_cleaned(case, text, names)}" for name, text in parts if text]
    title = f"{category.name if category else '投诉'}：{cause.name if cause else '处理经过'}"
    product = held.nodes.get(case.product_id or 0)
    return Told(
        title[: rules.MOST_TITLE], "\n\n".join(told)[: rules.MOST_BODY],
        categories=[category.code] if category else [], products=[product.code] if product else [],
        note="由已结投诉整理",
    )  # fmt: skip


def _cleaned(case: Case, text: str, names: set[str]) -> str:
    return rules.without_person(without_own(case.party_id, text), names)


def _staff_names(case: Case, events: list[CaseEvent]) -> set[str]:
    people = lexicon.current().staff
    ids = {case.registered_by_id, case.handler_id, *(event.actor_id for event in events)}
    return {people[one].name for one in ids if one in people}
