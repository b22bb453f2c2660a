"""Whatever is killed -9, no server is left alone and the next start or the owner's watch brings it back whole."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from kernel.postgres_cast import answers, holder, keep_seven, server_processes, start, until, value


def test_kill_9_of_the_parent_leaves_no_server_and_the_next_start_recovers(folder: Path) -> None:
    with holder(folder) as parent:
        dsn = f"postgresql://bihuan@/bihuan?host={folder / 'socket'}&port=5432"
        keep_seven(dsn)
        parent.kill()
        assert until(lambda: server_processes(folder) == [])
    with start(folder) as server:
        assert server.owned
        assert value(server.dsn, "SELECT n FROM kept") == 7


def test_a_start_right_after_the_parents_death_waits_for_the_old_server(folder: Path) -> None:
    with holder(folder) as parent:
        parent.kill()
        with start(folder) as server:
            assert server.owned
            assert server.pid != parent.server
            assert answers(server.dsn)


def test_kill_9_of_the_server_brings_it_back_at_the_same_address(folder: Path) -> None:
    with start(folder) as server:
        keep_seven(server.dsn)
        before = server.pid
        os.kill(before, signal.SIGKILL)
        assert until(lambda: server.pid != before and answers(server.dsn))
        assert value(server.dsn, "SELECT n FROM kept") == 7


@pytest.mark.long
def test_kill_9_of_the_server_during_a_long_statement_does_not_keep_it_down(folder: Path) -> None:
    counting = "SELECT count(*) FROM generate_series(1, 2000000000)"
    busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
    with start(folder) as server, ThreadPoolExecutor(1) as pool:
        statement = pool.submit(value, server.dsn, counting)
        assert until(lambda: value(server.dsn, busy) == 1)
        before = server.pid
        os.kill(before, signal.SIGKILL)
        assert until(lambda: server.pid != before and answers(server.dsn))
        with pytest.raises(psycopg.OperationalError):
            statement.result()


@pytest.mark.long
def test_kill_9_of_one_connection_process_recovers_too(folder: Path) -> None:
    with start(folder) as server:
        with psycopg.connect(server.dsn) as victim:
            os.kill(victim.info.backend_pid, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                victim.execute("SELECT 1")
        assert until(lambda: answers(server.dsn))


def test_a_pid_file_naming_a_living_stranger_does_not_hinder_the_start(folder: Path) -> None:
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}/postgres\n0\n5432\n\n\n")
    with start(folder) as server:
        assert answers(server.dsn)


@pytest.mark.long
def test_killed_again_and_again_it_keeps_coming_back(folder: Path) -> None:
    with start(folder) as server:
        for _ in range(3):
            before = server.pid
            os.kill(before, signal.SIGKILL)
            assert until(lambda before=before: server.pid != before and answers(server.dsn))
