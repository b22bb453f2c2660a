"""One owner a data folder: whoever comes second attaches, and takes over when asked to stay."""

from pathlib import Path

import psycopg
import pytest

from bihuan.kernel.postgres_binaries import DatabaseUnusable
from kernel.postgres_cast import Holder, answers, holder, keep_seven, start, until, value


def test_a_second_process_attaches_to_the_running_one(folder: Path) -> None:
    with start(folder) as server:
        keep_seven(server.dsn)
        with holder(folder) as second:
            assert not second.owned
            second.end()
        assert value(server.dsn, "SELECT n FROM kept") == 7


@pytest.mark.long
def test_an_attached_one_leaves_the_server_running_when_it_stops(folder: Path) -> None:
    with holder(folder) as owner:
        attached = start(folder)
        assert (attached.owned, attached.pid) == (False, 0)
        attached.stop()
        assert answers(attached.dsn)
        owner.end()
        assert not answers(attached.dsn)


@pytest.mark.long
def test_several_first_starts_at_once_end_up_with_one_owner(fresh: Path) -> None:
    import threading

    made: list[Holder] = []
    threads = [threading.Thread(target=lambda: made.append(Holder(fresh))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert sorted(one.owned for one in made) == [False, False, True]
    finally:
        for one in made:
            one.kill()


def test_one_that_stays_takes_the_database_over_when_its_owner_ends(folder: Path) -> None:
    with holder(folder) as owner, start(folder, keep=True) as server:
        assert not server.owned
        keep_seven(server.dsn)
        owner.end()
        assert until(lambda: server.owned and answers(server.dsn))
        assert value(server.dsn, "SELECT n FROM kept") == 7


@pytest.mark.long
def test_one_that_stays_takes_over_from_a_killed_owner(folder: Path) -> None:
    with holder(folder) as owner, start(folder, keep=True) as server:
        owner.kill()
        assert until(lambda: server.owned and answers(server.dsn))


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")
    with pytest.raises(DatabaseUnusable, match="does not start.*(FATAL|configuration)"):
        start(folder)


def test_after_a_failed_start_the_folder_is_free_again(folder: Path) -> None:
    path = folder / "postgres" / "postgresql.conf"
    good = path.read_text()
    path.write_text(good + "shared_buffers = nonsense\n")
    with pytest.raises(DatabaseUnusable):
        start(folder)
    path.write_text(good)
    with start(folder) as server:
        assert server.owned


def test_another_system_user_is_not_let_in_as_someone_else(folder: Path) -> None:
    with start(folder) as server, pytest.raises(psycopg.OperationalError, match="does not exist|authentication"):
        psycopg.connect(server.dsn.replace("bihuan@", "stranger@"))
