"""Intake over HTTP against writing exactly the same rows straight into the database, one complaint a transaction.

Baseline: 8 client processes, prepared statements, one INSERT a table sent in one pipeline, one commit a complaint; the
rows are finished beforehand, so the clients do nothing but write. Ours: 32 connections posting JSON to the web server,
which does everything (check, personal data, encryption, chain, clocks, receipt) before it answers. Both take turns on
the same database; the ratio is complaints per second, ours ÷ baseline.
"""

import asyncio
import multiprocessing
import os
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from benchmarks import _ground


def finished_rows(first: int, count: int) -> list[list[tuple[str, tuple[Any, ...]]]]:
    """The rows of `count` complaints, each as [(statement, parameters)], made by the very verb that the server uses."""
    from django.db import connection

    from bihuan.cases.actions import Doer
    from bihuan.intake import batch, context
    from bihuan.intake.actions import Draft, registration
    from bihuan.intake.schema import complaint_decoder
    from bihuan.kernel import clock

    now = context.current()
    made = []
    doer = Doer(1, 2, "api")
    kept, batch.Batch.parameters = batch.Batch.parameters, lambda self: self.rows  # type: ignore[method-assign]
    for number in range(first, first + count):
        body = msgspec.json.encode(_ground.complaint(number))
        draft = Draft(complaint_decoder.decode(body), doer, token_id=1, key=f"k{number}", body_digest=b"x" * 32)
        steps = registration([draft], now, clock.now())
        statement = next(steps)
        while statement[0] is not batch.STATEMENT:
            with connection.cursor() as cursor:
                if "nextval" in statement[0]:
                    cursor.execute(*statement)
                    rows = cursor.fetchall()
                else:
                    rows = []
            statement = steps.send(rows)
        made.append([(table.values(), row) for table in batch.TABLES for row in statement[1][table.name]])
    batch.Batch.parameters = kept  # type: ignore[method-assign]
    return made


def _direct_client(dsn: str, work: list[Any], ready: Any, go: Any, out: Any) -> None:
    import psycopg

    with psycopg.connect(dsn, autocommit=True, prepare_threshold=0) as connection:
        ready.put(1)
        go.wait()
        times = []
        for statements in work:
            began = time.perf_counter()
            with connection.pipeline(), connection.transaction():
                for sql, row in statements:
                    connection.execute(sql, row)
            times.append(time.perf_counter() - began)
        out.put(times)


def direct(first: int, count: int, clients: int = 8) -> tuple[float, list[float]]:
    """(complaints a second, seconds each) of the baseline."""
    work = finished_rows(first, count)
    context = multiprocessing.get_context("fork")
    ready, out, go = context.Queue(), context.Queue(), context.Event()
    _leave_connections()
    processes = [
        context.Process(target=_direct_client, args=(os.environ["DATABASE_URL"], work[n::clients], ready, go, out))
        for n in range(clients)
    ]
    for process in processes:
        process.start()
    for _process in processes:
        ready.get()
    began = time.perf_counter()
    go.set()
    times = [value for _process in processes for value in out.get()]
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    return count / seconds, times


def _leave_connections() -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()


