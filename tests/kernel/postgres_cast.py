"""What the tests of the database's supervisor share: prepared folders, holders in other processes, patience."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bihuan.kernel import postgres_cluster
from bihuan.kernel.postgres import Server, attach_or_start

SOURCE = Path(postgres_cluster.__file__).resolve().parents[2]
_HOLD = """
import sys
from pathlib import Path
from bihuan.kernel.postgres import attach_or_start
server = attach_or_start(Path(sys.argv[1]), durable=False, keep="keep" in sys.argv)
print(server.owned, server.pid, flush=True)
sys.stdin.read()
server.stop()
"""


def until(true: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Look again and again; whether it became true in time."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.05)
    return true()


def value(dsn: str, statement: str) -> object:
    """The single value a statement gives."""
    with psycopg.connect(dsn, connect_timeout=5) as connection:
        row = connection.execute(statement).fetchone()  # type: ignore[arg-type]
        return row[0] if row else None


def run(dsn: str, *statements: str) -> None:
    """Statements that give nothing back, committed together."""
    with psycopg.connect(dsn, connect_timeout=5) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


def keep_seven(dsn: str) -> None:
    """Something to be found again: `kept` with the number 7."""
    run(dsn, "DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 7 AS n")


def answers(dsn: str) -> bool:
    """Whether the database takes a connection."""
    try:
        return value(dsn, "SELECT 1") == 1
    except psycopg.Error:
        return False


def server_processes(folder: Path) -> list[int]:
    """Processes of whatever server works in the folder."""
    return postgres_cluster.running(postgres_cluster.place(folder))


def start(folder: Path, *, keep: bool = False) -> Server:
    """Attach or start without waiting for disks."""
    return attach_or_start(folder, durable=False, keep=keep)


class Holder:
    """Another process that owns (or attached to) the folder's database; ends it on request."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(folder), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )
        assert self.process.stdout is not None
        owned, pid = self.process.stdout.readline().split()
        self.owned, self.server = owned == b"True", int(pid)

    def end(self) -> None:
        """A clean end."""
        self.process.communicate()

    def kill(self) -> None:
        """kill -9, as the system's out-of-memory killer does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


@contextmanager
def holder(folder: Path, *words: str) -> Iterator[Holder]:
    """A holder that is gone afterwards in any case."""
    one = Holder(folder, *words)
    try:
        yield one
    finally:
        one.kill()


def copy_cluster(source: Path, target: Path) -> None:
    """A prepared data folder once more, owners kept."""
    target.mkdir(mode=0o711, parents=True)
    for child in ("postgres", "postgres.log"):
        subprocess.run(["cp", "-a", str(source / child), str(target / child)], check=True)


def forget(folder: Path) -> None:
    """Remove a folder whoever owns its parts."""
    shutil.rmtree(folder, ignore_errors=True)
