"""A witness never vouches for a log that shrank, forked or belongs to somebody else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vault.domain.checkpoints import Checkpoint
from vault.domain.errors import LedgerIntegrityError
from vault.domain.notes import KIND_COSIGNATURE, NoteSignature, SignedNote
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer, verify_note, verify_signature
from vault.ledger.witness import (
    Submission,
    Witness,
    WitnessFile,
    attach_cosignature,
    cosigned_message,
    verify_cosignature,
)

if TYPE_CHECKING:
    from tests.vault.ledger.conftest import MemoryEntries

Grow = Callable[[int], None]
Submit = Callable[[int], str]
NOW = 1_679_315_147
COSIGNER = Signer.from_seed(bytes(reversed(range(32))), name="w.example", kind=KIND_COSIGNATURE)


@pytest.fixture
def memory(tmp_path: Path) -> WitnessFile:
    return WitnessFile(tmp_path / "witness.json")


@pytest.fixture
def witness(signer: Signer, memory: WitnessFile) -> Witness:
    return Witness(signer=COSIGNER, logs={signer.key.name: [signer.key]}, memory=memory)


@pytest.fixture
def submit(ledger: Ledger, entries: "MemoryEntries") -> Submit:
    """Return the submission of the log as it stands, from an old size."""

    def make(old_size: int) -> str:
        note = ledger.checkpoint(entries)
        hashes = ledger.consistency(entries, old_size=old_size, note=note)
        return Submission(old_size, tuple(hashes), note).format()

    return make


def test_the_cosigned_message_is_the_published_one() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosigned_message(text, timestamp=NOW) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_a_submission_has_the_published_shape(submit: Submit, grow: Grow) -> None:
    grow(3)
    submit(0)
    grow(4)
    text = submit(3)
    lines = text.split("\n")
    assert lines[0] == "old 3"
    assert lines[lines.index("") + 1] == "vault.example/ledger"
    assert Submission.parse(text).format() == text


def test_a_cosignature_is_a_time_and_a_signature_over_it(
    witness: Witness, submit: Submit, grow: Grow
) -> None:
    grow(3)
    request = submit(0)
    line = witness.cosign(request, timestamp=NOW)
    signature = NoteSignature.parse(line[:-1])
    assert (signature.name, signature.key_id) == ("w.example", COSIGNER.key.key_id)
    assert signature.signature[:8] == NOW.to_bytes(8, "big")
    text = SignedNote.parse(Submission.parse(request).note).text
    verify_signature(
        COSIGNER.key,
        message=cosigned_message(text, timestamp=NOW),
        signature=signature.signature[8:],
        what="the cosignature",
    )


def test_a_growing_log_is_cosigned_again_and_again(
    witness: Witness, submit: Submit, grow: Grow, memory: WitnessFile
) -> None:
    old_size = 0
    for count in (3, 5, 1, 0):
        grow(count)
        witness.cosign(submit(old_size), timestamp=NOW)
        old_size += count
        last = memory.last("vault.example/ledger")
        assert last is not None
        assert last.size == old_size


def test_a_cosigned_checkpoint_still_verifies_as_the_logs_own(
    witness: Witness, submit: Submit, grow: Grow, signer: Signer
) -> None:
    grow(3)
    request = submit(0)
    line = witness.cosign(request, timestamp=NOW)
    note = attach_cosignature(Submission.parse(request).note, line, key=COSIGNER.key)
    parsed = SignedNote.parse(note)
    assert verify_note(parsed, [signer.key], what="the note") == signer.key
    assert verify_cosignature(parsed, COSIGNER.key) == NOW


def test_a_checkpoint_without_cosignature_has_no_time(signer: Signer) -> None:
    note = SignedNote.parse(signer.sign_note("text\n"))
    assert verify_cosignature(note, COSIGNER.key) is None


@pytest.mark.parametrize("place", [4, 11, 12, 75])
def test_an_altered_cosignature_is_refused(
    witness: Witness, submit: Submit, grow: Grow, place: int
) -> None:
    grow(3)
    request = submit(0)
    signature = NoteSignature.parse(witness.cosign(request, timestamp=NOW)[:-1])
    altered = bytearray(signature.signature)
    altered[place - 4] ^= 1
    line = replace(signature, signature=bytes(altered)).line
    with pytest.raises(LedgerIntegrityError, match="was not made by"):
        attach_cosignature(Submission.parse(request).note, line, key=COSIGNER.key)


def test_a_log_signature_is_not_taken_for_a_cosignature(signer: Signer) -> None:
    note = signer.sign_note("text\n")
    line = SignedNote.parse(note).signatures[0].line
    for key in (COSIGNER.key, signer.key):
        with pytest.raises(LedgerIntegrityError, match="not a cosignature"):
            attach_cosignature(note, line, key=key)


def test_a_fork_is_never_cosigned(
    witness: Witness, submit: Submit, grow: Grow, entries: "MemoryEntries"
) -> None:
    grow(3)
    witness.cosign(submit(0), timestamp=NOW)
    entries.__init__()  # type: ignore[misc]  # the operator starts a second history
    entries.append(0, b"another", b"\1" * 32, [])
    grow(4)
    with pytest.raises(LedgerIntegrityError, match="not an extension"):
        witness.cosign(submit(3), timestamp=NOW)


def test_a_rolled_back_log_is_never_cosigned(
    witness: Witness, submit: Submit, grow: Grow, memory: WitnessFile
) -> None:
    grow(3)
    early = submit(0)
    grow(4)
    late = submit(0)
    witness.cosign(late, timestamp=NOW)
    with pytest.raises(LedgerIntegrityError, match="last cosigned size 7"):
        witness.cosign(early, timestamp=NOW)
    with pytest.raises(LedgerIntegrityError, match="cannot extend"):
        witness.cosign(early.replace("old 0", "old 7"), timestamp=NOW)
    last = memory.last("vault.example/ledger")
    assert last is not None
    assert last.size == 7


def test_two_roots_of_one_size_are_never_both_cosigned(
    witness: Witness, submit: Submit, grow: Grow, signer: Signer
) -> None:
    grow(3)
    witness.cosign(submit(0), timestamp=NOW)
    fork = signer.sign_note(Checkpoint(signer.key.name, 3, bytes(32)).text)
    with pytest.raises(LedgerIntegrityError, match="not an extension"):
        witness.cosign(Submission(3, (), fork).format(), timestamp=NOW)


def test_a_first_submission_needs_no_proof(witness: Witness, submit: Submit, grow: Grow) -> None:
    grow(3)
    padded = replace(Submission.parse(submit(0)), hashes=(bytes(32),))
    with pytest.raises(LedgerIntegrityError, match="first submission"):
        witness.cosign(padded.format(), timestamp=NOW)


def test_a_checkpoint_signed_by_a_stranger_is_not_cosigned(
    witness: Witness, signer: Signer, memory: WitnessFile
) -> None:
    stranger = Signer.from_seed(bytes(32), name=signer.key.name)
    note = stranger.sign_note(Checkpoint(signer.key.name, 3, bytes(32)).text)
    with pytest.raises(LedgerIntegrityError, match="trusted key"):
        witness.cosign(Submission(0, (), note).format(), timestamp=NOW)
    assert memory.last(signer.key.name) is None


def test_an_unknown_log_is_not_cosigned(witness: Witness) -> None:
    stranger = Signer.from_seed(bytes(32), name="other")
    note = stranger.sign_note(Checkpoint("other", 3, bytes(32)).text)
    with pytest.raises(LedgerIntegrityError, match="not known"):
        witness.cosign(Submission(0, (), note).format(), timestamp=NOW)


def test_a_witness_cannot_use_a_log_key(signer: Signer, memory: WitnessFile) -> None:
    with pytest.raises(ValueError, match="cosignature key"):
        Witness(signer=signer, logs={}, memory=memory)


@pytest.mark.parametrize(
    "request_text",
    ["", "old 0", "old 0\n\n", "new 0\n\nnote", "old 00\n\nnote", "old 0\nabc\n\nnote", "\n\nnote"],
)
def test_a_malformed_submission_is_refused(request_text: str) -> None:
    with pytest.raises(LedgerIntegrityError):
        Submission.parse(request_text)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"vault.example/ledger": 3}',
        '{"vault.example/ledger": {"size": 3}}',
        '{"vault.example/ledger": {"size": "3", "root": ""}}',
        '{"vault.example/ledger": {"size": true, "root": ""}}',
        '{"vault.example/ledger": {"size": 3, "root": ""}}',
    ],
)
def test_a_witness_that_lost_its_memory_does_not_sign(
    witness: Witness, submit: Submit, grow: Grow, tmp_path: Path, content: str
) -> None:
    grow(3)
    (tmp_path / "witness.json").write_text(content, encoding="utf-8")
    with pytest.raises(LedgerIntegrityError):
        witness.cosign(submit(0), timestamp=NOW)
