"""The watch over many running clocks: how long after its due moment each fact is on its complaint.

One complaint is registered by the real verb and copied (rows, first event, clocks); of the copies' clocks `--due` fall
due, evenly, within one minute, the rest later. The watch then runs every second as the jobs process runs it. `lag_s` is
the greatest time between a due moment and the recording of its fact, after that minute.
"""

import time
from datetime import timedelta
from typing import Any

from benchmarks import _ground

_COPIES = """
INSERT INTO cases_case SELECT (jsonb_populate_record(c, jsonb_build_object('id', c.id + g, 'number', c.number || '-' || g))).*
  FROM cases_case c, generate_series(1, %s) g WHERE c.id = %s
"""
_EVENTS = """
INSERT INTO cases_caseevent (case_id, seq, kind, at, recorded_at, source, why, payload, hash)
SELECT c.id, e.seq, e.kind, e.at, e.recorded_at, e.source, e.why, e.payload, e.hash
  FROM cases_case c, cases_caseevent e WHERE e.case_id = %s AND c.id <> %s
"""
_STATE = "area_id, policy_id, variant, round, state, started_at, counted_from, allowance, worked, due_at, level, paused"
_CLOCKS = f"""
INSERT INTO sla_clock (case_id, next_at, {_STATE})
SELECT c.id, k.due_at, {", ".join("k." + name.strip() for name in _STATE.split(","))}
  FROM cases_case c, sla_clock k WHERE k.case_id = %s AND c.id <> %s
"""
_DUE = """
UPDATE sla_clock SET next_at = d.at, due_at = d.at, level = 2
  FROM (SELECT id, %s::timestamptz + row_number() OVER () * interval '60 s' / %s AS at
          FROM sla_clock WHERE policy_id = %s ORDER BY id LIMIT %s) d WHERE sla_clock.id = d.id
"""


def _fill(clocks: int, due: int) -> None:
    from django.db import connection

    from bihuan.cases.actions import Doer
    from bihuan.cases.models import Case
    from bihuan.identity.models import Staff
    from bihuan.intake.actions import Draft, register_one
    from bihuan.intake.schema import ComplaintIn, Customer
    from bihuan.kernel import clock
    from bihuan.sla.models import Clock, Policy

    agent = Staff.objects.get(username="agent")
    told = ComplaintIn(
        channel="hotline", content="家里三天没有信号。", customer=Customer(name="王小明", phone="13912345678")
    )
    number = register_one(Draft(told, Doer(agent.id, agent.unit_id, "desk"))).number
    case = Case.objects.get(number=number).id
    copies = clocks // Clock.objects.filter(case_id=case).count()
    reply = Policy.objects.get(code="reply.48h", latest=True).id
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [copies, case])
        cursor.execute(_EVENTS, [case, case])
        cursor.execute(_CLOCKS, [case, case])
        cursor.execute("UPDATE sla_clock SET next_at = NULL WHERE next_at < %s", [clock.now() + timedelta(hours=1)])
        cursor.execute("VACUUM ANALYZE sla_clock")
        cursor.execute("VACUUM ANALYZE cases_case")
        cursor.execute(_DUE, [clock.now() + timedelta(seconds=3), due, reply, due])


def _watch(seconds: int) -> tuple[int, list[float]]:
    """(facts written, seconds of each round) of the watch as the jobs process runs it."""
    from bihuan.kernel import clock
    from bihuan.sla import watch

    until, facts, rounds = time.monotonic() + seconds, 0, []
    while time.monotonic() < until:
        began = time.monotonic()
        facts += watch.sweep(clock.now())
        rounds.append(time.monotonic() - began)
        time.sleep(max(0.0, 1 - rounds[-1]))
    return facts, rounds


def _lags() -> list[float]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM recorded_at - (payload->>'due')::timestamptz)::float8 FROM cases_caseevent"
            " WHERE kind = 'clock_breached' ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def main() -> None:
    options = _ground.parser(__doc__ or "")
    options.add_argument("--clocks", type=int, default=200_000, help="running clocks (default: %(default)s)")
    options.add_argument("--due", type=int, default=20_000, help="of them due within one minute (default: %(default)s)")
    told = options.parse_args()
    with _ground.installation(told.folder):
        from bihuan.sla.models import Clock

        _fill(told.clocks, told.due)
        facts, rounds = _watch(70)
        lags = _lags()
        figures: dict[str, Any] = {
            "clocks": Clock.objects.count(),
            "due": told.due,
            "facts": facts,
            "lag_s": round(lags[-1], 3) if lags else None,
            "lag_p95_s": round(lags[int(len(lags) * 0.95)], 3) if lags else None,
            "busiest_round_s": round(max(rounds), 3),
        }
        _ground.report("clocks", figures, told.json)


if __name__ == "__main__":
    main()
