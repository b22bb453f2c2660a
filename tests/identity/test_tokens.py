"""Tokens: shown once, never beyond their owner's rights, never for a colleague, gone when withdrawn."""

import pytest
from django.utils import translation

from bihuan.identity import roles, tokens
from bihuan.identity.models import AuditEntry
from bihuan.kernel.errors import Forbidden, RuleError
from cast import Cast


def test_a_manager_issues_one_to_another_system_and_only_its_hash_stays(cast: Cast):
    token = tokens.issue(cast.sys.pk, "绿网", [roles.REGISTER], cast.viewer("gu"), source_system="greennet")
    found = tokens.find(token)
    assert found is not None
    assert (found.owner, found.scopes, found.hint) == (cast.sys, [roles.REGISTER], token[-4:])
    entry = AuditEntry.objects.get(kind="token")
    assert token not in str(entry.detail)


@pytest.mark.parametrize("who", ["an", "sy", "se", "au", "li"])
def test_nobody_else_issues_tokens(cast: Cast, who: str):
    with pytest.raises(Forbidden):
        tokens.issue(cast.sys.pk, "x", [roles.READ], cast.viewer(who))


def test_a_token_never_opens_more_than_its_owner_may(cast: Cast):
    with pytest.raises(RuleError) as refused:
        tokens.issue(cast.sys.pk, "x", [roles.CLOSE, roles.REOPEN], cast.viewer("gu"))
    assert refused.value.code == "token.beyond" and "结单、重新处理" in str(refused.value.message)
    with translation.override("en"), pytest.raises(RuleError, match="Close, Reopen"):
        tokens.issue(cast.sys.pk, "x", [roles.CLOSE, roles.REOPEN], cast.viewer("gu"))


def test_nobody_gets_hold_of_a_colleagues_token(cast: Cast):
    with pytest.raises(RuleError) as refused:
        tokens.issue(cast.an.pk, "x", [roles.READ], cast.viewer("gu"))
    assert refused.value.code == "token.owner"


@pytest.mark.parametrize("who", ["gu", "se"])
def test_a_withdrawn_token_opens_nothing(cast: Cast, who: str):
    token = tokens.issue(cast.sys.pk, "x", [roles.READ], cast.viewer("gu"))
    row = tokens.find(token)
    assert row is not None
    with pytest.raises(Forbidden):
        tokens.withdraw(row.pk, cast.viewer("sy"))
    tokens.withdraw(row.pk, cast.viewer(who))
    assert tokens.find(token) is None
