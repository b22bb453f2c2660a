"""Every run of pytest has a PostgreSQL of its own (unless DATABASE_URL names one) and a data folder of its own."""

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import transaction
from hypothesis import settings

import ground

# How many examples a property is tried with, unless it says: few each time, many when all tests are asked for.
settings.register_profile("each_time", max_examples=25, deadline=None)
settings.register_profile("all", max_examples=250, deadline=None)
settings.load_profile("all" if os.environ.get("BIHUAN_TEST_ALL") else "each_time")

# Before pytest-django looks: the settings module reads these when it is first imported.
_END: Callable[[], None] | None = None
_FOLDER: Path | None = None


def _prepare() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.settings"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked to end, it stops what it started
        _start()
    django.setup()
    _sign_in_quickly()
    _tell_pages_only()
    _load_middleware_once()


def _sign_in_quickly() -> None:
    """Passwords are hashed as slowly as attackers deserve; here everyone signs in hundreds of times."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from django.test import Client

    PBKDF2PasswordHasher.iterations = 1000
    Client.force_login = _come_in  # type: ignore[method-assign]


def _come_in(client: Any, staff: Any, backend: str | None = None) -> None:
    """A session as the door makes it, in two statements instead of eight; the door has tests of its own."""
    from django.conf import settings
    from django.contrib import auth
    from django.contrib.sessions.backends.db import SessionStore

    from bihuan.kernel import clock
    from bihuan.web import guard

    session = SessionStore()
    session[auth.SESSION_KEY] = str(staff.pk)
    session[auth.BACKEND_SESSION_KEY] = backend or settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session[guard.SEEN] = clock.now().timestamp()
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME]["path"] = "/"


def _tell_pages_only() -> None:
    """Django keeps a copy of the context of every template drawn in a test, each option of each select included; ours are
    asked about whole pages."""
    from django.template import Template
    from django.test import signals, utils

    def quietly(template: Template, context: Any) -> Any:
        if not str(template.name).startswith(("django/", "web/parts/")):
            signals.template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    utils.instrumented_test_render = quietly


def _load_middleware_once() -> None:
    """Each test client brings a handler of its own, and each handler would read the folders of static files anew."""
    from django.conf import settings
    from django.core.handlers.base import BaseHandler

    load, held = BaseHandler.load_middleware, {}

    def shared(self: Any, is_async: bool = False) -> None:
        which = (type(self), is_async, tuple(settings.MIDDLEWARE))
        if which not in held:
            load(self, is_async)
            held[which] = {
                name: value
                for name, value in vars(self).items()
                if name.endswith("_middleware") or name == "_middleware_chain"
            }
        vars(self).update(held[which])

    BaseHandler.load_middleware = shared  # type: ignore[method-assign]


def _start() -> None:
    global _END, _FOLDER
    _FOLDER = Path(tempfile.mkdtemp(prefix="bihuan-test-"))
    _END = ground.settle(_FOLDER)


_prepare()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that all processes end together. No test needs another before it."""
    longest = ("ops/test_run.py", "web/setup/", "demo/", "api/", "kernel/test_postgres", "channels/")
    items.sort(
        key=lambda item: next((at for at, one in enumerate(longest) if f"/tests/{one}" in item.path.as_posix()), 9)
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """The server ends with the run and leaves nothing behind."""
    if _END is not None:
        _END()
    if _FOLDER is not None:
        shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this process with the shipped trees, limits and rules, which are there in every installation."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}_{os.getpid()}"
    with django_db_blocker.unblock():
        ground.copy(name)
        with ground.used(name):
            _flush_past_the_guards()
            with django_db_blocker.block():
                yield
        ground.drop(name)


@dataclass(frozen=True)
class _Shipped:
    """How a database stands before any test: tables with rows, versions of the settings among them, the last change kept."""

    tables: frozenset[str]
    versions: dict[str, int]
    change: int


def _standing(cursor: Any) -> _Shipped:
    cursor.execute(_FILLED)
    tables = frozenset(row[0] for row in cursor.fetchall())
    cursor.execute('SELECT "table", number FROM kernel_settingsversion')
    versions = {table: number for table, number in cursor.fetchall() if table in tables}
    cursor.execute("SELECT coalesce(max(id), 0) FROM kernel_settingchange")
    return _Shipped(tables, versions, cursor.fetchone()[0])


_FILLED = (
    "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    " AND pg_relation_size(c.oid) > 0"
)


def _flush_past_the_guards() -> None:
    """Tests that commit are cleaned up past the append-only guards, which are off for that moment. Where no shipped setting
    has changed only what came on top of the shipped rows goes; otherwise everything, and the shipped rows come back."""
    from django.core.management.commands import flush as command
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    emit = command.emit_post_migrate_signal
    plain = DatabaseOperations.execute_sql_flush
    with connection.cursor() as cursor:
        shipped = {str(connection.settings_dict["NAME"]): _standing(cursor)}

    def guards_of(cursor: Any) -> frozenset[str]:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        return frozenset(row[0] for row in cursor.fetchall())

    def switch(cursor: Any, tables: Iterable[str], word: str) -> None:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" {word} TRIGGER USER')

    def flush(self: DatabaseOperations, statements: list[str]) -> None:
        where = str(self.connection.settings_dict["NAME"])
        held = shipped.get(where)
        with transaction.atomic(), self.connection.cursor() as cursor:
            now, guards = _standing(cursor), guards_of(cursor)
            quick = held is not None and all(now.versions.get(one) == held.versions[one] for one in held.versions)
            # without it Django makes its own rows anew after each flush, which takes a second
            command.emit_post_migrate_signal = (lambda *_told, **_named: None) if quick else emit
            if held is not None and quick:
                used = now.tables - held.tables
                switch(cursor, guards & {*used, "kernel_settingchange"}, "DISABLE")
                for table in used:
                    cursor.execute(f'DELETE FROM "{table}"')
                cursor.execute("DELETE FROM kernel_settingchange WHERE id > %s", [held.change])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                switch(cursor, guards & {*used, "kernel_settingchange"}, "ENABLE")
                return
            switch(cursor, guards, "DISABLE")
            plain(self, statements)
            switch(cursor, guards, "ENABLE")
        ground.seed()
        with self.connection.cursor() as cursor:
            shipped[where] = _standing(cursor)

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def changzhou_books(django_db_setup: None) -> Path:
    """The folder of the two workbooks of Changzhou, written once by the command for all processes of this run."""
    folder = Path(os.environ["BIHUAN_DATA"]) / "changzhou"
    with (folder.parent / "changzhou.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            from bihuan.cli import main

            assert main(["seed", "changzhou", "--out", str(folder)]) == 0
    return folder


from cast import cast  # noqa: E402, F401 - a fixture, and the models it needs only load after `_prepare`


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """Every test begins in Chinese, whatever language a request before it left active."""
    from django.utils import translation

    translation.activate("zh-hans")
