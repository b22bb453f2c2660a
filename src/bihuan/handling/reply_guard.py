"""What must never leave the house: a reply that holds another customer's data."""

from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.customers import actions as customers
from bihuan.customers.blotting import others_in
from bihuan.kernel.errors import RuleError
from bihuan.text import reply_check
from bihuan.text.reply_check import Finding


def findings(case: Case, text: str, *, final: bool = True, solution: str = "", handler: str = "") -> list[Finding]:
    """Everything to be said about this reply for this case: refusals first, then what to add."""
    numbers = reply_check.numbers_in(text)
    return reply_check.check(
        text, final=final, solution=solution, handler=handler, own_tokens=customers.tokens_of(case.party_id),
        foreign=others_in(case.party_id, numbers) if numbers else (),
    )  # fmt: skip


def refuse_others_data(case: Case, text: str) -> None:
    """Raises `RuleError` for a number or token of somebody else; everything else is advice and lets the reply go."""
    for one in findings(case, text, final=False):
        if one.hard:
            raise RuleError(
                f"reply.{one.code}", _("%(what)s（%(shown)s）") % {"what": one.message, "shown": "、".join(one.shown)},
                field="text",
            )  # fmt: skip
