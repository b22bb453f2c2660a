"""One database cluster on disk: where it lies, how it is made, what a killed server leaves behind."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bihuan.kernel.postgres_binaries import DatabaseUnusable, programs_for, server_user, state_root
from bihuan.kernel.process import MYSELF, User, alive

PORT = 5432
ADMIN = "postgres"
OWNER = "bihuan"
_LONGEST_SOCKET = 100
"""Bytes of the socket's whole path; the system's own limit is 107."""
_POINTER = "postgres.location"
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Cluster:
    """`home` holds lock, state, log and the cluster itself (`files`); `sockets` is closed to all but `user` and root."""

    home: Path
    files: Path
    sockets: Path
    programs: Path
    user: User

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "postgres.log"


def place(data_dir: Path) -> Cluster:
    """Find (or choose and prepare) the place of the data folder's cluster; makes folders, starts nothing."""
    data_dir = data_dir.absolute()
    try:
        data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
        data_dir = data_dir.resolve()
        user = server_user(_owner(_home(data_dir) / "postgres"))
        home = _home(data_dir)
        if home == data_dir and not _can_enter(home, user):
            home = _elsewhere(data_dir)
        programs = programs_for(user)
    except PermissionError as error:
        raise DatabaseUnusable(f"no right to write in {error.filename or data_dir}: choose another --data") from None
    except (FileExistsError, NotADirectoryError):
        raise DatabaseUnusable(f"{data_dir} cannot be a folder, a file is in the way: choose another --data") from None
    return Cluster(home, home / "postgres", _socket_folder(home, user), programs, user)


def _home(data_dir: Path) -> Path:
    pointer = data_dir / _POINTER
    return Path(pointer.read_text(encoding="utf-8").strip()) if pointer.is_file() else data_dir


def _owner(files: Path) -> int | None:
    try:
        return files.stat().st_uid
    except FileNotFoundError:
        return None


def _can_enter(folder: Path, user: User) -> bool:
    """Whether the demoted user can pass through every parent; parents are never changed for him."""
    if user is MYSELF:
        return True
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], capture_output=True, cwd="/", **user.arguments
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _elsewhere(data_dir: Path) -> Path:
    """A place the demoted user can reach, remembered in the data folder."""
    home = state_root() / hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    half = data_dir / f"{_POINTER}.new"
    half.write_text(f"{home}\n", encoding="utf-8")
    half.rename(data_dir / _POINTER)
    return home


def _socket_folder(home: Path, user: User) -> Path:
    """A folder of mode 0700 owned by the server's user, short enough for a socket's path."""
    uid = os.geteuid() if user is MYSELF else user.uid
    inside = home / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET:
        return _private(inside, uid)
    short = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    for attempt in range(20):
        with suppress(DatabaseUnusable):
            return _private(Path("/tmp") / f"bihuan-{uid}-{short}-{attempt}", uid)  # noqa: S108 (0700, owner checked)
    raise DatabaseUnusable(f"no folder for the database's socket could be made in /tmp for {home}")


