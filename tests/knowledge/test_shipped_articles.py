"""What is shipped holds no person's number, names known classes, and is there once."""

from bihuan.catalog import snapshot as catalog
from bihuan.knowledge import queries, seeding
from cast import Cast


def test_the_shipped_articles_pass_every_rule_and_come_once(cast: Cast) -> None:
    made = seeding.seed(cast.viewer("di"), cast.viewer("gu"))
    assert made >= 25 and seeding.seed(cast.viewer("di"), cast.viewer("gu")) == 0
    shelf = queries.shelf()
    held = catalog.current()
    assert len(shelf) == made
    assert all(held.node("phenomenon", code) for one in shelf for code in one.categories)


def test_a_case_finds_something_to_go_by(cast: Cast) -> None:
    seeding.seed(cast.viewer("di"), cast.viewer("gu"))
    titles = [one.title for one in queries.beside(cast.case(category="N0102"))]
    assert "典型案例：电梯与地下车库无信号" in titles and "手机无信号：安抚与五问排查" in titles
