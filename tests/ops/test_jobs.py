"""Periodic work goes on after errors, runs in one process only; queued jobs belong to the transaction."""

import asyncio
import threading

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.kernel import queue as queued
from bihuan.ops import jobs, queue
from bihuan.ops.schedule import PERIODIC, Periodic

_DONE: list[int] = []


@queued.task("tests.note")
def note(number: int) -> None:
    """A job that leaves a trace."""
    _DONE.append(number)


@queued.task("tests.stumble", attempts=3)
def stumble(number: int) -> None:
    """Fails the first time."""
    _DONE.append(number)
    if len(_DONE) == 1:
        raise ValueError("the first time")


@pytest.mark.django_db(transaction=True)
def test_an_error_does_not_end_the_repetition() -> None:
    told, calls = threading.Event(), []

    def work() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("once")
        told.set()

    jobs.repeat("tests.repeat", 0.01, work, told)
    assert len(calls) == 2


@pytest.mark.django_db(transaction=True)
def test_a_second_process_rests_while_the_first_works() -> None:
    held = []

    def other() -> None:
        with jobs.alone("tests.alone") as mine:
            held.append(mine)
        connection.close()

    with jobs.alone("tests.alone") as mine:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert (mine, held) == (True, [False])
    with jobs.alone("tests.alone") as again:
        assert again


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_failed_does_not_exist() -> None:
    with pytest.raises(ValueError, match="undone"), transaction.atomic():
        note.defer(number=1)
        raise ValueError("undone")
    assert not ProcrastinateJob.objects.exists()


def _work_until_done(count: int) -> None:
    async def run() -> None:
        stopping = asyncio.Event()
        worker = asyncio.create_task(queue.work(stopping))
        async with asyncio.timeout(20):
            while len(_DONE) < count:
                await asyncio.sleep(0.02)
        stopping.set()
        await worker

    asyncio.run(run())


@pytest.fixture
def _test_database(settings: object) -> None:
    """The worker connects by itself: it must meet the test's database, not the installation's."""
    host, name = connection.settings_dict["HOST"], connection.settings_dict["NAME"]
    user, port = connection.settings_dict["USER"], connection.settings_dict["PORT"]
    settings.DATABASE_URL = f"host={host} port={port} user={user} dbname={name}"  # type: ignore[attr-defined]
    _DONE.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_test_database")
def test_a_job_runs_after_its_transaction() -> None:
    with transaction.atomic():
        note.defer(number=7)
    _work_until_done(1)
    assert _DONE == [7]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_test_database")
def test_a_job_that_fails_is_tried_again() -> None:
    stumble.defer(number=7)
    _work_until_done(2)
    assert _DONE == [7, 7]


@pytest.mark.parametrize("task", PERIODIC, ids=lambda task: task.name)
def test_every_scheduled_task_can_be_loaded(task: Periodic) -> None:
    assert callable(task.load())
    assert task.seconds > 0
