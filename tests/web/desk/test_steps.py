"""Every step of the desk through HTTP: what it does, and that the page shows it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.cases.models import CaseEvent
from bihuan.dispatch.models import Dispatch
from bihuan.handling.models import Evidence, Reply
from bihuan.revisit import actions as revisit
from bihuan.revisit.models import Closure, Revisit
from bihuan.web.desk.offers import possible
from web.desk.conftest import cause_code, now, reason_code


def _kinds(case):
    return list(CaseEvent.objects.filter(case_id=case.id).order_by("seq").values_list("kind", flat=True))


def test_accepting_classifies_in_the_same_step(at_desk, walk):
    case = walk("registered")
    answer = at_desk("di").step(case, "acceptance", category="N0102")
    assert answer.status_code == 302
    assert answer["Location"] == f"/cases/{case.number}/"
    assert now(case).status == "accepted"
    assert _kinds(case)[-2:] == ["accepted", "classified"]


def test_a_declined_complaint_tells_the_reason(at_desk, walk):
    case = walk("registered")
    at_desk("di").step(case, "declination", reason="not_ours", note="")
    assert now(case).status == "declined"
    assert "我们无法代为处理" in at_desk("di").see(f"/cases/{case.number}/").content.decode()


def test_classifying_keeps_what_is_left_out(at_desk, walk):
    case = walk("accepted")
    at_desk("di").step(case, "classification", category="N0102", urgency="4")
    case = now(case)
    assert (case.urgency, case.status) == (4, "accepted")


def test_another_priority_needs_a_reason(at_desk, walk):
    case = walk("accepted")
    desk = at_desk("di")
    assert desk.step(case, "priority", priority="1", urgency="3", why="").status_code == 422
    desk.step(case, "priority", priority="1", urgency="3", why="医院急诊通信中断")
    assert (now(case).priority, now(case).urgency) == (1, 3)
    assert "医院急诊通信中断" in desk.see(f"/cases/{case.number}/").content.decode()


def test_dispatching_by_the_rules_keeps_the_rule(at_desk, walk, cast):
    case = walk("accepted")
    page = at_desk("di").see(f"/cases/{case.number}/dispatches/")
    assert "规则建议" in page.content.decode()
    unit = page.context["proposal"].unit_id
    at_desk("di").step(case, "dispatches", unit=unit, demands="请今天联系客户", why="")
    held = Dispatch.objects.get(case_id=case.id)
    assert (held.unit_id, held.demands) == (unit, "请今天联系客户")
    assert held.rule_id is not None


def test_dispatching_elsewhere_keeps_no_rule(at_desk, walk, cast):
    case = walk("accepted")
    at_desk("di").step(case, "dispatches", unit=cast.units["mk_cz"].id, handler=cast.mk.id, demands="", why="")
    held = Dispatch.objects.get(case_id=case.id)
    assert (held.unit_id, held.handler_id, held.rule_id) == (cast.units["mk_cz"].id, cast.mk.id, None)


def test_recalling_says_why(at_desk, walk):
    case = walk("dispatched")
    at_desk("di").step(case, "recalls", why="派错了部门")
    assert now(case).status == "recalled"


def test_receiving_makes_the_handler(at_desk, walk, cast):
    case = walk("dispatched")
    at_desk("ma").step(case, "receipts", assessment="verify", verify_with="网络")
    assert (now(case).status, now(case).handler_id) == ("received", cast.ma.id)


def test_what_a_rule_refuses_stands_beside_its_field(at_desk, walk):
    case = walk("dispatched")
    answer = at_desk("ma").step(case, "receipts", assessment="verify", verify_with="")
    assert answer.status_code == 422
    assert "verify_with" in answer.context["form"].errors
    assert now(case).status == "dispatched"


def test_returning_names_reason_and_owner(at_desk, walk):
    case = walk("received")
    at_desk("ma").step(case, "returns", reason="wrong_unit", note="应由市场部处理，客户电话 13912345678")
    case = now(case)
    assert (case.status, case.return_count) == ("returned", 1)
    why = CaseEvent.objects.get(case_id=case.id, kind="returned").why
    assert "13912345678" not in why
    assert "139****5678" in at_desk("di").see(f"/cases/{case.number}/").content.decode()


def test_work_begins_with_one_click(at_desk, walk):
    case = walk("received")
    at_desk("ma").step(case, "handling")
    assert now(case).status == "in_handling"


def test_a_contact_is_noted_without_the_number(at_desk, walk):
    case = walk("received")
    at_desk("ma").step(case, "contacts", means="call", reached="on", note="打 13812345678 已联系")
    assert now(case).status == "in_handling"
    assert "13812345678" not in at_desk("ma").see(f"/cases/{case.number}/").content.decode()


def test_waiting_and_going_on(at_desk, walk):
    case = walk("received")
    at_desk("ma").step(case, "waits", reason="customer_time", note="", until="")
    assert (now(case).status, now(case).paused) == ("waiting", True)
    at_desk("ma").step(case, "resumptions", note="")
    assert (now(case).status, now(case).paused) == ("in_handling", False)


def test_an_interim_reply_leaves_the_case_open(at_desk, walk):
    case = walk("in_handling")
    at_desk("ma").step(case, "replies", means="call", text="已安排师傅，明天上门。", interim="on", accepted="")
    assert (now(case).status, now(case).first_reply_at is not None) == ("in_handling", True)


def test_a_reply_ends_the_dispatch(at_desk, walk):
    case = walk("in_handling")
    at_desk("ma").step(case, "replies", means="call", text="基站已修复，请重启手机。", solution="换板", accepted="no")
    assert now(case).status == "replied"
    assert Dispatch.objects.get(case_id=case.id).outcome == "replied"
    assert Reply.objects.get(case_id=case.id).accepted is False


def test_an_answer_on_the_spot_accepts_and_replies(at_desk, walk):
    case = walk("registered")
    page = at_desk("an").see(f"/cases/{case.number}/")
    assert "当场答复" in page.content.decode()
    at_desk("an").step(case, "replies", means="call", text="套餐说明已讲清，客户认可。", accepted="yes")
    case = now(case)
    assert (case.status, case.dispatched_at) == ("replied", None)


def test_a_satisfied_customer_and_a_cause_close_it(at_desk, walk):
    case = walk("replied")
    at_desk("re").step(
        case, "revisits", satisfaction="3", root_solved="yes", note="客户认可", cause=cause_code(), evidence_kinds=["kpi"],
        system_cause="on",
    )  # fmt: skip
    assert now(case).status == "closed"
    closure = Closure.objects.get(case_id=case.id)
    assert (closure.evidence_kinds, closure.system_cause, closure.value_cause) == (["kpi"], True, False)


def test_a_dissatisfied_customer_sends_it_back(at_desk, walk):
    case = walk("replied")
    at_desk("re").step(case, "revisits", satisfaction="1", root_solved="no", note="还是没信号")
    assert now(case).status == "reopened"


def test_an_unreached_customer_is_tried_again(at_desk, walk):
    case = walk("replied")
    at_desk("re").step(case, "attempts", means="call", note="无人接听")
    assert now(case).status == "in_revisit"
    assert Revisit.objects.get(case_id=case.id).reached is False


def test_an_exceptional_closure_needs_another_persons_own_word(at_desk, walk, cast):
    case = walk("replied")
    desk = at_desk("re")
    desk.step(case, "attempts", means="call", note="拒绝回访，直接挂断")
    told = {"cause": cause_code(), "exception": "refused", "note": "客户明确拒绝回访"}
    assert desk.step(case, "closing-requests", **told).status_code == 422
    assert desk.step(case, "closing-requests", **told, approved_by=cast.ma.id).status_code == 422
    desk.step(case, "closing-requests", **told, approved_by=cast.du.id)
    assert now(case).status == "in_revisit"
    assert f"/cases/{case.number}/closing-decisions/" in at_desk("du").see(f"/cases/{case.number}/").content.decode()
    assert at_desk("li").step(case, "closing-decisions", approved="yes", why="").status_code == 403
    assert at_desk("du").step(case, "closing-decisions", approved="no", why="").status_code == 422
    at_desk("du").step(case, "closing-decisions", approved="yes", why="")
    closed = Closure.objects.get(case_id=case.id)
    assert now(case).status == "closed"
    assert (closed.by_id, closed.approved_by_id) == (cast.re.id, cast.du.id)
    assert _kinds(case)[-2:] == ["closing_approved", "closed"]


def test_a_closed_case_is_reopened(at_desk, walk):
    case = walk("closed")
    at_desk("re").step(case, "reopenings", reason="recurred", note="又没信号了")
    assert (now(case).status, now(case).ended_at) == ("reopened", None)


def test_a_withdrawal_rests_on_a_call(at_desk, walk):
    case = walk("dispatched")
    at_desk("di").step(case, "withdrawal", proven_by="call", note="客户来电表示自行解决")
    assert now(case).status == "withdrawn"


def test_a_chaser_raises_the_priority(at_desk, walk):
    case = walk("dispatched")
    before = now(case).priority
    at_desk("an").step(case, "chasers", channel="hotline", text="客户很着急")
    assert (now(case).chaser_count, now(case).priority) == (1, before - 1)


def test_material_is_added(at_desk, walk):
    case = walk("dispatched")
    at_desk("an").step(case, "materials", channel="hotline", text="客户补充：三号楼也没有信号")
    assert "三号楼也没有信号" in at_desk("an").see(f"/cases/{case.number}/").content.decode()


def test_the_same_customers_second_complaint_is_merged(at_desk, walk):
    first, second = walk("dispatched"), walk("accepted")
    at_desk("di").step(second, "merges", into=first.number, why="同一件事")
    assert (now(second).status, now(second).merged_into_id) == ("merged", first.id)
    page = at_desk("di").see(f"/cases/{first.number}/").content.decode()
    assert "已并入本单" in page


def test_a_merge_into_a_case_out_of_reach_is_not_found(at_desk, walk, cast):
    mine = walk("accepted")
    other = cast.case("an_wx", area="320211")
    answer = at_desk("di").step(mine, "merges", into=other.number, why="同一件事")
    assert answer.status_code == 404
    assert now(mine).status == "accepted"


def test_evidence_goes_in_and_comes_out(at_desk, walk, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    case = walk("in_handling")
    photo = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
    answer = at_desk("ma").step(case, "evidence", kind="photo", content=photo)
    assert answer.status_code == 302, answer.context["form"].errors
    kept = Evidence.objects.get(case_id=case.id)
    got = at_desk("ma").see(f"/cases/{case.number}/evidence/{kept.id}/")
    assert got["Content-Disposition"].startswith("attachment")
    assert got.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "noun",
    ["acceptance", "declination", "classification", "priority", "replies", "withdrawal", "merges", "chasers", "materials"],
)  # fmt: skip
def test_each_form_of_a_fresh_case_opens(at_desk, walk, noun):
    case = walk("registered")
    answer = at_desk("di").see(f"/cases/{case.number}/{noun}/")
    assert answer.status_code == 200
    assert f'action="/cases/{case.number}/{noun}/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("state", "who", "noun"),
    [
        ("accepted", "di", "dispatches"), ("dispatched", "ma", "receipts"), ("dispatched", "ma", "returns"),
        ("dispatched", "di", "recalls"), ("in_handling", "ma", "contacts"), ("in_handling", "ma", "waits"),
        ("in_handling", "ma", "evidence"), ("waiting", "ma", "resumptions"), ("replied", "re", "revisits"),
        ("replied", "re", "attempts"), ("closed", "re", "reopenings"),
    ],
)  # fmt: skip
def test_each_form_further_on_opens(at_desk, walk, state, who, noun):
    case = walk(state)
    answer = at_desk(who).see(f"/cases/{case.number}/{noun}/")
    assert answer.status_code == 200
    assert 'name="version"' in answer.content.decode()


def test_a_code_for_a_reason_retired_meanwhile_is_refused(at_desk, walk):
    case = walk("received")
    answer = at_desk("ma").step(case, "returns", reason="no_such", note="x")
    assert answer.status_code == 422
    assert reason_code("return") in answer.content.decode()


def test_a_form_that_can_lead_nowhere_does_not_open_and_every_offered_one_does(at_desk, walk, cast):
    ended, answered = walk("closed"), walk("replied")
    for case, who, noun in ((answered, "ma", "replies"), (ended, "di", "dispatches")):
        shown = at_desk(who).see(f"/cases/{case.number}/{noun}/")
        assert shown.status_code == 409 and "工单现在是" in shown.content.decode()
        assert at_desk(who).client.get(shown.request["PATH_INFO"], headers={"HX-Request": "true"}).status_code == 409
    fragment = {"HX-Request": "true"}
    for state, who in (("registered", "di"), ("in_revisit", "re")):
        case, desk = walk(state), at_desk(who)
        if state == "in_revisit":
            revisit.attempt(case, cast.doer("re"), "没有人接")
        for noun in possible(cast.viewer(who), now(case)):
            assert desk.client.get(f"/cases/{case.number}/{noun.code}/", headers=fragment).status_code == 200, noun.code
