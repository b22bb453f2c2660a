"""Imports in a real browser: upload, see how the file would be read, correct a column."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

ROWS = (
    "投诉单号,建单时间,转派时间,归档时间,截止时间,用户姓名,联系号码,所在区县,反映内容,投诉大类,小区名称\n"
    "T001,2019/5/6 8:01,,2019/5/6 9:00,2019/5/8,赵六,13911112222,天宁区,宽带晚上特别慢，重启光猫也没有用,外线装维,勤业新村\n"
    "T002,2019/5/6 8:05,2019/5/6 9:00,2019/5/9 9:00,2019/5/8,钱七,13911113333,天宁区,断网两天,装维服务,\n"
    "T003,昨天,,2019/5/7 9:00,2019/5/8,孙八,13911114444,新北区,多扣费,话费,\n"
)


def test_a_file_is_uploaded_and_looked_at(
    page: Page, sign_in: Callable[[Page, str], None], shot: Callable[..., Any], tmp_path: Path
):
    file = tmp_path / "某局导出.csv"
    file.write_text(ROWS, encoding="utf-8")
    sign_in(page, "gu")
    page.goto("/imports/")
    shot(page, "imports")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="上传并查看").click()
    expect(page.get_by_role("heading", name="某局导出.csv")).to_be_visible()
    expect(page.get_by_label("投诉单号", exact=True)).to_have_value("source_number")
    expect(page.get_by_text("读不出日期“昨天”")).to_be_visible()
    shot(page, "import-reading")
    page.get_by_label("小区名称", exact=True).select_option("address")
    page.get_by_label("装维服务").fill("外线装维")
    page.get_by_role("button", name="更新预览").click()
    expect(page.get_by_label("小区名称", exact=True)).to_have_value("address")
    expect(page.get_by_label("装维服务")).to_have_count(0)
    page.get_by_role("button", name="试导入").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    shot(page, "import-waiting")
