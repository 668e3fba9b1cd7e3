"""Erasing destroys the key and every trace, and the certificate verifies without the vault."""

import json
from pathlib import Path

import pytest

from tests.vault.lifecycle.conftest import ANN, OLGA, Office
from vault.domain.errors import InvalidRequestError, LedgerIntegrityError, NotFoundError
from vault.ledger.verifier import verify_bundle


def test_only_the_owner_erases_and_nothing_is_left(office: Office) -> None:
    found = office.keep("a")
    with pytest.raises(NotFoundError, match="no such document"):
        office.erasure.erase(found, ANN, reason="because")
    with pytest.raises(InvalidRequestError, match="reason"):
        office.erasure.erase(found, OLGA, reason=" ")
    with office.store.read() as unit:
        kept = unit.documents.get(found)
        revisions = [one.id for one in unit.revisions.of(found)]
    assert kept is not None
    certificate = office.erasure.erase(found, OLGA, reason="request 12")
    assert (certificate["documents"], office.purges) == ([found], 1)
    assert office.store.keys.open([kept.key_id]) == {}
    with office.store.read() as unit:
        assert unit.blobs.count(revisions) == 0
    with pytest.raises(NotFoundError):
        office.erasure.erase(found, OLGA, reason="again")


def test_the_certificate_verifies_offline_and_holds_the_reason(office: Office) -> None:
    certificate = office.erasure.erase(office.keep("a"), OLGA, reason="request 12")
    content = json.dumps(certificate["bundle"]).encode()
    report = verify_bundle(content, [office.signer.key.vkey])
    [event] = report.events
    assert event.event.type == "document.erased"
    assert "request 12" not in json.dumps(dict(event.event.facts))
    assert any("strongroom:erasure/v1" in line for line in report.lines)
    altered = content.replace(b'"reason"', b'"season"')
    with pytest.raises(LedgerIntegrityError):
        verify_bundle(altered, [office.signer.key.vkey])


def test_no_file_of_the_store_keeps_a_sentence_of_it(office: Office, tmp_path: Path) -> None:
    found = office.keep("zanzibarine-canary")
    office.erasure.erase(found, OLGA, reason="request 12")
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"zanzibarine" not in file.read_bytes()


def test_an_erasure_that_was_cut_off_before_its_keys_died_is_finished_later(
    office: Office,
) -> None:
    found = office.keep("a")
    with office.store.write() as unit:
        kept = unit.documents.get(found)
        assert kept is not None
        office.erasure.take(unit, kept, OLGA, reason="request 12")
    assert office.store.keys.open([kept.key_id])
    assert office.erasure.finish_interrupted() == 1
    assert office.store.keys.open([kept.key_id]) == {}
    assert office.erasure.finish_interrupted() == 0
