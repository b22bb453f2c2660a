"""The command: every operation listed, refusals in one line, exit codes a script can trust."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan import cli
from bihuan.kernel.errors import RuleError
from bihuan.kernel.operations import Operation
from kernel.postgres_cast import SOURCE


def call(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own."""
    around = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "bihuan.cli", *words],
        capture_output=True,
        text=True,
        env={**around, "PYTHONPATH": str(SOURCE), **env},
    )


def test_help_lists_every_operation_with_one_line() -> None:
    done = call("--help")
    assert done.returncode == 0
    assert done.stderr == "", "a room's cli.py could not be loaded without Django"
    for operation in cli.discover():
        assert f"    {operation.name}" in done.stdout
        assert operation.help and "\n" not in operation.help


def test_operations_have_names_of_their_own() -> None:
    names = [operation.name for operation in cli.discover()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", [operation.name for operation in cli.discover()])
def test_every_operation_takes_a_data_folder(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == 0
    assert "--data DIR" in capsys.readouterr().out


def test_an_unknown_operation_is_wrong_use() -> None:
    done = call("frobnicate")
    assert (done.returncode, done.stdout) == (2, "")


def test_without_an_operation_it_shows_what_there_is() -> None:
    done = call()
    assert done.returncode == 2
    assert "operations:" in done.stdout


def _one(run: object) -> list[Operation]:
    return [Operation("one", "for this test", run, database=False)]  # type: ignore[arg-type]


def test_a_refusal_is_one_line_on_stderr_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(arguments: argparse.Namespace) -> int:
        raise RuleError("case.unknown", "no such case:\ncheck the number")

    monkeypatch.setattr(cli, "discover", lambda: _one(refuse))
    assert cli.main(["one"]) == 2
    assert capsys.readouterr().err == "bihuan: case.unknown: no such case: check the number\n"


def test_findings_are_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "discover", lambda: _one(lambda arguments: 1))
    assert cli.main(["one"]) == 1


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@/nothing?host={tmp_path}&port=1&connect_timeout=1"
    done = call("migrate", DATABASE_URL=nowhere)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_an_unreadable_setting_is_said_in_one_line() -> None:
    done = call("messages", BIHUAN_DB_POOL="many")
    assert done.returncode == 2
    assert "BIHUAN_DB_POOL='many'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = call("migrate", "--data", str(tmp_path / "file" / "data"), DATABASE_URL="")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert str(tmp_path / "file") in done.stderr
