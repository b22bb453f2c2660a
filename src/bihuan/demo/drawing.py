"""Files a demo can show without bringing any along: pictures and a sound drawn from nothing. Pure."""

import math
import struct
import zlib
from collections.abc import Callable, Sequence

Colour = tuple[int, int, int]


def picture(width: int, height: int, colour_at: Callable[[int, int], Colour]) -> bytes:
    """A PNG of this size (pixels), each pixel as the function says."""
    rows = b"".join(
        b"\0" + b"".join(bytes(colour_at(across, down)) for across in range(width)) for down in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _piece(b"IHDR", head) + _piece(b"IDAT", zlib.compress(rows, 9)) + _piece(b"IEND", b"")


def _piece(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def levels(values: Sequence[int]) -> bytes:
    """A chart of signal levels in dBm (-120 to -60), a bar each; weak ones red."""
    wide = 480 // len(values)

    def colour_at(across: int, down: int) -> Colour:
        value = values[min(across // wide, len(values) - 1)]
        high = (value + 120) * 4
        if down >= 250 - high and 3 < across % wide < wide - 3:
            return (203, 68, 60) if value < -105 else (58, 123, 213)
        return (230, 233, 238) if down % 50 == 0 else (255, 255, 255)

    return picture(480, 250, colour_at)


def stroke() -> bytes:
    """Something like a signature."""
    points = [(60 + t * 4.6, 110 + 46 * math.sin(t / 6.5) * math.cos(t / 19) - t * 0.2) for t in range(110)]
    inked = {
        (round(x) + dx, round(y + part * 3) + dy)
        for x, y in points for part in range(2) for dx in range(-2, 3) for dy in range(-2, 3)
    }  # fmt: skip
    return picture(640, 220, lambda across, down: (16, 32, 58) if (across, down) in inked else (255, 255, 255))


def tone(seconds: float = 1.5) -> bytes:
    """A WAV that rings like a telephone: 8,000 samples a second, 16 bits, one channel."""
    count = int(8000 * seconds)
    samples = b"".join(
        struct.pack("<h", int(9000 * math.sin(math.tau * 450 * one / 8000)) if one % 4000 < 2600 else 0)
        for one in range(count)
    )
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16,
                       b"data", len(samples))  # fmt: skip
    return head + samples