async def _connection_loop(port: int, token: str, bodies: list[tuple[str, bytes]], times: list[float]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    refused = 0
    while bodies:
        key, body = bodies.pop()
        began = time.perf_counter()
        writer.write(
            b"POST /api/v1/complaints HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nIdempotency-Key: %s\r\nContent-Length: %d\r\n\r\n"
            % (token.encode(), key.encode(), len(body))
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - began)
        refused += b" 201 " not in head.split(b"\r\n")[0]
    writer.close()
    return refused


def over_http(port: int, token: str, first: int, count: int, connections: int = 32) -> tuple[float, list[float], int]:
    """(complaints a second, seconds each, how many were refused) of the server."""
    bodies = [(f"k{number}", msgspec.json.encode(_ground.complaint(number))) for number in range(first, first + count)]
    times: list[float] = []

    async def all_at_once() -> int:
        return sum(
            await asyncio.gather(*(_connection_loop(port, token, bodies, times) for _number in range(connections)))
        )

    began = time.perf_counter()
    refused = asyncio.run(all_at_once())
    return count / (time.perf_counter() - began), times, refused


def breakdown(first: int, count: int = 320, at_once: int = 32) -> dict[str, float]:
    """Where the time of a complaint goes, in microseconds, in batches of 32 and one process."""
    from django.db import connection

    from bihuan.cases.actions import Doer
    from bihuan.customers import vault
    from bihuan.intake import actions, context, prepare
    from bihuan.intake.actions import Draft, registration
    from bihuan.intake.schema import complaint_decoder
    from bihuan.kernel import clock

    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                spent[name] += time.perf_counter() - began

        return wrapped

    bodies = [msgspec.json.encode(_ground.complaint(number)) for number in range(first, first + count)]
    now, doer = context.current(), Doer(1, 2, "api")
    kept = (actions.check, vault.seal_party, prepare.personal.replace, actions.build)
    actions.check = timed("check and clean", kept[0])
    vault.seal_party = timed("encrypt and hash", kept[1])
    prepare.personal.replace = timed("  of that: find personal data", kept[2])
    actions.build = timed("rows, clocks, chain, receipt", kept[3])
    try:
        with connection.cursor() as cursor:
            for start in range(0, count, at_once):
                began = time.perf_counter()
                decoded = [complaint_decoder.decode(body) for body in bodies[start : start + at_once]]
                spent["decode JSON"] += time.perf_counter() - began
                drafts = [Draft(one, doer, token_id=1, key=f"b{first}-{start}-{n}") for n, one in enumerate(decoded)]
                began = time.perf_counter()
                steps = registration(drafts, now, clock.now() + timedelta(0))
                try:
                    statement = next(steps)
                    while True:
                        asked = time.perf_counter()
                        cursor.execute(*statement)
                        rows = cursor.fetchall() if cursor.description else []
                        spent["database"] += time.perf_counter() - asked
                        statement = steps.send(rows)
                except StopIteration:
                    spent["whole verb"] += time.perf_counter() - began
    finally:
        actions.check, vault.seal_party, prepare.personal.replace, actions.build = kept
    return {name: round(seconds / count * 1e6, 1) for name, seconds in spent.items()}


def main() -> None:
    """Alternate baseline and server, print the ratio."""
    options = _ground.parser(__doc__ or "")
    options.add_argument("--count", type=int, default=8000, help="complaints a round")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    with _ground.installation(chosen.folder):
        token = _ground.token()
        port = _ground.free_port()
        with _ground.web(port):
            figures = _measure(port, token, chosen.count, chosen.rounds)
        figures["breakdown_us"] = breakdown(90_000_000)
    _ground.report("intake", figures, chosen.json)


def _measure(port: int, token: str, count: int, rounds: int) -> dict[str, Any]:
    over_http(port, token, 80_000_000, max(200, count // 10))
    direct(81_000_000, max(200, count // 10))
    ours, theirs, times, refused = [], [], [], 0
    for turn in range(rounds):
        rate, seconds, _none = *direct(1_000_000 * (turn + 1), count), 0
        theirs.append(rate)
        rate, seconds, wrong = over_http(port, token, 10_000_000 + 1_000_000 * turn, count)
        ours.append(rate)
        times += seconds
        refused += wrong
    return {
        "per_second": round(sum(ours) / rounds, 1),
        "baseline_per_second": round(sum(theirs) / rounds, 1),
        "ratio": round(sum(ours) / sum(theirs), 3),
        "ratios": [round(one / other, 3) for one, other in zip(ours, theirs, strict=True)],
        "p50_ms": round(_ground.percentile(times, 0.5) * 1000, 2),
        "p95_ms": round(_ground.percentile(times, 0.95) * 1000, 2),
        "refused": refused,
        "complaints": count * rounds,
    }


if __name__ == "__main__":
    main()
