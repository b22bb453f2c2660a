"""A stranger can check the finder: `bihuan evaluate personal` prints recall and precision as JSON."""

import json
from pathlib import Path

import pytest

from bihuan.cli import main


def figures(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, float]:
    assert main(["evaluate", "personal", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_built_in_sentences_give_figures_a_kind(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys, "--count", "300")
    assert found["texts"] == 300
    assert found["recall"] > 0.98
    assert {"phone", "identity", "account", "email"} <= set(found["kinds"])


def test_a_strangers_marked_file_is_measured(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"text": "电话13812345678", "spans": [{"start": 2, "end": 13, "kind": "phone"}]}\n\n'
        '{"text": "没有号码", "spans": [{"start": 0, "end": 2, "kind": "mobile"}]}\n'
        '{"text": "打13912345678", "spans": []}\n',
        encoding="utf-8",
    )
    found = figures(capsys, "--cases", str(cases))
    assert (found["texts"], found["spans"], found["found"]) == (3, 2, 2)
    assert (found["recall"], found["precision"]) == (0.5, 0.5)
    assert found["missed"][0]["value"] == "没有"
    assert found["false"][0]["value"] == "13912345678"


def test_a_broken_line_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"text": "好"}\n{"spans": 3}\n', encoding="utf-8")
    assert main(["evaluate", "personal", "--cases", str(cases)]) == 2
    assert "cases.line" in capsys.readouterr().err
    assert main(["evaluate", "personal", "--cases", str(tmp_path / "none")]) == 2
    assert "cases.file" in capsys.readouterr().err
