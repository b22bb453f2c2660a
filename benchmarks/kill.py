"""Nothing acknowledged is lost: a real `bihuan run` under load, its parts killed at random moments.

Clients post complaints, each with its own Idempotency-Key and source number, and send the same again after a 503, a lost
connection or no answer, until they get their number; now and then they repeat one that was answered long ago. Meanwhile
complaints whose first limit is about to fall due are registered. Each round kill -9 hits the web server, its worker, the
jobs, the database's postmaster, the starter or all of them; the next round begins when complaints are taken and limits
watched again. At last everything is stopped while limits fall due, and started once more.

`lost`: acknowledged numbers that are not there, or not with their complaint. `doubled`: complaints that are there twice,
or whose key was answered with two numbers. `unfired`, `fired_twice`: limits fallen due without, or with two, facts.
"""

import random
import shutil
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks import _ground, _proof
from benchmarks._clients import Load
from benchmarks._house import PARTS, House

_WEIGHTS = (5, 3, 4, 5, 2, 2)
PATIENCE = 90.0


def hit(house: House, load: Load, rng: random.Random, part: str) -> dict[str, float]:
    """One round: load, a kill, and the seconds until complaints are taken and limits watched again."""
    load.nearly_due(30, rng)
    load.until_more(20)
    time.sleep(rng.random() * 1.5)
    killed = time.time()
    house.kill(part)
    if house.process is None:
        house.start()
    taken = _wait(lambda: load.answered_since(killed))
    watched = _wait(lambda: _proof.watched_since(killed))
    _wait(lambda: set(house.pids()) >= {"web", "worker", "jobs", "database"})
    return {"intake": taken - killed, "limits": watched - killed}


def _wait(true: Any) -> float:
    """The moment at which it became true; an error after a minute and a half."""
    limit = time.time() + PATIENCE
    while time.time() < limit:
        if true():
            return time.time()
        time.sleep(0.02)
    raise TimeoutError("it does not recover")


def stopped(house: House, load: Load, rng: random.Random) -> float:
    """Limits fall due while nothing runs; the seconds from being up again until the last of them is recorded."""
    due = load.nearly_due(12, rng, least=1.0, most=3.0)
    load.pause()
    house.stop()
    _wait(lambda: time.time() > due)
    house.start()
    up = time.time()
    load.resume()
    _wait(lambda: _proof.unfired(before=due) == 0)
    return max(0.0, _proof.last_recorded(before=due) - up)


def measure(data: Path, rounds: int, seed: int, part: str) -> dict[str, Any]:
    """Hit it `rounds` times and prove that nothing was lost."""
    rng, recovered = random.Random(seed), defaultdict(list)
    house = House(data, _ground.free_port())
    load: Load | None = None
    try:
        house.start()
        _ground.attach(data)
        load = Load(house.url, _ground.token(), seed)
        for number in range(rounds):
            chosen = part or (PARTS[number] if rounds >= 2 * len(PARTS) and number < len(PARTS) else "")
            chosen = chosen or rng.choices(PARTS, _WEIGHTS)[0]
            for what, seconds in hit(house, load, rng, chosen).items():
                recovered[f"{chosen}: {what}"].append(seconds)
        after_stop = stopped(house, load, rng)
        load.finish()
        _wait(lambda: _proof.unfired(before=time.time() - 5) == 0)
        figures = _proof.figures(load) | _checked()
    finally:
        if load is not None:
            load.finish()
        house.stop()
    return {
        "rounds": rounds, **figures, "after_stop_s": round(after_stop, 2),
        "recover_s": {name: round(max(values), 2) for name, values in sorted(recovered.items())},
        "recover_max_s": round(max(max(values) for values in recovered.values()), 2),
    }  # fmt: skip


def _checked() -> dict[str, Any]:
    """What `bihuan verify` and `bihuan replay --all` find."""
    from django.db import connection

    from bihuan.cases.models import Anchor, CaseEvent
    from bihuan.cases.verify import verify
    from bihuan.kernel import clock
    from bihuan.sla.replay import differences

    connection.close()  # whatever was killed under it
    sealed = Anchor.objects.order_by("-id").first()
    return {
        "findings": len(list(verify())), "differences": len(list(differences(None, clock.now()))),
        "events": CaseEvent.objects.count(), "sealed_to_event": sealed.last_event if sealed else 0,
    }  # fmt: skip


def main() -> None:
    """Prepare a folder, hit, tell; exit code 1 when anything was lost, doubled or found."""
    options = _ground.parser(__doc__ or "")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seed", type=int, default=7, help="what is killed when")
    options.add_argument("--part", choices=PARTS, default="", help="kill only this")
    chosen = options.parse_args()
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="bihuan-kill-"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)  # the database's own user must pass
        figures = measure(folder, chosen.rounds, chosen.seed, chosen.part)
    finally:
        if chosen.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    _ground.report("kill", figures, chosen.json)
    wrong = ("lost", "doubled", "unexpected", "findings", "differences", "unfired", "fired_twice")
    raise SystemExit(1 if any(figures[name] for name in wrong) else 0)


if __name__ == "__main__":
    main()
