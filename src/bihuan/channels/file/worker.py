"""A worker process of an import: chunks come in on stdin, counts go out on stdout; it ends when stdin does.

`python -m bihuan.channels.file.worker JOB`. Frames in: length (4 bytes), number of the chunk (4), keep refused rows (1),
rows as packed. Frames out: length and JSON, {number, rows, created, existing, failed, warnings} or {error, message}.
"""

import gc
import json
import os
import struct
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any, BinaryIO

HEAD = struct.Struct(">IIB")


def main() -> None:
    """Work until stdin ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    import django

    django.setup()
    from bihuan.channels.file import chunk
    from bihuan.channels.file.models import ImportJob

    job = ImportJob.objects.get(pk=int(sys.argv[1]))
    reader = chunk.reader_of(job)
    # rows of a chunk form no cycles: looking for some after every 700 objects is a tenth of the time
    gc.freeze()
    gc.set_threshold(500_000, 50, 50)
    while head := sys.stdin.buffer.read(HEAD.size):
        length, number, keep = HEAD.unpack(head)
        packed = sys.stdin.buffer.read(length)
        _answer(sys.stdout.buffer, _work(chunk, job, reader, number, packed, bool(keep)))


def _work(chunk: Any, job: Any, reader: Any, number: int, packed: bytes, keep: bool) -> dict[str, Any]:
    try:
        return {"number": number, **asdict(chunk.work(job, reader, number, packed, keep))}
    except Exception as error:  # noqa: BLE001 - told to the parent, which stops the import and says why
        return {"number": number, "error": type(error).__name__, "message": str(error)[:500]}


def _answer(out: BinaryIO, told: dict[str, Any]) -> None:
    body = json.dumps(told).encode()
    out.write(struct.pack(">I", len(body)) + body)
    out.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # the parent has gone: what is in is in, the rest is the next run's
        main()
