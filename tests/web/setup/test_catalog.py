"""Areas, trees, reasons, parameters and subscriber counts as a manager edits them."""

import io
import re
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from bihuan.catalog import snapshot
from bihuan.catalog.models import Area, Node, Parameter, Reason, Subscribers
from bihuan.intake import context as intake
from cast import CITY, DISTRICT, Cast


@pytest.fixture
def manager(client: Client, cast: Cast) -> Client:
    client.force_login(cast.gu)
    return client


def _form(client: Client, address: str) -> dict:
    form = client.get(address).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False, "")}


def test_areas_are_found_by_name_code_and_initials(manager: Client):
    for word in ("武进", "wjq", str(DISTRICT)):
        assert "武进区" in manager.get("/setup/areas/", {"q": word}).content.decode(), word
    assert "江苏省" in manager.get("/setup/areas/").content.decode()
    assert "武进区" in manager.get("/setup/areas/", {"parent": CITY}).content.decode()
    assert manager.get("/setup/areas/", {"parent": "9" * 14}).status_code == 404


def test_a_grid_is_added_renamed_put_back_and_retired(manager: Client):
    answer = manager.post(f"/setup/areas/{DISTRICT}/grids/new/", {"name": "湖塘网格"})
    grid = Area.objects.get(parent_id=DISTRICT, level=4)
    assert (grid.pk, grid.initials) == (DISTRICT * 1000 + 1, "htwg")
    assert answer["Location"] == f"/setup/areas/{grid.pk}/"
    manager.post(f"/setup/areas/{grid.pk}/", {"name": "湖塘一网格"})
    page = manager.get(f"/setup/areas/{grid.pk}/").content.decode()
    assert "<del>湖塘网格</del>" in page
    undo = re.search(r'"(/setup/history/\d+/restoration/)"', page)
    assert undo is not None
    manager.post(undo[1])
    assert Area.objects.get(pk=grid.pk).name == "湖塘网格"
    assert snapshot.current().areas[grid.pk].levels[2] == DISTRICT
    manager.post(f"/setup/areas/{grid.pk}/retirement/")
    assert grid.pk not in snapshot.current().areas


def test_an_area_someone_answers_for_is_not_retired(manager: Client):
    answer = manager.post(f"/setup/areas/{DISTRICT}/retirement/")
    assert answer.status_code == 409
    assert "还有部门负责这个地区" in answer.content.decode()
    assert manager.post(f"/setup/areas/{CITY}/grids/new/", {"name": "x"}).status_code == 422


@pytest.mark.parametrize("tree", Node.Tree.values)
def test_each_tree_is_walked_and_searched(manager: Client, tree: str):
    page = manager.get(f"/setup/trees/{tree}/").content.decode()
    first = Node.objects.filter(tree=tree).order_by("code").first()
    assert first is not None
    assert first.name in page
    assert "没有找到条目" in manager.get(f"/setup/trees/{tree}/", {"q": "绝无此条"}).content.decode()


def test_saving_an_entry_without_change_keeps_it(manager: Client):
    for row in Node.objects.filter(tree="phenomenon", code__in=("N0101", "C0302", "S01")):
        before = Node.objects.filter(pk=row.pk).values().get()
        assert manager.post(f"/setup/nodes/{row.pk}/", _form(manager, f"/setup/nodes/{row.pk}/")).status_code == 302
        assert Node.objects.filter(pk=row.pk).values().get() == before


def test_a_new_keyword_changes_what_is_suggested(manager: Client):
    assert intake.current().suggester.suggest("我家的蓝光盒不亮") == []
    row = Node.objects.get(tree="phenomenon", code="N0201")
    form = _form(manager, f"/setup/nodes/{row.pk}/")
    manager.post(f"/setup/nodes/{row.pk}/", form | {"keywords": form["keywords"] + "、蓝光盒"})
    assert intake.current().suggester.suggest("我家的蓝光盒不亮")[0][0] == "N0201"
    assert "蓝光盒" in manager.get(f"/setup/nodes/{row.pk}/").content.decode()


def test_an_entry_is_added_below_its_parent_with_the_next_code(manager: Client):
    parent = Node.objects.get(tree="phenomenon", code="N01")
    form = _form(manager, f"/setup/trees/phenomenon/new/?parent={parent.pk}")
    last = Node.objects.filter(parent=parent).order_by("-code").first()
    assert last is not None
    assert int(form["code"][3:]) == int(last.code[3:]) + 1
    told = {"code": form["code"], "name": "卫星通信不通", "parent": parent.pk, "service_type": "fault", "dispute": "D3"}
    assert manager.post("/setup/trees/phenomenon/new/", told).status_code == 302
    row = Node.objects.get(tree="phenomenon", code=form["code"])
    assert (row.path, row.level) == ([*parent.path, row.pk], 3)
    for wrong in ({"code": "X01"}, {"code": form["code"]}, {"code": ""}, {"name": " "}, {"dispute": "D99"}):
        assert manager.post("/setup/trees/phenomenon/new/", {**told, "code": "N0177", **wrong}).status_code == 422, (
            wrong
        )
    too_deep = {"code": f"{row.code}1", "name": "x", "parent": row.pk}
    assert manager.post("/setup/trees/phenomenon/new/", too_deep).status_code == 422


def test_a_retired_entry_can_no_longer_be_chosen_but_its_name_stays(manager: Client, cast: Cast):
    row = Node.objects.get(tree="phenomenon", code="N0101")
    case = cast.case(category="N0101")
    manager.post(f"/setup/nodes/{row.pk}/retirement/")
    assert not snapshot.current().nodes[case.category_id].active
    assert manager.post(f"/setup/nodes/{row.parent_id}/retirement/").status_code == 409
    manager.post(f"/setup/nodes/{row.pk}/retirement/", {"back": "1"})
    assert snapshot.current().nodes[row.pk].active


