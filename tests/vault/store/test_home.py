"""A home opens with its own keys and passphrase only."""

from pathlib import Path

import pytest

from vault.domain.errors import HomeUnavailableError, InvalidRequestError, UnauthenticatedError
from vault.store.home import Home, HomeKeys, create_keys, open_keys, read_passphrase


def finished(home: Home, *, passphrase: str | None = None) -> HomeKeys:
    """Make the keys of a home and let it exist."""
    made = create_keys(home, passphrase=passphrase)
    home.finish()
    return made


def test_keys_open_again_as_they_were_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    made = finished(home)
    assert open_keys(home, passphrase=None) == made


def test_key_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create_keys(home, passphrase=None)
    assert home.master_key.stat().st_mode & 0o077 == 0
    assert home.ledger_key.stat().st_mode & 0o077 == 0
    assert home.folder.stat().st_mode & 0o077 == 0


def test_a_locked_home_needs_its_passphrase(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    made = finished(home, passphrase="four short words here")
    assert open_keys(home, passphrase="four short words here") == made
    with pytest.raises(UnauthenticatedError, match="does not open"):
        open_keys(home, passphrase="four short words there")
    with pytest.raises(UnauthenticatedError, match="locked"):
        open_keys(home, passphrase=None)


def test_a_home_is_never_made_over_another(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    finished(home)
    before = home.master_key.read_bytes()
    with pytest.raises(HomeUnavailableError, match="already"):
        create_keys(home, passphrase=None)
    assert home.master_key.read_bytes() == before


def test_a_missing_home_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(HomeUnavailableError, match="strongroom init"):
        open_keys(Home(tmp_path / "none"), passphrase=None)


@pytest.mark.parametrize("body", [b"", b"strongroom-master-key 1 plain\nshort", b"junk" * 20])
def test_a_damaged_master_key_is_told_apart_from_a_wrong_passphrase(
    tmp_path: Path, body: bytes
) -> None:
    home = Home(tmp_path / "home")
    finished(home)
    home.master_key.write_bytes(body)
    with pytest.raises(HomeUnavailableError, match="damaged"):
        open_keys(home, passphrase=None)


def test_a_ledger_key_of_another_home_is_refused(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "one"), Home(tmp_path / "two")
    finished(one)
    finished(two)
    one.ledger_key.write_bytes(two.ledger_key.read_bytes())
    with pytest.raises(HomeUnavailableError, match="altered"):
        open_keys(one, passphrase=None)


def test_a_passphrase_file_must_be_readable_and_not_empty(tmp_path: Path) -> None:
    file = tmp_path / "pass"
    with pytest.raises(InvalidRequestError, match="cannot be read"):
        read_passphrase(file)
    file.write_text("\n")
    with pytest.raises(InvalidRequestError, match="empty"):
        read_passphrase(file)
    file.write_text("a b c\nsecond line\n")
    assert read_passphrase(file) == "a b c"
    assert read_passphrase(None) is None


def test_a_home_does_not_exist_before_it_is_finished(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create_keys(home, passphrase=None)
    assert not home.exists()
    with pytest.raises(HomeUnavailableError, match="no vault at this home yet"):
        open_keys(home, passphrase=None)
    home.finish()
    assert home.exists()


def test_a_home_whose_making_was_broken_off_can_be_made_again(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create_keys(home, passphrase=None)
    for path in (home.database, home.key_database, Path(f"{home.database}-wal")):
        path.write_bytes(b"half a database")
    made = finished(home)
    assert open_keys(home, passphrase=None) == made
    assert not home.database.exists()
    assert not Path(f"{home.database}-wal").exists()


def test_unmaking_leaves_nothing_that_opens_anything(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create_keys(home, passphrase=None)
    home.database.write_bytes(b"half a database")
    for _ in range(2):
        home.unmake()
        assert [path for path in home.folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("left", ["vault.db", "keys/keys.db", "keys/ledger.key"])
def test_what_is_left_of_a_vault_is_never_overwritten(tmp_path: Path, left: str) -> None:
    home = Home(tmp_path / "home")
    (home.folder / left).parent.mkdir(parents=True)
    (home.folder / left).write_bytes(b"precious")
    with pytest.raises(HomeUnavailableError, match=r"restore master\.key"):
        create_keys(home, passphrase=None)
    assert (home.folder / left).read_bytes() == b"precious"
    assert not home.master_key.exists()


@pytest.mark.parametrize("missing", ["vault.db", "keys.db"])
def test_a_database_that_is_missing_is_asked_for(tmp_path: Path, missing: str) -> None:
    home = Home(tmp_path / "home")
    finished(home)
    for path in (home.database, home.key_database):
        if path.name != missing:
            path.touch()
    with pytest.raises(HomeUnavailableError, match=f"{missing} is missing; restore it"):
        home.require_databases()
    for path in (home.database, home.key_database):
        path.touch()
    home.require_databases()


def test_every_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    made = create_keys(Home(tmp_path / "home"), passphrase=None)
    keys = {made.database, made.key_database, made.index, made.identifiers, made.master}
    assert len(keys) == 5
    other = create_keys(Home(tmp_path / "other"), passphrase=None)
    assert made.database != other.database
