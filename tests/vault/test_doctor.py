"""The doctor finds what is wrong, says what to do, and leaves the home as it was."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from models.manifest import load as load_manifest
from tests.vault.cli.words import write_model
from tests.vault.store.rows import shelve
from vault.bootstrap import Vault
from vault.doctor import LEAST_FREE_BYTES, Finding, examine
from vault.domain.records import Governance
from vault.settings import FILE_NAME, load
from vault.store.schema import ledger_entry
from vault.store.sources import SourceRecord
from vault.store.sources_schema import source_acl, source_item


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a model's folder; what runs the model is not installed."""
    base = tmp_path_factory.mktemp("doctor")
    write_model(base / "home" / "models", name="words")
    with Vault.create(base / "home"):
        (base / "home" / FILE_NAME).write_text('embedder = "words"\ngenerator = ""\n')
    return base / "home"


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    shutil.copytree(template, folder)
    return folder


def found(home: Path, *names: str) -> dict[str, Finding]:
    """Return findings by name, looking no further than the last of ``names``, if any."""
    findings = {}
    for finding in examine(home):
        findings[finding.name] = finding
        if names and set(names) <= findings.keys():
            break
    return findings


def bad(findings: dict[str, Finding]) -> set[str]:
    return {name for name, finding in findings.items() if not finding.ok}


def test_a_healthy_home_has_nothing_bad_in_it(home: Path) -> None:
    findings = found(home, "ledger")
    assert bad(findings) == set()
    assert list(findings) == [
        "sqlite",
        "disk",
        "home",
        "policy",
        "embedder",
        "generator",
        "database",
        "ledger",
    ]
    assert findings["database"].detail == "holds nothing; 0 dead letters"
    assert findings["ledger"].detail == "1 entries verify under 1 checkpoints"


@pytest.mark.slow
def test_the_last_looks_are_at_what_reads_files(home: Path) -> None:
    findings = found(home)
    assert list(findings)[-2:] == ["parser", "scans"]
    assert "files are read under" in findings["parser"].detail
    assert findings["scans"].ok is (shutil.which("tesseract") is not None)


def test_a_place_without_a_home_is_left_alone(tmp_path: Path) -> None:
    findings = found(tmp_path / "none")
    assert list(findings) == ["sqlite", "home"]
    assert findings["home"].remedy == "Make one: strongroom init"
    assert list(tmp_path.iterdir()) == []


def test_looking_changes_no_file(home: Path) -> None:
    def state() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}

    before = state()
    found(home, "ledger")
    assert state() == before


def test_a_disk_that_is_nearly_full_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    total, used, _ = shutil.disk_usage(home)
    for free, well in ((LEAST_FREE_BYTES, True), (LEAST_FREE_BYTES - 1, False)):
        usage = type(shutil.disk_usage(home))(total, used, free)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
            assert found(home, "disk")["disk"].ok is well


def test_wrong_settings_end_the_look(home: Path) -> None:
    (home / FILE_NAME).write_text("prot = 1\n")
    findings = found(home)
    assert bad(findings) == {"settings"}
    assert "home" not in findings
    assert "'prot'" in findings["settings"].detail
    assert FILE_NAME in findings["settings"].remedy


def test_a_locked_home_asks_for_its_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "passphrase"
    file.write_text("four short words here\n")
    monkeypatch.setenv("VAULT_PASSPHRASE_FILE", str(file))
    with Vault.create(tmp_path / "home"):
        pass
    monkeypatch.delenv("VAULT_PASSPHRASE_FILE")
    findings = found(tmp_path / "home")
    assert bad(findings) == {"home"}
    assert "VAULT_PASSPHRASE_FILE" in findings["home"].remedy


def test_a_home_of_another_release_says_how_to_bring_it_up(home: Path) -> None:
    with (
        Vault.open(home, load(home)) as vault,
        vault.store.database.transaction(write=True) as connection,
    ):
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    findings = found(home)
    assert bad(findings) == {"home"}
    assert "9999" in findings["home"].detail
    assert "strongroom init" in findings["home"].remedy


