"""The key file: made once, private, never guessed."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bihuan.kernel import keys


def test_the_first_start_makes_a_private_file_of_full_length_keys(tmp_path: Path) -> None:
    made = keys.load_or_create(tmp_path / "data" / "keys.json")
    assert (tmp_path / "data" / "keys.json").stat().st_mode & 0o777 == 0o600
    assert {len(made.index_key), len(made.audit_key), len(made.keys[made.active])} == {32}
    assert len({made.index_key, made.audit_key, made.keys["k1"]}) == 3


def test_later_starts_read_the_same_keys(tmp_path: Path) -> None:
    first = keys.load_or_create(tmp_path / "keys.json")
    assert keys.load_or_create(tmp_path / "keys.json") == first


def test_several_first_starts_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keys.load_or_create(path), range(16)))
    assert all(one == made[0] for one in made)
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys.json"]


def test_a_missing_file_is_refused_where_it_must_exist(tmp_path: Path) -> None:
    with pytest.raises(keys.BadKeys, match="is missing"):
        keys.load(tmp_path / "keys.json")


def test_a_file_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.load_or_create(path)
    path.chmod(0o644)
    with pytest.raises(keys.BadKeys, match="chmod 600"):
        keys.load(path)


@pytest.mark.parametrize("harm", ["{", "[]", "{}", '{"keys": {"k1": "short"}}'])
def test_a_damaged_file_is_refused_and_never_replaced(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "keys.json"
    path.touch(0o600)
    path.write_text(harm)
    with pytest.raises(keys.BadKeys, match="damaged"):
        keys.load_or_create(path)
    assert path.read_text() == harm


def test_an_active_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys.load_or_create(path)
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"active": "k2"}))
    with pytest.raises(keys.BadKeys, match="active"):
        keys.load(path)


def test_secrets_do_not_appear_in_a_representation(tmp_path: Path) -> None:
    made = keys.load_or_create(tmp_path / "keys.json")
    assert made.secret_key not in repr(made)
    assert repr(made.index_key) not in repr(made)
