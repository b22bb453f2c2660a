"""One complaint lives its whole life over the API, by people of different roles."""

from api.api_cast import As
from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from cast import Cast


def test_a_complaint_is_registered_handled_revisited_and_closed_over_the_api(cast: Cast, api: As) -> None:
    posted = api("an").post(
        "/complaints",
        {
            "channel": "hotline",
            "content": "家里三天没有信号，打电话一直断。",
            "area": "320412",
            "customer": {"name": "王小明", "phone": "13912345678"},
        },
    )
    assert posted.status == 201
    number = posted.json["number"]
    coded = {"cause": "N1111", "evidence_kinds": ["kpi"], "system_cause": True}
    steps = [
        ("di", "acceptance", {"category": "N0101"}),
        ("di", "dispatches", {"by_rule": True}),
        ("ma", "receipts", {"assessment": "self"}),
        ("ma", "contacts", {"means": "call", "note": "已联系客户，约明天上门"}),
        ("ma", "waits", {"reason": "customer_time", "note": "客户要求改约"}),
        ("ma", "resumptions", {}),
        ("ma", "replies", {"means": "call", "text": "基站断电，已恢复供电，客户确认信号正常。"}),
        ("re", "revisits", {"satisfaction": "satisfied", "root_solved": True, "closing": coded}),
    ]
    for who, noun, body in steps:
        answer = api(who).step(number, noun, body)
        assert answer.status == 201, (noun, answer.content.decode())
    read = api("he").get(f"/complaints/{number}").json
    assert read["status"] == "closed"
    assert read["customer"]["phone"] == "139****5678"
    kinds = [event["kind"] for event in read["events"]]
    assert kinds == [
        "registered", "accepted", "classified", "dispatched", "received", "handling_started", "contacted", "waiting",
        "resumed", "replied", "revisited", "closed",
    ]  # fmt: skip
    assert CaseEvent.objects.filter(source="api").count() == 12
    assert list(verify()) == []
    assert Case.objects.get(number=number).status == "closed"
