"""A home is made whole or not at all, and opens as it was made."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.vault import homes
from vault.bootstrap import Vault
from vault.domain.errors import (
    HomeUnavailableError,
    InvalidRequestError,
    UnauthenticatedError,
)
from vault.policy.engine import DEFAULT_FOLDER
from vault.settings import FILE_NAME, Settings, load
from vault.store.home import Home

VERIFIER = Home(Path()).verifier_key.as_posix()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_new_home_has_its_own_policy_ledger_and_key(folder: Path) -> None:
    with Vault.create(folder) as vault:
        with vault.store.read() as unit:
            assert unit.ledger.size() == 1
            assert b"home.created" in unit.ledger.leaf(0)
            assert unit.ledger.latest_checkpoint() is not None
            assert unit.epoch() == 1
        assert vault.home.verifier_key.read_text() == vault.signer.key.vkey + "\n"
        assert vault.signer.key.name.startswith("strongroom.local/")
        for file in DEFAULT_FOLDER.glob("*.cedar*"):
            assert (vault.home.policy / file.name).read_bytes() == file.read_bytes()


def test_two_homes_share_neither_name_nor_ids(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "one") as one, Vault.create(tmp_path / "two") as two:
        assert one.signer.key.name != two.signer.key.name
        assert one.keeper().id_of("shelf", "a") != two.keeper().id_of("shelf", "a")


def test_a_home_opens_again_as_it_was(folder: Path) -> None:
    with Vault.create(folder) as made:
        vkey, found = made.signer.key.vkey, made.keeper().id_of("shelf", "a")
    with Vault.open(folder, Settings()) as opened:
        assert opened.signer.key.vkey == vkey
        assert opened.keeper().id_of("shelf", "a") == found
        assert opened.now().tzinfo is UTC


def test_there_is_nothing_to_open_where_nothing_was_made(folder: Path) -> None:
    with pytest.raises(HomeUnavailableError, match="strongroom init"):
        Vault.open(folder, Settings())
    assert not folder.exists()


def test_a_home_is_made_once(folder: Path) -> None:
    Vault.create(folder).close()
    before = Home(folder).master_key.read_bytes()
    with pytest.raises(HomeUnavailableError, match="already"):
        Vault.create(folder)
    assert Home(folder).master_key.read_bytes() == before
    Vault.open(folder, Settings()).close()


@pytest.mark.parametrize("obstacle", [FILE_NAME, "policy/default.cedar", VERIFIER])
def test_a_home_that_could_not_be_finished_can_be_made_again(folder: Path, obstacle: str) -> None:
    place = folder / obstacle
    (place / "in the way").mkdir(parents=True)
    (place / "default.cedar").mkdir()
    with pytest.raises(HomeUnavailableError):
        Vault.create(folder, models_dir=folder / "models")
    assert not Home(folder).exists()
    (place / "default.cedar").rmdir()
    (place / "in the way").rmdir()
    place.rmdir()
    Vault.create(folder, models_dir=folder / "models").close()


def test_a_home_without_a_policy_does_not_open(folder: Path) -> None:
    Vault.create(folder).close()
    for file in Home(folder).policy.glob("*.cedar"):
        file.unlink()
    with pytest.raises(HomeUnavailableError, match="no policy"):
        Vault.open(folder, Settings())


def test_a_locked_home_opens_with_its_passphrase_alone(tmp_path: Path, folder: Path) -> None:
    phrase, other = tmp_path / "phrase", tmp_path / "other"
    phrase.write_text("four short words here\n")
    other.write_text("four short words there\n")
    folder.mkdir()
    (folder / FILE_NAME).write_text(f'passphrase_file = "{phrase}"\n')
    Vault.create(folder).close()
    Vault.open(folder, load(folder)).close()
    for settings in (Settings(), Settings(passphrase_file=other)):
        with pytest.raises(UnauthenticatedError):
            Vault.open(folder, settings)


def test_the_folder_of_models_joins_the_settings_that_are_there(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_text("# ours\nmax_hits = 7\n")
    odd = folder / 'a "quoted" \\ name'
    with Vault.create(folder, models_dir=odd) as vault:
        assert (vault.models_dir, vault.settings.max_hits) == (odd, 7)
    assert "# ours" in (folder / FILE_NAME).read_text()
    assert load(folder).models_dir == odd


def test_another_folder_of_models_is_not_written_over(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_text(f'models_dir = "{folder / "ours"}"\n')
    with pytest.raises(InvalidRequestError, match="name models in"):
        Vault.create(folder, models_dir=folder / "theirs")
    with Vault.create(folder, models_dir=folder / "ours") as vault:
        assert vault.models_dir == folder / "ours"


def test_a_vault_is_closed_at_the_end_of_its_block_whatever_happens(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="in the block"), Vault.create(folder) as vault:
        pool = vault.store.database.engine.pool
        raise RuntimeError("in the block")
    assert vault.store.database.engine.pool is not pool


def test_a_home_of_an_earlier_release_gets_the_dates_that_were_not_kept_then(
    tmp_path: Path,
) -> None:
    with homes.home(tmp_path) as vault:
        found, folder = homes.keep(vault, "Leave is 25 days."), vault.home.folder
        with vault.store.write() as unit:
            unit.documents.change(found, retention="7y")
            for step in (
                "drop table provisioned",
                "drop table tool_bucket",
                "update alembic_version set version_num = '0006'",
            ):
                unit._connection.exec_driver_sql(step)
    with pytest.raises(HomeUnavailableError, match="strongroom init"):
        Vault.open(folder, load(folder))
    with Vault.open(folder, load(folder), upgrade=True) as vault, vault.store.read() as unit:
        due = unit.retention.due(datetime(2999, 1, 1, tzinfo=UTC), limit=9)
        assert [one.document_id for one in due] == [found]
