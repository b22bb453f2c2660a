"""Asking a virus scanner (clamd) about a file, over its socket or TCP, when one is named in the settings."""

import logging
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

PATIENCE = 5.0
"""Seconds for connecting, and again for each answer: someone waits at her desk meanwhile."""
PIECE = 64 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """`found` names what is in the file; empty for a clean one."""

    found: str

    @property
    def infected(self) -> bool:
        """Whether anything was found."""
        return bool(self.found)


def configured() -> bool:
    """Whether a scanner is named (`BIHUAN_CLAMD`)."""
    return bool(settings.CLAMD)


def reachable() -> bool:
    """Whether a scanner is named and answers."""
    try:
        with _connected(settings.CLAMD) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except (OSError, ValueError):
        return False


def scan(content: bytes) -> Verdict | None:
    """The scanner's verdict; None when there is no scanner, it cannot be reached, or it has no opinion. Never raises."""
    if not configured():
        return None
    try:
        with _connected(settings.CLAMD) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
            answer = _answer(line)
    except (OSError, ValueError) as error:
        _log.warning("scanner: %s", type(error).__name__)
        return None
    return _verdict(answer)


def _connected(address: str) -> socket.socket:
    """`unix:/run/clamav/clamd.ctl` or `tcp://host:3310`; ValueError for anything else."""
    parts = urlsplit(address)
    if parts.scheme == "unix" and parts.path:
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or 3310), PATIENCE)
    raise ValueError(address)


def _answer(line: socket.socket) -> str:
    held = b""
    while not held.endswith(b"\0") and len(held) < 4096 and (piece := line.recv(4096)):
        held += piece
    return held.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict | None:
    """`stream: OK` and `stream: Eicar-Test FOUND`; an ERROR (too large, out of memory) is no verdict."""
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return Verdict("")
    if said.endswith(" FOUND"):
        return Verdict(said.removesuffix(" FOUND")[:200] or "?")
    _log.warning("scanner: no verdict")
    return None