def _private(folder: Path, uid: int) -> Path:
    """Make the folder, or accept it only if it is already ours alone (another user may have been first in /tmp)."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, uid, -1)
    found = folder.lstat()
    if found.st_uid == 0 and uid and os.geteuid() == 0 and not folder.is_symlink():
        os.chown(folder, uid, -1)
        found = folder.lstat()
    if folder.is_symlink() or found.st_uid != uid or found.st_mode & 0o077:
        raise DatabaseUnusable(f"{folder} belongs to someone else or is open to others: use its owner's account")
    return folder


def initialise(cluster: Cluster, *, durable: bool = True) -> None:
    """initdb unless done. It works in `postgres.new`, renamed when whole, so a half-made cluster is never used."""
    if (cluster.files / "PG_VERSION").is_file():
        return
    half = cluster.files.with_name("postgres.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    if cluster.user is not MYSELF:
        os.chown(half, cluster.user.uid, cluster.user.gid)
    done = subprocess.run(
        _initdb(cluster, half, durable),
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
        **cluster.user.arguments,
    )
    if done.returncode != 0:
        raise DatabaseUnusable(f"initdb failed: {_last_line(done.stderr or done.stdout)}")
    _write_access(cluster, half)
    half.rename(cluster.files)


def _initdb(cluster: Cluster, target: Path, durable: bool) -> list[str]:
    # --lc-ctype as well: with the built-in provider alone, regular expressions and full text see Chinese as blanks.
    words = [
        *("-D", str(target), "-U", ADMIN, "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("--locale=C", "--lc-ctype=C.UTF-8", "--auth-local=peer", "--auth-host=reject", "--no-instructions"),
    ]
    if not durable:
        words.append("--no-sync")
    for name, value in _tuning().items():
        words += ["-c", f"{name}={value}"]
    return [str(cluster.programs / "initdb"), *words]


def _tuning() -> dict[str, str]:
    """Written to postgresql.conf once, for the operator to change afterwards."""
    memory = _memory()
    shared = max(64, min(2048, memory // 4 // _MIB))
    small_shm = shutil.disk_usage("/dev/shm").total < 512 * _MIB if Path("/dev/shm").is_dir() else True  # noqa: S108
    return {
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(128, memory // 2 // _MIB)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, memory // 16 // _MIB))}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "pglz",
        "random_page_cost": "1.1",
        # short statements are the rule: compiling one costs more than it saves, and estimates of fresh tables invite it
        "jit": "off",
        "max_connections": "100",
        # a container's /dev/shm is often 64 MB, too small for parallel queries
        "dynamic_shared_memory_type": "mmap" if small_shm else "posix",
        "log_line_prefix": "%m [%p] ",
        # statements and details may carry personal data: they stay out of the log
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "timezone": "UTC",
    }


def _memory() -> int:
    """Bytes this process may use: the machine's, or less where a container limits it."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):
        return min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return whole


def _write_access(cluster: Cluster, files: Path) -> None:
    """Only root and the server's own user get in, as the superuser or the owner of the data, over the socket alone."""
    import pwd

    uid = os.geteuid() if cluster.user is MYSELF else cluster.user.uid
    people = {"root", pwd.getpwuid(uid).pw_name}
    lines = [f'house "{person}" {role}\n' for person in sorted(people) for role in (ADMIN, OWNER)]
    (files / "pg_hba.conf").write_text("local all all peer map=house\n", encoding="utf-8")
    (files / "pg_ident.conf").write_text("".join(lines), encoding="utf-8")


def command(cluster: Cluster, *, durable: bool = True) -> list[str]:
    """The server's command line: what must not be changed by a setting in the cluster."""
    fixed = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(cluster.sockets),
        "unix_socket_permissions": "0700",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "synchronous_commit": "on",
        "logging_collector": "off",
        "log_destination": "stderr",
    }
    words = [str(cluster.programs / "postgres"), "-D", str(cluster.files)]
    for name, value in fixed.items():
        words += ["-c", f"{name}={value}"]
    return words


def environment() -> dict[str, str]:
    """A clean one: no PG* variable or preloaded library of the caller reaches the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def running(cluster: Cluster) -> list[int]:
    """Processes of a server at work in this cluster, also orphans of a killed one (all of them sit in its folder)."""
    files, found = os.path.realpath(cluster.files), []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or not alive(int(entry.name)):
            continue
        try:
            here = str((entry / "cwd").readlink())
            program = str((entry / "exe").readlink()).removesuffix(" (deleted)")
        except OSError:
            continue
        if here == files and Path(program).name == "postgres":
            found.append(int(entry.name))
    return found


def clear_leftovers(cluster: Cluster, patience: float = 30.0) -> None:
    """Before a start by the lock's holder: see the former server and its orphans off, then drop its stale pid file.

    A server whose parent was killed is shutting down by itself and gets `patience` seconds; orphans are ended at once.
    """
    pid = _postmaster(cluster)
    limit = time.monotonic() + patience
    while pid and pid in running(cluster) and time.monotonic() < limit:
        time.sleep(0.02)
    for sign in (signal.SIGQUIT, signal.SIGKILL):
        limit = time.monotonic() + 3
        left = running(cluster)
        for one in left:
            with suppress(ProcessLookupError):
                os.kill(one, sign)
        while left and time.monotonic() < limit:
            time.sleep(0.02)
            left = running(cluster)
    # its number may meanwhile belong to another process, which would keep the new server from starting
    (cluster.files / "postmaster.pid").unlink(missing_ok=True)
    (cluster.sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _postmaster(cluster: Cluster) -> int:
    try:
        return int((cluster.files / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return 0


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower() or "FATAL" in line), lines[-1] if lines else "?")
