"""Several worker processes beside each other: while one prepares rows, the database takes in another's."""

import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from bihuan.channels.file.chunk import Counts
from bihuan.channels.file.sheets import Chunk
from bihuan.channels.file.worker import HEAD
from bihuan.kernel.errors import RuleError

Outcome = tuple[int, Counts] | Exception


class Crew:
    """`size` workers on one job. `hand` gives out chunks (waiting while all have enough), `outcomes` are what came back."""

    def __init__(self, job_id: int, size: int) -> None:
        self._work: queue.Queue[tuple[Chunk, bool] | None] = queue.Queue(maxsize=1)
        self._back: queue.Queue[Outcome] = queue.Queue()
        self._processes = [_start(job_id) for _number in range(size)]
        self._threads = [threading.Thread(target=self._serve, args=(one,), daemon=True) for one in self._processes]
        self._out = 0
        for thread in self._threads:
            thread.start()

    def hand(self, chunk: Chunk, keep_failed: bool) -> Iterator[tuple[int, Counts]]:
        """Give a chunk to whoever is free next; answers what has come back meanwhile. Raises what a worker failed with."""
        while True:
            try:
                self._work.put((chunk, keep_failed), timeout=0.2)
                self._out += 1
                break
            except queue.Full:
                yield from self._returned()
        yield from self._returned()

    def finish(self) -> Iterator[tuple[int, Counts]]:
        """Wait for what is still out."""
        while self._out:
            yield self._taken(self._back.get())

    def end(self) -> None:
        """End the workers; what they had in hand is not written."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
        for thread in self._threads:
            while thread.is_alive():  # it waits for work, or finds its worker gone
                with suppress(queue.Full):
                    self._work.put(None, timeout=0.05)
                thread.join(0.05)
        for process in self._processes:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()

    def _returned(self) -> Iterator[tuple[int, Counts]]:
        while not self._back.empty():
            yield self._taken(self._back.get())

    def _taken(self, outcome: Outcome) -> tuple[int, Counts]:
        if isinstance(outcome, Exception):
            raise outcome
        self._out -= 1
        return outcome

    def _serve(self, process: "subprocess.Popen[bytes]") -> None:
        while (work := self._work.get()) is not None:
            chunk, keep = work
            try:
                self._back.put(_ask(process, chunk, keep))
            except Exception as error:  # noqa: BLE001 - handed to the thread that waits for it
                self._back.put(error)
                return


def _ask(process: "subprocess.Popen[bytes]", chunk: Chunk, keep: bool) -> tuple[int, Counts]:
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(HEAD.pack(len(chunk.packed), chunk.number, keep) + chunk.packed)
        process.stdin.flush()
        head = process.stdout.read(4)
        told = json.loads(process.stdout.read(struct.unpack(">I", head)[0])) if len(head) == 4 else {}
    except (BrokenPipeError, ValueError):
        told = {}
    if not told or "error" in told:
        raise RuleError(
            "import.worker",
            _("导入进程中断（%(why)s）。已完成的部分有效；请再次运行，会从中断处继续。")
            % {"why": f"{told.get('error', '')} {told.get('message', '')}".strip() or "killed"},
            status=500,
        )
    return told.pop("number"), Counts(**told)


def _start(job_id: int) -> "subprocess.Popen[bytes]":
    database = make_conninfo(settings.DATABASE_URL, dbname=str(connection.settings_dict["NAME"]))
    environment: dict[str, Any] = os.environ | {
        "DATABASE_URL": database,
        "BIHUAN_DB_POOL": "2",
        "PYTHONPATH": str(settings.PACKAGE.parent),
    }
    command = [sys.executable, "-m", "bihuan.channels.file.worker", str(job_id)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
