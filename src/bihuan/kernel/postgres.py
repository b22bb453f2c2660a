"""Our supervisor of the packaged PostgreSQL: one owner a data folder, everyone else attaches.

The owner holds a lock, keeps the server as its child, restarts it when it is killed and takes it along when it ends,
even by kill -9. Others read the address from the state file; with `keep` they become the owner when the former ends.
"""

import atexit
import fcntl
import json
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from bihuan.kernel import postgres_cluster as on_disk
from bihuan.kernel import process
from bihuan.kernel.postgres_binaries import DatabaseUnusable
from bihuan.kernel.postgres_cluster import Cluster

log = logging.getLogger(__name__)
_START_SECONDS = 120.0
_LOG_BYTES = 10_000_000


class Server:
    """A running database of our own. `dsn` is a libpq URI; `owned` says whether this process supervises it."""

    def __init__(self, cluster: Cluster, *, durable: bool, keep: bool) -> None:
        self.cluster = cluster
        self.dsn = _dsn(cluster, on_disk.OWNER, on_disk.OWNER)
        self.owned = False
        self._durable, self._keep = durable, keep
        self._lock: IO[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._trouble: Exception | None = None
        self._ready, self._ending = threading.Event(), threading.Event()
        self._watcher: threading.Thread | None = None
        self._pid = os.getpid()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The server's process number where we own it, else 0."""
        return self._child.pid if self._child else 0

    def open(self) -> None:
        """Become the owner or attach to one; returns when the database answers."""
        limit = time.monotonic() + _START_SECONDS
        while time.monotonic() < limit:
            if self._take_lock():
                self._begin(self._own)
                return
            if self._answers_to_others():
                if self._keep:
                    self._begin(self._stand_by)
                return
            time.sleep(0.05)
        raise DatabaseUnusable(f"another process holds {self._lock_file} but its database does not answer")

    def stop(self) -> None:
        """End the server if we own it (a few seconds at most for a clean shutdown); leaves a foreign one alone."""
        if os.getpid() != self._pid:
            return
        self._ending.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        atexit.unregister(self.stop)
        self.owned = False

    @property
    def _lock_file(self) -> Path:
        return self.cluster.home / "server.lock"

    @property
    def _state_file(self) -> Path:
        return self.cluster.home / "server.json"

    def _take_lock(self) -> bool:
        handle = self._lock_file.open("a", encoding="utf-8")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self._lock, self.owned = handle, True
        return True

    def _answers_to_others(self) -> bool:
        with suppress(OSError, ValueError, KeyError, psycopg.Error):
            dsn = str(json.loads(self._state_file.read_text(encoding="utf-8"))["dsn"])
            with psycopg.connect(dsn, connect_timeout=5):
                self.dsn = dsn
                return True
        return False

    def _begin(self, work: Callable[[], None]) -> None:
        """All starting and reaping is in one thread: the server's life hangs on the thread that started it."""
        waits = self.owned
        self._watcher = threading.Thread(target=work, name="postgres", daemon=True)
        self._watcher.start()
        atexit.register(self.stop)
        if waits:
            self._ready.wait()
            if self._trouble is not None:
                self.stop()
                raise self._trouble

    def _stand_by(self) -> None:
        while not self._ending.wait(0.2):
            if self._take_lock():
                log.warning("the process that ran the database has ended; this one takes it over")
                self._own()
                return

    def _own(self) -> None:
        try:
            on_disk.initialise(self.cluster, durable=self._durable)
            self._start()
            self._publish()
            self._ready.set()
            self._watch()
        except Exception as error:
            self._trouble = error
            log.debug("the database stopped", exc_info=True)
        finally:
            self._shut_down()
            self._ready.set()

    def _watch(self) -> None:
        """Restart the server whenever it ends by itself, with growing pauses while it will not come up."""
        pause = 0.1
        while not self._ending.is_set():
            if self._child is None or self._child.poll() is not None:
                log.error("the database server ended unexpectedly; starting it again")
                try:
                    self._start()
                    pause = 0.1
                except DatabaseUnusable:
                    log.exception("the database server does not come up")
                    self._ending.wait(pause)
                    pause = min(pause * 2, 10.0)
            self._ending.wait(0.05)

    def _start(self) -> None:
        on_disk.clear_leftovers(self.cluster)
        mark = _turn_log(self.cluster.log)
        with open(self.cluster.log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:  # noqa: PTH123
            self._child = process.spawn(
                on_disk.command(self.cluster, durable=self._durable),
                death_signal=signal.SIGINT,
                user=self.cluster.user,
                env=on_disk.environment(),
                cwd=Path("/"),
                stdout=output,
                stderr=output,
            )
        self._await_answer(self._child, mark)

    def _await_answer(self, child: "subprocess.Popen[bytes]", mark: int) -> None:
        admin = _dsn(self.cluster, on_disk.ADMIN, "postgres")
        limit = time.monotonic() + _START_SECONDS
        while time.monotonic() < limit and not self._ending.is_set():
            if child.poll() is not None:
                raise DatabaseUnusable(f"the database server does not start: {_reason(self.cluster.log, mark)}")
            try:
                with psycopg.connect(admin, connect_timeout=5, autocommit=True) as connection:
                    _furnish(connection)
                return
            except psycopg.OperationalError as error:
                if "Peer authentication" in str(error):
                    raise DatabaseUnusable(f"the database refuses this user: {error}") from None
                time.sleep(0.03)
        if not self._ending.is_set():
            raise DatabaseUnusable(f"the database server does not answer after {_START_SECONDS:.0f} s")

    def _publish(self) -> None:
        half = self._state_file.with_suffix(".new")
        half.write_text(json.dumps({"dsn": self.dsn, "owner": os.getpid(), "server": self.pid}), encoding="utf-8")
        half.rename(self._state_file)

    def _shut_down(self) -> None:
        if self._child is not None:
            # SIGINT is the fast, clean shutdown: connections are cut, everything committed is on disk
            process.stop(self._child, by=signal.SIGINT, seconds=20)
        if self._lock is not None:
            self._state_file.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def attach_or_start(data_dir: Path, *, keep: bool = False, durable: bool = True) -> Server:
    """The database of `data_dir`: the running one, else started by and for this process (made on first use).

    `keep`: take over when the process we attached to ends. `durable=False` is for tests: faster, unsafe on power loss.
    Raises DatabaseUnusable with the reason and the remedy.
    """
    server = Server(on_disk.place(data_dir), durable=durable, keep=keep)
    server.open()
    return server


def _dsn(cluster: Cluster, user: str, database: str) -> str:
    return f"postgresql://{user}@/{database}?host={quote(str(cluster.sockets), safe='')}&port={on_disk.PORT}"


def _furnish(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """The owner of the data (no superuser) and its database, made where missing."""
    name = sql.Identifier(on_disk.OWNER)
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [on_disk.OWNER]).fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB IN ROLE pg_monitor, pg_checkpoint").format(name))
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [on_disk.OWNER]).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))


def _turn_log(path: Path) -> int:
    """Keep one former log when it has grown; answers where the new entries will begin (bytes)."""
    size = path.stat().st_size if path.exists() else 0
    if size > _LOG_BYTES:
        path.rename(path.with_suffix(".log.1"))
        return 0
    return size


def _reason(path: Path, mark: int) -> str:
    with path.open("rb") as handle:
        handle.seek(mark)
        lines = handle.read().decode("utf-8", "replace").splitlines()
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (telling or lines or ["no message"])[-1].strip()
