"""./dev: needs bash and python3, makes its environment, takes an interrupted or moved one up again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def call(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """`./dev …` of a checkout, with a plain environment."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("BIHUAN_", "DATABASE_"))}
    return subprocess.run([str(root / "dev"), *words], capture_output=True, text=True, env=env)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that needs no package, so that nothing is fetched."""
    root = tmp_path / "checkout"
    (root / "src" / "bihuan").mkdir(parents=True)
    (root / "src" / "bihuan" / "__init__.py").write_text("")
    (root / "src" / "bihuan" / "cli.py").write_text("import sys\nprint('bihuan', *sys.argv[1:])\n")
    (root / "requirements").mkdir()
    for name in ("runtime", "dev"):
        (root / "requirements" / f"{name}.txt").write_text("# nothing\n")
    shutil.copy(ROOT / "dev", root / "dev")
    return root


def test_it_is_sound_bash() -> None:
    subprocess.run(["bash", "-n", str(ROOT / "dev")], check=True)
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)


def test_help_names_every_command() -> None:
    done = call(ROOT, "--help")
    assert done.returncode == 0
    for command in ("run", "test", "check", "bench", "seed", "exec"):
        assert f"./dev {command}" in done.stdout


@pytest.mark.parametrize("words", [(), ("frobnicate",), ("exec",)])
def test_wrong_use_shows_the_help_on_stderr(words: tuple[str, ...]) -> None:
    done = call(ROOT, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "./dev run" in done.stderr


@pytest.mark.long
def test_a_bare_checkout_gets_its_environment_and_keeps_it(checkout: Path) -> None:
    first = call(checkout, "exec", "bihuan", "hello")
    assert first.stdout == "bihuan hello\n", first.stderr
    assert "making the environment" in first.stderr
    again = call(checkout, "exec", "bihuan", "hello")
    assert (again.stdout, again.stderr) == ("bihuan hello\n", "")


@pytest.mark.long
def test_a_half_made_environment_is_taken_up_again(checkout: Path) -> None:
    call(checkout, "exec", "bihuan")
    for pip in (checkout / ".venv").glob("lib/python3.*/site-packages/pip"):
        shutil.rmtree(pip)
    assert call(checkout, "exec", "bihuan", "again").stdout == "bihuan again\n"


@pytest.mark.long
def test_a_changed_lock_file_is_installed_again(checkout: Path) -> None:
    call(checkout, "exec", "bihuan")
    (checkout / "requirements" / "runtime.txt").write_text("# changed\n")
    (checkout / "requirements" / "dev.txt").write_text("# changed too\n")
    assert "installing packages" in call(checkout, "exec", "bihuan").stderr


@pytest.mark.long
def test_a_moved_checkout_makes_its_environment_anew(checkout: Path) -> None:
    call(checkout, "exec", "bihuan")
    moved = checkout.rename(checkout.with_name("moved"))
    done = call(moved, "exec", "bihuan", "here")
    assert done.stdout == "bihuan here\n", done.stderr
    where = call(moved, "exec", "python", "-c", "import bihuan; print(bihuan.__file__)")
    assert where.stdout.strip() == str(moved / "src" / "bihuan" / "__init__.py")
