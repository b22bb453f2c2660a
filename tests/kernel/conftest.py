"""Data folders for the tests of the database's supervisor; one initdb serves them all."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel import postgres_cast


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder that every user can pass through (pytest's own is closed to the demoted one)."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-ground-"))
    folder.chmod(0o711)
    yield folder
    postgres_cast.forget(folder)


@pytest.fixture(scope="session")
def prepared(ground: Path) -> Path:
    """A data folder whose cluster was made and stopped cleanly."""
    postgres_cast.start(ground / "prepared").stop()
    return ground / "prepared"


@pytest.fixture
def folder(prepared: Path) -> Iterator[Path]:
    """The prepared data folder with no server running; its settings are put back afterwards."""
    settings = prepared / "postgres" / "postgresql.conf"
    before = settings.read_bytes()
    yield prepared
    settings.write_bytes(before)
    assert postgres_cast.until(lambda: postgres_cast.server_processes(prepared) == [])


@pytest.fixture
def fresh(ground: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The path of a data folder that does not exist yet."""
    target = ground / f"fresh-{request.node.name[:40]}"
    yield target
    postgres_cast.forget(target)


@pytest.fixture
def state(ground: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of /var/lib/bihuan."""
    target = ground / "state"
    monkeypatch.setenv("BIHUAN_STATE", str(target))
    return target
