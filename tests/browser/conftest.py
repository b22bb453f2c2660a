"""A real Chromium against the real server: `site` is its address, `page` a fresh tab, `shot` a look that is kept.

`BIHUAN_SHOTS=folder` keeps the pictures; without it none are taken. Where no Chromium is installed the tests are
skipped, and say so.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from psycopg.conninfo import make_conninfo

from bihuan.ops import messages

# Playwright runs an event loop in this thread; the tests still use the database in the plain way.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a server of the same code on the tests' database, as a demo (so that `/style/` is there)."""
    from django.db import connection

    messages.compile_stale()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bihuan.settings",
        "DATABASE_URL": make_conninfo(settings.DATABASE_URL, dbname=str(name)),
        "BIHUAN_DEMO": "1",
        "BIHUAN_OPERATOR": "江城电信",
        "PYTHONPATH": str(settings.PACKAGE.parent),
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen([*command, "--workers", "1", "bihuan.asgi:application"], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server for the browser tests did not start; see its output above")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`open_page(size=WIDE, language="zh-CN")`: a tab of its own; any script error or policy breach fails the test."""
    contexts, errors = [], []

    def make(size: dict[str, int] = WIDE, language: str = "zh-CN", **options: Any) -> Page:
        context = browser.new_context(
            viewport=size, locale=language, timezone_id="Asia/Shanghai", base_url=site, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A wide tab in Chinese."""
    return open_page()


@pytest.fixture
def shot() -> Callable[..., None]:
    """`shot(page, "desk")` keeps a picture under BIHUAN_SHOTS; `full=True` takes the whole length of the page."""
    folder = os.environ.get("BIHUAN_SHOTS", "")

    def take(page: Page, name: str, full: bool = False) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=full)

    return take
