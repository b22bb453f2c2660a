"""Every run of pytest has a PostgreSQL of its own (unless DATABASE_URL names one) and a data folder of its own."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import django
import pytest

# Before pytest-django looks: the settings module reads these when it is first imported.
_SERVER: Any = None
_FOLDER: Path | None = None


def _prepare() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.settings"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _start()
    django.setup()


def _start() -> None:
    global _SERVER, _FOLDER
    _FOLDER = Path(tempfile.mkdtemp(prefix="bihuan-test-"))
    _FOLDER.chmod(0o711)  # the demoted user of the server must pass
    os.environ["BIHUAN_DATA"] = str(_FOLDER)
    os.environ.setdefault("BIHUAN_STATE", str(_FOLDER / "state"))
    if not os.environ.get("DATABASE_URL"):
        from bihuan.kernel.postgres import attach_or_start

        _SERVER = attach_or_start(_FOLDER, durable=False)
        os.environ["DATABASE_URL"] = _SERVER.dsn


_prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The server ends with the run and leaves nothing behind."""
    if _SERVER is not None:
        _SERVER.stop()
    if _FOLDER is not None:
        shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The shipped trees, limits and rules are there for every test, as in every installation."""
    from bihuan.catalog import seeding as catalog
    from bihuan.dispatch import seeding as dispatch
    from bihuan.sla import seeding as limits

    with django_db_blocker.unblock():
        catalog.seed()
        limits.seed()
        dispatch.seed()


from cast import cast  # noqa: E402, F401 - a fixture, and the models it needs only load after `_prepare`