def test_which_waiting_reasons_pause_is_the_managers_to_say(manager: Client):
    row = Reason.objects.get(kind="waiting", code="parts")
    address = f"/setup/reasons/{row.pk}/"
    manager.post(address, _form(manager, address) | {"pauses": "on"})
    reason = snapshot.current().reason("waiting", "parts")
    assert reason is not None
    assert reason.pauses
    assert "<del>否</del>" in manager.get(address).content.decode()


def test_a_decline_always_says_something_to_the_customer(manager: Client):
    row = Reason.objects.get(kind="decline", code="not_ours")
    address = f"/setup/reasons/{row.pk}/"
    assert manager.post(address, _form(manager, address) | {"told_customer": ""}).status_code == 422
    manager.post(address, _form(manager, address) | {"told_customer": "请联系业务提供方。"})
    reason = snapshot.current().reason("decline", "not_ours")
    assert reason is not None
    assert reason.told[0] == "请联系业务提供方。"


def test_reasons_are_added_and_the_last_of_a_kind_stays(manager: Client):
    told = {"kind": "return", "code": "duplicate", "name": "重复派单"}
    assert manager.post("/setup/reasons/new/", told).status_code == 302
    assert manager.post("/setup/reasons/new/", told).status_code == 422
    reopenings = list(Reason.objects.filter(kind="reopen"))
    for row in reopenings[:-1]:
        manager.post(f"/setup/reasons/{row.pk}/retirement/")
    assert manager.post(f"/setup/reasons/{reopenings[-1].pk}/retirement/").status_code == 409


def test_parameters_keep_their_kind(manager: Client):
    for value in ("-1", "many", "", "1e3", "9" * 30):
        assert manager.post("/setup/parameters/", {"code": "repeat_days", "value": value}).status_code == 422
    manager.post("/setup/parameters/", {"code": "repeat_days", "value": "45"})
    manager.post("/setup/parameters/", {"code": "auto_dispatch", "value": "1"})
    held = snapshot.current().parameters
    assert (held["repeat_days"], held["auto_dispatch"]) == (45, True)
    page = manager.get("/setup/parameters/").content.decode()
    assert "<del>30</del>" in page
    undo = re.search(r'"(/setup/history/\d+/restoration/)"', page.split("repeat_days")[-1])
    assert undo is not None
    manager.post(undo[1])
    assert Parameter.objects.get(code="repeat_days").value == 30


def test_subscriber_counts_are_a_grid_by_month(manager: Client):
    product = Node.objects.get(tree="product", code="P01")
    told = {"month": "2026-10", "parent": CITY, f"c-{DISTRICT}-0": "1,010,000", f"c-{DISTRICT}-{product.pk}": "612000"}
    manager.post("/setup/subscribers/", told)
    kept = set(Subscribers.objects.values_list("area_id", "product_id", "month", "count"))
    month = date(2026, 10, 1)
    assert kept == {(DISTRICT, None, month, 1_010_000), (DISTRICT, product.pk, month, 612_000)}
    page = manager.get("/setup/subscribers/", {"month": "2026-10", "parent": CITY}).content.decode()
    assert 'value="612000"' in page
    assert "顾全" in page
    manager.post("/setup/subscribers/", told | {f"c-{DISTRICT}-0": "1"})
    page = manager.get("/setup/subscribers/", {"month": "2026-10", "parent": CITY}).content.decode()
    undo = re.search(r'"(/setup/history/\d+/restoration/)"', page)
    assert undo is not None
    manager.post(undo[1])
    assert Subscribers.objects.get(area_id=DISTRICT, product=None).count == 1_010_000
    manager.post("/setup/subscribers/", told | {f"c-{DISTRICT}-0": ""})
    assert Subscribers.objects.count() == 1
    assert manager.post("/setup/subscribers/", told | {f"c-{DISTRICT}-0": "many"}).status_code == 422


def _workbook(*rows: tuple) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("counts.xlsx", buffer.getvalue())


HEADS = ("地区代码", "产品代码", "月份", "用户数")


def test_counts_go_out_as_excel_and_come_back(manager: Client):
    file = _workbook(
        HEADS, (DISTRICT, "P01", "2026-09", 600_000), (str(DISTRICT), "", "2026/9", "998,000"), ("", "", "", "")
    )
    assert manager.post("/setup/subscribers/upload/", {"file": file}).status_code == 302
    assert Subscribers.objects.count() == 2
    answer = manager.get("/setup/subscribers/download/")
    again = SimpleUploadedFile("again.xlsx", answer.content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert manager.post("/setup/subscribers/upload/", {"file": again}).status_code == 302
    assert Subscribers.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("a", "b")], "缺少列"),
        ([HEADS, (999999999, "", "2026-09", 1)], "第 2 行的地区"),
        ([HEADS, (DISTRICT, "P0X9", "2026-09", 1)], "第 2 行的产品"),
        ([HEADS, (DISTRICT, "", "soon", 1)], "第 2 行的月份"),
        ([HEADS, (DISTRICT, "", "2026-09", 5), (DISTRICT, "", "2026-10", -5)], "不是用户数"),
    ],
)
def test_a_workbook_with_one_wrong_row_changes_nothing(manager: Client, rows: list, told: str):
    answer = manager.post("/setup/subscribers/upload/", {"file": _workbook(*rows)})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Subscribers.objects.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\x00" * 4096])
def test_what_is_no_workbook_is_refused(manager: Client, content: bytes):
    file = SimpleUploadedFile("x.xlsx", content)
    assert manager.post("/setup/subscribers/upload/", {"file": file}).status_code == 422
