"""News owed and reports as Excel: what is shown, masked, for who may export."""

from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from bihuan.flow import majors
from bihuan.kernel import clock
from bihuan.progress.actions import KIND as NEWS
from bihuan.sla import deadlines
from web.desk.conftest import at_desk, walk  # noqa: F401 - fixtures


def _rows(answer: Any) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_news_and_reports_leave_as_excel(at_desk: Any, walk: Any, cast: Any) -> None:  # noqa: F811
    case = walk("received")
    majors.begin(case, cast.doer("li"), lead_id=cast.li.id, due=None)
    deadlines.start(NEWS, case.id, case.id, clock.ago(hours=-3))
    news = _rows(at_desk("li").see("/teamwork/news/export/"))
    assert news[1][0] == case.number
    assert "王小明" not in str(news)
    reports = _rows(at_desk("li").see("/teamwork/reports/export/"))
    assert (reports[1][0], reports[1][3]) == (case.number, "林立")
    assert len(_rows(at_desk("li").see("/teamwork/reports/export/?show=done"))) == 1
    assert at_desk("ma").see("/teamwork/news/export/").status_code == 403
    assert "export" in at_desk("li").see("/teamwork/news/").content.decode()
