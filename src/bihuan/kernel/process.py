"""Child processes that die with us: started through a tiny launcher, so that kill -9 of the parent leaves nothing."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1

# Runs between fork and the wanted program. It is a program of its own and no `preexec_fn`, because we have threads;
# the death signal is asked for after the change of user, which would clear it.
_LAUNCHER = """
import ctypes, os, sys
parent, sig, uid, gid = (int(part) for part in sys.argv[1:5])
if uid >= 0:
    os.setgroups([gid]); os.setgid(gid); os.setuid(uid)
os.umask(0o077)
if ctypes.CDLL(None, use_errno=True).prctl(1, sig, 0, 0, 0):
    sys.exit("prctl(PR_SET_PDEATHSIG) is refused on this system")
if os.getppid() != parent:
    sys.exit("the parent has gone")
os.execv(sys.argv[5], sys.argv[5:])
"""


@dataclass(frozen=True)
class User:
    """A system user by numbers; `uid` -1 means "whoever runs this program"."""

    uid: int
    gid: int
    name: str

    @property
    def arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to run something as this user (nothing when it is the present one)."""
        return {} if self.uid < 0 else {"user": self.uid, "group": self.gid, "extra_groups": [self.gid]}


MYSELF = User(-1, -1, "")


def spawn(
    argv: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    user: User = MYSELF,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start `argv` in a session of its own; it gets `death_signal` when the *calling thread* ends, however that happens.

    The caller must therefore be a thread that lives as long as the child should, and must reap it.
    """
    launch = [sys.executable, "-I", "-S", "-c", _LAUNCHER]
    numbers = [str(os.getpid()), str(int(death_signal)), str(user.uid), str(user.gid)]
    return subprocess.Popen(
        [*launch, *numbers, *argv],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env=None if env is None else dict(env),
        cwd=cwd,
        start_new_session=True,
    )


def stop(child: "subprocess.Popen[bytes]", *, by: signal.Signals = signal.SIGTERM, seconds: float = 5.0) -> None:
    """Ask the child to end, kill its whole session when it has not after `seconds`; returns when it is reaped."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            child.send_signal(by)
        with suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    kill_session(child.pid)
    child.wait()


def kill_session(leader: int) -> None:
    """SIGKILL what is left of the session that `leader` (a child of ours, started by `spawn`) opened."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in {"Z", "X"}


def die_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """For a process that someone else's program starts (a web worker): end when the parent does. Linux only."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)
