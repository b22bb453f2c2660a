"""The token page: seen once, within its owner's rights, withdrawn by either of two."""

import re

from django.test import Client

from bihuan.api.v1.operations import OPERATIONS
from bihuan.identity import roles, tokens
from bihuan.identity.models import Token
from bihuan.identity.scopes import SCOPES
from bihuan.kernel import clock
from cast import Cast


def test_a_token_is_issued_shown_once_and_withdrawn(client: Client, cast: Cast):
    client.force_login(cast.gu)
    told = {
        "owner": cast.sys.pk,
        "name": "绿网工单",
        "scopes": [roles.REGISTER, roles.READ],
        "source_system": "greennet",
    }
    page = client.post("/setup/tokens/new/", told).content.decode()
    shown = re.search(r'id="token">([^<]+)<', page)
    assert shown is not None
    row = tokens.find(shown[1])
    assert row is not None
    assert row.source_system == "greennet"
    listed = client.get("/setup/tokens/").content.decode()
    assert shown[1] not in listed
    assert "绿网工单" in listed
    client.force_login(cast.se)
    assert client.get("/setup/tokens/new/").status_code == 404
    client.post(f"/setup/tokens/{row.pk}/revocation/")
    assert tokens.find(shown[1]) is None
    assert "已吊销" in client.get("/setup/tokens/").content.decode()


def test_what_goes_beyond_the_owner_or_lies_behind_us_is_refused(client: Client, cast: Cast):
    client.force_login(cast.gu)
    told = {"owner": cast.sys.pk, "name": "x", "scopes": [roles.READ]}
    yesterday = clock.now().date().replace(year=clock.now().year - 1).isoformat()
    for wrong in (
        {"scopes": [roles.CLOSE]},
        {"scopes": []},
        {"owner": cast.an.pk},
        {"expires": yesterday},
        {"name": ""},
    ):
        assert client.post("/setup/tokens/new/", {**told, **wrong}).status_code == 422, wrong
    assert not Token.objects.exists()


def test_whatever_the_api_asks_for_can_be_given_and_no_administrators_right():
    asked = {right for operation in OPERATIONS for right in operation.rights}
    assert asked - {roles.AUDIT} <= set(SCOPES)
    assert not set(SCOPES) & {roles.SETUP, roles.ACCOUNTS, roles.GRANTS, roles.AUDIT}
