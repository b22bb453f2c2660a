"""Rosters, absences and hand-overs on their pages."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.identity.models import Absence, Handover, Shift, Unit
from bihuan.kernel import clock
from cast import Cast


def _today() -> date:
    return timezone.localtime(clock.now()).date()


@pytest.fixture
def duty(client: Client, cast: Cast) -> Client:
    client.force_login(cast.du)
    return client


def _turn(cast: Cast, **changes) -> dict:
    return {"unit": cast.units["sc_cz"].pk, "day": _today().isoformat(), "begins": "00:00", "ends": "00:00",
            "staff": cast.an.pk, "kind": "desk", "days": "1", **changes}  # fmt: skip


def test_a_turn_is_planned_seen_and_struck(duty: Client, cast: Cast):
    assert duty.post("/setup/roster/", _turn(cast)).status_code == 302
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(days=1), "an end not after its start is on the next day"
    page = duty.get("/setup/roster/").content.decode()
    assert "安宁" in page.split('id="on-duty"')[1].split("</section>")[0]
    assert duty.post("/setup/roster/", _turn(cast)).status_code == 422, "nobody does two turns at once"
    duty.post(f"/setup/roster/shifts/{shift.pk}/removal/")
    assert not Shift.objects.exists()
    assert "此刻没有排班" in duty.get("/setup/roster/").content.decode()


def test_a_week_is_planned_in_one_go_and_copied_to_the_next(duty: Client, cast: Cast):
    monday = _today() - timedelta(days=_today().weekday())
    turn = _turn(cast, day=monday.isoformat(), begins="08:00", ends="20:00", days="5")
    assert duty.post("/setup/roster/", turn).status_code == 302
    assert Shift.objects.count() == 5
    after = (monday + timedelta(days=7)).isoformat()
    duty.post("/setup/roster/copying/", {"unit": cast.units["sc_cz"].pk, "week": after})
    assert Shift.objects.count() == 10
    assert duty.get("/setup/roster/", {"week": after}).content.decode().count("s-turn-desk") == 5
    assert duty.get("/setup/roster/", {"week": "nonsense", "unit": "x"}).status_code == 200


def test_who_is_away_is_stood_in_for(duty: Client, cast: Cast):
    duty.post("/setup/roster/", _turn(cast))
    told = {"unit": cast.units["sc_cz"].pk, "person": "an", "first": _today(), "last": _today(), "deputy": "bo"}
    assert duty.post("/setup/roster/absences/", told).status_code == 302
    page = duty.get("/setup/roster/").content.decode()
    assert "代 安宁" in page
    assert duty.post("/setup/roster/absences/", told | {"person": "ma"}).status_code == 422, "another unit's"
    duty.post(f"/setup/roster/absences/{Absence.objects.get().pk}/end/")
    assert "代 安宁" not in duty.get("/setup/roster/").content.decode()


def test_the_responsible_person_is_named_on_the_roster(duty: Client, cast: Cast):
    duty.post("/setup/roster/responsible/", {"unit": cast.units["sc_cz"].pk, "responsible": "di"})
    assert Unit.objects.get(code="sc_cz").responsible == cast.di
    assert (
        duty.post("/setup/roster/responsible/", {"unit": cast.units["sc_cz"].pk, "responsible": "x"}).status_code == 422
    )


def test_a_shift_is_handed_over_with_what_was_open_then(client: Client, cast: Cast):
    now = clock.now()
    for urgency in ("urgent", "normal"):
        case = cast.case(urgency=urgency, at=now - timedelta(days=2))
        assert case.holder_unit_id in (None, cast.units["sc_cz"].pk)
        type(case).objects.filter(pk=case.pk).update(holder_unit_id=cast.units["sc_cz"].pk)
    client.force_login(cast.an)
    assert client.post("/handover/", {"note": " "}).status_code == 422
    assert client.post("/handover/", {"note": "湖塘断电，两单已约明早"}).status_code == 302
    row = Handover.objects.get()
    assert row.open_cases == {"open": 2, "late": 2, "due_soon": 0, "urgent": 1}
    page = client.get("/handover/").content.decode()
    assert "等待接班" in page
    assert client.post(f"/handover/{row.pk}/receipt/").status_code == 403
    client.force_login(cast.ma)
    assert "湖塘断电" not in client.get("/handover/").content.decode()
    assert client.post(f"/handover/{row.pk}/receipt/").status_code == 404
    client.force_login(cast.bo)
    client.post(f"/handover/{row.pk}/receipt/")
    assert Handover.objects.get().taken_by == cast.bo
    assert "柏杨 于" in client.get("/handover/").content.decode()
