"""Booking on the case page, the crew's calendar, the visit's page with its steps, and setting up crews."""

from datetime import timedelta

from django.utils import timezone

from bihuan.fieldwork.models import Appointment, Crew
from bihuan.kernel import clock
from fieldwork.test_appointments import WEEK, a_crew
from web.desk.conftest import at_desk, now, walk  # noqa: F401 - fixtures


def a_slot(crew, days=1):
    """The slot of tomorrow afternoon, as the form sends it."""
    day = timezone.localtime(clock.now()) + timedelta(days=days)
    starts = day.replace(hour=14, minute=0, second=0, microsecond=0)
    return f"{crew.pk}|{starts.isoformat()}|{(starts + timedelta(hours=2)).isoformat()}", starts


def test_a_visit_is_booked_on_the_case_seen_in_the_calendar_and_moved(at_desk, walk, cast):  # noqa: F811
    crew, case = a_crew(cast), walk("in_handling")
    owner = at_desk("ma")
    wished = {"days": ["sat", "sun"], "hour_from": "14:00", "hour_to": "18:00", "note": "先打电话"}
    assert owner.step(case, "visit-wishes", **wished).status_code == 302
    slot, starts = a_slot(crew)
    form = owner.see(f"/cases/{case.number}/appointments/").content.decode()
    assert "符合客户意愿" in form and "还可约 2 户" in form
    told = {"slot": slot, "agreed_by": "self", "agreed_means": "call", "wait_for": "customer_time", "note": "带梯子"}
    assert owner.step(case, "appointments", **{**told, "slot": "x"}).status_code == 422
    assert owner.step(case, "appointments", **told).status_code == 302
    assert now(case).status == "waiting"
    visit = Appointment.objects.get()
    page = owner.see(f"/cases/{case.number}/").content.decode()
    assert "约定上门" in page and f"/fieldwork/appointments/{visit.pk}/" in page

    crew_member = at_desk("te")
    for by in ("crew", "person"):
        week = crew_member.see("/fieldwork/calendar/", day=starts.date().isoformat(), by=by).content.decode()
        assert f"/fieldwork/appointments/{visit.pk}/" in week
    base = f"/fieldwork/appointments/{visit.pk}"
    assert "带梯子" in crew_member.see(f"{base}/").content.decode()
    later, _starts = a_slot(crew, 2)
    moved = {"slot": later, "agreed_by": "family", "agreed_means": "sms", "why": "客户出差"}
    assert crew_member.client.post(f"{base}/slot/", {**moved, "why": ""}).status_code == 422
    assert crew_member.client.post(f"{base}/slot/", moved).status_code == 302
    assert crew_member.client.post(f"{base}/assignment/", {"staff": cast.te.pk}).status_code == 302
    assert crew_member.client.post(f"{base}/miss/", {"who": "customer", "note": "不在"}).status_code == 422
    assert at_desk("an").client.post(f"{base}/cancellation/", {"why": "不用了"}).status_code == 403
    assert at_desk("ma_wx").see(f"{base}/").status_code == 404
    assert crew_member.client.post(f"{base}/arrival/").status_code == 302
    assert crew_member.client.post(f"{base}/result/", {"result": "已换皮线"}).status_code == 302
    assert (Appointment.objects.get().status, now(case).status) == ("done", "in_handling")
    assert owner.see("/fieldwork/").status_code == 302
    assert at_desk("re").see("/fieldwork/calendar/").status_code == 404


def test_a_lead_sets_up_crews_of_her_own_units_only(at_desk, cast):  # noqa: F811
    lead = at_desk("li")
    told = {
        "name": "武进二班", "unit": cast.units["team_cz"].id, "tier": "on_site", "calendar": "7x24", "active": "on",
        "members": [], "areas": [], "phone": "0519-86000001", "week_mon": WEEK["mon"],
    }  # fmt: skip
    assert lead.see("/fieldwork/crews/new/").status_code == 200
    wrong = lead.client.post("/fieldwork/crews/new/", {**told, "week_mon": "8-10"})
    assert wrong.status_code == 422
    assert 'id="id_week_mon_error"' in wrong.content.decode()
    assert lead.client.post("/fieldwork/crews/new/", told).status_code == 302
    crew = Crew.objects.get()
    assert lead.see(f"/fieldwork/crews/{crew.pk}/").status_code == 200
    assert "武进二班" in lead.see("/fieldwork/crews/").content.decode()
    assert lead.client.post("/fieldwork/crews/new/", {**told, "unit": cast.units["sc_wx"].id}).status_code == 422
    other = a_crew(cast, unit=cast.units["mt_wx"].id, members=[], name="无锡班")
    assert lead.see(f"/fieldwork/crews/{other.pk}/").status_code == 404
    assert at_desk("ma").see("/fieldwork/crews/").status_code == 404
