"""Clients of the API that never give a complaint up: the same key and body again until it has its number."""

import contextlib
import http.client
import json
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

from benchmarks import _ground

FIRST_LIMIT = timedelta(minutes=15)
"""The first shipped limit of a complaint: it must be classified."""


class Load:
    """Clients in threads, resting `pause` seconds on average between two complaints.

    `acknowledged` is what they were promised: {source number: complaint number}."""

    def __init__(self, url: str, token: str, seed: int, clients: int = 8, pause: float = 0.025) -> None:
        self.host, self.token, self.rest = urlsplit(url).netloc, token, pause
        self.acknowledged: dict[str, str] = {}
        self.contradicted: list[str] = []
        self.unexpected: Counter[str] = Counter()
        self.again = Counter[str]()
        self._last_begun = 0.0
        self._next, self._lock = 0, threading.Lock()
        self._ending, self._going = threading.Event(), threading.Event()
        self._going.set()
        self._threads = [
            threading.Thread(target=self._work, args=(random.Random(seed * 100 + n),), daemon=True)
            for n in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def pause(self) -> None:
        """No new complaints; what was begun is still seen through."""
        self._going.clear()

    def resume(self) -> None:
        """New complaints again."""
        self._going.set()

    def finish(self, seconds: float = 60.0) -> None:
        """End once every complaint that was begun has its number (or the time is over)."""
        self._ending.set()
        self._going.set()
        limit = time.time() + seconds
        for thread in self._threads:
            thread.join(max(0.0, limit - time.time()))

    def answered_since(self, moment: float) -> bool:
        """Whether a complaint that was sent after this moment has its number."""
        return self._last_begun > moment

    def until_more(self, count: int, seconds: float = 60.0) -> None:
        """Wait until so many more complaints have their number."""
        goal, limit = len(self.acknowledged) + count, time.time() + seconds
        while len(self.acknowledged) < goal and time.time() < limit:
            time.sleep(0.01)

    def _work(self, rng: random.Random) -> None:
        client = _Client(self, rng)
        while not self._ending.is_set():
            self._going.wait()
            client.post(self._fresh())
            if rng.random() < 0.1:
                client.post(rng.choice(list(self.acknowledged)))
            time.sleep(rng.random() * 2 * self.rest)

    def _fresh(self) -> str:
        with self._lock:
            self._next += 1
            return f"{self._next:08d}"

    def told(self, source: str, number: str, begun: float) -> None:
        """One answer: the first is kept, every later one must say the same."""
        with self._lock:
            self._last_begun = max(self._last_begun, begun)
            if self.acknowledged.setdefault(source, number) != number:
                self.contradicted.append(source)

    def nearly_due(self, count: int, rng: random.Random, least: float = 0.5, most: float = 8.0) -> float:
        """Register complaints whose first limit falls due in `least` to `most` seconds; answers the last due moment."""
        moments = [time.time() + least + (most - least) * rng.random() for _number in range(count)]
        for moment in moments:
            _register_due_at(moment)
        return max(moments)


def _register_due_at(moment: float) -> None:
    from datetime import UTC, datetime

    from django.db import DatabaseError, InterfaceError, connection

    from bihuan.cases.actions import Doer
    from bihuan.identity.models import Staff
    from bihuan.intake.actions import Draft, register_one
    from bihuan.intake.schema import ComplaintIn, Customer
    from bihuan.kernel import clock

    complaint = ComplaintIn(channel="hotline", content="家里没有信号。", customer=Customer(phone="13912345678"))
    for _try in range(400):
        try:
            agent = Staff.objects.get(username="agent")
            with clock.at(datetime.fromtimestamp(moment, UTC) - FIRST_LIMIT):
                register_one(Draft(complaint, Doer(agent.id, agent.unit_id, "desk")))
            return
        except (DatabaseError, InterfaceError):  # it was killed a moment ago
            connection.close()
            time.sleep(0.05)
    raise TimeoutError("the database does not come back")


class _Client:
    """One client with one connection."""

    def __init__(self, load: Load, rng: random.Random) -> None:
        self.load, self.rng = load, rng
        self.connection: http.client.HTTPConnection | None = None

    def post(self, source: str) -> None:
        """Send this complaint until it is answered for good."""
        body = json.dumps(_ground.complaint(int(source)) | {"source_number": source}).encode()
        limit = time.time() + 120
        while time.time() < limit:
            begun = time.time()
            answer = self._once(source, body)
            if answer is None:
                self.load.again["no answer"] += 1
            elif answer[0] == 201:
                self.load.told(source, answer[1]["number"], begun)
                return
            elif answer[0] == 503 or answer[1].get("code") == "complaint.twin":
                self.load.again[str(answer[0])] += 1
            else:
                self.load.unexpected[f"{answer[0]} {answer[1].get('code')}"] += 1
                return
            time.sleep(0.02 + self.rng.random() * 0.1)
        self.load.unexpected["never answered"] += 1

    def _once(self, source: str, body: bytes) -> tuple[int, dict[str, str]] | None:
        headers = {
            "Authorization": f"Bearer {self.load.token}", "Idempotency-Key": f"key-{source}",
            "Content-Type": "application/json",
        }  # fmt: skip
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.load.host, timeout=15)
            self.connection.request("POST", "/api/v1/complaints", body, headers)
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            if self.connection is not None:
                with contextlib.suppress(OSError):
                    self.connection.close()
            self.connection = None
            return None
