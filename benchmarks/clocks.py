"""Many clocks run, many fall due within one minute while complaints come in: how late are the breaches recorded?

The tables are filled with cases of four running clocks each; then further clocks are laid that fall due evenly within
one minute. The real jobs process watches (`bihuan jobs`), the real web server takes complaints meanwhile.

`lag_s`: the longest time from a due moment until the breach was committed, as an independent connection sees it: ten
times a second it asks how long the most overdue clock has been waiting. `recorded_p99_s`, `recorded_max_s`: the same by
the moments written into the facts.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from benchmarks import _ground
from benchmarks._clients import Load

LEAD = 12.0
"""Seconds from laying the clocks until the first falls due."""
MINUTE = 60.0
_PER_CASE = 4


def lay(clocks: int) -> tuple[int, str]:
    """Copies of one registered case with four running clocks each, due within the coming days; answers the id before the
    first copy, and the kinds of clocks as SQL."""
    from bihuan.cases.models import Case

    template = _template()
    lines = _lines(template)
    cases = clocks // _PER_CASE
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        columns = [
            str(field.column) for field in Case._meta.local_concrete_fields if field.column not in {"id", "number"}
        ]
        listed = ", ".join(columns)
        picked = ", ".join("'C' || g" if name == "source_number" else f"c.{name}" for name in columns)
        first = 10_000_000
        database.execute(
            f"INSERT INTO cases_case (id, number, {listed}) SELECT {first} + g, 'C' || g, {picked}"
            f" FROM generate_series(1, {cases}) g, cases_case c WHERE c.id = {template}"
        )
        database.execute(
            f"INSERT INTO sla_clock ({_clock_columns()}) SELECT {_clock_values(f'{first} + g', _days(cases))}"
            f" FROM generate_series(1, {cases}) g CROSS JOIN ({lines}) p"
        )
        database.execute("VACUUM (ANALYZE) cases_case")
        database.execute("VACUUM (ANALYZE) sla_clock")
    return first, lines


def _template() -> int:
    from bihuan.cases.actions import Doer
    from bihuan.cases.models import Case
    from bihuan.identity.models import Staff
    from bihuan.intake.actions import Draft, register_one
    from bihuan.intake.schema import ComplaintIn, Customer

    agent = Staff.objects.get(username="agent")
    complaint = ComplaintIn(channel="hotline", content="家里没有信号。", customer=Customer(phone="13912345678"))
    answer = register_one(Draft(complaint, Doer(agent.id, agent.unit_id, "desk")))
    return int(Case.objects.get(number=answer.number).id)


def _lines(template: int) -> str:
    """The template's clocks: policy, allowance in microseconds, the place of the breach among the levels."""
    from bihuan.sla import clocks, queries

    found = []
    promises = queries.book()
    for n, one in enumerate(queries.stored([template])[template]):
        breach = clocks._breach_index(one.state, promises.terms(one))
        found.append(f"({n}, {one.policy_id}, {one.state.allowance}, {breach})")
    return f"SELECT * FROM (VALUES {', '.join(found)}) v (n, policy, allowance, breach)"


def _days(cases: int) -> str:
    return f"now() + interval '1 hour' + interval '3 days' * (g::float / {cases})"


def _clock_columns() -> str:
    return (
        "case_id, policy_id, variant, round, state, started_at, counted_from, allowance, worked, due_at, next_at, level,"
        " paused"
    )


def _clock_values(case: str, due: str) -> str:
    start = f"{due} - interval '1 microsecond' * p.allowance"
    return f"{case}, p.policy, 0, 1, 1, {start}, {start}, p.allowance, 0, {due}, {due}, p.breach, 0"


