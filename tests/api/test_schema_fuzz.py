"""Whatever fits, or almost fits, the published description gets an answer the description names; never a 5xx."""

import os
from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.api_cast import one_connection
from bihuan.api.v1.operation import BASE
from bihuan.api.v1.operations import OPERATIONS
from bihuan.cases.models import Case
from bihuan.identity import roles
from cast import Cast

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WHO = {"complaints": "di", "catalog": "an", "notices": "an"}
"""Whose token is used, by tag; the duty manager's otherwise."""
EXAMPLES = 12 if os.environ.get("BIHUAN_TEST_ALL") else 1
"""Of each operation; there are more than a hundred."""
REVISITS = {"revisit", "close"}


def test_no_request_ends_in_a_server_error(cast: Cast, replied: Case) -> None:
    numbers = [cast.case("di").number, replied.number, "TS261121-00000000"]
    tokens = {who: cast.token(who, *roles.ALL_RIGHTS) for who in {*WHO.values(), "du", "re"}}
    with one_connection():
        described = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", get_wsgi_application())
        for operation in OPERATIONS:
            who = "re" if operation.name in REVISITS else WHO.get(operation.tag, "du")
            _fuzz(described[BASE + operation.path][operation.method], numbers, tokens[who])


def _fuzz(described: Any, numbers: list[str], token: str) -> None:
    turn = iter(range(10**6))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(GenerationMode.POSITIVE) | described.as_strategy(GenerationMode.NEGATIVE))
    def fuzz(case: Any) -> None:
        if "number" in case.path_parameters:
            case.path_parameters["number"] = numbers[next(turn) % len(numbers)]
        headers = {name: value for name, value in (case.headers or {}).items() if name != "Authorization"}
        case.headers = {**headers, "Authorization": f"Bearer {token}"}
        case.call_and_validate(checks=CHECKS)

    fuzz()
