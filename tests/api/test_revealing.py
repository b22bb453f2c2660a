"""Sealed fields in plain: for a purpose, by who may, written into the use register and the audit log."""

from api.api_cast import As
from bihuan.cases.models import Case
from bihuan.customers.models import Use
from bihuan.identity.models import AuditEntry
from cast import Cast


def test_it_is_opened_for_a_purpose_and_written_down(cast: Cast, api: As, received: Case) -> None:
    answer = api("ma").step(received, "reveals", {"fields": ["name", "phone"], "purpose": "visit"})
    assert answer.status == 200
    assert answer.json == {"number": received.number, "fields": {"name": "王小明", "phone": "13912345678"}}
    assert answer.headers["Cache-Control"] == "no-store"
    use = Use.objects.get()
    assert (use.staff_id, use.fields, use.purpose, use.subject) == (
        cast.ma.pk,
        ["name", "phone"],
        "visit",
        received.number,
    )
    entry = AuditEntry.objects.get(kind="reveal")
    assert "13912345678" not in str(entry.detail) and entry.subject == received.number


def test_numbers_found_in_the_text_are_opened_by_their_token(cast: Cast, api: As) -> None:
    case = cast.case(content="请打 13812341234 联系我爱人")
    assert api("an").step(case, "reveals", {"fields": ["⟦P1⟧"], "purpose": "contact"}).json["fields"] == {
        "⟦P1⟧": "13812341234"
    }


def test_without_purpose_or_for_unknown_fields_nothing_is_opened(cast: Cast, api: As, received: Case) -> None:
    wrong = [
        ({"fields": ["phone"]}, "purpose"),
        ({"fields": ["phone"], "purpose": "curiosity"}, "purpose"),
        ({"fields": [], "purpose": "contact"}, "fields"),
        ({"fields": ["salary"], "purpose": "contact"}, "fields"),
        ({"fields": "phone", "purpose": "contact"}, "fields"),
        ({"fields": ["phone"] * 21, "purpose": "contact"}, "fields"),
    ]
    for body, field in wrong:
        answer = api("ma").step(received, "reveals", body)
        assert (answer.status, answer.json["field"]) == (422, field)
    assert not Use.objects.exists()
