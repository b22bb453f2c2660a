"""A customer's personal data can be deleted for good; her complaint stays and its chain stays whole."""

from argparse import Namespace

import pytest

from bihuan.cases import cli
from bihuan.cases.verify import verify
from bihuan.customers import actions
from bihuan.customers.models import Party, Use
from bihuan.identity.models import AuditEntry
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message
from cast import Cast

pytestmark = pytest.mark.django_db


def test_forgetting_leaves_nothing_that_leads_to_the_customer(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    case = cast.case(content="请回电 13800001111，家里三天没有信号。")
    (forget,) = [one.run for one in cli.OPERATIONS if one.name == "forget"]
    with pytest.raises(RuleError, match="--yes"):
        forget(Namespace(number=case.number, reason="asked", yes=False))
    assert Party.objects.get(pk=case.party_id).sealed is not None
    assert forget(Namespace(number=case.number, reason="asked", yes=True)) == 0
    party = Party.objects.get(pk=case.party_id)
    assert (party.sealed, party.masks, party.phone_index, party.line_index) == (None, {}, None, None)
    assert not Message.objects.filter(recipient_id=case.party_id).exclude(body=b"").exists()
    with pytest.raises(RuleError, match="已依法删除"):
        actions.reveal(case.party_id, ["phone"], cast.an.id, "contact", case.number)
    assert not Use.objects.exists()
    assert list(verify()) == []
    assert AuditEntry.objects.get(kind="forget").subject == case.number
    assert "13912345678" not in capsys.readouterr().out
