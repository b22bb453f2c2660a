"""A final answer while a visit or a repair is still owed has to be confirmed, and the record says what stood."""

import pytest
from django.test import Client

from bihuan.cases.models import Case, CaseEvent
from bihuan.fieldwork import queries
from bihuan.flow import actions as flow
from bihuan.flow import fieldwork, repairs
from bihuan.identity import roles
from bihuan.kernel.errors import RuleError
from cast import Cast
from fieldwork.test_appointments import a_crew, in_hand

SAID = "处理人马跃：今日上午查明基站板卡故障，已更换恢复，客户确认信号正常。"


def owing(cast: Cast) -> Case:
    """A case with a repair ordered and a visit agreed."""
    case, crew = in_hand(cast), a_crew(cast)
    slot = queries.free(case, days=2)[0]
    fieldwork.book(case, cast.doer("ma"), crew.pk, slot.starts_at, slot.ends_at, "self", "call")
    repairs.send(case, cast.doer("ma"), crew.pk, "光猫红灯", "8h")
    return case


def test_a_final_answer_is_refused_until_confirmed_an_interim_one_is_not(cast: Cast) -> None:
    case = owing(cast)
    flow.answer(case, cast.doer("ma"), "call", SAID, final=False)
    with pytest.raises(RuleError) as refused:
        flow.answer(case, cast.doer("ma"), "call", SAID)
    assert (refused.value.code, refused.value.field) == ("reply.standing", "despite")
    assert {kind: len(found) for kind, found in refused.value.data.items()} == {"visits": 1, "repairs": 1}
    case.refresh_from_db()
    event = flow.answer(case, cast.doer("ma"), "call", SAID, despite=True)
    assert event.payload["despite"] == refused.value.data and case.status == "replied"


def test_the_desk_asks_for_one_tick_and_the_timeline_tells_it(cast: Cast, client: Client) -> None:
    case = owing(cast)
    client.force_login(cast.ma)
    address, told = f"/cases/{case.number}/replies/", {"means": "call", "text": SAID, "accepted": ""}
    asked = client.get(address).content.decode()
    assert 'name="despite"' in asked and "未完成的维修单 1 张" in asked
    assert client.post(address, told).status_code == 409
    assert not CaseEvent.objects.filter(case_id=case.id, kind="replied").exists()
    assert client.post(address, {**told, "despite": "on"}).status_code == 302
    assert "确认后仍作答复" in client.get(f"/cases/{case.number}/").content.decode()


def test_the_api_says_what_stands_and_takes_the_confirmation(cast: Cast, client: Client) -> None:
    case = owing(cast)
    token = cast.token("ma", *roles.ALL_RIGHTS)

    def post(**more: object) -> tuple[int, dict[str, object]]:
        answer = client.post(
            f"/api/v1/complaints/{case.number}/replies", {"means": "call", "text": SAID, **more},
            content_type="application/json", headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    status, told = post()
    assert (status, told["code"]) == (409, "reply.standing")
    assert post(despite=True)[0] == 201
