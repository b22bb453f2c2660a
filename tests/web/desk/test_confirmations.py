"""A written answer waits for the customer: desk, her own page, the API and the clock all know of it."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from bihuan.cases.models import Case, CaseEvent
from bihuan.cases.verify import verify
from bihuan.channels.outbox import plain
from bihuan.flow import actions as flow
from bihuan.flow import aftercare, ending, escalation
from bihuan.handling import confirming
from bihuan.handling.models import Reply
from bihuan.kernel import clock
from bihuan.kernel.errors import RuleError
from bihuan.kernel.models import Message
from bihuan.notices.models import Notice
from bihuan.revisit import actions as revisit
from bihuan.revisit.review import Review
from bihuan.sla.models import Deadline
from bihuan.sla.replay import differences
from web.desk.conftest import cause_code, now

TEXT = "处理人马跃：基站断电，已恢复供电。"
SMS = {"means": "sms", "text": TEXT, "solution": "", "accepted": ""}


def _customer(case):
    client = Client()
    session = client.session
    session["complaint"] = {"id": case.id, "until": clock.now().timestamp() + 600}
    session.save()
    return client


def _sound(case):
    return list(verify()) == [] and list(differences([case.id], clock.now())) == []


def _review():
    return Review(cause_code(), ["kpi"], system_cause=True)


@pytest.fixture
def texted(walk, cast):
    """Phoned in vain, then answered by text message."""
    case = walk("in_handling")
    flow.answer(case, cast.doer("ma"), "sms", TEXT)
    return case


def test_the_phone_comes_first_and_one_confirmation_serves(walk, at_desk, cast):
    case, desk = walk("received"), at_desk("ma")
    assert "还没有给客户打过电话" in desk.see(f"/cases/{case.number}/replies/").content.decode()
    refused = desk.step(case, "replies", **SMS)
    assert refused.status_code == 409 and "答复先打电话" in refused.content.decode() and now(case).status == "received"
    assert "答复先打电话" in desk.htmx(case, "replies", **SMS).content.decode()
    desk.step(case, "replies", **SMS, despite="on")
    told = CaseEvent.objects.get(case_id=case.id, kind="replied").payload
    assert told["despite"] == {"unphoned": []} and told["confirm_by"]
    assert "没有先打电话" in desk.see(f"/cases/{case.number}/").content.decode()
    phoned = walk("in_handling")  # `walk` phones her
    assert "还没有给客户打过电话" not in desk.see(f"/cases/{phoned.number}/replies/").content.decode()
    assert desk.step(phoned, "replies", **SMS).status_code == 302 and confirming.awaits(now(phoned))


def test_answered_in_the_call_or_in_between_nothing_waits(walk, cast):
    spoken = walk("replied")
    interim = walk("in_handling")
    flow.answer(interim, cast.doer("ma"), "sms", TEXT, final=False)
    assert not confirming.awaits(spoken) and not confirming.awaits(interim)
    assert not Deadline.objects.filter(kind="confirmation").exists()


def test_the_customer_confirms_on_her_own_page(texted, at_desk):
    assert "确认问题是否已经解决" in plain(Message.objects.get(purpose="reply", subject_id=texted.id))[1]
    desk, hers = at_desk("re"), _customer(texted)
    page = desk.see(f"/cases/{texted.number}/").content.decode()
    assert (
        "书面答复待客户确认" in page
        and "等客户确认" in page
        and "短信答复，待客户确认" in page
        and "/confirmations/" in page
    )
    assert "我已收到答复，问题已解决" in hers.get("/service/progress/").content.decode()
    assert hers.post("/service/progress/confirmation/").status_code == 302
    assert hers.post("/service/progress/confirmation/").status_code == 302  # pressed twice
    shown = hers.get("/service/progress/").content.decode()
    assert "您确认收到答复" in shown and "我已收到答复" not in shown
    page = desk.see(f"/cases/{texted.number}/").content.decode()
    assert "本人确认" in page and "书面答复待客户确认" not in page and "/confirmations/" not in page
    assert CaseEvent.objects.filter(case_id=texted.id, kind="reply_confirmed").count() == 1
    assert Reply.objects.get(case_id=texted.id).settled == "customer"
    assert not Deadline.objects.filter(kind="confirmation", ended_at=None).exists() and _sound(texted)


def test_the_number_of_a_merged_complaint_serves_too(texted, walk, at_desk, cast):
    merged = walk("accepted")
    flow.merge(merged, texted, cast.doer("di"), "同一件事")
    hers, desk = _customer(merged), at_desk("re")
    shown = hers.get("/service/progress/").content.decode()
    assert "我已收到答复，问题已解决" in shown and "还没有解决" in shown and TEXT in shown
    sheet = desk.see("/desk/revisits/", case=merged.number).content.decode()
    assert f"/desk/revisits/{texted.number}/" in sheet and f"/desk/revisits/{merged.number}/" not in sheet
    hers.post("/service/progress/confirmation/")
    assert hers.post("/service/progress/confirmation/").status_code == 302  # pressed twice
    told = CaseEvent.objects.get(kind="reply_confirmed")
    assert (told.case_id, told.payload["through"]) == (texted.id, merged.number) and not confirming.awaits(now(texted))
    assert f"就并入的 {merged.number}" in desk.see(f"/cases/{texted.number}/").content.decode()
    assert "您确认收到答复" in hers.get("/service/progress/").content.decode()
    hers.post("/service/progress/rejection/", {"r-text": "晚上又断了"})
    assert (now(texted).status, now(merged).status) == ("reopened", "merged")
    added = CaseEvent.objects.get(case_id=texted.id, kind="material_added").payload
    assert added["through"] == merged.number and "晚上又断了" in added["text"]
    assert _sound(texted) and _sound(merged)


def test_a_call_confirms_at_the_desk_and_over_the_api(texted, walk, at_desk, cast):
    desk = at_desk("ma")
    assert desk.step(texted, "confirmations", means="call", note="").status_code == 422
    assert desk.step(texted, "confirmations", means="sms", note="已收到").status_code == 422
    assert at_desk("an").step(texted, "confirmations", means="call", note="收到").status_code == 403
    desk.step(texted, "confirmations", means="call", note="客户说收到，已经好了")
    assert "客户说收到，已经好了" in desk.see(f"/cases/{texted.number}/").content.decode()
    other = walk("in_handling")
    flow.answer(other, cast.doer("ma"), "email", TEXT)
    head = {"Authorization": f"Bearer {cast.token('re', 'case.read', 'case.confirm')}"}
    place = f"/api/v1/complaints/{other.number}"
    steps = Client().get(place, headers=head).json()["allowed"]
    assert "confirmations" in {one["step"] for one in steps}
    body = json.dumps({"means": "call", "note": "收到邮件"})
    sent = [Client().post(f"{place}/confirmations", body, "application/json", headers=head) for _time in range(2)]
    assert [one.status_code for one in sent] == [201, 409] and sent[1].json()["code"] == "confirmation.none"
    assert Reply.objects.get(case_id=other.id).settled == "staff"
    assert "confirmations" not in {one["step"] for one in Client().get(place, headers=head).json()["allowed"]}


def test_nothing_closes_before_unless_as_an_exception_that_says_so(texted, cast):
    re, du = cast.doer("re"), cast.doer("du")
    revisit.attempt(texted, re, "无人接听")
    with pytest.raises(RuleError) as refused:
        ending.close(texted, re, _review())
    told = refused.value
    assert (told.code, told.status, told.field) == ("closure.unconfirmed", 409, "confirmation")
    aftercare.ask_closing(texted, cast.viewer("re"), "refused", cast.du.id, _review(), "客户拒接")
    aftercare.decide_closing(texted, du, approved=True)
    assert CaseEvent.objects.get(case_id=texted.id, kind="closed").payload["unconfirmed"] is True
    assert now(texted).status == "closed" and not confirming.awaits(now(texted))
    assert Reply.objects.get(case_id=texted.id).settled == "over" and _sound(texted)


def test_a_call_back_that_reaches_her_confirms_and_closes(texted, cast):
    flow.revisited(texted, cast.doer("re"), 3, closing=_review())
    closed = CaseEvent.objects.get(case_id=texted.id, kind="closed")
    assert now(texted).status == "closed" and "unconfirmed" not in closed.payload
    assert Reply.objects.get(case_id=texted.id).settled == "revisit" and _sound(texted)


def test_a_new_answer_waits_anew_and_the_old_wait_is_over(texted, at_desk, cast):
    hers = _customer(texted)
    hers.post("/service/progress/rejection/", {"r-text": "还是没有信号"})
    case = now(texted)
    assert case.status == "reopened" and not confirming.awaits(case)
    assert "短信答复，" not in at_desk("ma").see(f"/cases/{case.number}/").content.decode()
    with pytest.raises(RuleError) as refused:
        flow.answer(case, cast.doer("ma"), "sms", TEXT)
    assert refused.value.code == "reply.unphoned"  # the call before the first answer was for that one
    case = now(texted)
    flow.answer(case, cast.doer("ma"), "sms", TEXT, despite=True)
    assert list(Reply.objects.order_by("id").values_list("settled", flat=True)) == ["over", ""]
    assert Deadline.objects.filter(kind="confirmation", ended_at=None).count() == 1
    flow.withdraw(case, cast.doer("du"), "call", "客户来电撤诉")
    assert not Deadline.objects.filter(kind="confirmation", ended_at=None).exists()


def test_when_none_comes_in_time_the_handler_is_told_to_phone_again(texted, at_desk, cast):
    with clock.at(clock.now() + timedelta(hours=23)):
        escalation.run_terms()
    assert confirming.LATE not in now(texted).flags
    for _again in range(2):
        with clock.at(clock.now() + timedelta(hours=25)):
            escalation.run_terms()
    fired = CaseEvent.objects.filter(case_id=texted.id, kind="deadline_breached")
    assert [one.payload["deadline"] for one in fired] == ["confirmation"]
    told = Notice.objects.filter(kind="confirmation_missed")
    assert [(one.staff_id, one.case_id) for one in told] == [(cast.ma.id, texted.id)]
    case = now(texted)
    assert confirming.LATE in case.flags and confirming.AWAITED not in case.flags
    assert "答复逾期未确认" in at_desk("re").see("/desk/revisit/").content.decode()
    confirming.confirm(case, cast.doer("ma"), "call", "客户说已经好了")
    assert CaseEvent.objects.get(case_id=case.id, kind="reply_confirmed").payload["late"] is True
    assert Case.objects.get(pk=case.pk).flags == [] and _sound(case)
