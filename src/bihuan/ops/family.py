"""A few child processes kept alive together: whoever dies is started again, all end with us."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bihuan.kernel import process

log = logging.getLogger(__name__)
_LONGEST_PAUSE = 5.0
_STEADY_SECONDS = 10.0


@dataclass
class Child:
    """One process to keep alive. Its output goes to our stderr, so that stdout stays ours."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    running: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 0.1
    not_before: float = field(default=0.0, repr=False)

    def start(self) -> None:
        """Start it; the calling thread must be the one that lives longest (the main one)."""
        self.started = time.monotonic()
        self.running = process.spawn(self.argv, env={**os.environ, **self.env}, stdout=sys.stderr.fileno())

    def look_after(self) -> None:
        """Start it again when it has died, at once the first time, with growing pauses when it keeps dying."""
        if self.running is None or self.running.poll() is None:
            return
        now = time.monotonic()
        if self.not_before == 0.0:
            steady = now - self.started > _STEADY_SECONDS
            self.pause = 0.1 if steady else min(self.pause * 2, _LONGEST_PAUSE)
            self.not_before = now + self.pause
            log.error("%s ended (%s); it starts again in %.1f s", self.name, self.running.returncode, self.pause)
            # its own children may have outlived it and still hold its port
            process.kill_session(self.running.pid)
        if now >= self.not_before:
            self.not_before = 0.0
            self.start()


class Family:
    """Starts, looks after and ends children in order; use as a context."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)

    def __enter__(self) -> "Family":
        for child in self.children:
            child.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        running = [child.running for child in self.children if child.running is not None]
        for one in running:
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        for one in running:
            process.stop(one, seconds=5.0)

    def look_after(self) -> None:
        """Call often (several times a second)."""
        for child in self.children:
            child.look_after()
