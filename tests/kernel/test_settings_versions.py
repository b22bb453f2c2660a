"""What was read from settings is kept while its own tables stand, and looked at once for a whole page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.catalog import snapshot as catalog
from bihuan.identity import book
from bihuan.identity.models import Unit
from bihuan.kernel.history import edited_by, one_picture, settings_version
from cast import Cast

pytestmark = pytest.mark.django_db


def test_a_new_unit_makes_nobody_read_the_catalog_anew(cast: Cast) -> None:
    held, units = catalog.current(), book.units()
    Unit.objects.create(code="new", name="新班组", kind="team", parent=cast.units["mt_cz"], path=[])
    assert catalog.current() is held
    assert book.units() is not units and "new" in book.units().by_code


def test_within_one_picture_settings_are_looked_at_once() -> None:
    with one_picture(), CaptureQueriesContext(connection) as seen:
        assert settings_version(("identity_unit",)) == settings_version(("identity_unit",))
        assert len(settings_version()) > len(settings_version(("catalog_area", "catalog_node")))
    assert len(seen) == 1


def test_an_edit_within_a_picture_is_seen_in_it_and_behind_it() -> None:
    with one_picture():
        before = settings_version(("identity_unit",))
        with edited_by(None):
            Unit.objects.create(code="new", name="新班组", kind="team", path=[])
            assert settings_version(("identity_unit",)) != before
        assert settings_version(("identity_unit",)) != before


def test_a_step_looks_at_the_settings_twice_for_its_doer_and_for_all_it_does(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.di)
    address = f"/cases/{cast.case().number}/acceptance/"
    with CaptureQueriesContext(connection) as seen:
        assert client.post(address, {"accepted": "1", "category": "N0101"}).status_code in (200, 302)
    assert len([one for one in seen if "kernel_settingsversion" in one["sql"]]) == 2


def test_a_page_looks_at_the_settings_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.di)
    address = f"/cases/{cast.case().number}/"
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    assert len([one for one in seen if "kernel_settingsversion" in one["sql"]]) == 1
