"""What every measurement stands on: a fresh durable database with the shipped settings, a small operator, a web server."""

import argparse
import contextlib
import json
import os
import platform
import random
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RIGHTS = ("case.read", "case.register", "case.accept", "case.chase", "figures.read")


def machine() -> dict[str, Any]:
    """Where and when it was measured."""
    memory = Path("/proc/meminfo")
    total = int(memory.read_text().split()[1]) // 1024**2 if memory.exists() else 0
    return {
        "machine": f"{os.cpu_count()} cores, {total} GiB, {platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def report(name: str, figures: dict[str, Any], as_json: bool) -> None:
    """One JSON object, or lines for people."""
    told = {"bench": name, **machine(), **figures}
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for key, value in told.items():
        if isinstance(value, dict):
            print(f"{key}:")
            for inner, number in value.items():
                print(f"    {inner:28} {number}")
        else:
            print(f"{key:20} {value}")


def parser(text: str) -> argparse.ArgumentParser:
    """Options every measurement has."""
    options = argparse.ArgumentParser(prog="./dev bench", description=text)
    options.add_argument("--json", action="store_true", help="one JSON object")
    options.add_argument("--folder", type=Path, help="keep the data here (default: a temporary folder, removed after)")
    return options


@contextlib.contextmanager
def installation(folder: Path | None = None, people: Callable[[], Any] | None = None) -> Iterator[Path]:
    """A data folder with a running, durable, migrated and seeded database; Django is set up in this process. `people`
    makes another operator than the small one."""
    data = folder or Path(tempfile.mkdtemp(prefix="bihuan-bench-"))
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o711)  # the database's own user must pass
    os.environ["BIHUAN_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.settings"
    os.environ.pop("DATABASE_URL", None)
    from bihuan.kernel.postgres import attach_or_start

    server = attach_or_start(data)
    os.environ["DATABASE_URL"] = server.dsn
    try:
        _furnish(people or _operator)
        yield data
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()
        if folder is None:
            shutil.rmtree(data, ignore_errors=True)


def attach(data: Path) -> None:
    """Django in this process on the database of an installation that runs; the small operator is made."""
    os.environ["BIHUAN_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.settings"
    os.environ["DATABASE_URL"] = json.loads((data / "server.json").read_text(encoding="utf-8"))["dsn"]
    import django

    django.setup()
    _operator()


def _furnish(people: Callable[[], Any]) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from bihuan.catalog import seeding as catalog
    from bihuan.dispatch import seeding as dispatch
    from bihuan.kernel import keys
    from bihuan.sla import seeding as limits

    keys.load_or_create(settings.KEY_FILE)
    call_command("migrate", verbosity=0)
    catalog.seed()
    limits.seed()
    dispatch.seed()
    people()


def _operator() -> None:
    """One city: service centre, maintenance, marketing; an agent, a handler, a revisitor, a leader."""
    from bihuan.identity.models import Staff, Unit
    from bihuan.kernel import clock

    if Staff.objects.filter(username="agent").exists():
        return
    top, _new = Unit.objects.get_or_create(code="hq", defaults={"name": "总部", "kind": "headquarters"})
    top.path = [top.id]
    top.save()
    units = {"hq": top}
    for code, name, kind in (
        ("sc", "客服中心", "service_center"),
        ("mt", "维护部", "maintenance"),
        ("mk", "市场部", "marketing"),
    ):
        unit = Unit.objects.create(code=code, name=name, kind=kind, parent=top, area_id=320400, area_level=2)
        unit.path = [top.id, unit.id]
        unit.save()
        units[code] = unit
    for username, unit, role in (
        ("agent", "sc", "agent"), ("dispatcher", "sc", "dispatcher"), ("handler", "mt", "handler"),
        ("revisit", "sc", "revisit"), ("leader", "hq", "hq"),
    ):  # fmt: skip
        Staff.objects.create(
            username=username, name=username, unit=units[unit], roles=[role], created_at=clock.now(), password="!"
        )


def token(username: str = "agent") -> str:
    """A fresh API token of one of the operator's people."""
    from bihuan.identity import tokens
    from bihuan.identity.models import Staff

    return tokens.create(Staff.objects.get(username=username), "bench", RIGHTS[:4], by_id=None)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def web(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as `bihuan run` starts it, ready to answer."""
    from bihuan.ops.run import web_command

    process = subprocess.Popen(web_command("127.0.0.1", port), env=os.environ.copy())
    try:
        for _try in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).read()
                break
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)


_WORDS = (
    "我家住在小区里已经三天没有信号了打电话一直断断续续电梯和地下车库完全没有网络刷不出网页客服说派人来看一直没有人联系我"
    "这个月账单多扣了流量费用请尽快核实退还宽带晚上特别慢视频卡顿测速只有几兆师傅上门检查后还是老样子希望今天能够解决"
)


def complaint(number: int) -> dict[str, Any]:
    """A complaint with every field and 300 Chinese characters; some texts hold a telephone number. One in ten comes from
    a customer who complained shortly before."""
    rng = random.Random(number)
    customer = random.Random(number - rng.randrange(1, 500) if rng.random() < 0.1 else number)
    identity = f"{customer.randrange(1950, 2005)}{customer.randrange(1, 13):02d}{customer.randrange(1, 29):02d}"
    identity += f"{customer.randrange(10000):04d}"
    phone = f"139{customer.randrange(10**8):08d}"
    text = "".join(rng.choice(_WORDS) for _place in range(286))
    return {
        "channel": rng.choice(["hotline", "app", "wechat", "web"]),
        "source_system": "crm",
        "source_number": f"B{number:010d}",
        "called_hotline": "10000",
        "customer": {
            "name": "".join(customer.choice("王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林") for _n in range(3)),
            "identity_number": "320404" + identity,
            "phone": phone,
            "other_contact": f"138{rng.randrange(10**8):08d}",
            "level": rng.randrange(8),
        },
        "relation": "self",
        "content": f"{text}联系139{rng.randrange(10**8):08d}",
        "demand": "请尽快恢复并给出说明",
        "occurred_at": "2026-01-05T09:30:00+08:00",
        "frequency": "每天晚上",
        "area": "320412",
        "address": "常州市武进区某路12号3栋501室",
        "location": {"lat": 31.7 + rng.random() / 10, "lon": 119.9 + rng.random() / 10, "datum": "gcj02"},
        "product": "P0101",
        "complained_number": phone,
        "calling_number": f"139{rng.randrange(10**8):08d}",
        "called_number": f"137{rng.randrange(10**8):08d}",
        "terminal": "某品牌 X50",
        "category": "N0101",
        "urgency": "normal",
        "impact": "single",
        "complexity": "normal",
        "extra": {"楼栋": "3", "楼层": 5, "室内": True},
    }


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
