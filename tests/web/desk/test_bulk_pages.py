"""Bulk deeds at the desk: from picked rows, for a whole unit, with a sheet of results and an undo button."""

import io

from python_calamine import load_workbook

from bihuan.cases.models import Case
from bihuan.dispatch.models import Bulk
from bihuan.flow import actions as flow


def test_picked_rows_are_given_to_someone_and_the_whole_is_undone(at_desk, cast, walk):
    found, lead = [walk("dispatched"), walk("dispatched")], at_desk("li")
    numbers = [case.number for case in found]
    asked = lead.client.post("/desk/bulk/", {"do": "more", "pick": numbers}, headers={"HX-Request": "true"})
    assert asked.status_code == 200
    assert asked.context["form"]["numbers"].value().split() == numbers
    told = {"deed": "assignments", "numbers": "\n".join(numbers), "staff": cast.ma.pk, "why": ""}
    assert lead.client.post("/bulk/", {**told, "staff": ""}).status_code == 422
    answer = lead.client.post("/bulk/", told)
    made = Bulk.objects.get()
    assert answer["Location"] == f"/bulk/{made.pk}/"
    page = lead.see(f"/bulk/{made.pk}/")
    assert page.context["may_undo"]
    assert "办成 2 张，共 2 张" in page.content.decode()
    sheet = load_workbook(io.BytesIO(b"".join(lead.see(f"/bulk/{made.pk}/results/").streaming_content)))
    rows = sheet.get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows[1:]] == [[number, "办成"] for number in numbers]
    assert at_desk("ma").see(f"/bulk/{made.pk}/").status_code == 404
    undone = lead.client.post(f"/bulk/{made.pk}/undoing/")
    assert Bulk.objects.order_by("-id")[0].undoes_id == made.pk
    assert "撤销" in lead.see(undone["Location"]).content.decode()
    assert set(Case.objects.filter(number__in=numbers).values_list("handler_id", flat=True)) == {None}


def test_a_whole_units_open_cases_are_transferred(at_desk, cast, walk):
    case, desk = walk("in_handling"), at_desk("di")
    form = desk.see("/bulk/").context["form"]
    assert "from_unit" in form.fields
    told = {"deed": "transfers", "numbers": "", "from_unit": cast.units["mt_cz"].pk, "unit": cast.units["team_cz"].pk}
    answer = desk.client.post("/bulk/", told)
    assert desk.see(answer["Location"]).context["done"] == 1
    assert Case.objects.get(pk=case.pk).holder_unit_id == cast.units["team_cz"].pk
    assert "常州维护装维部 → 常州维护一班" in desk.see(f"/cases/{case.number}/").content.decode()
    assert at_desk("ji").see("/bulk/").status_code == 404


def test_revisited_cases_are_closed_together_and_reopened_by_the_undoing(at_desk, cast, walk):
    found, desk = [walk("replied") for _n in range(3)], at_desk("re")
    for case in found[:2]:
        flow.revisited(case, cast.doer("re"), 3, root_solved=True)
    assert "其他批量办理" in desk.see("/desk/revisit/").content.decode()
    numbers = "\n".join(case.number for case in found)
    told = {"deed": "closures", "numbers": numbers, "why": "集中审核"}
    assert desk.client.post("/bulk/", told).status_code == 422
    answer = desk.client.post("/bulk/", {**told, "cause": "N1111", "evidence_kinds": ["kpi"], "losses": ["system"]})
    made = Bulk.objects.get()
    assert (made.total, made.good) == (3, 2), [row.text for row in desk.see(answer["Location"]).context["results"]]
    desk.client.post(f"/bulk/{made.pk}/undoing/")
    status = dict(Case.objects.filter(number__in=numbers.split()).values_list("number", "status"))
    assert [status[case.number] for case in found] == ["reopened", "reopened", "replied"]
