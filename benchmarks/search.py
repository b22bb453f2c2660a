"""Words in the texts of all cases, by how common they are, for people of every reach: everything found, and how fast?

One database is filled by COPY; the index is brought up to date as the jobs process does it. The words are drawn from the
texts themselves by the share of cases that hold them. Each search is the whole of it: the newest 50 within reach as rows
and the count up to 10,000.

`recall`: cases listed and counted against a plain scan of everything (1.0: none missing, none too many). `p95_ms`: all
searches. `p95_ms by class`: very common (a third of all cases and more), common, medium, rare, single, nothing, phrase.
"""

import random
import re
import time
from collections import Counter, defaultdict
from typing import Any

from benchmarks import _filling, _ground, _province

CLASSES = (("very common", 0.3, 1.1), ("common", 0.05, 0.3), ("medium", 0.005, 0.05), ("rare", 0.0, 0.005))
WORDS = 8
"""Of each class."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def words_by_class(rng: random.Random) -> dict[str, list[str]]:
    """Words as people type them, by the share of cases whose text holds them."""
    from bihuan.knowledge import frequency

    rows, shares = frequency.common()
    found: dict[str, list[str]] = {}
    for name, least, most in CLASSES:
        fits = [pair for pair, share in shares.items() if least <= share < most and _HAN.fullmatch(pair)]
        found[name] = rng.sample(sorted(fits), min(WORDS, len(fits)))
    texts = _texts(rng)
    seen = Counter(pair for text in texts for pair in {text[n : n + 2] for n in range(len(text) - 1)})
    scarce = [pair for pair, count in seen.items() if count == 1 and _HAN.fullmatch(pair)]
    found["rare"] += rng.sample(scarce, min(WORDS, len(scarce)))
    runs = [run for text in texts for run in re.findall(r"[\u4e00-\u9fff]{4,}", text)]
    found["phrase"] = [run[:4] for run in rng.sample(runs, min(WORDS, len(runs)))]
    found["nothing"] = ["麒麟", "饕餮", "彗星"]
    return {name: words for name, words in found.items() if words}


def _texts(rng: random.Random) -> list[str]:
    from bihuan.cases.models import Case

    ids = list(Case.objects.values_list("id", flat=True).order_by("id"))
    return list(Case.objects.filter(pk__in=rng.sample(ids, min(2000, len(ids)))).values_list("content", flat=True))


def scanned(viewer: Any, word: str) -> tuple[list[int], int]:
    """What a plain scan of every text in reach finds: the newest 50, and how many."""
    from bihuan.cases.access import visible

    found = visible(viewer).filter(content__contains=word)
    return list(found.order_by("-id").values_list("id", flat=True)[:50]), found.count()


def measure(rounds: int) -> dict[str, Any]:
    """Every word by every person `rounds` times, after one that does not count."""
    from bihuan.knowledge.search import MOST, search

    rng = random.Random(7)
    words = words_by_class(rng)
    viewers = {name: _viewer(name) for name in _province.MEASURED}
    times: dict[str, list[float]] = defaultdict(list)
    by_person: dict[str, list[float]] = defaultdict(list)
    wanted = right = 0
    for name, viewer in viewers.items():
        for kind, asked in words.items():
            for word in asked:
                newest, count = scanned(viewer, word)
                found = search(viewer, word)
                wanted += len(newest) + 1
                right += len(set(newest) & {case.id for case in found.cases})
                right += (found.count, found.capped) == (min(count, MOST), count > MOST)
                for _round in range(rounds):
                    began = time.perf_counter()
                    search(viewer, word)
                    spent = (time.perf_counter() - began) * 1000
                    times[kind].append(spent)
                    by_person[name].append(spent)
    together = [one for held in times.values() for one in held]
    return {
        "recall": round(right / wanted, 4),
        "p95_ms": round(_ground.percentile(together, 0.95), 1),
        "p50_ms": round(_ground.percentile(together, 0.5), 1),
        "p95_ms by class": {kind: round(_ground.percentile(held, 0.95), 1) for kind, held in times.items()},
        "p95_ms by person": {who: round(_ground.percentile(held, 0.95), 1) for who, held in by_person.items()},
        "words": {kind: " ".join(asked) for kind, asked in words.items()},
    }


def _viewer(name: str) -> Any:
    from bihuan.identity import book
    from bihuan.identity.models import Staff
    from bihuan.identity.viewer import viewer_of

    return viewer_of(Staff.objects.get(username=name), book.units())


def index() -> float:
    """Bring the index up to date; seconds it took."""
    from django.db import connection

    from bihuan.cases.models import CaseEvent
    from bihuan.knowledge import frequency, indexing

    began = time.perf_counter()
    indexing.run(CaseEvent.objects.latest("id").id)
    spent = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) knowledge_casewords")
    frequency.forget()
    return spent


def main() -> None:
    """Fill, index, measure."""
    options = _ground.parser(__doc__ or "")
    options.add_argument("--rows", type=int, default=1_000_000, help="number of cases")
    options.add_argument("--rounds", type=int, default=5, help="how often each search is repeated")
    chosen = options.parse_args()
    with _ground.installation(chosen.folder, _province.build):
        from django.db import connection

        from bihuan.cases.models import Case

        missing = chosen.rows - Case.objects.count()
        if missing > 0:
            _filling.fill(missing, seed=chosen.rows)
            _filling.settle()
        spent = index()
        figures = measure(chosen.rounds)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('knowledge_casewords') / 1048576")
            size = int(cursor.fetchone()[0])
    _ground.report(
        "search", {"rows": chosen.rows, "index_s": round(spent, 1), "index_mib": size, **figures}, chosen.json
    )


if __name__ == "__main__":
    main()
