"""Two people on one case: the second is told what changed and loses nothing of what she wrote."""

from web.desk.conftest import now


def test_a_stale_form_is_answered_409_with_what_changed_and_the_text_kept(at_desk, walk):
    case = walk("in_handling")
    stale = now(case).version
    at_desk("an").step(case, "chasers", channel="hotline", text="客户很着急")
    answer = at_desk("ma").htmx(
        case, "replies", version=stale, means="call", text="基站已修复，请重启手机。", accepted=""
    )
    body = answer.content.decode()
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#step"
    assert "催办" in body and "安宁" in body
    assert "基站已修复，请重启手机。" in body
    assert f'name="version" value="{now(case).version}"' in body
    assert now(case).status == "in_handling"


def test_sending_again_after_having_read_it_goes_through(at_desk, walk):
    case = walk("in_handling")
    at_desk("an").step(case, "chasers", channel="hotline", text="")
    answer = at_desk("ma").htmx(case, "replies", means="call", text="基站已修复，请重启手机。", accepted="")
    assert answer.status_code == 200
    assert now(case).status == "replied"


def test_a_clocks_warning_in_between_refuses_nothing(at_desk, walk):
    from bihuan.cases.actions import Fact, record_many
    from bihuan.kernel import clock

    case = walk("in_handling")
    stale = now(case).version
    record_many([Fact(case.id, "clock_warned", clock.now(), {"code": "x", "name": "x"})])
    answer = at_desk("ma").htmx(case, "contacts", version=stale, means="call", reached="on", note="已联系")
    assert answer.status_code == 200


def test_a_step_the_state_no_longer_allows_says_so(at_desk, walk):
    case = walk("dispatched")
    at_desk("ma").step(case, "receipts", assessment="self")
    answer = at_desk("ma").htmx(case, "receipts", assessment="self")
    assert answer.status_code == 409
    assert "已接单" in answer.content.decode()
