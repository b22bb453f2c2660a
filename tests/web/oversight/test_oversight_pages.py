"""The pages of oversight: a visit recorded on its list of points, put right by the unit, leaks for the few, Excel."""

import re
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from bihuan.cases.days import local_day
from bihuan.identity.models import AuditEntry
from bihuan.kernel import clock
from bihuan.notices import actions as notices
from bihuan.notices.models import Notice
from bihuan.oversight.models import Demand, Evaluation, Leak, Patrol
from web.desk.conftest import at_desk  # noqa: F401 - a fixture

PAGES: dict[str, set[str]] = {
    "/oversight/rectification/": {"an", "di", "ma", "li", "wu", "du", "he", "gu", "pa"},
    "/oversight/patrols/": {"an", "di", "ma", "li", "wu", "du", "he", "gu", "pa"},
    "/oversight/evaluations/": {"an", "di", "ma", "li", "wu", "du", "he", "gu", "pa"},
    "/oversight/figures/": {"an", "di", "ma", "li", "wu", "du", "he", "gu", "pa"},
    "/oversight/leaks/": {"he", "gu"},
    "/oversight/leaks/new/": {"he", "gu"},
    "/setup/checklists/": {"gu"},
}


def test_who_finds_which_page(at_desk: Any) -> None:  # noqa: F811
    everyone = ("an", "di", "ma", "li", "wu", "du", "re", "ji", "fe", "he", "gu", "pa", "sy", "se", "au")
    for address, allowed in PAGES.items():
        found = {who for who in everyone if at_desk(who).see(address).status_code == 200}
        assert found == allowed, address
    assert at_desk("du").see("/oversight/patrols/new/").status_code == 200
    assert at_desk("ma").see("/oversight/patrols/new/").status_code == 403


def _points(result: str = "bad", **more: str) -> dict[str, str]:
    told = {
        "points-TOTAL_FORMS": "1",
        "points-INITIAL_FORMS": "1",
        "points-0-name": "资费公示",
        "points-0-result": result,
    }
    return {**told, "points-0-severity": "serious", **{f"points-0-{name}": text for name, text in more.items()}}


def test_a_visit_becomes_a_demand_that_the_unit_puts_right(at_desk: Any, cast: Any) -> None:  # noqa: F811
    today = str(local_day(clock.now()))
    told = {
        "site": "hall",
        "day": today,
        "place": "湖塘营业厅",
        "unit": cast.units["mt_cz"].id,
        "area": "火星区",
        "cases": "",
    }
    inspector, unit = at_desk("du"), at_desk("ma")
    assert "首问负责" in inspector.see("/oversight/patrols/new/?site=hall").content.decode()
    refused = inspector.client.post("/oversight/patrols/new/", {**told, **_points()})
    assert refused.status_code == 422
    assert "请从列表中选择地区" in refused.content.decode()
    told["area"] = "320412"
    refused = inspector.client.post("/oversight/patrols/new/", {**told, **_points()})
    assert "要写明发现的问题" in refused.content.decode()
    answer = inspector.client.post("/oversight/patrols/new/", {**told, **_points(finding="缺两档", due=today)})
    made = Patrol.objects.get()
    assert answer["Location"] == f"/oversight/patrols/{made.pk}/"
    shown = inspector.see(answer["Location"]).content.decode()
    assert "缺两档" in shown and "武进区" in shown and made.area_id == 320412
    held = Demand.objects.get()
    place = f"/oversight/rectification/{held.pk}/"
    notices.tell("rectification_late", [cast.ma.id], None, {"due": held.due_at, "text": held.text, "demand": held.pk})
    assert "资费公示：缺两档" in unit.see("/notices/").content.decode()
    assert unit.client.post(f"/notices/{Notice.objects.get(staff_id=cast.ma.id).pk}/")["Location"] == place
    assert "资费公示：缺两档" in unit.see("/oversight/rectification/").content.decode()
    assert unit.client.post(f"{place}report/", {"text": "已补齐。"}).status_code == 302
    assert unit.client.post(f"{place}verdict/", {"accepted": "yes"}).status_code == 403
    assert at_desk("mk").client.post(f"{place}report/", {"text": "别人"}).status_code == 404
    assert inspector.client.post(f"{place}verdict/", {"accepted": "yes"}).status_code == 302
    assert "验收通过" in unit.see(place).content.decode()
    more = {"text": "再查一次", "severity": "minor", "due": today}
    assert inspector.client.post(f"/oversight/patrols/{made.pk}/demands/", more).status_code == 302
    for name, count in (("rectification", 2), ("patrols", 2), ("figures", 3)):
        book = b"".join(inspector.see(f"/oversight/{name}/export/").streaming_content)
        assert len(CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()) == count
    page = inspector.see("/oversight/figures/").content.decode()
    link = re.search(r'href="([^"]*show=accepted[^"]*unit=mt_cz[^"]*)"', page)
    assert link is not None
    assert "缺两档" in inspector.see(link[1].replace("&amp;", "&")).content.decode()
    assert "缺两档" not in inspector.see("/oversight/rectification/?show=all&unit=mk_cz").content.decode()


def test_an_evaluation_with_its_report(at_desk: Any, cast: Any, settings: Any, tmp_path: Any) -> None:  # noqa: F811
    settings.EVIDENCE_DIR = tmp_path
    today = str(local_day(clock.now()))
    told = {
        "title": "三季度测评", "body": "某测评公司", "first_day": today, "last_day": today,
        "unit": cast.units["sc_cz"].id, "points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "1",
        "points-0-name": "及时", "points-0-score": "17.5", "points-0-most": "20",
        "file": SimpleUploadedFile("报告.pdf", b"%PDF-1.4 x"),
    }  # fmt: skip
    answer = at_desk("gu").client.post("/oversight/evaluations/new/", told)
    made = Evaluation.objects.get()
    assert "87.50" in at_desk("gu").see(answer["Location"]).content.decode()
    assert at_desk("di").see(f"/oversight/evaluations/{made.pk}/file/").content == b"%PDF-1.4 x"
    assert at_desk("mk").see(f"/oversight/evaluations/{made.pk}/file/").status_code == 404


def test_reading_a_leak_is_written_down(at_desk: Any, cast: Any) -> None:  # noqa: F811
    today = str(local_day(clock.now()))
    manager = at_desk("gu")
    told = {
        "found_on": today, "found_by": "audit", "kinds": ["bill"], "answerable": "staff", "staff": "an",
        "unit": cast.units["sc_cz"].id, "account": "非工作时间查询账单。",
    }  # fmt: skip
    answer = manager.client.post("/oversight/leaks/new/", told)
    made = Leak.objects.get()
    assert "非工作时间查询账单。" in manager.see(answer["Location"]).content.decode()
    assert AuditEntry.objects.get(kind="leak").subject == f"leak {made.pk}"
    decided = {"sanctions": ["fine"], "decided_by": "公司纪委", "decided_on": today}
    assert manager.client.post(f"/oversight/leaks/{made.pk}/sanction/", decided).status_code == 302
    assert manager.client.post(f"/oversight/leaks/{made.pk}/note/", {"text": "已整改。"}).status_code == 302
    assert manager.see("/oversight/leaks/export/").status_code == 200
    assert manager.see("/oversight/leaks/").status_code == 200
    assert AuditEntry.objects.filter(kind="leak", subject="leak list").count() == 1
    assert at_desk("du").see(f"/oversight/leaks/{made.pk}/").status_code == 404
