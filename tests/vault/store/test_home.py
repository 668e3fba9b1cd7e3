"""A home opens with its own keys and passphrase only."""

from pathlib import Path

import pytest

from vault.domain.errors import HomeUnavailableError, InvalidRequestError, UnauthenticatedError
from vault.store.home import Home, create_keys, open_keys, read_passphrase


def test_keys_open_again_as_they_were_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    made = create_keys(home, passphrase=None)
    assert open_keys(home, passphrase=None) == made


def test_key_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create_keys(home, passphrase=None)
    assert home.master_key.stat().st_mode & 0o077 == 0
    assert home.ledger_key.stat().st_mode & 0o077 == 0
    assert home.folder.stat().st_mode & 0o077 == 0


def test_a_locked_home_needs_its_passphrase(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    made = create_keys(home, passphrase="four short words here")
    assert open_keys(home, passphrase="four short words here") == made
    with pytest.raises(UnauthenticatedError, match="does not open"):
        open_keys(home, passphrase="four short words there")
    with pytest.raises(UnauthenticatedError, match="locked"):
        open_keys(home, passphrase=None)


def test_a_home_is_never_made_over_another(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create_keys(home, passphrase=None)
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
    create_keys(home, passphrase=None)
    home.master_key.write_bytes(body)
    with pytest.raises(HomeUnavailableError, match="damaged"):
        open_keys(home, passphrase=None)


def test_a_ledger_key_of_another_home_is_refused(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "one"), Home(tmp_path / "two")
    create_keys(one, passphrase=None)
    create_keys(two, passphrase=None)
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
