"""A bundle proves what it says to a stranger, and no byte of it can be changed unseen."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vault.domain.attestation import Subject, commit_content
from vault.domain.checkpoints import Checkpoint, LogProof
from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import leaf_hash
from vault.domain.notes import KIND_COSIGNATURE, NoteSignature, SignedNote
from vault.ledger.bundle import Disclosure, ProofBundle
from vault.ledger.log import Ledger
from vault.ledger.provenance import ANSWER_BUILD_TYPE, Provenance
from vault.ledger.signing import Signer
from vault.ledger.verifier import verify_bundle, verify_proof
from vault.ledger.witness import Submission, Witness, WitnessFile, attach_cosignature

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.ledger.conftest import MemoryEntries

Event = Callable[..., dict[str, object]]
Grow = Callable[[int], None]
SALT = bytes(range(32))
ANSWER = b'{"text":"Twenty-eight days. [1]"}'
PROVENANCE = Provenance(
    build_type=ANSWER_BUILD_TYPE,
    builder="vault.example",
    run_id="run-1",
    started="2026-01-02T03:04:05Z",
    finished="2026-01-02T03:04:06Z",
    request={"question": "sha256:" + "ab" * 32},
)
COSIGNER = Signer.from_seed(bytes(32), name="w.example", kind=KIND_COSIGNATURE)


@pytest.fixture
def bundle(
    ledger: Ledger, entries: "MemoryEntries", event: Event, grow: Grow, signer: Signer
) -> ProofBundle:
    """A run of two events in a log of 21, the answer disclosed, its provenance signed."""
    grow(10)
    first = ledger.record(entries, {**event(10), "on_behalf_of": "user:kim"})
    last = ledger.record(entries, event(11, answer=commit_content(salt=SALT, content=ANSWER)))
    grow(9)
    subject = Subject("answer", sha256(ANSWER).hexdigest())
    return ProofBundle(
        vkey=signer.key.vkey,
        proofs=tuple(ledger.prove_each(entries, [first, last])),
        disclosures=(Disclosure(last, "answer", SALT, ANSWER),),
        statement=signer.sign_statement(PROVENANCE.statement([subject])),
    )


def test_a_bundle_verifies_under_a_trusted_key(bundle: ProofBundle) -> None:
    report = verify_bundle(bundle.serialise(), [bundle.vkey])
    assert report.ok
    assert report.pinned
    assert [proven.index for proven in report.events] == [10, 11]
    text = "\n".join(report.lines)
    assert "is one you trust" in text
    assert "Entry 10 of 21: answer.given at 2026-01-02T03:04:05Z by user:robin" in text
    assert "on behalf of user:kim" in text
    assert "committed to as answer" in text
    assert "Statement https://slsa.dev/provenance/v1 about answer" in text


def test_a_key_that_came_with_the_bundle_is_called_unproven(bundle: ProofBundle) -> None:
    report = verify_bundle(bundle.serialise(), [])
    assert report.ok
    assert not report.pinned
    assert report.lines[0].startswith("KEY NOT PINNED")


def test_a_bundle_with_another_key_is_refused(bundle: ProofBundle, signer: Signer) -> None:
    other = Signer.from_seed(bytes(32), name=signer.key.name)
    with pytest.raises(LedgerIntegrityError, match="not a trusted key"):
        verify_bundle(bundle.serialise(), [other.key.vkey])
    with pytest.raises(LedgerIntegrityError, match="not a trusted key"):
        verify_bundle(replace(bundle, vkey=other.key.vkey).serialise(), [bundle.vkey])
    with pytest.raises(LedgerIntegrityError, match="no signature of a trusted key"):
        verify_bundle(replace(bundle, vkey=other.key.vkey).serialise(), [])


@pytest.mark.slow
@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_flipped_bit_anywhere_survives(bundle: ProofBundle, data: st.DataObject) -> None:
    document = bytearray(bundle.serialise())
    place = data.draw(st.integers(0, len(document) - 1))
    document[place] ^= 1 << data.draw(st.integers(0, 7))
    trusted = [bundle.vkey] if data.draw(st.booleans()) else []
    with pytest.raises(LedgerIntegrityError):
        verify_bundle(bytes(document), trusted)


@pytest.mark.slow
def test_no_altered_byte_survives_at_any_place(bundle: ProofBundle) -> None:
    document = bundle.serialise()
    for place in range(len(document)):
        altered = bytearray(document)
        altered[place] ^= 1
        with pytest.raises(LedgerIntegrityError):
            verify_bundle(bytes(altered), [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(lambda p: replace(p, extra=p.extra + b" "), "leads to root", id="leaf"),
        pytest.param(lambda p: replace(p, extra=None), "carry the entry", id="no leaf"),
        pytest.param(lambda p: replace(p, index=p.index + 1), "leads to root", id="index"),
        pytest.param(
            lambda p: replace(p, hashes=(*p.hashes[:2], bytes(32), *p.hashes[3:])),
            "leads to root",
            id="sibling hash",
        ),
        pytest.param(lambda p: replace(p, hashes=p.hashes[:-1]), "too short", id="a hash less"),
        pytest.param(
            lambda p: replace(p, note=p.note.replace("\n21\n", "\n22\n")),
            "was not made by",
            id="checkpoint size",
        ),
        pytest.param(
            lambda p: replace(p, note=p.note.replace("vault.", "fault.")),
            "no signature of a trusted key",
            id="checkpoint origin",
        ),
    ],
)
def test_an_altered_proof_is_refused(
    bundle: ProofBundle, change: Callable[[LogProof], LogProof], sentence: str
) -> None:
    altered = change(LogProof.parse(bundle.proofs[0])).format()
    with pytest.raises(LedgerIntegrityError, match=sentence):
        verify_bundle(replace(bundle, proofs=(altered, bundle.proofs[1])).serialise(), [])


def test_an_altered_signature_is_refused(bundle: ProofBundle) -> None:
    proof = LogProof.parse(bundle.proofs[0])
    note = SignedNote.parse(proof.note)
    false = replace(note.signatures[0], signature=bytes(64))
    altered = replace(proof, note=replace(note, signatures=(false,)).format()).format()
    with pytest.raises(LedgerIntegrityError, match="was not made by"):
        verify_bundle(replace(bundle, proofs=(altered,)).serialise(), [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"content": ANSWER + b" "}, "not what the entry committed to", id="content"),
        pytest.param({"salt": SALT[::-1]}, "not what the entry committed to", id="salt"),
        pytest.param({"salt": b""}, "not what the entry committed to", id="no salt"),
        pytest.param({"fact": "count"}, "not what the entry committed to", id="another fact"),
        pytest.param({"fact": "absent"}, "not what the entry committed to", id="no such fact"),
        pytest.param({"index": 10}, "not what the entry committed to", id="another entry"),
        pytest.param({"index": 12}, "does not prove", id="an entry that is not proven"),
    ],
)
def test_a_false_disclosure_is_refused(
    bundle: ProofBundle, change: dict[str, object], sentence: str
) -> None:
    false = replace(bundle.disclosures[0], **change)  # type: ignore[arg-type]
    with pytest.raises(LedgerIntegrityError, match=sentence):
        verify_bundle(replace(bundle, disclosures=(false,)).serialise(), [])


def test_one_commitment_of_a_list_can_be_opened_alone(
    ledger: Ledger, entries: "MemoryEntries", event: Event, signer: Signer
) -> None:
    commitments = [commit_content(salt=SALT, content=text) for text in (b"one", b"two")]
    ledger.record(entries, event(0, quotes=commitments))
    bundle = ProofBundle(
        vkey=signer.key.vkey,
        proofs=ledger.prove_each(entries, [0]),
        disclosures=[Disclosure(0, "quotes", SALT, b"two")],
    )
    assert verify_bundle(bundle.serialise(), []).ok


def test_a_statement_about_something_else_is_refused(bundle: ProofBundle, signer: Signer) -> None:
    statement = PROVENANCE.statement([Subject("answer", "ab" * 32)])
    with pytest.raises(LedgerIntegrityError, match="neither disclosed nor stated"):
        verify_bundle(replace(bundle, statement=signer.sign_statement(statement)).serialise(), [])


def test_a_statement_about_another_run_is_refused(bundle: ProofBundle, signer: Signer) -> None:
    subject = Subject("answer", sha256(ANSWER).hexdigest())
    statement = replace(PROVENANCE, run_id="run-2").statement([subject])
    with pytest.raises(LedgerIntegrityError, match="no proven entry belongs to"):
        verify_bundle(replace(bundle, statement=signer.sign_statement(statement)).serialise(), [])


def test_a_statement_by_a_stranger_is_refused(bundle: ProofBundle, signer: Signer) -> None:
    stranger = Signer.from_seed(bytes(32), name=signer.key.name)
    subject = Subject("answer", sha256(ANSWER).hexdigest())
    envelope = stranger.sign_statement(PROVENANCE.statement([subject]))
    for forged in (envelope, replace(envelope, key_id=bundle.statement.key_id)):  # type: ignore[union-attr]
        with pytest.raises(LedgerIntegrityError):
            verify_bundle(replace(bundle, statement=forged).serialise(), [])


def test_a_statement_may_be_about_what_an_entry_states_or_is(
    ledger: Ledger, entries: "MemoryEntries", event: Event, signer: Signer
) -> None:
    ledger.record(entries, event(0, files=[{"digest": "sha256:" + "cd" * 32}]))
    body = sha256(entries.leaf(0)).hexdigest()
    statement = PROVENANCE.statement([Subject("file", "cd" * 32), Subject("entry", body)])
    bundle = ProofBundle(
        vkey=signer.key.vkey,
        proofs=ledger.prove_each(entries, [0]),
        statement=signer.sign_statement(statement),
    )
    assert verify_bundle(bundle.serialise(), []).ok


def test_a_bundle_without_proofs_proves_nothing(bundle: ProofBundle) -> None:
    with pytest.raises(LedgerIntegrityError, match="no entry at all"):
        verify_bundle(replace(bundle, proofs=()).serialise(), [])


def test_an_entry_is_proven_once(bundle: ProofBundle) -> None:
    with pytest.raises(LedgerIntegrityError, match="twice"):
        verify_bundle(replace(bundle, proofs=bundle.proofs[:1] * 2).serialise(), [])


def test_a_log_that_signed_two_pasts_is_caught(bundle: ProofBundle, signer: Signer) -> None:
    proof = LogProof.parse(bundle.proofs[0])
    forked = _root_over(proof, index=3)
    note = signer.sign_note(Checkpoint(signer.key.name, 21, forked).text)
    fork = replace(proof, index=3, note=note).format()
    with pytest.raises(LedgerIntegrityError, match="two different roots at size 21"):
        verify_bundle(replace(bundle, proofs=(bundle.proofs[1], fork)).serialise(), [])


def test_a_trusted_key_of_another_log_cannot_sign_for_this_one(
    bundle: ProofBundle, signer: Signer
) -> None:
    other = Signer.from_seed(bytes(32), name="other")
    proof = LogProof.parse(bundle.proofs[0])
    text = SignedNote.parse(proof.note).text
    forged = replace(proof, note=other.sign_note(text)).format()
    with pytest.raises(LedgerIntegrityError, match="no signature of a trusted key"):
        verify_proof(forged, [signer.key, other.key])


def test_a_leaf_that_is_no_event_is_refused(
    entries: "MemoryEntries", ledger: Ledger, signer: Signer
) -> None:
    entries.append(0, b"text", leaf_hash(b"text"), [])
    with pytest.raises(LedgerIntegrityError, match="not JSON"):
        verify_proof(ledger.prove(entries, 0), [signer.key])


def test_cosignatures_of_trusted_witnesses_are_reported(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, signer: Signer, tmp_path: "Path"
) -> None:
    grow(3)
    note = ledger.checkpoint(entries)
    memory = WitnessFile(tmp_path / "witness.json")
    witness = Witness(signer=COSIGNER, logs={ledger.origin: [signer.key]}, memory=memory)
    line = witness.cosign(Submission(0, (), note).format(), timestamp=1_700_000_000)
    entries.save_checkpoint(3, attach_cosignature(note, line, key=COSIGNER.key))
    bundle = ProofBundle(vkey=signer.key.vkey, proofs=ledger.prove_each(entries, [1]))
    stranger = Signer.from_seed(bytes(32), name="x.example", kind=KIND_COSIGNATURE)
    trusted = [signer.key.vkey, COSIGNER.key.vkey, stranger.key.vkey]
    text = "\n".join(verify_bundle(bundle.serialise(), trusted).lines)
    assert "Witness w.example cosigned size 3 at 2023-11-14T22:13:20+00:00." in text
    assert "Witness x.example has NOT cosigned size 3." in text


def test_a_time_beyond_any_calendar_is_still_a_line(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, signer: Signer
) -> None:
    grow(1)
    note = SignedNote.parse(ledger.checkpoint(entries))
    timestamp = 2**63 - 1
    signed = COSIGNER.sign(f"cosignature/v1\ntime {timestamp}\n{note.text}".encode())
    late = NoteSignature("w.example", COSIGNER.key.key_id, timestamp.to_bytes(8, "big") + signed)
    entries.save_checkpoint(1, note.with_signatures([late]).format())
    bundle = ProofBundle(vkey=signer.key.vkey, proofs=ledger.prove_each(entries, [0]))
    report = verify_bundle(bundle.serialise(), [signer.key.vkey, COSIGNER.key.vkey])
    assert f"second {timestamp}" in "\n".join(report.lines)


def test_a_report_cannot_steer_a_terminal(
    ledger: Ledger, entries: "MemoryEntries", event: Event, signer: Signer
) -> None:
    ledger.record(entries, {**event(), "type": "\x1b[2Janswer.given"})
    bundle = ProofBundle(vkey=signer.key.vkey, proofs=ledger.prove_each(entries, [0]))
    report = verify_bundle(bundle.serialise(), [])
    assert all(line.isprintable() for line in report.lines)


def test_verifying_needs_no_package_but_an_ed25519_implementation() -> None:
    script = (
        "import sys, json\n"
        "before = set(sys.modules)\n"
        "import vault.ledger.verifier\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(json.dumps(sorted(new - set(sys.stdlib_module_names))))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    # The cryptography package looks for bcrypt by itself, and does without it.
    allowed = {"vault", "cryptography", "_cffi_backend", "_openssl", "bcrypt"}
    assert set(json.loads(found.stdout)) <= allowed


def test_verifying_imports_no_room_but_the_domain_and_the_ledger() -> None:
    script = (
        "import sys, json\n"
        "import vault.ledger.verifier\n"
        "rooms = {'.'.join(name.split('.')[:2]) for name in sys.modules if name[:6] == 'vault.'}\n"
        "print(json.dumps(sorted(rooms)))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    assert set(json.loads(found.stdout)) == {"vault.domain", "vault.ledger"}


def _root_over(proof: LogProof, *, index: int) -> bytes:
    """The root that the same entry and hashes would have at another index."""
    with pytest.raises(LedgerIntegrityError) as refused:
        verify_proof(replace(proof, index=index).format(), [])
    assert "trusted: nobody" in refused.value.detail
    digest, position = leaf_hash(proof.extra or b""), index
    for sibling in proof.hashes:
        pair = sibling + digest if position & 1 else digest + sibling
        digest, position = sha256(b"\x01" + pair).digest(), position >> 1
    return digest
