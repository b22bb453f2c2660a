"""The packaged PostgreSQL starts by itself, keeps its data, is closed to others and leaves nothing running."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from bihuan.kernel import postgres_cluster
from kernel.postgres_cast import keep_seven, run, server_processes, start, value


def test_a_restart_keeps_the_data(folder: Path) -> None:
    with start(folder) as server:
        keep_seven(server.dsn)
        first = server.dsn
    with start(folder) as server:
        assert value(server.dsn, "SELECT n FROM kept") == 7
        assert server.dsn == first


def test_a_clean_stop_leaves_no_process_and_no_state(folder: Path) -> None:
    start(folder).stop()
    assert server_processes(folder) == []
    assert not (folder / "server.json").exists()


def test_chinese_is_letters_and_sorts_the_same_everywhere(folder: Path) -> None:
    with start(folder) as server:
        assert value(server.dsn, r"SELECT '断网' ~ '^\w+$'") is True
        assert value(server.dsn, "SELECT to_tsvector('simple', '断网 家宽')::text") == "'家宽':2 '断网':1"
        locales = "SELECT datlocprovider::text || datlocale || datctype FROM pg_database WHERE datname = 'bihuan'"
        assert value(server.dsn, locales) == "bC.UTF-8C.UTF-8"


def test_the_program_is_no_superuser_of_its_database(folder: Path) -> None:
    with start(folder) as server:
        assert value(server.dsn, "SELECT current_setting('is_superuser')") == "off"
        assert value(server.dsn, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'bihuan'") == "bihuan"


def test_only_the_socket_listens_and_only_its_owner_may_enter(folder: Path) -> None:
    with start(folder) as server:
        assert value(server.dsn, "SELECT current_setting('listen_addresses')") == ""
        sockets = server.cluster.sockets
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE((sockets / ".s.PGSQL.5432").stat().st_mode) == 0o700
        assert stat.S_IMODE(server.cluster.log.stat().st_mode) & 0o077 == 0


def test_it_never_runs_as_root(folder: Path) -> None:
    with start(folder) as server:
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        assert owner != 0
        assert owner == (os.geteuid() or server.cluster.user.uid)


def test_what_was_committed_is_on_disk_by_default(prepared: Path) -> None:
    words = postgres_cluster.command(postgres_cluster.place(prepared))
    assert {"fsync=on", "synchronous_commit=on", "full_page_writes=on"} <= set(words)


def test_personal_data_in_a_failing_statement_stays_out_of_the_log(folder: Path) -> None:
    with start(folder) as server:
        insert = "INSERT INTO person VALUES ('13900001111')"
        run(server.dsn, "DROP TABLE IF EXISTS person", "CREATE TABLE person (phone text PRIMARY KEY)", insert)
        with pytest.raises(psycopg.errors.UniqueViolation):
            run(server.dsn, insert)
        assert "duplicate key" in server.cluster.log.read_text()
        assert "13900001111" not in server.cluster.log.read_text()


@pytest.mark.long
def test_a_half_made_cluster_is_made_anew(fresh: Path) -> None:
    (fresh / "postgres.new").mkdir(parents=True)
    fresh.chmod(0o711)
    (fresh / "postgres.new" / "PG_VERSION").write_text("18\n")
    with start(fresh) as server:
        assert value(server.dsn, "SELECT 1") == 1
    assert not (fresh / "postgres.new").exists()