def lay_due(first: int, lines: str, count: int, cases: int) -> float:
    """Clocks that fall due evenly within a minute, beginning soon, one a case (more where there are fewer cases)."""
    begin = time.time() + LEAD
    due = f"to_timestamp({begin}) + interval '1 second' * ({MINUTE} * g / {count})"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(
            f"INSERT INTO sla_clock ({_clock_columns()})"
            f" SELECT {_clock_values(f'{first} + 1 + (g::bigint * 7919) % {cases}', due)}"
            f" FROM generate_series(1, {count}) g CROSS JOIN ({lines} WHERE n = 0) p"
        )
        database.execute("ANALYZE sla_clock")
    return begin


class Watcher:
    """An independent eye: how long has the most overdue clock been waiting?"""

    def __init__(self) -> None:
        self.longest, self.waiting = 0.0, 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
            while not self._ending.wait(0.1):
                row = database.execute(
                    "SELECT extract(epoch FROM clock_timestamp() - min(next_at)) FROM sla_clock"
                    " WHERE next_at <= clock_timestamp()"
                ).fetchone()
                self.longest = max(self.longest, float(row[0]) if row and row[0] is not None else 0.0)

    def end(self) -> float:
        """The longest wait seen, in seconds."""
        self._ending.set()
        self._thread.join()
        return self.longest


@contextmanager
def jobs() -> Iterator[None]:
    """The jobs process as `bihuan run` starts it."""
    process = subprocess.Popen([sys.executable, "-m", "bihuan.cli", "jobs"], env=os.environ.copy())
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _breached(since: int) -> list[tuple[Any, ...]]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        return database.execute(
            "SELECT count(*), max(lag), percentile_cont(0.99) WITHIN GROUP (ORDER BY lag),"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY lag), count(DISTINCT clock) FROM (SELECT payload->>'clock' AS clock,"
            " extract(epoch FROM recorded_at - (payload->>'due')::timestamptz) AS lag FROM cases_caseevent"
            " WHERE kind = 'clock_breached' AND id > %s) fired",
            [since],
        ).fetchall()


def measure(clocks: int, due: int, rate: float) -> dict[str, Any]:
    """Lay, wait, tell."""
    first, lines = lay(clocks)
    port, token = _ground.free_port(), _ground.token()
    with _ground.web(port), jobs():
        load = Load(f"http://127.0.0.1:{port}/", token, 1, clients=4, pause=4 / rate)
        begin = lay_due(first, lines, due, max(1, clocks // _PER_CASE))
        time.sleep(max(0.0, begin - time.time()))
        watcher, taken = Watcher(), len(load.acknowledged)
        limit = begin + MINUTE * 5
        while time.time() < limit and (time.time() < begin + MINUTE or _breached(0)[0][0] < due):
            time.sleep(0.5)
        done, taken = time.time(), len(load.acknowledged) - taken
        longest = watcher.end()
        load.finish()
    count, most, p99, p50, distinct = _breached(0)[0]
    return {
        "clocks": clocks, "due_in_a_minute": due, "breached": count, "twice": count - distinct,
        "lag_s": round(longest, 2), "recorded_max_s": round(float(most or 0), 2),
        "recorded_p99_s": round(float(p99 or 0), 2), "recorded_p50_s": round(float(p50 or 0), 2),
        "all_done_after_s": round(done - begin - MINUTE, 1), "taken_meanwhile_per_s": round(taken / (done - begin), 1),
    }  # fmt: skip


def main() -> None:
    """Lay the clocks, let them fall due, print how late they were seen."""
    options = _ground.parser(__doc__ or "")
    options.add_argument("--clocks", type=int, default=1_000_000, help="clocks running")
    options.add_argument("--due", type=int, default=100_000, help="clocks falling due within one minute")
    options.add_argument("--rate", type=float, default=20.0, help="complaints a second meanwhile")
    chosen = options.parse_args()
    with _ground.installation(chosen.folder):
        figures = measure(chosen.clocks, chosen.due, chosen.rate)
    _ground.report("clocks", figures, chosen.json)


if __name__ == "__main__":
    main()
