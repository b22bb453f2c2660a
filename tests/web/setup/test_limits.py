"""Limits and calendars as a manager edits them: a new version each time, tried out in words before it counts."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bihuan.kernel import clock
from bihuan.sla import models
from cast import Cast

CODE = "reply.48h"


@pytest.fixture
def manager(client: Client, cast: Cast) -> Client:
    client.force_login(cast.gu)
    return client


def _form(client: Client, code: str = CODE) -> dict:
    """The fields of the page as a browser would send them."""
    page = client.get(f"/setup/limits/{code}/")
    values: dict = {}
    for name, field in page.context["form"].fields.items():
        value = page.context["form"][name].value()
        if value not in (None, False, ""):
            values[name] = value if not isinstance(value, bool) else "on"
        assert field.label
    return values


def test_all_shipped_limits_are_listed_with_their_figures(manager: Client):
    page = manager.get("/setup/limits/").content.decode()
    for policy in models.Policy.objects.filter(latest=True):
        assert f"/setup/limits/{policy.code}/" in page
    assert "48 小时" in page
    assert "15 个自然日" in page
    assert "没有找到时限" in manager.get("/setup/limits/", {"q": "no such"}).content.decode()


def test_saving_without_change_makes_no_version(manager: Client):
    for policy in models.Policy.objects.filter(latest=True):
        answer = manager.post(f"/setup/limits/{policy.code}/", _form(manager, policy.code))
        assert answer.status_code == 302, (policy.code, answer.context["form"].errors)
    assert not models.Policy.objects.filter(version__gt=1).exists()


def test_an_edit_is_a_new_version_with_who_and_what_and_can_be_undone(manager: Client, cast: Cast):
    manager.post(f"/setup/limits/{CODE}/", _form(manager) | {"duration": "36h", "warn": "80% 2h"})
    latest = models.Policy.objects.get(code=CODE, latest=True)
    assert (latest.version, latest.duration, latest.warn, latest.active) == (2, "36h", [0.8, "2h"], True)
    page = manager.get(f"/setup/limits/{CODE}/").content.decode()
    assert "<del>48 小时</del>" in page
    assert "<ins>36 小时</ins>" in page
    latest_entry = page.split('aria-label="版本"')[1].split("</li>")[0]
    assert "顾全" in latest_entry
    assert latest_entry.count("s-history-line") == 2, "length and warning, nothing else"
    manager.post(f"/setup/limits/{CODE}/versions/1/restoration/")
    latest = models.Policy.objects.get(code=CODE, latest=True)
    assert (latest.version, latest.duration, latest.warn) == (3, "48h", [0.5, 0.9])


def test_a_running_clock_keeps_its_version_until_told_otherwise(manager: Client, cast: Cast):
    case = cast.case()
    policies = dict(models.Policy.objects.filter(code=CODE).values_list("id", "version"))
    held = models.Clock.objects.get(case_id=case.id, policy_id__in=policies)
    manager.post(f"/setup/limits/{CODE}/", _form(manager) | {"duration": "24h"})
    assert models.Clock.objects.get(pk=held.pk).due_at == held.started_at + timedelta(hours=48)
    assert "还有 1 个正在走的计时" in manager.get(f"/setup/limits/{CODE}/").content.decode()
    manager.post(f"/setup/limits/{CODE}/adoption/")
    assert models.Clock.objects.get(pk=held.pk).due_at == held.started_at + timedelta(hours=24)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"duration": "two days"}, "无法识别"),
        ({"duration": "-1h"}, "无法识别"),
        ({"warn": "180%"}, "应在 0 与 100% 之间"),
        ({"warn": "x%"}, "应在 0 与 100% 之间"),
        ({"start_on": []}, "field"),
        ({"calendar": "none"}, "field"),
        ({"applies": "service_typ=fault"}, "无法识别"),
        ({"applies": "customer_level__gte=gold"}, "需要一个数"),
        ({"variants": "customer_level__gte=5"}, "请写成：条件"),
        ({"name": ""}, "field"),
    ],
)
def test_a_limit_that_cannot_work_is_refused_at_its_field(manager: Client, change: dict, told: str):
    answer = manager.post(f"/setup/limits/{CODE}/", _form(manager) | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "b-error" in page
    assert told == "field" or told in page
    assert models.Policy.objects.get(code=CODE, latest=True).version == 1


def test_a_limit_of_ones_own_starts_switched_off(manager: Client):
    told = {
        "name": "VIP 4 小时联系", "duration": "4h", "calendar": "cn-work", "owner": "customer", "tell": "", "warn": "50%",
        "start_on": ["registered"], "stop_on": ["contacted", "replied"], "applies": "customer_level__gte=5",
        "variants": "customer_level__gte=7 => 1h",
    }  # fmt: skip
    answer = manager.post("/setup/limits/new/", told)
    row = models.Policy.objects.get(code="own.1")
    assert answer["Location"] == "/setup/limits/own.1/"
    assert (row.active, row.applies) == (False, [{"customer_level__gte": 5}])
    assert row.variants == [{"applies": [{"customer_level__gte": 7}], "duration": "1h"}]
    manager.post("/setup/limits/own.1/switching/", {"on": "1"})
    row.refresh_from_db()
    assert row.active
    assert "客户星级 ≥ 5" in manager.get("/setup/limits/").content.decode()


def test_a_trial_says_when_it_is_due_and_why(manager: Client):
    page = manager.get("/setup/limits/regulator.henan.5wd/trial/", {"start": "2026-02-12T10:00", "pauses": ""})
    told = page.content.decode()
    assert "2026-02-26 18:00 到期" in told, (
        page.context["result"].text + "spring festival 15–23 February, make-up days 14 and 28 February"
    )
    assert "5 个工作日" in told
    page = manager.get(
        "/setup/limits/resolve.72h/trial/",
        {"start": "2026-03-02T10:00", "pauses": "2026-03-02 12:00 ~ 2026-03-02 15:00"},
    ).content.decode()
    assert "2026-03-05 13:00 到期" in page
    assert "暂停 3 小时" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"start": "soon"},
        {"start": "2026-03-02T10:00", "pauses": "yesterday"},
        {"start": "2026-03-02T10:00", "pauses": "2026-03-01 10:00 ~ 2026-03-01 12:00"},
    ],
)
def test_a_trial_of_nonsense_is_refused(manager: Client, asked: dict):
    assert manager.get("/setup/limits/resolve.72h/trial/", asked).status_code == 422


def test_an_edited_calendar_is_a_new_version_of_it_and_its_limits(manager: Client):
    form = manager.get("/setup/calendars/cn-work/").context["form"]
    told = {name: form[name].value() for name in form.fields} | {"sat": "9:00–12:00"}
    assert manager.post("/setup/calendars/cn-work/", told).status_code == 302
    row = models.Calendar.objects.get(code="cn-work", active=True)
    assert row.version == 2
    assert row.week["sat"] == [["9:00", "12:00"]]
    assert row.week["mon"] == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert models.Policy.objects.get(code="regulator.henan.5wd", latest=True).calendar == row
    manager.post("/setup/calendars/cn-work/versions/1/restoration/")
    back = models.Calendar.objects.get(code="cn-work", active=True)
    assert (back.version, "sat" in back.week) == (3, False)
    for wrong in ("9-5", "12:00-09:00", "morning"):
        assert manager.post("/setup/calendars/cn-work/", told | {"sun": wrong}).status_code == 422


def test_a_year_is_entered_and_an_unknown_one_refused(manager: Client):
    year = clock.now().year + 1
    models.CalendarDay.objects.filter(day__year=year).delete()
    assert "未录入" in manager.get("/setup/calendars/").content.decode()
    asked = {"start": f"{year}-03-01T10:00", "pauses": ""}
    refused = manager.get("/setup/limits/regulator.henan.5wd/trial/", asked)
    assert refused.status_code == 422
    assert str(year) in refused.content.decode()
    told = {"off": f"{year}-02-05~{year}-02-11 春节\n{year}-10-01 国庆节", "worked": f"{year}-02-14 春节"}
    assert manager.post(f"/setup/calendars/years/cn/{year}/", told).status_code == 302
    assert models.CalendarDay.objects.filter(day__year=year, worked=False).count() == 8
    assert manager.get("/setup/limits/regulator.henan.5wd/trial/", asked).status_code == 200
    for wrong in ("", "2020-01-01 元旦", "新年", f"{year}-02-05~{year}-01-01"):
        assert manager.post(f"/setup/calendars/years/cn/{year}/", told | {"off": wrong}).status_code == 422
    assert manager.get("/setup/calendars/years/cn/1999/").status_code == 404


def test_every_figure_keeps_its_words_in_english(manager: Client):
    page = manager.get("/setup/limits/", headers={"Accept-Language": "en"}).content.decode()
    assert "48 hours" in page
    assert not re.search(r"<td>[^<]*[\u4e00-\u9fff]", page.split("<tbody>")[1].split("</tbody>")[0])
