"""An evaluation's report is treated as evidence is: scanned, shut away when infected, and looked at by `bihuan verify`."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bihuan.cases.days import local_day
from bihuan.flow.verifying import files as verify_files
from bihuan.handling import evidence
from bihuan.handling.models import Evidence
from bihuan.kernel import clock, scanner
from bihuan.kernel.errors import RuleError
from bihuan.kernel.scanner import Verdict
from bihuan.notices.models import Notice
from bihuan.oversight import actions, files, queries, reports
from bihuan.oversight.models import Evaluation
from bihuan.oversight.rules import EvaluationIn
from cast import Cast, flipped

PDF = b"%PDF-1.4 report"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def _evaluation(cast: Cast, content: bytes = PDF) -> Evaluation:
    today = local_day(clock.now())
    told = EvaluationIn("某测评公司", "三季度测评", today - timedelta(days=90), today, cast.units["mt_cz"].id)
    return actions.evaluation(told, cast.doer("he"), ("报告.pdf", content))


def test_an_infected_report_is_shut_away_and_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "scan", lambda content: Verdict("Eicar" if b"EICAR" in content else ""))
    clean, bad = _evaluation(cast), _evaluation(cast, PDF + b" EICAR")
    assert (clean.scan, bad.scan, bad.found) == ("clean", "infected", "Eicar")
    assert files.content_of(clean) == PDF
    with pytest.raises(RuleError, match="已隔离") as refused:
        files.content_of(bad)
    assert refused.value.status == 409
    assert [one.kind for one in queries.record_of("evaluation", bad.pk)] == ["recorded", "quarantined"]
    assert Notice.objects.get(kind="file_infected").staff_id == cast.he.id


def test_what_no_scanner_saw_is_caught_up_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, gone = _evaluation(cast), _evaluation(cast, PDF + b" gone")
    files._path(bytes(gone.digest)).unlink()
    assert waiting.scan == "unscanned" and reports.scan() == 0
    monkeypatch.setattr(scanner, "reachable", lambda: True)
    monkeypatch.setattr(scanner, "scan", lambda content: Verdict(""))
    assert (reports.scan(), reports.scan()) == (1, 0)
    assert list(Evaluation.objects.order_by("id").values_list("scan", flat=True)) == ["clean", "unscanned"]


def test_verify_finds_a_changed_digest_and_on_request_a_changed_file(cast: Cast, folder: Path) -> None:
    case, report = cast.case(), _evaluation(cast)
    kept, _seq = evidence.keep(case, cast.doer("an"), "document", "账单.pdf", b"%PDF-1.4 bill")
    assert [*verify_files(False), *verify_files(True)] == []
    for sealed in folder.rglob("*.sealed"):
        sealed.write_bytes(flipped(sealed.read_bytes(), -1))
    assert list(verify_files(False)) == []
    found = [(one.kind, one.case) for one in verify_files(True)]
    assert found == [("evidence.file_altered", case.number), ("report.file_altered", f"evaluation {report.pk}")]
    Evidence.objects.filter(pk=kept.pk).update(digest=b"x" * 32)
    Evaluation.objects.filter(pk=report.pk).update(digest=b"x" * 32)
    assert [one.kind for one in verify_files(False)] == ["evidence.digest_altered", "report.digest_altered"]
