"""`bihuan run`: one command brings everything up, keeps it up and takes it down."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.postgres_cast import SOURCE, forget, until

# --empty: what the demo operator holds is proven elsewhere
RUN = [sys.executable, "-m", "bihuan.cli", "run", "--empty", "--json", "--port", "0"]


class House:
    """A running installation and what it printed."""

    def __init__(self, data: Path) -> None:
        env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BIHUAN_DATA"}}
        self.process = subprocess.Popen(
            [*RUN, "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=(data / "run.err").open("wb"),
            env={**env, "PYTHONPATH": str(SOURCE)},
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (data / "run.err").read_text()
        self.facts: dict[str, Any] = json.loads(line)

    def children(self) -> dict[str, int]:
        """Direct children by what they are."""
        found = {}
        names = {"granian": "web", "jobs": "jobs", "postgres": "database"}
        for pid in _children(self.process.pid):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            except (FileNotFoundError, ProcessLookupError):  # it ended since it was listed
                continue
            found[next((names[part] for word in words for part in names if part in word), "other")] = pid
        return found

    def status(self, path: str) -> int:
        """The HTTP status of a page, 0 without an answer."""
        try:
            with urllib.request.urlopen(self.facts["url"] + path, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def tree(self) -> list[int]:
        """All processes below this one."""
        found, new = [], [self.process.pid]
        while new:
            below = [child for pid in new for child in _children(pid)]
            found += below
            new = below
        return found


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
            int(word)
            for task in Path(f"/proc/{pid}/task").iterdir()
            if task.name != str(pid)
            for word in (task / "children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _gone(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}/exe").exists() and _state(pid) != "Z" for pid in pids)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bihuan-run-"))
    folder.chmod(0o711)
    yield folder
    forget(folder)


@pytest.fixture
def house(data: Path) -> Iterator[House]:
    one = House(data)
    yield one
    one.process.terminate()
    one.process.communicate(timeout=30)


def test_it_comes_up_tells_where_it_is_survives_the_death_of_every_part_and_ends_when_asked(house: House) -> None:
    assert house.status("healthz") == 200
    assert house.status("readyz") == 200
    tokens = {"api_token", "revisit_token"}
    assert set(house.facts) == {"url", "port", "pid", "data", "logins", "openapi", "outbox", *tokens}
    assert house.facts["url"] == f"http://127.0.0.1:{house.facts['port']}/"
    assert set(house.children()) == {"web", "jobs", "database"}
    assert (Path(house.facts["data"]) / "keys.json").stat().st_mode & 0o777 == 0o600
    for part in ("jobs", "web", "database"):
        before = house.children()[part]
        os.kill(before, signal.SIGKILL)
        assert until(lambda before=before, part=part: house.children().get(part) not in {None, before}), part
        assert until(lambda: house.status("readyz") == 200), part
    workers = set(_children(house.children()["web"]))
    os.kill(one := min(workers), signal.SIGKILL)
    assert until(lambda: one not in (now := _children(house.children()["web"])) and len(now) == len(workers))
    assert until(lambda: house.status("readyz") == 200)
    _ends(house, signal.SIGTERM)


@pytest.mark.long
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_takes_everything_along_in_seconds(house: House, sign: signal.Signals) -> None:
    _ends(house, sign)


def _ends(house: House, sign: signal.Signals) -> None:
    below = house.tree()
    began = time.monotonic()
    house.process.send_signal(sign)
    assert house.process.wait(timeout=20) == 0
    assert time.monotonic() - began < 10
    assert _gone(below)
    assert house.status("healthz") == 0


def test_kill_9_leaves_nothing_running(house: House) -> None:
    below = house.tree()
    assert len(below) >= 4
    house.process.kill()
    house.process.communicate()
    assert until(lambda: _gone(below))


def test_a_taken_port_is_refused_when_asked_for(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "bihuan.cli", "run", "--port", port, "--data", str(data)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
        )
    assert done.returncode == 2
    assert f"port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_wish_the_next_free_port_is_taken() -> None:
    from bihuan.ops import run

    first = run.choose_port("127.0.0.1", None)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert run.choose_port("127.0.0.1", None) > first
