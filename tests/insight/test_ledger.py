"""The ledger: a line a complaint, nothing personal, totals as the figures count."""

import json
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.flow import aftercare
from bihuan.handling import actions as handling
from bihuan.insight import ledger
from bihuan.insight.asking import OPERATOR
from bihuan.insight.queries import figures
from bihuan.kernel import clock
from bihuan.revisit import actions as revisit
from bihuan.revisit.review import Review
from bihuan.triage import actions as triage
from cast import Cast


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update().get(pk=case.pk)


def _world(cast: Cast) -> dict[str, Case]:
    now = clock.now()
    cases = {name: cast.case() for name in ("open", "closed", "odd", "paused", "declined")}
    triage.decline(_locked(cases["declined"]), cast.doer("di"), "not_ours")
    for name in ("closed", "odd"):
        flow.answer(_locked(cases[name]), cast.doer("di"), "call", "处理人狄青：基站故障已修复。")
    flow.revisited(_locked(cases["closed"]), cast.doer("re"), 3, closing=Review("N1111", ["kpi"], system_cause=True))
    revisit.attempt(_locked(cases["odd"]), cast.doer("re"), "挂断")
    aftercare.ask_closing(
        _locked(cases["odd"]),
        cast.viewer("re"),
        "refused",
        cast.du.id,
        Review("N1111", ["kpi"], system_cause=True),
        "王小明拒绝，打 13912345678",
    )
    aftercare.decide_closing(_locked(cases["odd"]), cast.doer("du"), approved=True)
    flow.accept(_locked(cases["paused"]), cast.doer("di"))
    handling_case = _locked(cases["paused"])
    from bihuan.dispatch import actions as dispatch

    dispatch.dispatch(handling_case, cast.doer("di"), cast.units["mt_cz"].id)
    dispatch.receive(handling_case, cast.doer("ma"), "self")
    handling.contact(handling_case, cast.doer("ma"), "call", "约了")
    handling.wait(handling_case, cast.doer("ma"), "customer_time", "改约", at=now)
    handling.resume(handling_case, cast.doer("ma"), at=now + timedelta(hours=2))
    return cases


def test_the_foot_is_what_the_figures_count(cast: Cast) -> None:
    _world(cast)
    totals = ledger.Totals()
    found = list(ledger.lines(OPERATOR, None, None))
    for line in found:
        totals.add(line)
    table = figures(OPERATOR, ["volume", "reply_coverage", "revisit_coverage", "open_count", "late_count"]).totals.cells
    assert totals.lines == table["volume"].value
    assert (totals.flags["replied"], totals.flags["owed"]) == (
        sum(line.flags["replied"] for line in found), table["reply_coverage"].among,
    )  # fmt: skip
    assert sum(one.flags["owed"] and one.flags["replied"] for one in found) == table["reply_coverage"].of
    assert (totals.flags["closed"], sum(one.flags["closed"] and one.flags["revisited"] for one in found)) == (
        table["revisit_coverage"].among, table["revisit_coverage"].of,
    )  # fmt: skip
    assert sum(one.flags["counted"] and one.flags["open"] for one in found) == table["open_count"].value
    assert sum(one.flags["counted"] and one.flags["late"] for one in found) == table["late_count"].value
    assert (totals.attempts, totals.pauses, totals.paused_seconds) == (1, 1, 7200)


def test_every_exception_names_who_why_and_the_rule_then_in_force(cast: Cast) -> None:
    cases = _world(cast)
    told = {line.told["number"]: line for line in ledger.lines(cast.viewer("fe"), None, None)}
    odd = told[cases["odd"].number].odd
    assert [(one.kind, one.by) for one in odd] == [("closing_requested", "任真"), ("closing_approved", "杜若")]
    assert odd[0].reason == "refused" and odd[0].rule == "exception:refused@1 revisit@1"
    assert "13912345678" not in odd[0].why and "王小明" not in odd[0].why and "拒绝" in odd[0].why
    (pause,) = told[cases["paused"].number].pauses
    assert (pause.reason, pause.seconds, pause.by, pause.rule) == (
        "customer_time", 7200, "马跃", "waiting:customer_time@1",
    )  # fmt: skip
    assert told[cases["declined"].number].odd[0].reason == "not_ours"


def test_it_takes_as_many_statements_for_many_as_for_few(cast: Cast) -> None:
    cast.case()

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            list(ledger.lines(OPERATOR, None, None))
        return len(asked)

    few = statements()
    _world(cast)
    assert statements() <= few + 1
    pages = [line.key for line in ledger.lines(OPERATOR, None, None)]
    assert [line.key for line in ledger.lines(OPERATOR, None, None, after=pages[2], limit=2)] == pages[3:5]


def test_the_command_writes_one_json_object(cast: Cast, capsys) -> None:
    _world(cast)
    capsys.readouterr()
    from bihuan.insight.cli import OPERATIONS

    operation = next(one for one in OPERATIONS if one.name == "ledger")
    import argparse

    parser = argparse.ArgumentParser()
    operation.configure(parser)
    assert operation.run(parser.parse_args(["--json"])) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["totals"]["lines"] == len(told["lines"]) == 5
    assert "13912345678" not in json.dumps(told)
