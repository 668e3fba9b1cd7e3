"""What is recorded stays as it was written, and the log never signs two pasts."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from vault.domain.checkpoints import Checkpoint, LogProof
from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import leaf_hash, root_from_leaves, verify_consistency, verify_inclusion
from vault.domain.notes import SignedNote
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer, verify_note

if TYPE_CHECKING:
    from tests.vault.ledger.conftest import MemoryEntries

Event = Callable[..., dict[str, object]]
Grow = Callable[[int], None]


def test_an_event_is_stored_in_canonical_form(
    ledger: Ledger, entries: "MemoryEntries", event: Event
) -> None:
    assert ledger.record(entries, event(7, z=1.0, a="\u20ac")) == 0
    assert (
        entries.leaf(0)
        == (
            '{"actor":"user:robin","facts":{"a":"\u20ac","count":7,"z":1},"id":"event-7",'
            '"run_id":"run-1","time":"2026-01-02T03:04:05Z","type":"answer.given","v":1}'
        ).encode()
    )


def test_indexes_count_up_from_zero(ledger: Ledger, entries: "MemoryEntries", event: Event) -> None:
    assert [ledger.record(entries, event(number)) for number in range(9)] == list(range(9))


def test_an_event_with_content_is_not_recorded(
    ledger: Ledger, entries: "MemoryEntries", event: Event
) -> None:
    with pytest.raises(ValueError, match="commit to it"):
        ledger.record(entries, event(0, answer="word " * 200))
    assert entries.size() == 0


def test_an_event_that_no_tile_can_hold_is_not_recorded(
    ledger: Ledger, entries: "MemoryEntries", event: Event
) -> None:
    with pytest.raises(ValueError, match="at most 65535"):
        ledger.record(entries, event(0, ids=["x" * 500] * 140))
    assert entries.size() == 0


def test_a_checkpoint_signs_the_root_of_all_bodies(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, signer: Signer
) -> None:
    grow(13)
    note = ledger.checkpoint(entries)
    verify_note(SignedNote.parse(note), [signer.key], what="the checkpoint")
    root = root_from_leaves(leaf_hash(body) for body in entries.stored_bodies)
    assert Checkpoint.of_note(note) == Checkpoint(ledger.origin, 13, root)
    assert entries.latest_checkpoint() == (13, note)


def test_an_empty_log_has_a_checkpoint(ledger: Ledger, entries: "MemoryEntries") -> None:
    assert Checkpoint.of_note(ledger.checkpoint(entries)).size == 0


def test_a_log_that_did_not_grow_keeps_its_cosigned_checkpoint(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(3)
    cosigned = ledger.checkpoint(entries) + "\u2014 witness.example 83DKSAEC\n"
    entries.save_checkpoint(3, cosigned)
    assert ledger.checkpoint(entries) == cosigned


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9])
def test_every_entry_has_a_proof(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, size: int
) -> None:
    grow(size)
    for index in range(size):
        proof = LogProof.parse(ledger.prove(entries, index))
        checkpoint = Checkpoint.of_note(proof.note)
        assert proof.extra == entries.leaf(index)
        verify_inclusion(
            index=index,
            size=checkpoint.size,
            leaf=leaf_hash(proof.extra),
            proof=proof.hashes,
            root=checkpoint.root,
        )


def test_a_proof_uses_the_latest_checkpoint_and_makes_one_only_for_newer_entries(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(4)
    ledger.checkpoint(entries)
    grow(2)
    assert Checkpoint.of_note(LogProof.parse(ledger.prove(entries, 3)).note).size == 4
    assert Checkpoint.of_note(LogProof.parse(ledger.prove(entries, 4)).note).size == 6
    assert sorted(entries.notes) == [4, 6]


def test_proofs_of_one_run_share_a_checkpoint(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(4)
    ledger.checkpoint(entries)
    grow(4)
    proofs = [LogProof.parse(text) for text in ledger.prove_each(entries, [1, 7])]
    assert {Checkpoint.of_note(proof.note).size for proof in proofs} == {8}
    assert ledger.prove_each(entries, []) == []


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_proof_of_what_is_not_there(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, index: int
) -> None:
    grow(3)
    with pytest.raises(LedgerIntegrityError, match="no entry"):
        ledger.prove(entries, index)


def test_no_proof_is_handed_out_for_an_edited_entry(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(5)
    ledger.checkpoint(entries)
    entries.stored_bodies[2] = entries.stored_bodies[2].replace(b"robin", b"sasha")
    with pytest.raises(LedgerIntegrityError, match="leads to root"):
        ledger.prove(entries, 2)


def test_a_rewritten_past_is_never_signed(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, event: Event
) -> None:
    grow(5)
    ledger.checkpoint(entries)
    signed = entries.notes
    entries.__init__()  # type: ignore[misc]  # the intruder starts over with the same store
    entries.notes = signed
    for number in range(9):
        ledger.record(entries, event(number + 100))
    with pytest.raises(LedgerIntegrityError, match="not an extension"):
        ledger.checkpoint(entries)


def test_a_truncated_log_is_never_signed(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(5)
    ledger.checkpoint(entries)
    del entries.stored_bodies[3:]
    with pytest.raises(LedgerIntegrityError, match="signed at size 5, but 3 entries"):
        ledger.checkpoint(entries)


def test_a_forged_checkpoint_is_not_built_upon(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(5)
    stranger = Signer.from_seed(bytes(32), name=ledger.origin)
    entries.save_checkpoint(5, stranger.sign_note(Checkpoint(ledger.origin, 5, bytes(32)).text))
    with pytest.raises(LedgerIntegrityError, match="no signature of a trusted key"):
        ledger.prove(entries, 0)


def test_a_checkpoint_of_another_log_is_not_built_upon(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, signer: Signer
) -> None:
    grow(2)
    entries.save_checkpoint(2, signer.sign_note(Checkpoint("other", 2, bytes(32)).text))
    with pytest.raises(LedgerIntegrityError, match="of log other"):
        ledger.checkpoint(entries)


def test_a_retired_key_still_vouches_for_what_it_signed(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow, signer: Signer
) -> None:
    grow(2)
    ledger.checkpoint(entries)
    grow(2)
    successor = Signer.from_seed(bytes(32), name=ledger.origin)
    renewed = Ledger(origin=ledger.origin, signer=successor, retired=[signer.key])
    note = SignedNote.parse(renewed.checkpoint(entries))
    assert verify_note(note, [successor.key], what="the checkpoint") == successor.key
    assert renewed.verify_all(entries).ok


def test_the_key_bears_the_name_of_the_log(signer: Signer) -> None:
    with pytest.raises(ValueError, match="expected other"):
        Ledger(origin="other", signer=signer)


def test_consistency_joins_an_old_checkpoint_to_a_new_one(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(6)
    old = Checkpoint.of_note(ledger.checkpoint(entries))
    grow(7)
    note = ledger.checkpoint(entries)
    new = Checkpoint.of_note(note)
    verify_consistency(
        old_size=old.size,
        new_size=new.size,
        old_root=old.root,
        new_root=new.root,
        proof=ledger.consistency(entries, old_size=6, note=note),
    )
