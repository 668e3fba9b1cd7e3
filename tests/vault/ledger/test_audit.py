"""Whatever an intruder does to a stored log, reading it through shows where."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from vault.domain.checkpoints import Checkpoint
from vault.domain.merkle import leaf_hash, root_from_leaves
from vault.ledger.audit import MAX_PROBLEMS
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer

if TYPE_CHECKING:
    from tests.vault.ledger.conftest import MemoryEntries

Event = Callable[..., dict[str, object]]
Grow = Callable[[int], None]


@pytest.fixture
def log(ledger: Ledger, entries: "MemoryEntries", grow: Grow) -> "MemoryEntries":
    """A log of 40 entries with checkpoints at 10, 25 and 40."""
    for count in (10, 15, 15):
        grow(count)
        ledger.checkpoint(entries)
    return entries


def test_an_untouched_log_verifies(ledger: Ledger, log: "MemoryEntries") -> None:
    found = ledger.verify_all(log)
    assert found.ok
    assert (found.size, found.checkpoints, found.first_bad) == (40, 3, None)
    assert found.root == root_from_leaves(leaf_hash(body) for body in log.stored_bodies)


def test_an_empty_log_verifies(ledger: Ledger, entries: "MemoryEntries") -> None:
    assert ledger.verify_all(entries).ok
    ledger.checkpoint(entries)
    assert ledger.verify_all(entries).ok


@pytest.mark.slow
def test_a_log_longer_than_one_block_verifies(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(5000)
    ledger.checkpoint(entries)
    assert ledger.verify_all(entries).ok
    entries.stored_bodies[4500] += b" "
    assert ledger.verify_all(entries).first_bad == 4500


@pytest.mark.parametrize("index", [0, 9, 10, 17, 39])
def test_an_edited_entry_is_named(ledger: Ledger, log: "MemoryEntries", index: int) -> None:
    log.stored_bodies[index] = log.stored_bodies[index].replace(b"robin", b"sasha")
    found = ledger.verify_all(log)
    assert found.first_bad == index
    assert f"entry {index} is not what was recorded" in " ".join(found.problems)


def test_a_removed_entry_is_named(ledger: Ledger, log: "MemoryEntries") -> None:
    del log.stored_bodies[17]
    found = ledger.verify_all(log)
    assert found.first_bad == 17


def test_reordered_entries_are_named(ledger: Ledger, log: "MemoryEntries") -> None:
    bodies = log.stored_bodies
    bodies[20], bodies[21] = bodies[21], bodies[20]
    assert ledger.verify_all(log).first_bad == 20


def test_a_truncated_log_is_told_by_its_checkpoint(ledger: Ledger, log: "MemoryEntries") -> None:
    del log.stored_bodies[33:]
    found = ledger.verify_all(log)
    assert found.first_bad == 33
    assert "only 33 entries are left" in found.problems[0]


def test_an_inserted_entry_is_named(ledger: Ledger, log: "MemoryEntries") -> None:
    log.stored_bodies.insert(12, log.stored_bodies[3])
    assert ledger.verify_all(log).first_bad == 12


def test_entries_that_are_counted_but_gone_are_named(
    ledger: Ledger, log: "MemoryEntries", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "size", lambda: 45)
    found = ledger.verify_all(log)
    assert found.first_bad == 40
    assert found.problems == ("45 entries are counted, but only 40 could be read",)


def test_a_log_that_is_only_counted_has_no_good_entry(
    ledger: Ledger, entries: "MemoryEntries", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "size", lambda: 3)
    assert ledger.verify_all(entries).first_bad == 0


def test_a_damaged_leaf_hash_is_named(ledger: Ledger, log: "MemoryEntries") -> None:
    log.hashes[0, 8] = bytes(32)
    assert ledger.verify_all(log).first_bad == 8


@pytest.mark.parametrize(("level", "index"), [(1, 3), (2, 5), (5, 0)])
def test_a_damaged_node_is_named(
    ledger: Ledger, log: "MemoryEntries", level: int, index: int
) -> None:
    log.hashes[level, index] = bytes(32)
    found = ledger.verify_all(log)
    assert found.problems == (f"node {index} of level {level} is damaged",)
    assert found.first_bad == index << level


def test_a_missing_node_is_named(ledger: Ledger, log: "MemoryEntries") -> None:
    del log.hashes[3, 2]
    assert ledger.verify_all(log).problems == ("node 2 of level 3 is damaged",)


def test_a_rewrite_with_fresh_hashes_contradicts_the_signed_roots(
    ledger: Ledger, log: "MemoryEntries", event: Event
) -> None:
    _rewrite(ledger, log, event, altered=17)
    found = ledger.verify_all(log)
    assert len(found.problems) == 2
    assert found.first_bad == 10
    assert "between entry 10 and entry 25" in found.problems[0]


@pytest.mark.parametrize(("edited", "first_bad"), [(30, 10), (21, 21), (4, 4)])
def test_an_edit_after_a_rewrite_does_not_hide_it(
    ledger: Ledger, log: "MemoryEntries", event: Event, edited: int, first_bad: int
) -> None:
    _rewrite(ledger, log, event, altered=22)
    log.stored_bodies[edited] += b" "
    assert ledger.verify_all(log).first_bad == first_bad


def test_the_end_cut_off_with_its_checkpoints_is_told_by_one_held_elsewhere(
    ledger: Ledger, log: "MemoryEntries"
) -> None:
    held = log.notes.pop(40)
    del log.stored_bodies[25:]
    assert ledger.verify_all(log).ok
    found = ledger.verify_all(log, held=[held])
    assert found.first_bad == 25
    assert "signed at size 40, but only 25" in found.problems[0]


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda note: note.replace("\n25\n", "\n24\n"), id="another size"),
        pytest.param(lambda note: note.replace("vault.", "fault."), id="another origin"),
        pytest.param(lambda note: note + note, id="not a note"),
        pytest.param(lambda note: "", id="nothing"),
    ],
)
def test_a_forged_checkpoint_is_reported(
    ledger: Ledger, log: "MemoryEntries", forge: Callable[[str], str]
) -> None:
    log.notes[25] = forge(log.notes[25])
    found = ledger.verify_all(log)
    assert len(found.problems) == 1
    assert "saved at size 25 does not verify" in found.problems[0]


def test_a_true_checkpoint_saved_for_another_size_is_reported(
    ledger: Ledger, log: "MemoryEntries"
) -> None:
    log.notes[25] = log.notes[10]
    assert "at size 25 is of log vault.example/ledger at size 10" in " ".join(
        ledger.verify_all(log).problems
    )


def test_a_checkpoint_of_another_log_under_the_same_key_is_reported(
    ledger: Ledger, log: "MemoryEntries", signer: Signer
) -> None:
    log.notes[25] = signer.sign_note(Checkpoint("other", 25, bytes(32)).text)
    assert "is of log other" in ledger.verify_all(log).problems[0]


def test_a_signed_root_that_no_entries_ever_had_is_reported(
    ledger: Ledger, entries: "MemoryEntries", signer: Signer
) -> None:
    entries.save_checkpoint(0, signer.sign_note(Checkpoint(ledger.origin, 0, bytes(32)).text))
    found = ledger.verify_all(entries)
    assert "signs root 0000" in found.problems[0]
    assert found.first_bad == 0


def test_a_wholly_altered_log_is_reported_in_bounded_space(
    ledger: Ledger, entries: "MemoryEntries", grow: Grow
) -> None:
    grow(3 * MAX_PROBLEMS)
    entries.stored_bodies = [body + b" " for body in entries.stored_bodies]
    found = ledger.verify_all(entries)
    assert len(found.problems) == MAX_PROBLEMS
    assert found.first_bad == 0


def _rewrite(ledger: Ledger, log: "MemoryEntries", event: Event, *, altered: int) -> None:
    """Replace one entry and every hash that follows from it, but not what was signed."""
    notes, count = log.notes, log.size()
    log.__init__()  # type: ignore[misc]  # the intruder starts over with the same store
    for number in range(count):
        ledger.record(log, event(number if number != altered else 1000))
    log.notes = notes
