"""One complaint over two channels: linked by line or customer, merged, chased by either number, answered for both."""

from api.api_cast import Api, As, fresh
from bihuan.cases.models import Case, CaseEvent
from bihuan.intake.schema import Customer
from cast import Cast

SAID = {"means": "call", "text": "处理人安宁：今日上午查明基站板卡故障，已更换恢复，客户确认信号正常。"}


def test_a_repeat_is_linked_by_line_and_by_customer_and_only_for_the_same_cause(cast: Cast) -> None:
    named = Customer(name="王小明", phone="13912345678", identity_number="320402199001011237")
    first = cast.case(customer=named)
    line = cast.case(channel="app", customer=Customer(phone="13899990000"), complained_number="13912345678")
    moved = cast.case(
        channel="web", customer=Customer(name="王小明", phone="13700002222", identity_number="320402199001011237")
    )
    assert line.repeat_of_id == first.id and moved.repeat_of_id == first.id
    other_cause = cast.case(channel="web", customer=named, category="C0101", content="多扣了三十元话费。")
    stranger = cast.case(channel="web", customer=Customer(name="王小明", phone="13600003333"))
    assert other_cause.repeat_of_id is None and stranger.repeat_of_id is None


def test_merged_it_is_chased_by_its_own_number_and_answered_through_the_other(cast: Cast, api: As) -> None:
    first, second = cast.case(), cast.case(channel="app", content="没有信号三天了，第二次反映。")
    di: Api = api("di")
    assert di.step(second, "merges", {"into": first.number, "why": "同一件事"}).status == 201
    chased = di.step(second, "chasers", {"channel": "hotline", "text": "客户按第二个编号来催"})
    assert chased.status == 201 and chased.json["complaint"]["number"] == first.number
    assert di.step(second, "materials", {"channel": "hotline", "text": "电梯里也没有"}).status == 201
    kinds = CaseEvent.objects.filter(case_id=first.id, payload__through=second.number)
    assert set(kinds.values_list("kind", flat=True)) == {"chased", "material_added"}
    assert fresh(first).priority < second.priority and fresh(second).status == "merged"
    assert di.step(first, "acceptance", {"category": "N0101"}).status == 201
    assert di.step(first, "replies", SAID).status == 201
    read = di.get(f"/complaints/{second.number}").json
    assert read["merged_into"] == first.number and "没有信号三天了" in read["content"]
    from bihuan.web.public import story

    told = [line.text for line in story.lines(fresh(second), {})]
    assert SAID["text"] in told
    assert di.step(second, "separations", {"why": "其实是两件事"}).status == 201
    assert [one.status for one in Case.objects.filter(pk=second.pk)] == ["reopened"]
