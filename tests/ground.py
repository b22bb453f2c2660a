"""What a run of the tests stands on: a PostgreSQL of its own (unless DATABASE_URL names one) and in it one database,
migrated and seeded, from which every process copies its own.

As a program (`python tests/ground.py FOLDER`) it keeps such a server for several runs at once: it prints the address and
ends with its input.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import django
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Identifier

TEMPLATE = "BIHUAN_TEST_TEMPLATE"
"""Names the database to copy from; in the environment, so that all processes of a run mean the same one."""
_LOCK = 727_002


def settle(folder: Path) -> Callable[[], None]:
    """Make `folder` the data folder of this process and all it starts, with a server in it where none was given. Answers
    how to end what was begun. To be called before the settings are read."""
    (folder / "static").mkdir()
    folder.chmod(0o711)  # the demoted user of the server must pass
    os.environ["BIHUAN_DATA"] = str(folder)
    os.environ.setdefault("BIHUAN_STATE", str(folder / "state"))
    ours = TEMPLATE not in os.environ
    os.environ.setdefault(TEMPLATE, f"bihuan_template_{os.getpid()}")
    if not os.environ.get("DATABASE_URL"):
        from bihuan.kernel.postgres import attach_or_start

        server = attach_or_start(folder, durable=False)
        os.environ["DATABASE_URL"] = server.dsn
        return server.stop
    return (lambda: drop(_whole(os.environ[TEMPLATE]))) if ours else (lambda: None)


def seed() -> None:
    """What every installation is shipped with, and the cast."""
    import cast as people
    from bihuan.appeals import seeding as appeals
    from bihuan.catalog import seeding as catalog
    from bihuan.compensation import seeding as compensation
    from bihuan.dispatch import seeding as dispatch
    from bihuan.escalation import seeding as escalation
    from bihuan.progress import seeding as progress
    from bihuan.revisit import seeding as revisit
    from bihuan.sla import seeding as limits

    for room in (catalog, limits, dispatch, escalation, appeals, revisit, compensation, progress):
        room.seed()
    people.build()


def template() -> str:
    """The database to copy from, made by whoever needs it first; the others wait."""
    name = os.environ[TEMPLATE]
    with _administrator() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_whole(name)]).fetchone() is None:
            admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
            _patiently(admin, SQL("CREATE DATABASE {}").format(Identifier(name)))
            with used(name):
                from django.core.management import call_command

                call_command("migrate", verbosity=0)
                seed()
            # only whole it bears the name that is looked for
            _patiently(admin, SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(name), Identifier(_whole(name))))
    return _whole(name)


def _whole(name: str) -> str:
    return f"{name}_whole"


def copy(name: str) -> None:
    """A database of this name that holds what the template holds, instead of any that was there."""
    source = template()
    with _administrator() as admin:
        admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        admin.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # one at a time: a template must not be in use
        _patiently(admin, SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(source)))


def _patiently(admin: "psycopg.Connection[tuple[Any, ...]]", statement: Composed) -> None:
    """The server waits five seconds for others to leave a database; on a busy machine its own vacuum takes longer."""
    for _try in range(5):
        with suppress(psycopg.errors.ObjectInUse):
            admin.execute(statement)
            return
    admin.execute(statement)


def drop(name: str) -> None:
    """Take a database away, whoever is still connected."""
    with _administrator() as admin:
        admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def used(name: str) -> Iterator[str]:
    """Django's default connection leads to this database meanwhile; answers its address. No connection to it stays."""
    from django.conf import settings
    from django.db import connection

    before = connection.settings_dict["NAME"]
    _lead_to(name)
    try:
        yield make_conninfo(settings.DATABASE_URL, dbname=name)
    finally:
        _lead_to(str(before))


def _lead_to(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


def _administrator() -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _serve(folder: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.settings"
    end = settle(folder)
    try:
        print(os.environ["DATABASE_URL"], os.environ[TEMPLATE], flush=True)
        django.setup()
        template()
        sys.stdin.read()
    finally:
        end()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
