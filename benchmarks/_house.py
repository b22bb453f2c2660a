"""A real `bihuan run` in a folder of its own: its parts by name, killed and waited for."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PARTS = {"granian": "web", "jobs": "jobs", "postgres": "database"}
PARTS = ("web", "worker", "jobs", "database", "run", "all")
"""What may be killed: the web server, its worker, the jobs, the postmaster, the starter, or all of them at once."""


class House:
    """One installation that is started, hit and started again on the same port."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> dict[str, Any]:
        """Start it and wait until it says where it is; answers that."""
        left_out = {"DATABASE_URL", "BIHUAN_DATA", "DJANGO_SETTINGS_MODULE", "BIHUAN_DEMO"}
        env = {name: value for name, value in os.environ.items() if name not in left_out}
        words = ["run", "--empty", "--json", "--port", str(self.port), "--data", str(self.data)]
        with (self.data / "run.err").open("ab") as trouble:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bihuan.cli", *words],
                stdout=subprocess.PIPE,
                stderr=trouble,
                env={**env, "PYTHONPATH": str(ROOT / "src")},
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"it does not start: {(self.data / 'run.err').read_text()[-2000:]}")
        told: dict[str, Any] = json.loads(line)
        return told

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.communicate(timeout=60)
            self.process = None

    def ready(self) -> bool:
        """Whether it says that it can serve."""
        try:
            with urllib.request.urlopen(self.url + "readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.HTTPError, OSError):
            return False

    def pids(self) -> dict[str, int]:
        """Process numbers of the parts that run."""
        assert self.process is not None
        found = {"run": self.process.pid}
        for pid in _children(self.process.pid):
            words = _words(pid)
            name = next((_PARTS[part] for word in words for part in _PARTS if part in word), "")
            if name:
                found[name] = pid
        workers = _children(found["web"]) if "web" in found else []
        return found | ({"worker": workers[0]} if workers else {})

    def kill(self, part: str) -> None:
        """kill -9 of one part, or of all at once. A killed starter is reaped; `start` brings it back."""
        pids = self.pids()
        for pid in pids.values() if part == "all" else [pids[part]]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if part in {"run", "all"} and self.process is not None:
            self.process.communicate()
            self.process = None


def _words(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    return []


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text().split()]
    return found
