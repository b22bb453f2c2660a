"""Pages of the desk as people see them: the first page of every queue, a case, the list, at growing numbers of cases.

One database is filled by COPY to each size in turn. Every page is fetched over HTTP with the session of a signed-in
agent, dispatcher, handler, revisitor, team lead, duty manager and leader, one at a time and eight at once; the number of
SQL statements behind each page is counted in this process with the same code. `--hard` leaves a fifth of all cases open.

The smallest size begins with a busy house (`FIRST` of its cases open), so that full pages are compared with full pages.

`p95_ms`: all queue and case pages at the largest size, one at a time. `p95_ratio`: that against the smallest size.
`statements_constant`: no page takes more of them at a larger size (a case without neighbours takes one less).
"""

import http.client
import threading
import time
from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from benchmarks import _filling, _ground, _province

Samples = dict[str, list[float]]
USUAL, HARD, FIRST = 0.015, 0.2, 0.3
"""Shares of cases that are open: of those added usually, with `--hard`, and of those the smallest size consists of."""


class Visitor:
    """One signed-in person with one connection."""

    def __init__(self, port: int, cookies: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = cookies

    def sign_in(self, username: str) -> "Visitor":
        """Through the door, like a browser."""
        token = self._cookies(self._send("GET", "/login/"))["csrftoken"]
        form = urlencode({"username": username, "password": _province.PASSWORD, "csrfmiddlewaretoken": token})
        answer = self._send("POST", "/login/", form, f"csrftoken={token}")
        found = self._cookies(answer)
        assert answer.status == 302 and "sessionid" in found, f"{username} cannot sign in: {answer.status}"
        self.cookies = f"sessionid={found['sessionid']}; csrftoken={found.get('csrftoken', token)}; lang=zh-hans"
        return self

    def _send(self, method: str, path: str, body: str | None = None, cookies: str = "") -> http.client.HTTPResponse:
        headers = {"Cookie": cookies or self.cookies}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        for last in (False, True):
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                answer.read()
                return answer
            except (http.client.RemoteDisconnected, ConnectionError):  # it had been idle for too long
                self.connection.close()
                if last:
                    raise
        raise AssertionError("unreachable")

    def _cookies(self, answer: http.client.HTTPResponse) -> dict[str, str]:
        lines = answer.headers.get_all("Set-Cookie") or []
        return dict(line.split(";")[0].split("=", 1) for line in lines)

    def fetch(self, path: str) -> float:
        """Milliseconds until the whole page is there."""
        began = time.perf_counter()
        answer = self._send("GET", path)
        spent = (time.perf_counter() - began) * 1000
        assert answer.status == 200, f"{path}: {answer.status}"
        return spent


def pages_of(username: str) -> dict[str, list[str]]:
    """{page name: addresses to take turns with} of what this person looks at."""
    from django.urls import reverse

    from bihuan.cases import access, queues

    viewer = viewer_named(username)
    found: dict[str, list[str]] = {}
    numbers: list[str] = []
    for queue in queues.shown(viewer):
        found[f"{username} queue {queue.code}"] = [reverse("desk:named", args=[queue.code])]
        numbers += [case.number for case in queues.page(viewer, queue.code, limit=4).cases]
    ended = access.visible(viewer).filter(ended_at__isnull=False)[:4]
    numbers += [case.number for case in ended]
    found[f"{username} case"] = [reverse("desk:case", args=[number]) for number in dict.fromkeys(numbers)]
    found[f"{username} list"] = [reverse("desk:cases")]
    return found


def viewer_named(username: str) -> Any:
    """The viewer of one of the measured people."""
    from bihuan.identity import book
    from bihuan.identity.models import Staff
    from bihuan.identity.viewer import viewer_of

    return viewer_of(Staff.objects.get(username=username), book.units())


def statements(username: str, pages: dict[str, list[str]]) -> dict[str, int]:
    """The most SQL statements any of a page's addresses takes, once everything that is kept in memory is there."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bihuan.identity.models import Staff

    client, found = Client(), {}
    client.force_login(Staff.objects.get(username=username))
    for name, addresses in pages.items():
        counted = []
        client.get(addresses[0])
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counted.append(len(asked))
        found[name] = max(counted)
    return found


def alone(visitor: Visitor, pages: dict[str, list[str]], rounds: int) -> Samples:
    """Every page `rounds` times, one after the other, after one round that does not count."""
    found: Samples = defaultdict(list)
    for turn in range(rounds + 1):
        for name, addresses in pages.items():
            spent = visitor.fetch(addresses[turn % len(addresses)])
            if turn:
                found[name].append(spent)
    return found


def together(port: int, visitors: dict[str, Visitor], pages: dict[str, dict[str, list[str]]], rounds: int) -> Samples:
    """Eight connections at once, each taking all pages of all people in its own order."""
    found: Samples = defaultdict(list)
    work = [(who, name, places) for who, shelf in pages.items() for name, places in shelf.items()]

    def visit(start: int) -> None:
        connections = {who: Visitor(port, visitor.cookies) for who, visitor in visitors.items()}
        for turn in range(max(1, rounds // 8)):
            for place in range(len(work)):
                who, name, places = work[(place + start * 3) % len(work)]
                found[name].append(connections[who].fetch(places[(turn + start) % len(places)]))

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def at_size(port: int, rounds: int) -> dict[str, Any]:
    """Everything measured at the present number of cases."""
    people = _province.MEASURED
    pages = {who: pages_of(who) for who in people}
    asked = {name: count for who in people for name, count in statements(who, pages[who]).items()}
    with _ground.web(port):
        visitors = {who: Visitor(port).sign_in(who) for who in people}
        one: Samples = {}
        for who in people:
            one |= alone(visitors[who], pages[who], rounds)
        eight = together(port, visitors, pages, rounds)
    return {"one": one, "eight": eight, "statements": asked}


def summary(sizes: list[int], measured: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures of all sizes: overall, then page by page as text `p50 / p95 ms, statements`."""
    figures: dict[str, Any] = {"sizes": sizes}
    overall = [_pooled(one["one"], ("queue", "case")) for one in measured]
    figures["p95_ms"], figures["p50_ms"] = overall[-1][1], overall[-1][0]
    figures["p95_ratio"] = round(overall[-1][1] / overall[0][1], 2)
    figures["eight_at_once_p95_ms"] = _pooled(measured[-1]["eight"], ("queue", "case"))[1]
    figures["list_p95_ms"] = _pooled(measured[-1]["one"], ("list",))[1]
    figures["list_p95_ratio"] = round(figures["list_p95_ms"] / _pooled(measured[0]["one"], ("list",))[1], 2)
    names = sorted(measured[-1]["one"])
    fewest = measured[0]["statements"]
    figures["statements_constant"] = all(
        one["statements"][name] <= fewest.get(name, 0) for one in measured[1:] for name in names
    )
    for size, one in zip(sizes, measured, strict=True):
        figures[f"pages at {size}"] = {name: _line(one, name) for name in names if name in one["one"]}
    return figures


def _pooled(samples: Samples, kinds: tuple[str, ...]) -> tuple[float, float]:
    times = [value for name, values in samples.items() if name.split()[1] in kinds for value in values]
    return round(_ground.percentile(times, 0.5), 1), round(_ground.percentile(times, 0.95), 1)


def _line(one: dict[str, Any], name: str) -> dict[str, Any]:
    alone_times, shared = one["one"][name], one["eight"].get(name, [0.0])
    return {
        "p50_ms": round(_ground.percentile(alone_times, 0.5), 1),
        "p95_ms": round(_ground.percentile(alone_times, 0.95), 1),
        "eight_p95_ms": round(_ground.percentile(shared, 0.95), 1),
        "statements": one["statements"][name],
    }


def main() -> None:
    """Fill and measure, size by size."""
    options = _ground.parser(__doc__ or "")
    options.add_argument("--sizes", default="10000,100000,1000000", help="numbers of cases, rising")
    options.add_argument("--rounds", type=int, default=40, help="how often each page is fetched")
    shares = f"{HARD * 100:.0f} of a hundred cases open instead of {USUAL * 100:.1f}"
    options.add_argument("--hard", action="store_true", help=shares)
    chosen = options.parse_args()
    sizes = sorted(int(word) for word in chosen.sizes.split(","))
    share = HARD if chosen.hard else USUAL
    measured: list[dict[str, Any]] = []
    with _ground.installation(chosen.folder, _province.build):
        from bihuan.cases.models import Case

        for size in sizes:
            missing = size - Case.objects.count()
            if missing > 0:
                _filling.fill(missing, open_share=share if measured else FIRST, seed=size)
                _filling.settle()
            measured.append(at_size(_ground.free_port(), chosen.rounds))
    figures = {"open_share": share, **summary(sizes, measured)}
    _ground.report("pages", figures, chosen.json)


if __name__ == "__main__":
    main()
