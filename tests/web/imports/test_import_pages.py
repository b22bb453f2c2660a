"""Imports on pages: upload, correct, try, run, stop, and what others may not see."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from bihuan.cases.models import Case
from bihuan.channels.file import actions, tasks
from bihuan.channels.file.models import ImportJob, Mapping
from bihuan.identity.models import AuditEntry
from bihuan.ops import messages
from cast import Cast

CSV = (
    "单号,登记时间,办结时间,联系电话,客户姓名,内容,大类,网格\n"
    "A1,2016-04-01 09:00,2016-04-01 10:00,13912345678,王小明,多扣费,话费,网格一\n"
    "A2,2016-04-01 09:00,2016-04-01 10:00,13912345679,李四,断网,不知道,\n"
    "A3,昨天,2016-04-01 10:00,13912345670,赵六,断网,服务,\n"
)
HEADINGS = CSV.split("\n")[0].split(",")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_DIR = tmp_path / "imports"


@pytest.fixture
def manager(cast: Cast, client: Client) -> Client:
    client.force_login(cast.gu)
    return client


def upload(client: Client, content: bytes | str = CSV, name: str = "四月.csv", **more: str) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return client.post("/imports/", {"file": SimpleUploadedFile(name, body), "mapping": "auto", **more})


def settle(job: ImportJob) -> ImportJob:
    """What the jobs process does."""
    tasks.take_in(job.pk)
    job.refresh_from_db()
    return job


def told(**changes: str) -> dict[str, str]:
    """The mapping page as it is sent back unchanged, but for `changes`."""
    columns = {"单号": "source_number", "登记时间": "registered_at", "办结时间": "closed_at", "联系电话": "customer.phone",
               "客户姓名": "customer.name", "内容": "content", "大类": "dispute", "网格": ""}  # fmt: skip
    sent = {f"column{place}": columns[heading] for place, heading in enumerate(HEADINGS)}
    return {**sent, "source_system": "老系统", "mode": "history", "do": "preview", **changes}


def latest() -> ImportJob:
    return ImportJob.objects.latest("id")


def test_an_upload_shows_how_it_would_be_read_and_imports_nothing(manager: Client):
    answer = upload(manager)
    assert answer.status_code == 302
    page = manager.get(answer.url).content.decode()
    assert "139****5678" in page and "13912345678" not in page
    assert "王*" in page and "王小明" not in page
    assert "读不出日期“昨天”" in page
    assert "不知道" in page, "a word nobody knows is asked about"
    assert not Case.objects.exists()


def test_a_dry_run_then_in_earnest(manager: Client):
    job_url = upload(manager).url
    assert manager.post(f"{job_url}mapping/", told(do="rehearsal")).status_code == 302
    tried = settle(latest())
    assert (tried.created, tried.failed, tried.dry_run) == (2, 1, True)
    assert not Case.objects.exists()
    page = manager.get(job_url).content.decode()
    assert "没有写入任何工单" in page and "正式导入" in page
    answer = manager.post(f"{job_url}run/")
    real = settle(latest())
    assert answer.url == f"/imports/{real.pk}/"
    assert (real.created, real.failed, real.dry_run) == (2, 1, False)
    assert Case.objects.count() == 2
    assert not list(actions.settings.IMPORT_DIR.iterdir()), "the upload is gone"


def test_columns_can_be_corrected_and_kept_as_a_mapping(manager: Client):
    job_url = upload(manager).url
    manager.post(f"{job_url}mapping/", told(column6="category", column7="address", mapping_name="四月格式"))
    job = latest()
    assert job.layout["columns"]["address"] == "网格" and "dispute" not in job.layout["columns"]
    assert Mapping.objects.get().name == "四月格式"
    assert latest().mapping_name == "四月格式"
    upload(manager)
    assert latest().mapping_name == "四月格式", "the next file with these headings is recognised"


def test_a_word_can_be_given_a_meaning(manager: Client):
    job_url = upload(manager).url
    page = manager.get(job_url).content.decode()
    key = page.split('aria-label="不知道"')[0].rsplit('name="', 1)[1].split('"')[0]
    wrong = manager.post(f"{job_url}mapping/", told(**{key: "也不知道"}))
    assert wrong.status_code == 422 and "也不认识" in wrong.content.decode()
    manager.post(f"{job_url}mapping/", told(**{key: "服务", "do": "run"}))
    settle(latest())
    assert all(case.dispute_id for case in Case.objects.all())


def test_without_a_registration_time_it_is_said_where(manager: Client):
    job_url = upload(manager).url
    answer = manager.post(f"{job_url}mapping/", told(column1=""))
    assert answer.status_code == 422
    assert "请指出哪一列是登记时间" in answer.content.decode()


def test_the_refused_rows_are_for_who_brought_the_file(cast: Cast, manager: Client):
    job_url = upload(manager).url
    manager.post(f"{job_url}mapping/", told(do="run"))
    job = settle(latest())
    answer = manager.get(f"{job_url}refused.csv")
    assert "赵六" in answer.content.decode()
    assert manager.get(f"{job_url}refused.xlsx").content[:2] == b"PK"
    assert AuditEntry.objects.filter(kind="export", subject=f"import {job.pk}").count() == 2
    cast.mk.roles = ["manager"]
    cast.mk.save()
    manager.force_login(cast.mk)
    assert manager.get(f"{job_url}refused.csv").status_code == 404
    assert manager.get(job_url).status_code == 200, "that it happened may be seen"


def test_someone_elses_draft_does_not_exist(cast: Cast, manager: Client):
    job_url = upload(manager).url
    cast.mk.roles = ["manager"]
    cast.mk.save()
    manager.force_login(cast.mk)
    assert manager.get(job_url).status_code == 404
    assert manager.post(f"{job_url}mapping/", told()).status_code == 404


@pytest.mark.parametrize("name", ["an", "di", "ma", "li", "ji", "he", "fe", "sy", "se", "au", "pa"])
def test_only_who_may_import_finds_the_pages(cast: Cast, client: Client, name: str):
    client.force_login(cast.staff[name])
    for address in ("/imports/", "/imports/1/", "/imports/1/progress/", "/imports/1/refused.csv"):
        assert client.get(address).status_code == 404
    assert upload(client).status_code == 404
    assert not ImportJob.objects.exists()


def test_a_stranger_is_led_to_the_door(client: Client, db: None):
    assert client.get("/imports/").status_code == 302


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "文件是空的"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "已损坏"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 500, "a.csv", ""),
    ],
)
def test_a_broken_file_is_refused_on_the_page(manager: Client, content: bytes, name: str, said: str):
    answer = upload(manager, content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ImportJob.objects.exists()
    folder = actions.settings.IMPORT_DIR
    assert not folder.exists() or not list(folder.iterdir())


def test_a_file_that_is_too_long_is_refused(manager: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "MOST_UPLOAD", 100)
    answer = upload(manager)
    assert answer.status_code == 413
    assert "bihuan import" in answer.content.decode()


def test_progress_is_shown_until_it_ends(manager: Client):
    job_url = upload(manager).url
    manager.post(f"{job_url}mapping/", told(do="run"))
    page = manager.get(job_url).content.decode()
    assert "/progress/" in page and "排队中" in page
    assert "HX-Refresh" not in manager.get(f"{job_url}progress/").headers
    settle(latest())
    assert manager.get(f"{job_url}progress/").headers["HX-Refresh"] == "true"


def test_a_waiting_job_can_be_stopped_and_taken_up_again(manager: Client):
    job_url = upload(manager).url
    manager.post(f"{job_url}mapping/", told(do="run"))
    manager.post(f"{job_url}stop/")
    assert settle(latest()).state == "stopped"
    assert not Case.objects.exists()
    manager.post(f"{job_url}run/")
    assert settle(latest()).state == "done"
    assert Case.objects.count() == 2


def test_the_pages_speak_english_too(manager: Client):
    messages.compile_stale()
    job_url = upload(manager).url
    with translation.override("en"):  # what the middleware activates ends with the block
        for address, said in (("/imports/", "Upload and look"), (job_url, "Dry run")):
            assert said in manager.get(address, headers={"Accept-Language": "en"}).content.decode()
