"""The API described for programs and for people."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from bihuan.api.v1 import inputs
from bihuan.api.v1.detail import NOUNS
from bihuan.api.v1.operation import BASE, choices_of
from bihuan.api.v1.operations import OPERATIONS
from bihuan.cases.models import Channel
from bihuan.cases.scales import COMPLEXITIES, IMPACTS, URGENCIES
from bihuan.handling import evidence
from bihuan.handling.models import Means


def described(language: str = "zh-CN") -> Any:
    answer = Client(headers={"accept-language": language}).get(f"{BASE}/openapi.json")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


def test_every_operation_is_described_with_its_fields_and_refusals() -> None:
    found = described()
    assert found["openapi"].startswith("3.1")
    assert found["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for operation in OPERATIONS:
        entry = found["paths"][BASE + operation.path][operation.method.lower()]
        assert entry["summary"] and str(operation.status) in entry["responses"] and "401" in entry["responses"]
        assert ("requestBody" in entry) == (operation.body is not None)
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)
    references = set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(found)))
    assert all(name in found["components"][kind] for kind, name in references)


def test_the_posted_complaint_has_every_field() -> None:
    fields = described()["components"]["schemas"]["ComplaintIn"]["properties"]
    assert set(fields) >= {
        "channel", "source_system", "source_number", "called_hotline", "customer", "relation", "content", "demand",
        "occurred_at", "frequency", "area", "address", "location", "product", "complained_number", "calling_number",
        "called_number", "terminal", "category", "urgency", "impact", "complexity", "extra",
    }  # fmt: skip


def test_it_speaks_the_callers_language() -> None:
    chinese, english = described(), described("en")
    assert chinese["info"]["title"] != english["info"]["title"]
    assert not re.search("[\u4e00-\u9fff]", english["paths"][f"{BASE}/complaints"]["post"]["summary"])


def test_the_words_offered_are_those_of_the_house() -> None:
    assert choices_of(inputs.ChaserIn, "channel") == [str(code) for code in Channel.values]
    assert choices_of(inputs.ReplyTo, "means") == [str(code) for code in Means.values]
    assert choices_of(inputs.EvidenceIn, "kind") == list(evidence.KINDS)
    assert choices_of(inputs.Classification, "urgency") == ["", *URGENCIES]
    assert choices_of(inputs.Classification, "impact") == ["", *IMPACTS]
    assert choices_of(inputs.Classification, "complexity") == ["", *COMPLEXITIES]


def test_every_step_offered_has_an_address() -> None:
    posted = {op.path.rpartition("/")[2] for op in OPERATIONS if op.method == "POST"}
    assert set(NOUNS.values()) <= posted


def test_examples_fit_their_own_description() -> None:
    for operation in OPERATIONS:
        if operation.example:
            assert operation.decoder is not None
            operation.decoder.decode(json.dumps(dict(operation.example)).encode())


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_people_read_it_as_a_page(language: str) -> None:
    answer = Client(headers={"accept-language": language}).get(f"{BASE}/")
    page = answer.content.decode()
    assert answer.status_code == 200 and "unsafe-inline" not in answer["Content-Security-Policy"]
    assert all(f"{operation.method} {BASE}{operation.path}" in page for operation in OPERATIONS)
    own = page.partition("<main")[2].partition("</main")[0]
    assert " style=" not in own and "<script" not in own
    if language == "en":
        assert not re.search("[\u4e00-\u9fff]", re.sub("<pre>.*?</pre>", "", own, flags=re.DOTALL))
