"""A transferred record can be read and checked by whoever receives it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.vault.lifecycle.conftest import Office
from vault.domain.attestation import Envelope
from vault.domain.errors import HomeUnavailableError, NotFoundError
from vault.ledger.signing import verify_statement
from vault.lifecycle.transfer import PREDICATE_TYPE, STATEMENTS


def test_a_record_is_written_with_every_revision_and_a_signed_digest(
    office: Office, tmp_path: Path
) -> None:
    found = office.keep("a", text="First text.")
    office.keep("a", text="Second text.")
    file = office.transfer.write(found, tmp_path / "out")
    record = json.loads(file.read_text(encoding="utf-8"))
    assert [one["text"] for one in record["revisions"]] == ["First text.", "Second text."]
    assert record["readers"] == ["group:staff"]
    [line] = (tmp_path / "out" / STATEMENTS).read_text(encoding="utf-8").splitlines()
    statement = verify_statement(Envelope.parse(json.loads(line)), [office.signer.key])
    assert statement.predicate_type == PREDICATE_TYPE
    assert statement.subjects[0].sha256 == sha256(file.read_bytes()).hexdigest()


def test_each_record_adds_its_own_statement(office: Office, tmp_path: Path) -> None:
    for name in "ab":
        office.transfer.write(office.keep(name), tmp_path)
    assert len((tmp_path / STATEMENTS).read_text(encoding="utf-8").splitlines()) == 2


def test_what_cannot_be_written_or_does_not_exist_is_said(office: Office, tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(HomeUnavailableError):
        office.transfer.write(office.keep("a"), blocked)
    with pytest.raises(NotFoundError):
        office.transfer.write("no-such", tmp_path)
