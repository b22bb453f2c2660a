"""The same file twice changes nothing; what is killed half-way goes on where it was."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from bihuan.cases import verify
from bihuan.cases.models import Case, CaseEvent
from bihuan.channels.file import actions, chunk, sheets
from bihuan.channels.file.actions import Wishes
from bihuan.channels.file.models import ImportChunk, ImportJob
from bihuan.channels.file.run import run
from bihuan.kernel.errors import RuleError
from cast import Cast
from channels.file.orders import cases, order, take_in, write_csv


def counted() -> tuple[int, int]:
    return Case.objects.count(), CaseEvent.objects.count()


def test_the_same_file_twice_changes_nothing(cast: Cast, tmp_path: Path):
    path = write_csv(tmp_path / "a.csv", [order(f"A{n}") for n in range(20)])
    take_in(path)
    before = counted()
    again = take_in(path)
    assert (again.created, again.existing, again.failed) == (0, 20, 0)
    assert counted() == before


def test_rows_without_a_number_are_known_by_what_they_say(cast: Cast, tmp_path: Path):
    headings = ["日期", "争议类型", "办结时间"]
    rows = [["2016-04-01", "话费", "2016-04-02"]] * 3 + [["2016-04-01", "服务", "2016-04-02"]]
    path = write_csv(tmp_path / "a.csv", rows, headings)
    assert take_in(path).created == 4, "three equal rows are three orders"
    again = take_in(path)
    assert (again.created, again.existing) == (0, 4)
    longer = write_csv(tmp_path / "b.csv", [*rows, rows[0]], headings)
    assert take_in(longer, source_system="a").created == 1


def test_one_number_twice_in_a_file_is_one_order(cast: Cast, tmp_path: Path):
    job = take_in(write_csv(tmp_path / "a.csv", [order("A1"), order("A1"), order("A2")]))
    assert (job.created, job.existing) == (2, 1)


def test_the_same_number_of_another_system_is_another_order(cast: Cast, tmp_path: Path):
    path = write_csv(tmp_path / "a.csv", [order("A1")])
    take_in(path, source_system="一号系统")
    take_in(path, source_system="二号系统")
    assert [case.source_system for case in Case.objects.order_by("id")] == ["一号系统", "二号系统"]


def test_an_interrupted_job_goes_on_after_its_last_chunk(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_csv(tmp_path / "a.csv", [order(f"A{n:05}") for n in range(sheets.CHUNK + 50)])
    job = actions.open_file(path, Wishes())

    def broken(*_arguments: object) -> None:
        if ImportChunk.objects.filter(job=job).exists():
            raise RuleError("test.broken", "power cut")

    whole = chunk.work
    monkeypatch.setattr(chunk, "work", lambda *given, **named: (broken(), whole(*given, **named))[1])
    with pytest.raises(RuleError):
        run(job.pk, workers=0)
    job.refresh_from_db()
    assert (job.state, job.created, job.trouble) == ("failed", sheets.CHUNK, "power cut")
    monkeypatch.undo()
    done = take_in(path)
    assert done.pk == job.pk, "the same job, not another"
    assert (done.created, done.existing, done.failed) == (sheets.CHUNK + 50, 0, 0)


def test_a_stopped_job_stops(cast: Cast, tmp_path: Path):
    path = write_csv(tmp_path / "a.csv", [order(f"A{n:05}") for n in range(sheets.CHUNK + 50)])
    job = actions.open_file(path, Wishes())
    with pytest.raises(RuleError, match="import.stopped"):
        run(job.pk, workers=0, progress=lambda running: actions.stop(ImportJob.objects.get(pk=running.pk)))
    job.refresh_from_db()
    assert job.state == "stopped"
    assert len(cases()) == sheets.CHUNK


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_workers_take_in_what_one_would(tmp_path: Path, transactional_db: None):
    rows = [order(f"A{n:05}", 受理时间="昨天" if n % 1000 == 0 else "2016-04-01 09:00:00") for n in range(5000)]
    rows += rows[:10]
    threads = threading.active_count()
    job = take_in(write_csv(tmp_path / "a.csv", rows), workers=2)
    assert (job.state, job.total, job.created, job.existing, job.failed) == ("done", 5010, 4995, 9, 6)
    assert ImportChunk.objects.filter(job=job).count() == 3
    assert threading.active_count() == threads, "nobody is left waiting"
    assert list(verify.verify()) == []


def test_a_chunk_that_is_in_is_not_counted_twice(cast: Cast, tmp_path: Path):
    path = write_csv(tmp_path / "a.csv", [order("A1")])
    job = actions.open_file(path, Wishes())
    with sheets.chunks(path, "", job.head_row) as found:
        packed = next(found).packed
    first = chunk.work(job, chunk.reader_of(job), 0, packed)
    assert chunk.work(job, chunk.reader_of(job), 0, packed) == first
    assert Case.objects.count() == 1


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_killed_command_leaves_no_half_and_no_double(tmp_path: Path, transactional_db: None):
    total = 24_000
    path = write_csv(tmp_path / "a.csv", [order(f"A{n:06}") for n in range(total)])
    environment = os.environ | {
        "DATABASE_URL": make_conninfo(settings.DATABASE_URL, dbname=str(connection.settings_dict["NAME"])),
        "PYTHONPATH": str(settings.PACKAGE.parent),
    }
    command = [sys.executable, "-m", "bihuan.cli", "import", str(path), "--json", "--data", environment["BIHUAN_DATA"]]
    for _round in range(3):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        before = ImportChunk.objects.count()
        until = time.monotonic() + 60
        while ImportChunk.objects.count() < before + 2 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    finished = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    assert finished.returncode == 0
    assert Case.objects.count() == total
    assert Case.objects.values("source_number").distinct().count() == total
    assert CaseEvent.objects.filter(kind="registered").count() == total
    assert ImportJob.objects.count() == 1
