"""Whoever takes documents in is named, and the parser never sees the home."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vault.conftest import PlainParser
from tests.vault.homes import home, intake, subject
from vault.bootstrap import Vault
from vault.domain.errors import InvalidRequestError
from vault.domain.identity import Subject
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.report import ItemOutcome


class ClosingParser(PlainParser):
    """Counts how often it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as found:
        yield found


@pytest.fixture
def parser(vault: Vault) -> ClosingParser:
    """Stands in for the sandboxed parser, whose start takes seconds."""
    found = ClosingParser()
    vault.__dict__["parser"] = found
    return found


def receive(vault: Vault, by: Subject | None = None) -> ItemOutcome:
    content = Bytes(b"Thirty days a year.", vault.now())
    arrival = Arrival("test:leave", "leave.txt", None, intake(), lambda: content)
    [outcome] = vault.reception(by).receive("test", [arrival])
    return outcome


def last_actor(vault: Vault) -> str:
    with vault.store.read() as unit:
        event = json.loads(unit.ledger.leaf(unit.ledger.size() - 1))
    assert event["type"] == "document.ingested"
    actor: str = event["actor"]
    return actor


@pytest.mark.slow
def test_a_file_goes_through_the_real_parser_into_the_store(vault: Vault) -> None:
    outcome = receive(vault)
    assert outcome.state.value == "ingested"
    assert vault.shelf.text(outcome.document_id or "", subject(vault)) == "Thirty days a year."


def test_the_ledger_names_whoever_took_a_document_in(vault: Vault, parser: ClosingParser) -> None:
    receive(vault)
    assert last_actor(vault) == "operator"
    vault.keeper().remove(vault.keeper().id_of("test", "test:leave"), reason="gone")
    receive(vault, subject(vault, "olga"))
    assert last_actor(vault) == "user:olga"


def test_a_source_is_added_and_followed(
    vault: Vault, parser: ClosingParser, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "leave.txt").write_text("Thirty days a year.")
    vault.sources.add("filesystem", {"root": str(share)}, intake())
    assert [outcome.state.value for outcome in vault.sources.sync("test")] == ["ingested"]


def test_an_unknown_connector_is_the_callers_mistake(vault: Vault) -> None:
    with pytest.raises(InvalidRequestError, match="telepathy"):
        vault.sources.add("telepathy", {}, intake())


def test_limits_of_parsing_are_those_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_MAX_DOCUMENT_BYTES", "10")
    with home(tmp_path) as vault:
        outcome = receive(vault)
    assert (outcome.state.value, outcome.problem) == ("quarantined", "document-too-large")


def test_closing_a_vault_closes_its_parser_once_it_was_needed(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        parser = ClosingParser()
        vault.__dict__["parser"] = parser
    assert parser.closed == 1


def test_a_parser_that_nobody_needed_is_not_made(vault: Vault) -> None:
    vault.close()
    assert "parser" not in vault.__dict__


@pytest.mark.parametrize("name", ["directory", "staff", "parser", "sources"])
def test_each_service_is_built_once(vault: Vault, name: str) -> None:
    assert getattr(vault, name) is getattr(vault, name)
