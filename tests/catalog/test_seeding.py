"""Seeding the catalog: complete on the first run, harmless on the second, never over an edit."""

import pytest

from bihuan.catalog import seeding, shipped, snapshot
from bihuan.catalog.models import Area, Node, Reason

pytestmark = pytest.mark.django_db


def test_everything_shipped_is_there_after_seeding() -> None:
    seeding.seed()
    assert Area.objects.count() == len(shipped.areas())
    assert Node.objects.count() == sum(len(shipped.nodes(tree)) for tree in shipped.TREES)
    assert Reason.objects.count() == len(shipped.reasons())


def test_a_second_run_adds_nothing() -> None:
    seeding.seed()
    assert set(seeding.seed().values()) == {0}


def test_an_edit_survives_seeding() -> None:
    seeding.seed()
    Node.objects.filter(tree="phenomenon", code="N0201").update(name="断网了", active=False)
    seeding.seed()
    assert Node.objects.get(tree="phenomenon", code="N0201").name == "断网了"


def test_paths_lead_from_the_top_to_the_node() -> None:
    seeding.seed()
    leaf = snapshot.load().node("phenomenon", "网络质量/家庭宽带/宽带断网")
    assert leaf is not None
    assert (leaf.code, leaf.names) == ("N0201", ("网络质量", "家庭宽带", "宽带断网"))
