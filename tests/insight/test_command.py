"""`bihuan figures`: as whom, under which filter, in which language."""

import argparse
import json
from typing import Any

import pytest
from django.utils import translation

from bihuan.insight import cli
from bihuan.insight.dimensions import named
from bihuan.insight.measures import MEASURES
from bihuan.kernel.errors import RuleError
from cast import Cast

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *told: str) -> str:
    operation = next(one for one in cli.OPERATIONS if one.name == "figures")
    parser = argparse.ArgumentParser()
    operation.configure(parser)
    assert operation.run(parser.parse_args(told)) == 0
    return capsys.readouterr().out


def test_everything_is_counted_unless_someone_is_named(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    cast.case()
    cast.case("an_wx", area="320211")

    def volume(*told: str) -> Any:
        return json.loads(run(capsys, "--measure", "volume", "--json", *told))["totals"]["volume"]

    assert volume() == 2
    assert volume("--as", "di_wx") == 1
    assert volume("--as", "sy") == 0
    assert volume("--filter", "city=320400") == 1
    assert volume("--filter", "city=320400", "--filter", "city=320200") == 2


@pytest.mark.parametrize(
    "told", [("--as", "nobody"), ("--measure", "x"), ("--by", "x"), ("--filter", "x=1"), ("--filter", "channel"),
             ("--compare", "x"), ("--compare", "previous"), ("--from", "1.4.2016"), ("--as-of", "x")]
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(told: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuleError):
        run(capsys, *told)


def test_names_come_in_the_language_asked_for(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    cast.case()
    assert "Hotline" in run(capsys, "--by", "channel", "--language", "en")
    assert "热线" in run(capsys, "--by", "channel")


def test_the_list_names_every_measure_with_its_definition(capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "--list", "--language", "en")
    with translation.override("en"):
        assert all(code in told and str(measure.definition) in told for code, measure in MEASURES.items())
    assert "cause5" in told
    assert [one.code for one in named(["month", "month", ""])] == ["month"]
