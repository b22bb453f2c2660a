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
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

import cast
import ground
from bihuan.identity.models import Staff
from bihuan.ops import messages

# Playwright runs an event loop in this thread; the tests still use the database in the plain way.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _PROGRAMS)), None)
"""Where there is one without windows it is taken: each new tab costs it a quarter."""
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
expect.set_options(timeout=15000)  # busy machines are slow, not wrong
LOOKS = [
    pytest.param(WIDE, "zh-CN", id="wide-zh"),
    pytest.param(NARROW, "en-GB", id="narrow-en"),
    pytest.param(WIDE, "en-GB", id="wide-en", marks=pytest.mark.long),
    pytest.param(NARROW, "zh-CN", id="narrow-zh", marks=pytest.mark.long),
]
"""Both sizes and both languages each time; the other two pairs with all tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium"))


@pytest.fixture(scope="package")
def own_database(django_db_blocker: Any) -> Iterator[str]:
    """A database of the browser's own, migrated and seeded: the server needs committed rows, other tests need none.

    While these tests run, Django's default connection in this process points there too.
    """
    name = f"browser_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}_{os.getpid()}"
    with django_db_blocker.unblock():
        ground.copy(name)
        with ground.used(name) as address:
            yield address
        ground.drop(name)


@pytest.fixture(scope="package")
def site(own_database: str) -> Iterator[str]:
    """The address of a server of the same code on the browser's database, as a demo (so that `/style/` is there)."""
    messages.compile_stale()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bihuan.settings",
        "DATABASE_URL": own_database,
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


@pytest.fixture(scope="package")
def browser(site: str) -> Iterator[Browser]:
    """Started after the database is ready: migrations do not run while Playwright's loop does."""
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
        page.set_default_timeout(15000)
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


@pytest.fixture(scope="package")
def people(own_database: str) -> cast.Cast:
    """The named cast, committed, so that the server knows them. Nothing is rolled back: a test makes its own cases."""
    return cast.build()


@pytest.fixture
def come_in(people: cast.Cast) -> Callable[[Page, str], None]:
    """`come_in(page, "an")`: through the door, as a person does."""

    def through(page: Page, username: str) -> None:
        page.goto("/login/")
        page.locator("#id_username").fill(username)
        page.locator("#id_password").fill(cast.PASSWORD)
        page.locator("#sign-in button").click()
        page.wait_for_url(lambda url: "/login/" not in url)

    return through


@pytest.fixture
def sign_in(people: cast.Cast, site: str) -> Callable[[Page, str], None]:
    """`sign_in(page, "an")`: as if she had come in through the door, which has tests of its own."""

    def inside(page: Page, username: str) -> None:
        client = Client()
        # as she stands now: coming in through the door may have hashed her password anew, which ends older sessions
        client.force_login(Staff.objects.get(pk=people.staff[username].pk))
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
        page.goto("/")

    return inside


@pytest.fixture
def shot() -> Callable[..., None]:
    """`shot(page, "desk")` keeps a picture under BIHUAN_SHOTS; `full=True` takes the whole length of the page."""
    folder = os.environ.get("BIHUAN_SHOTS", "")

    def take(page: Page, name: str, full: bool = False) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=full)

    return take
