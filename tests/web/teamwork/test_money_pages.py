"""A sum proposed on the case page, approved in the queue, paid, in Excel; budgets in set-up."""

from bihuan.compensation import budgets
from bihuan.compensation.models import Approval, Budget, Proposal
from web.desk.conftest import at_desk, walk  # noqa: F401 - fixtures


def test_from_the_case_page_through_the_queue_to_payment(at_desk, walk, cast):  # noqa: F811
    month = f"{budgets.this_month():%Y-%m}"
    manager = at_desk("gu").client
    told = {"unit": cast.units["hq"].id, "month": month, "amount": "2000"}
    assert manager.post("/setup/budgets/", told).status_code == 302
    assert manager.post("/setup/budgets/limits/", {"role": "handler", "amount": "100"}).status_code == 302
    assert at_desk("ma").see("/setup/budgets/").status_code == 404
    case = walk("in_handling")
    assert "100.00" in at_desk("ma").see(f"/cases/{case.number}/compensation/").content.decode()
    told = {"kind": "refund", "amount": "1.234", "reason": "多收月租"}
    assert at_desk("ma").step(case, "compensation", **told).status_code in {400, 422}
    assert at_desk("ma").step(case, "compensation", **{**told, "amount": "260"}).status_code == 302
    rung = Approval.objects.get()
    assert rung.staff_id == cast.li.id
    lead = at_desk("li")
    assert "260.00" in lead.see("/teamwork/money/").content.decode()
    assert at_desk("ma").client.post(f"/teamwork/money/approvals/{rung.pk}/", {"approved": "1"}).status_code == 403
    assert at_desk("mk").client.post(f"/teamwork/money/approvals/{rung.pk}/", {"approved": "1"}).status_code == 404
    assert lead.client.post(f"/teamwork/money/approvals/{rung.pk}/", {"approved": "1"}).status_code == 302
    one = Proposal.objects.get()
    assert one.status == "granted"
    assert manager.post(f"/teamwork/money/{one.pk}/payment/", {"reference": ""}).status_code == 422
    assert manager.post(f"/teamwork/money/{one.pk}/payment/", {"reference": "R-88"}).status_code == 302
    assert Budget.objects.get().used == 260
    page = at_desk("ma").see(f"/cases/{case.number}/").content.decode()
    assert "260.00" in page
    assert "已兑付" in page
    for shown in ("all", "sums", "mine"):
        assert manager.get(f"/teamwork/money/?show={shown}").status_code == 200
    assert manager.get("/teamwork/money/export/").status_code == 200
    assert manager.get("/setup/budgets/").status_code == 200
