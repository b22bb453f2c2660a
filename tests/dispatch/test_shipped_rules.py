"""The two rule sets that come with the program speak of categories, products and units that exist."""

from typing import Any

import pytest

from bihuan.catalog import shipped
from bihuan.dispatch import seeding
from bihuan.dispatch.models import Rule, RuleSet
from bihuan.dispatch.rules import CONDITIONS
from bihuan.identity.models import Unit


def rules(name: str) -> list[dict[str, Any]]:
    return list(seeding.shipped(name)["rules"])


@pytest.fixture(params=["simple", "full"])
def rule_set(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return rules(request.param)


def test_conditions_name_what_exists(rule_set: list[dict[str, Any]]) -> None:
    phenomena = {node.code for node in shipped.nodes("phenomenon")}
    products = {node.code for node in shipped.nodes("product")}
    for rule in rule_set:
        assert set(rule["conditions"]) <= CONDITIONS
        assert set(rule["conditions"].get("category", [])) <= phenomena
        assert set(rule["conditions"].get("product", [])) <= products


def test_every_rule_leads_to_a_kind_of_unit(rule_set: list[dict[str, Any]]) -> None:
    assert {rule["target"]["kind"] for rule in rule_set} <= set(Unit.Kind.values)
    assert all(set(rule["target"]) <= {"kind", "by_area"} for rule in rule_set)


def test_every_rule_explains_itself_in_both_languages(rule_set: list[dict[str, Any]]) -> None:
    for rule in rule_set:
        assert rule["demands"] and rule["demands_en"] and rule["reason"] and rule["reason_en"]
        assert (rule["demands_en"] + rule["reason_en"]).isascii()


def test_the_last_rule_takes_whatever_is_left(rule_set: list[dict[str, Any]]) -> None:
    assert rule_set[-1]["conditions"] == {}
    assert all(rule["conditions"] for rule in rule_set[:-1])


def test_codes_are_unique(rule_set: list[dict[str, Any]]) -> None:
    assert len({rule["code"] for rule in rule_set}) == len(rule_set)


def test_security_comes_before_everything_else(rule_set: list[dict[str, Any]]) -> None:
    assert rule_set[0]["conditions"] == {"flags": ["security"]}
    assert rule_set[0]["priority"] == 1


def test_the_simple_set_sends_network_and_attitude_as_the_plan_says() -> None:
    by_code = {rule["code"]: rule["target"]["kind"] for rule in rules("simple")}
    assert (by_code["network"], by_code["attitude"]) == ("technical_support", "service_management")


@pytest.mark.django_db
def test_seeding_puts_the_full_set_in_force_and_does_it_once() -> None:
    RuleSet.objects.all().delete()
    first = seeding.seed()
    assert first["rule_sets"] == 2
    assert RuleSet.objects.get(active=True).code == "full"
    assert seeding.seed() == {"rule_sets": 0, "rules": 0}
    assert Rule.objects.count() == first["rules"]
