"""Words in the texts of all cases, by how common they are, for people of every reach: everything found, and how fast?

One database is filled by COPY; the index is brought up to date as the jobs process does it. The words are drawn from the
texts themselves by the share of cases that hold them. Each search is the whole of it: the newest 50 within reach as rows
and the count up to 10,000.

`recall`: cases listed and counted against a plain scan of everything (1.0: none missing, none too many). `p95_ms`: all
searches. `p95_ms by class`: very common (a third of all cases and more), common, medium, rare (one case of a thousand),
single (one case), nothing, phrase (four characters), common phrase (three characters that many texts hold, some all).
`end of a number` are four last digits of customers' numbers, `part of a number` six, by those who may open them.
The last `--young` events are not indexed while it is measured, as is so in a house at work. Phrases that cost much looking
get a bitmap of their own with the next round of the index: `first searches` are those before it.
"""

import random
import re
import time
from collections import Counter, defaultdict
from typing import Any

from pyroaring import BitMap64

from benchmarks import _filling, _ground, _province

CLASSES = (("very common", 0.3, 1.1), ("common", 0.05, 0.3), ("medium", 0.005, 0.05))
SOWN = {"rare": "麝香 鹮羽 鳜鱼 蟋蟀 蒹葭 薜荔 邂逅 踌躇", "single": "饕餮 貔貅 魑魅 耄耋 氤氲 旖旎 龃龉 囹圄"}
"""Words no made-up text has: put into one case of a thousand, and into one case."""
NUMBERS = {"end of a number": 4, "part of a number": 6}
WORDS = 8
"""Of each class."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def words_by_class(rng: random.Random) -> dict[str, list[str]]:
    """Words as people type them, by the share of cases whose text holds them."""
    texts = _texts(rng)
    seen = Counter(pair for text in texts for pair in {text[n : n + 2] for n in range(len(text) - 1)})
    shares = {pair: count / len(texts) for pair, count in seen.items() if _HAN.fullmatch(pair)}
    found: dict[str, list[str]] = {}
    for name, least, most in CLASSES:
        fits = [pair for pair, share in shares.items() if least <= share < most]
        found[name] = rng.sample(sorted(fits), min(WORDS, len(fits)))
    found |= {name: words.split() for name, words in SOWN.items()}
    runs = [run for text in texts for run in re.findall(r"[\u4e00-\u9fff]{4,}", text)]
    found["phrase"] = [run[:4] for run in rng.sample(runs, min(WORDS, len(runs)))]
    found["common phrase"] = _common_phrases(texts)
    found["nothing"] = ["麒麟", "彗星", "珊瑚"]
    return {name: words for name, words in found.items() if words}


def _common_phrases(texts: list[str]) -> list[str]:
    """The runs of three characters that most texts hold: their pairs leave many cases to look at."""
    seen = Counter(run for text in texts for run in {text[n : n + 3] for n in range(len(text) - 2)})
    return [run for run, _count in seen.most_common(200) if re.fullmatch(r"[\u4e00-\u9fff]\S\S", run)][:WORDS]


def sow() -> None:
    """Put the scarce words into texts, before these are indexed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case")
        ids, rng = [row[0] for row in cursor.fetchall()], random.Random(11)
        for name, words in SOWN.items():
            for word in words.split():
                held = rng.sample(ids, max(2, len(ids) // 1000) if name == "rare" else 1)
                cursor.execute("UPDATE cases_case SET content = content || %s WHERE id = ANY(%s)", [f"，{word}", held])
        cursor.execute("DELETE FROM knowledge_restated")


def _texts(rng: random.Random) -> list[str]:
    from bihuan.cases.models import Case

    ids = list(Case.objects.values_list("id", flat=True).order_by("id"))
    return list(Case.objects.filter(pk__in=rng.sample(ids, min(2000, len(ids)))).values_list("content", flat=True))


def scanned(word: str) -> BitMap64:
    """The cases whose text holds the word, by a plain scan of every text."""
    from bihuan.cases.models import Case

    return BitMap64(Case.objects.filter(content__contains=word).order_by().values_list("id", flat=True))


def ends_of_numbers(rng: random.Random, digits: int) -> dict[str, BitMap64]:
    """Ends of customers' numbers, with the cases by a plain scan of all masks, and of the opened values behind them."""
    from bihuan.customers.models import Party
    from bihuan.customers.vault import normal_number, open_party

    fields = ("phone", "other_contact", "complained_number")
    newest = Party.objects.order_by("-id").values_list("id", flat=True)[0]
    some = Party.objects.filter(pk__in=[rng.randrange(1, newest) for _try in range(4 * WORDS)]).order_by("id")
    found = {}
    for party in some[:WORDS]:
        end = normal_number(open_party(party.key_id, bytes(party.sealed or b""), party.id)["phone"])[-digits:]
        test = " OR ".join(f"masks->>'{field}' LIKE %s" for field in fields)
        alike = Party.objects.extra(where=[f"({test})"], params=[f"%{end[-4:]}"] * len(fields))
        opened = {one.id: open_party(one.key_id, bytes(one.sealed or b""), one.id) for one in alike.iterator()}
        found[end] = BitMap64(
            ident
            for ident, held in opened.items()
            if any(normal_number(held.get(field, "")).endswith(end) for field in fields)
        )
    return found


def _in_reach(viewer: Any) -> BitMap64:
    from bihuan.cases.access import visible

    return BitMap64(visible(viewer).order_by().values_list("id", flat=True))


class Taken:
    """Milliseconds of searches and what they found, against the plain scan."""

    def __init__(self) -> None:
        self.by_class: dict[str, list[float]] = defaultdict(list)
        self.by_person: dict[str, list[float]] = defaultdict(list)
        self.wanted = self.right = 0

    def once(self, who: str, viewer: Any, kind: str, word: str, hits: BitMap64) -> None:
        """One search; `hits` are all cases it has to find."""
        from bihuan.cases import numbered
        from bihuan.knowledge.search import MOST, search

        began = time.perf_counter()
        found = numbered.find(viewer, word) if kind in NUMBERS else search(viewer, word)
        spent = (time.perf_counter() - began) * 1000
        self.by_class[kind].append(spent)
        self.by_person[who].append(spent)
        newest, count = hits[-50:], len(hits)
        self.wanted += len(newest) + 1
        self.right += len(set(newest) & {case.id for case in found.cases})
        self.right += found.count == min(count, MOST)

    def p95(self, held: dict[str, list[float]]) -> dict[str, float]:
        """By what it is kept by."""
        return {name: round(_ground.percentile(times, 0.95), 1) for name, times in held.items()}


def measure(rounds: int) -> dict[str, Any]:
    """Every word by every person once; then, when the index had its next round, `rounds` times."""
    from bihuan.knowledge import indexing

    words = words_by_class(random.Random(7))
    holding = {word: scanned(word) for asked in words.values() for word in asked}
    for kind, digits in NUMBERS.items():
        ends = ends_of_numbers(random.Random(digits), digits)
        holding, words[kind] = holding | ends, list(ends)
    asked = []
    for who in _province.MEASURED:
        viewer = _viewer(who)
        reach = _in_reach(viewer)
        asked += [
            (who, viewer, kind, one, holding[one] & reach)
            for kind, held in words.items()
            for one in held
            if kind not in NUMBERS or viewer.can("customer.reveal")
        ]
    first, later = Taken(), Taken()
    for one in asked:
        first.once(*one)
    began = time.perf_counter()
    indexing.run(0)
    learnt = time.perf_counter() - began
    for _round in range(rounds):
        for one in asked:
            later.once(*one)
    together = [time for held in later.by_class.values() for time in held]
    return {
        "recall": round((first.right + later.right) / (first.wanted + later.wanted), 4),
        "p95_ms": round(_ground.percentile(together, 0.95), 1),
        "p50_ms": round(_ground.percentile(together, 0.5), 1),
        "learnt_s": round(learnt, 1),
        "p95_ms by class": later.p95(later.by_class),
        "p95_ms by person": later.p95(later.by_person),
        "p95_ms of first searches": first.p95(first.by_class),
        "words": {kind: " ".join(held) for kind, held in words.items()},
    }


def _viewer(name: str) -> Any:
    from bihuan.identity import book
    from bihuan.identity.models import Staff
    from bihuan.identity.viewer import viewer_of

    return viewer_of(Staff.objects.get(username=name), book.units())


def index(young: int) -> float:
    """Bring the index up to date but for the last `young` events; seconds it took."""
    from django.db import connection

    from bihuan.cases.models import CaseEvent
    from bihuan.knowledge import indexing

    began = time.perf_counter()
    indexing.run(CaseEvent.objects.latest("id").id - young)
    spent = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) knowledge_posting")
    return spent


def main() -> None:
    """Fill, index, measure."""
    options = _ground.parser(__doc__ or "")
    options.add_argument("--rows", type=int, default=1_000_000, help="number of cases")
    options.add_argument("--rounds", type=int, default=5, help="how often each search is repeated")
    options.add_argument("--young", type=int, default=2000, help="number of events that are not indexed yet")
    chosen = options.parse_args()
    with _ground.installation(chosen.folder, _province.build):
        from django.db import connection

        from bihuan.cases.models import Case

        missing = chosen.rows - Case.objects.count()
        if missing > 0:
            _filling.fill(missing, seed=chosen.rows)
            sow()
            _filling.settle()
        spent = index(chosen.young)
        figures = measure(chosen.rounds)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_total_relation_size('knowledge_posting') / 1048576")
            size = int(cursor.fetchone()[0])
    _ground.report(
        "search", {"rows": chosen.rows, "index_s": round(spent, 1), "index_mib": size, **figures}, chosen.json
    )


if __name__ == "__main__":
    main()
