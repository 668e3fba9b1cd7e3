"""A stranger can verify what an agent did, with the ledger's public key alone."""

import json

import pytest

from tests.vault.orchestrate.bureau import Bureau, charter
from vault.domain.errors import LedgerIntegrityError, NotFoundError
from vault.domain.runs import RunStatus
from vault.ledger.verifier import verify_bundle
from vault.orchestrate.run_proofs import RunProofs


def done(bureau: Bureau) -> str:
    bureau.usual(charter(owners={"business": "olga"}))
    run_id, _ = bureau.run()
    bureau.decide()
    assert bureau.runner.advance(run_id).status is RunStatus.SUCCEEDED
    return run_id


def prove(bureau: Bureau, run_id: str, name: str | None) -> bytes:
    proofs = RunProofs(bureau.writes, desk=bureau.desk, signer=bureau.signer)
    return proofs.prove(run_id, None if name is None else bureau.subject(name))


def test_a_proof_verifies_and_tells_who_did_what_and_who_let_it(bureau: Bureau) -> None:
    bundle = prove(bureau, done(bureau), "ana")
    lines = "\n".join(verify_bundle(bundle, [bureau.signer.key.vkey]).lines)
    assert "run.started" in lines
    assert "approval.granted" in lines
    assert "by user:olga" in lines
    assert "by user:helper on behalf of user:ana" in lines
    assert lines.count("Disclosed content") == 7


def test_a_word_changed_in_it_is_noticed(bureau: Bureau) -> None:
    bundle = json.loads(prove(bureau, done(bureau), "ana"))
    bundle["disclosures"][0]["content"] = bundle["disclosures"][1]["content"]
    with pytest.raises(LedgerIntegrityError):
        verify_bundle(json.dumps(bundle).encode(), [bureau.signer.key.vkey])


def test_an_owner_proves_that_it_happened_without_what_was_said(bureau: Bureau) -> None:
    bundle = prove(bureau, done(bureau), "olga")
    assert verify_bundle(bundle, [bureau.signer.key.vkey]).pinned
    assert "disclosures" not in json.loads(bundle)


def test_for_anybody_else_there_is_nothing_to_prove(bureau: Bureau) -> None:
    run_id = done(bureau)
    with pytest.raises(NotFoundError):
        prove(bureau, run_id, "bo")


def test_no_word_of_a_run_stands_in_the_ledger(bureau: Bureau) -> None:
    bureau.usual()
    bureau.run(text="a telling word")
    with bureau.store.read() as unit:
        assert b"telling" not in b"".join(unit.ledger.bodies(0, 1000))


def test_a_run_that_goes_on_can_be_proved_as_far_as_it_went(bureau: Bureau) -> None:
    bureau.usual()
    run_id, _ = bureau.run()
    assert verify_bundle(prove(bureau, run_id, None), [bureau.signer.key.vkey]).pinned
