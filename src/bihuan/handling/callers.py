"""Whoever complains for somebody else is checked first: without a check that held she gets no data and no money."""

import re
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases.actions import Doer
from bihuan.cases.models import Case, CaseEvent
from bihuan.customers import actions as customers
from bihuan.customers import queries as masks
from bihuan.handling.models import CallerCheck
from bihuan.kernel import clock
from bihuan.kernel.errors import Conflict, RuleError
from bihuan.sla import steps
from bihuan.text.clean import clean
from bihuan.text.personal import numbering
from bihuan.text.vaulted import vaulted

QUESTIONS: Mapping[str, str | Promise] = {
    "identity": gettext_lazy("机主证件号码后四位"),
    "address": gettext_lazy("装机地址或账单地址"),
    "bill": gettext_lazy("最近一期账单大致金额"),
    "since": gettext_lazy("大约哪一年入网"),
    "plan": gettext_lazy("现用套餐"),
    "recharge": gettext_lazy("最近一次缴费时间和方式"),
}
LEAST_ANSWERS = 2
OPEN_FIELDS = frozenset(("name", "phone", "other_contact"))
"""What may be opened before the check: without it nobody could call her back."""
OPEN_PURPOSES = frozenset(("verify", "audit"))
_TEXT = "验证码 {code}，{minutes} 分钟内有效。有人代您办理投诉 {number}，如您同意请告诉对方，否则请勿泄露。"
MOST_CODES = 5
_MOBILE = re.compile(r"1\d\d\*{4}\d{4}")
"""How a mobile number looks behind its mask: an account or a fixed line gets no text messages."""


def on_behalf(case: Case) -> bool:
    """True when somebody else complains for the customer."""
    return case.relation == "on_behalf"


def of_case(case_id: int) -> list[CallerCheck]:
    """All checks on a case, newest first."""
    return list(CallerCheck.objects.filter(case_id=case_id))


def unchecked(case: Case) -> bool:
    """True while somebody else complains and no check of her has held."""
    return on_behalf(case) and not CallerCheck.objects.filter(case_id=case.id, passed=True).exists()


def refuse_money(case: Case) -> None:
    """Money is only proposed for whom it may be given to."""
    if unchecked(case):
        raise RuleError(
            "caller.unchecked", _("这是代他人投诉，还没有核实代办人：核实通过前不能申请补偿。"), field="kind"
        )


def refuse_data(case: Case, fields: Sequence[str], purpose: str) -> None:
    """Before the check data is opened for checking and auditing, and else only what it takes to call back."""
    if purpose in OPEN_PURPOSES or set(fields) <= OPEN_FIELDS or not unchecked(case):
        return
    raise RuleError(
        "caller.unchecked",
        _("这是代他人投诉，还没有核实代办人：核实通过前只能查看姓名和联系电话。用于核实请选“核对客户身份”。"),
        field="fields",
    )


@transaction.atomic
def send_code(case: Case, doer: Doer) -> CaseEvent:
    """Send a code to the number complained about, for the caller to read back. `RuleError` when there is no such number or
    five were sent within the hour."""
    _must_be_on_behalf(case)
    line = masks.masks_of([case.party_id]).get(case.party_id, {}).get("complained_number", "")
    if not _MOBILE.fullmatch(line):
        raise RuleError("caller.no_number", _("没有登记机主的手机号码，不能发验证码，请用其他方式核实。"))
    if customers.codes_sent_since(case.party_id, 60) >= MOST_CODES:
        raise RuleError("caller.too_many", _("一小时内最多发 5 次验证码，请稍后再发或用其他方式核实。"))
    customers.send_code(case.party_id, case.id, case.number, "complained_number", wording=_TEXT)
    return steps.take(case, "caller_code_sent", doer)


def check(
    case: Case, doer: Doer, who: str, relation: str, means: str, *, code: str = "", answered: Sequence[str] = (),
    note: str = "",
) -> CallerCheck:  # fmt: skip
    """Note a check on a locked, open case. By code it holds when the code is right, by answers when two at least are, by
    document when the note says which. A failed one is kept as well. Raises `RuleError` naming the field."""
    _must_be_on_behalf(case)
    name = " ".join(clean(who, 50, "who").split())
    strange = [one for one in answered if one not in QUESTIONS]
    if not name:
        raise RuleError("caller.who", _("请写代办人姓名。"), field="who")
    if relation not in CallerCheck.Relation.values or means not in CallerCheck.Means.values or strange:
        raise RuleError("caller.means", _("请选择代办人与客户的关系和核实方式。"), field="means")
    if means == "document" and not note.strip():
        raise RuleError("caller.note", _("请写明看了什么证明。"), field="note")
    # outside the transaction below: a wrong code must count although nothing else is kept
    right = customers.check_code(case.party_id, code) if means == "code" else False
    passed = {"code": right, "answers": len(set(answered)) >= LEAST_ANSWERS, "document": True}[means]
    return _kept(case, doer, name, relation, means, sorted(set(answered)), note, passed)


@transaction.atomic
def _kept(
    case: Case, doer: Doer, name: str, relation: str, means: str, answered: list[str], note: str, passed: bool
) -> CallerCheck:
    said = vaulted(case.party_id, note, 500, "note")
    token = _named(case.party_id, name)
    made = CallerCheck.objects.create(
        case_id=case.id, at=clock.now(), by_id=doer.staff_id, who=token, relation=relation, means=means,
        answered=answered if means == "answers" else [], note=said, passed=passed,
    )  # fmt: skip
    payload = {
        "check": made.pk, "who": token, "relation": relation, "means": means, "answered": made.answered, "note": said,
        "passed": passed,
    }  # fmt: skip
    steps.take(case, "caller_checked", doer, at=made.at, payload=payload)
    return made


def _named(party_id: int, name: str) -> str:
    """Her name goes into the vault like a number would; its token."""
    token = numbering(customers.tokens_of(party_id))("phone")
    customers.absorb(party_id, {token: ("name", name)})
    return token


def _must_be_on_behalf(case: Case) -> None:
    if not on_behalf(case):
        raise Conflict("caller.self", _("这张工单是本人投诉，不用核实代办人。"))
