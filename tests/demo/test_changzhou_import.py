"""The Changzhou workbooks into the demo operator: its own units and areas take them up."""

from pathlib import Path

import pytest

import cast
from bihuan.cases.models import Case, CaseUnit
from bihuan.channels.file import actions as files
from bihuan.channels.file import run as running
from bihuan.channels.file.actions import Wishes
from bihuan.channels.file.models import ImportJob
from bihuan.demo import actions
from bihuan.identity.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def hall(changzhou_books: Path) -> Path:
    """The smaller workbook, 939 orders."""
    return changzhou_books / "营业精灵.xlsx"


@pytest.fixture
def imported(hall: Path) -> ImportJob:
    """It imported as history by this process."""
    cast.leave()
    actions.organisation()
    job = files.open_file(hall, Wishes(mapping="changzhou", mode="history"))
    return running.run(job.pk, workers=0)


def test_every_order_is_taken_in_and_a_second_time_none(imported: ImportJob, hall: Path) -> None:
    assert (imported.created, imported.failed) == (939, 0)
    again = files.open_file(hall, Wishes(mapping="changzhou", mode="history"))
    again = running.run(again.pk, workers=0)
    assert (again.created, again.existing, again.failed) == (0, 939, 0)


def test_orders_that_were_passed_on_lie_with_the_unit_named_in_the_file(imported: ImportJob) -> None:
    passed = Case.objects.filter(dispatched_at__isnull=False)
    offices = set(Unit.objects.filter(code__startswith="cz.").values_list("id", flat=True))
    assert passed.count() == 122
    assert set(passed.values_list("holder_unit_id", flat=True)) <= offices
    assert CaseUnit.objects.filter(case_id=passed[0].id).count() == 2


def test_late_ones_are_known_by_their_limit(imported: ImportJob) -> None:
    late = [case for case in Case.objects.all() if case.ended_at and case.limit_at and case.ended_at > case.limit_at]
    assert len(late) == 9