def test_models_that_are_missing_altered_or_unset_are_told_apart(home: Path) -> None:
    readme = home / "models" / "words" / "README.md"
    readme.write_text("Something else.\n")
    assert "altered" in found(home, "embedder")["embedder"].detail
    readme.unlink()
    assert "lacks" in found(home, "embedder")["embedder"].detail
    shutil.rmtree(home / "models" / "words")
    (home / FILE_NAME).write_text('embedder = "words"\ngenerator = "writer"\n')
    findings = found(home, "generator")
    assert bad(findings) == {"embedder", "generator"}
    assert "scripts/fetch_models" in findings["generator"].remedy
    (home / FILE_NAME).write_text('embedder = ""\ngenerator = ""\n')
    findings = found(home, "generator")
    assert bad(findings) == {"embedder"}
    assert "VAULT_EMBEDDER" in findings["embedder"].remedy


def test_a_policy_of_the_homes_own_is_told_apart(home: Path) -> None:
    assert found(home, "policy")["policy"].detail.endswith("as shipped")
    rules = home / "policy" / "default.cedar"
    rules.write_text(rules.read_text() + "\n// A rule of ours may follow.\n")
    policy = found(home, "policy")["policy"]
    assert policy.ok
    assert "not the shipped one" in policy.detail


def test_chunks_without_vectors_and_settings_that_are_not_followed_are_told(home: Path) -> None:
    (home / FILE_NAME).write_text('embedder = "another"\ngenerator = ""\n')
    with Vault.open(home, load(home)) as vault:
        shelve(vault.store, "a", datetime(2026, 11, 22, tzinfo=UTC))
        with vault.store.write() as unit:
            unit.vectors.use(load_manifest(home / "models" / "words").digest)
    embedder = found(home, "embedder")["embedder"]
    assert not embedder.ok
    assert "2 of 2 chunks have no vectors" in embedder.detail
    assert "the settings name 'another'" in embedder.detail
    assert "model reembed" in embedder.remedy


def test_an_altered_ledger_is_found(home: Path) -> None:
    with (
        Vault.open(home, load(home)) as vault,
        vault.store.database.transaction(write=True) as connection,
    ):
        connection.execute(update(ledger_entry).values(body=b"{}"))
    findings = found(home, "ledger")
    assert bad(findings) == {"ledger"}
    assert "auditor" in findings["ledger"].remedy


def test_a_finding_is_told_whole() -> None:
    assert Finding("disk", "1 MiB free", ok=False, remedy="Free space.").form() == {
        "name": "disk",
        "ok": False,
        "detail": "1 MiB free",
        "remedy": "Free space.",
    }


def followed(vault: Vault, name: str, *, known: bool = True, **notes: object) -> None:
    """Add a source with rights of its own and one document, whose rights are known or not."""
    now = vault.now()
    shelved = shelve(vault.store, f"of-{name}", now)
    label_id = shelved.kept.access_label_id
    with vault.store.write() as unit:
        rules = Governance("olga")
        record = SourceRecord(name, "smb", {}, label_id, rules, native=True)
        unit.sources.add(record, now=now)
        unit.sources.note(name, **notes)
        acl = {"source_id": name, "digest": name, "blob_id": name, "access_label_id": label_id}
        row = insert(source_acl).values(**acl, known=known, first_seen_at=now)
        acl_id = unit._connection.execute(row).inserted_primary_key
        assert acl_id is not None
        item = {"document_id": shelved.id, "source_id": name, "item_id": name}
        unit._connection.execute(insert(source_item).values(**item, acl_id=acl_id[0]))


def test_a_source_that_keeps_readers_out_is_told(home: Path) -> None:
    with Vault.open(home, load(home)) as vault:
        now = vault.now()
        followed(vault, "well", rights_at=now)
        followed(vault, "never", rights_at=None)
        followed(vault, "late", rights_at=now - timedelta(days=99))
        followed(vault, "gone", rights_at=now, problem="the host does not answer")
        followed(vault, "shut", rights_at=now, known=False)
    findings = found(home, "ledger")
    assert bad(findings) == {"source never", "source late", "source gone", "source shut"}
    assert "seen in full never; what they let read is withheld" in findings["source never"].detail
    assert "seen in full last on " in findings["source late"].detail
    assert findings["source gone"].detail == "the host does not answer"
    assert "1 items have rights that cannot be read" in findings["source shut"].detail
    assert findings["source well"].detail == "is followed"
