"""The ledger over the API: pages in order, an auditor's token reads every line and no content."""

from api.api_cast import As
from cast import Cast


def test_it_is_read_in_pages_without_content(cast: Cast, api: As) -> None:
    numbers = [cast.case().number for _ in range(3)]
    auditor = api("au")
    first = auditor.get("/ledger?limit=2").json
    assert [line["number"] for line in first["lines"]] == numbers[:2] and first["totals"]["lines"] == 2
    second = auditor.get(f"/ledger?limit=2&after={first['after']}").json
    assert [line["number"] for line in second["lines"]] == numbers[2:] and second["after"] is None
    assert "没有信号" not in str(first)
    assert auditor.get("/ledger?from=yesterday").status == 422
    assert api("ma").get("/ledger").status == 403
