"""What an operation stands on: data folder, keys, database, Django; made ready before it runs, left tidy after."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db.utils import OperationalError

from bihuan.kernel.env import BadSetting
from bihuan.kernel.errors import RuleError
from bihuan.kernel.keys import BadKeys
from bihuan.kernel.operations import Operation
from bihuan.kernel.postgres import Server, attach_or_start
from bihuan.kernel.postgres_binaries import DatabaseUnusable
from bihuan.ops import first_start

EXPECTED = (DatabaseUnusable, BadKeys, BadSetting, psycopg.OperationalError, OperationalError)
"""Troubles of the surroundings: told in one line, without a trace."""
_MIGRATION_LOCK = 4711_0001


def choose_data(chosen: Path | None) -> Path:
    """The data folder of this process and its children (environment `BIHUAN_DATA`)."""
    folder = Path(chosen or os.environ.get("BIHUAN_DATA") or Path.cwd() / ".data").expanduser().absolute()
    os.environ["BIHUAN_DATA"] = str(folder)
    return folder


@contextmanager
def stand(operation: Operation, data: Path | None) -> Iterator[None]:
    """Ready for `operation`: with `database` its folder's database runs (a new one gets its tables), then Django."""
    folder = choose_data(data)
    server = None
    try:
        if operation.database:
            server = connect(folder, keep=operation.name in _LONG_LIVED)
        _set_up()
        if operation.database and operation.name not in _BRING_THEIR_OWN:
            ready_tables()
        yield
    finally:
        close_connections()
        if server is not None:
            server.stop()


_BRING_THEIR_OWN = {"run", "migrate", "manage"}
_LONG_LIVED = {"run", "jobs"}
"""They take the database over when the process that had started it ends."""


def connect(folder: Path, *, keep: bool = False) -> Server | None:
    """Set `DATABASE_URL` to the folder's own database, attaching or starting it; None where it was set already."""
    given = os.environ.get("DATABASE_URL")
    if given:
        # asked directly: the pool would try for long before it says why
        psycopg.connect(given, connect_timeout=10).close()
        return None
    server = attach_or_start(folder, keep=keep)
    os.environ["DATABASE_URL"] = server.dsn
    return server


def _set_up() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.settings"
    django.setup()
    _use_secret()


def _use_secret() -> None:
    """Django signs with the installation's secret wherever there is one."""
    from django.conf import settings

    from bihuan.kernel import keys

    if settings.KEY_FILE.exists():
        os.environ["BIHUAN_SECRET_KEY"] = settings.SECRET_KEY = keys.load(settings.KEY_FILE).secret_key


def ready_tables() -> None:
    """An empty database gets its tables; one that is older than the program is refused, with the remedy."""
    missing = pending()
    if not missing:
        require_keys()
        if not first_start.has_basics():
            first_start.basics()  # the first start was interrupted before
        return
    if not is_empty():
        raise RuleError("database.older", f"{len(missing)} changes to the database are pending: bihuan migrate")
    migrate()


def is_empty() -> bool:
    """Whether nothing was ever migrated here."""
    from django.db import connection

    return "django_migrations" not in connection.introspection.table_names()


def pending() -> list[str]:
    """Names of the migrations that have not run."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def unwritten_migrations() -> list[str]:
    """Rooms whose models differ from their migrations; asks no database."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils.translation import override

    # migrations hold the untranslated texts
    with override(None):
        loader = MigrationLoader(None, ignore_no_migrations=True)
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        return sorted(detector.changes(graph=loader.graph))


def migrate() -> int:
    """Run what is pending, one process at a time; answers how many ran. A new installation gets keys and basics."""
    from django.core.management import call_command
    from django.db import connection

    if is_empty():
        new_keys()
    else:
        require_keys()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            before = len(pending())
            if before:
                print("bihuan: preparing the database …", file=sys.stderr, flush=True)
                call_command("migrate", interactive=False, verbosity=0)
            if before or not first_start.has_basics():
                first_start.basics()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
    return before


def new_keys() -> None:
    """Make the key file unless it is there."""
    from django.conf import settings

    from bihuan.kernel import keys

    keys.load_or_create(settings.KEY_FILE)
    _use_secret()


def require_keys() -> None:
    """A database with data needs the keys it was written with: a missing file is never replaced by a new one."""
    from django.conf import settings

    from bihuan.kernel import keys

    keys.load(settings.KEY_FILE)


def close_connections() -> None:
    """Give the database's connections back, the pool's too, so that the server can end cleanly."""
    from django.conf import settings
    from django.db import connections

    if not settings.configured:
        return
    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()
