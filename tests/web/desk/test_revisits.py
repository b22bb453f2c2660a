"""The call sheet: story in three lines, one key an outcome, the next opens."""

from bihuan.cases.models import CaseEvent
from bihuan.customers.models import Use
from bihuan.revisit.models import Interview, Revisit, Sheet
from web.desk.conftest import cause_code, now

CODED = {"cause": "N1111", "evidence_kinds": ["kpi"], "system_cause": "on"}


def _outcome(desk, case, key, **told):
    return desk.client.post(
        f"/desk/revisits/{case.number}/", {"outcome": key, "version": now(case).version, "root_solved": "", **told}
    )


def test_the_story_stands_in_three_lines(at_desk, walk):
    case = walk("replied", content="家里三天没有信号，打 13812345678 没人接")
    page = at_desk("re").see("/desk/revisits/")
    lines = page.context["lines"]
    assert [line.name for line in lines] == ["投诉", "处理", "答复"]
    assert "基站故障已修复" in lines[2].text and "马跃" in lines[1].by
    assert "13812345678" not in page.content.decode()
    assert page.context["case"].number == case.number


def test_one_satisfied_closes_and_opens_the_next(at_desk, walk):
    first, second = walk("replied"), walk("replied")
    desk = at_desk("re")
    answer = _outcome(desk, first, "1", **CODED)
    assert now(first).status == "closed"
    page = desk.see(answer["Location"])
    assert page.context["case"].number == second.number


def test_closing_asks_for_the_cause(at_desk, walk):
    case = walk("replied")
    answer = _outcome(at_desk("re"), case, "1", note="客户很满意")
    assert answer.status_code == 422
    assert "cause" in answer.context["form"].errors
    assert "客户很满意" in answer.content.decode()
    assert now(case).status == "replied"


def test_the_usual_cause_is_filled_in(at_desk, walk):
    closed = walk("closed")
    walk("replied")
    page = at_desk("re").see("/desk/revisits/")
    assert page.context["guessed"]
    assert page.context["form"].initial["cause"] == cause_code()
    assert now(closed).cause_id


def test_three_sends_it_back(at_desk, walk):
    case = walk("replied")
    _outcome(at_desk("re"), case, "3", note="还是没信号")
    assert now(case).status == "reopened"


def test_who_does_not_answer_is_left_alone_for_a_while(at_desk, walk):
    case, other = walk("replied"), walk("replied")
    desk = at_desk("re")
    _outcome(desk, case, "0")
    assert now(case).status == "in_revisit"
    assert Revisit.objects.get(case_id=case.id).reached is False
    page = desk.see("/desk/revisits/")
    assert page.context["case"].number == other.number
    assert page.context["put_off"] == 1


def test_ones_own_cases_are_somebody_elses_to_call(at_desk, walk, cast):
    case = walk("replied")
    cast.ma.roles = ["handler", "revisit"]
    cast.ma.save()
    assert at_desk("ma").see("/desk/revisits/").context.get("case") is None
    assert at_desk("ma").see("/desk/revisits/", case=case.number).status_code == 200
    assert _outcome(at_desk("ma"), case, "1", **CODED).status_code == 403


def test_nobody_to_call_says_so(at_desk):
    assert "都回访完了" in at_desk("re").see("/desk/revisits/").content.decode()


def test_who_does_not_call_back_has_no_such_page(at_desk, walk):
    case = walk("replied")
    assert at_desk("ma").see("/desk/revisits/").status_code == 404
    assert _outcome(at_desk("re_wx"), case, "1").status_code == 404


def test_a_stale_sheet_is_told_what_happened(at_desk, walk):
    case = walk("replied")
    stale = now(case).version
    at_desk("an").step(case, "chasers", channel="hotline", text="")
    answer = _outcome(at_desk("re"), case, "1", version=stale, **CODED)
    assert answer.status_code == 409
    assert "催办" in answer.content.decode()


def test_the_number_is_shown_for_a_purpose_and_registered(at_desk, walk, cast):
    case = walk("replied")
    answer = at_desk("re").client.post(
        f"/cases/{case.number}/reveal/", {"purpose": "contact", "fields": ["phone", "name"]},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    body = answer.content.decode()
    assert "13912345678" in body and "王小明" in body
    use = Use.objects.get(party_id=case.party_id)
    assert (use.staff_id, use.purpose, use.subject, use.fields) == (
        cast.re.id,
        "contact",
        case.number,
        ["phone", "name"],
    )


def test_a_reveal_needs_purpose_and_field(at_desk, walk):
    case = walk("replied")
    desk = at_desk("re")
    assert desk.client.post(f"/cases/{case.number}/reveal/", {"purpose": "contact"}).status_code == 422
    assert desk.client.post(f"/cases/{case.number}/reveal/", {"fields": "phone", "purpose": "x"}).status_code == 422
    assert at_desk("ji").client.post(f"/cases/{case.number}/reveal/", {"fields": "phone"}).status_code == 403
    assert not Use.objects.exists()


def test_the_sheet_prints_masks_only(at_desk, walk):
    case = walk("in_handling")
    body = at_desk("ma").see(f"/cases/{case.number}/sheet/").content.decode()
    assert "投诉处理单" in body and "王**" in body
    assert "13912345678" not in body
    assert CaseEvent.objects.filter(case_id=case.id).exists()


def test_deadlines_are_told_in_words(at_desk, walk):
    case = walk("in_handling")
    body = at_desk("ma").see(f"/cases/{case.number}/deadlines/").content.decode()
    assert "起算" in body


def test_an_interview_is_kept_with_the_questions_as_asked(at_desk, walk):
    case = walk("closed")
    sheet = Sheet.objects.get(code="visit")
    desk = at_desk("re")
    assert desk.step(case, "interviews").status_code == 422
    desk.step(case, "interviews", **{f"s{sheet.pk}_2": "4", f"s{sheet.pk}_3": "说话太快，打 13800002222 说清楚"})
    kept = Interview.objects.get(case_id=case.id)
    assert [answer for _question, _kind, answer in kept.answers][2] == "4"
    page = desk.see(f"/cases/{case.number}/").content.decode()
    assert "13800002222" not in page and "说话太快" in page
