"""Looking back at what was passed on: a verdict, a fair sample, findings, a script from a finding."""

import pytest

from bihuan.cases.filters import Filter
from bihuan.cases.models import Case
from bihuan.dispatch import actions as dispatch
from bihuan.flow import actions as flow
from bihuan.flow import reviews as scripts
from bihuan.kernel.errors import Conflict, Forbidden, RuleError
from bihuan.knowledge.models import Version
from bihuan.reviews import actions, queries
from bihuan.reviews.models import PassedOn
from cast import Cast


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _passed(cast: Cast) -> Case:
    case = cast.case(content="王小明家里没有信号，打 13912345678 找他")
    flow.accept(_locked(case), cast.doer("di"), category="N0101")
    dispatch.dispatch(_locked(case), cast.doer("di"), cast.units["mt_cz"].id)
    dispatch.receive(_locked(case), cast.doer("ma"), "self")
    flow.answer(
        _locked(case), cast.doer("ma"), "call", "处理人马跃：重启光猫后恢复，请客户按说明操作。", solution="重启光猫"
    )
    return case


def test_a_verdict_says_what_was_missing_and_may_change(cast: Cast) -> None:
    case, kept = _passed(cast), cast.case()
    with pytest.raises(Conflict, match="review.not_passed"):
        actions.judge(_locked(kept), cast.doer("ji"), True, ["knowledge"])
    with pytest.raises(Forbidden):
        actions.judge(_locked(case), cast.doer("an"), True, ["knowledge"])
    with pytest.raises(RuleError, match="review.lacks"):
        actions.judge(_locked(case), cast.doer("ji"), True, [])
    actions.judge(_locked(case), cast.doer("ji"), True, ["knowledge", "authority"], "坐席不知道怎么指导重启")
    ((agent, finding),) = queries.findings(cast.viewer("ji"), "agent_id")
    assert (agent, finding.reviewed, finding.solvable, finding.lacks) == (
        cast.an.id, 1, 1, {"knowledge": 1, "authority": 1},
    )  # fmt: skip
    actions.judge(_locked(case), cast.doer("li"), False, [])
    row = PassedOn.objects.get(case_id=case.id)
    assert (row.solvable, row.lacks, row.times) == (False, [], 2)
    assert not queries.findings(cast.viewer("ma_wx"), "agent_id")


def test_the_same_seed_draws_the_same_sample(cast: Cast) -> None:
    cases = [_passed(cast) for _ in range(6)]
    cast.case()
    found = queries.passed(cast.viewer("ji"), Filter())
    first = [case.id for case in queries.sample(found, 3, "a")]
    assert first == [case.id for case in queries.sample(found, 3, "a")] and len(set(first)) == 3
    assert {case.id for case in queries.sample(found, 50, "a")} == {case.id for case in cases}
    actions.judge(_locked(cases[0]), cast.doer("ji"), False, [])
    assert cases[0] not in queries.passed(cast.viewer("ji"), Filter(), "none")


def test_a_finding_becomes_a_draft_without_the_customer(cast: Cast, client) -> None:
    case = _passed(cast)
    with pytest.raises(Conflict, match="review.no_finding"):
        scripts.draft_script(_locked(case), cast.viewer("ji"))
    client.force_login(cast.ji)
    told = {"solvable": "yes", "lacks": ["knowledge"], "note": "", "version": ""}
    assert client.post(f"/cases/{case.number}/pass-on-reviews/", told).status_code == 302
    assert "起草话术" in client.get("/reviews/").content.decode()
    answer = client.post(f"/reviews/{case.number}/script/")
    article = PassedOn.objects.get(case_id=case.id).article_id
    assert answer["Location"] == f"/knowledge/{article}/edit/"
    text = Version.objects.get(article_id=article).body
    assert "13912345678" not in text and "王小明" not in text and "重启光猫" in text
    assert client.get("/reviews/?verdict=solvable&sample=5").status_code == 200
    assert client.get("/reviews/?from=nonsense").status_code == 422
