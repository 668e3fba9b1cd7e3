"""Whatever happens in the database is in the index at the next look, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.index.reference import visible
from vault.domain.errors import ModelUnavailableError
from vault.index.follower import CHANGES_WORTH_SAVING, IndexFollower
from vault.index.generations import CURRENT
from vault.index.index import VaultIndex
from vault.ingest.arrivals import Arrival, Bytes
from vault.store.changes import RELABEL

KEY = b"k" * 32
QUESTION = np.array([1, 0, 0, 0], dtype=np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def follower(plant: Plant, folder: Path) -> IndexFollower:
    return follow(plant, folder)


def follow(
    plant: Plant, folder: Path, *, key: bytes = KEY, model: str = "counting"
) -> IndexFollower:
    return IndexFollower(plant.store, folder=folder, key=key, dimension=4, fingerprint=model)


def keep(plant: Plant, clock: Clock, name: str, text: str, *readers: str) -> str:
    arrival = Arrival(
        f"file:///{name}", name, None, plant.intake(*readers), lambda: Bytes(text.encode(), clock())
    )
    [outcome] = plant.reception.receive("shelf", [arrival])
    assert outcome.document_id is not None
    return outcome.document_id


def current(plant: Plant, follower: IndexFollower) -> VaultIndex:
    with plant.store.read() as unit:
        return follower.current(unit)


def labels(plant: Plant) -> list[int]:
    with plant.store.read() as unit:
        return sorted(unit.labels.all())


def found(plant: Plant, follower: IndexFollower, words: str, *under: int) -> set[str]:
    """The documents that a search for ``words`` under these labels finds, all by default."""
    index = current(plant, follower)
    hits = index.lexical(words, visible(*(under or labels(plant))), 100)
    with plant.store.read() as unit:
        rows = unit.chunks.live(int(chunk) for chunk in hits.chunk_ids)
    assert len(rows) == len(hits.chunk_ids), "the index knows a chunk that is not live"
    return {row.document_id for row in rows.values()}


def near(plant: Plant, follower: IndexFollower, *under: int) -> int:
    return len(current(plant, follower).dense(QUESTION, visible(*under), 100).chunk_ids)


def holds(value: object, word: str) -> bool:
    """Tell whether a word stands anywhere in an object of the vault, however deep."""
    pending, seen = [value], set()
    while pending:
        each = pending.pop()
        if id(each) not in seen:
            seen.add(id(each))
            if isinstance(each, str | bytes | np.ndarray):
                content = each.encode() if isinstance(each, str) else bytes(each)
                if word.encode() in content:
                    return True
            else:
                pending += parts(each)
    return False


def parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if not type(value).__module__.startswith("vault."):
        return []
    names = {*getattr(value, "__dict__", ()), *getattr(value, "__slots__", ())}
    return [getattr(value, name) for name in sorted(names) if hasattr(value, name)]


def test_a_kept_document_is_found_at_the_next_look(
    plant: Plant, follower: IndexFollower, clock: Clock
) -> None:
    assert found(plant, follower, "leave", 1) == set()
    leave = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    assert found(plant, follower, "leave") == {leave}
    travel = keep(plant, clock, "travel.md", "Trains go before planes.")
    assert found(plant, follower, "trains") == {travel}
    assert near(plant, follower, *labels(plant)) == 2


def test_a_new_text_takes_the_place_of_the_old_one(
    plant: Plant, follower: IndexFollower, clock: Clock
) -> None:
    leave = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    assert found(plant, follower, "thirty") == {leave}
    keep(plant, clock, "leave.md", "Annual leave is forty days.")
    assert found(plant, follower, "thirty") == set()
    assert found(plant, follower, "forty") == {leave}
    assert near(plant, follower, *labels(plant)) == 1


def test_a_removed_document_is_found_no_more(
    plant: Plant, follower: IndexFollower, clock: Clock
) -> None:
    leave = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    assert found(plant, follower, "leave") == {leave}
    plant.keeper.remove(leave, reason="gone")
    assert found(plant, follower, "leave") == set()
    assert near(plant, follower, *labels(plant)) == 0


def test_a_document_under_a_new_label_leaves_its_old_readers(
    plant: Plant, follower: IndexFollower, clock: Clock
) -> None:
    leave = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    [staff] = labels(plant)
    assert found(plant, follower, "leave", staff) == {leave}
    plant.keeper.relabel(leave, plant.intake("user:olga"), version=None)
    [olga] = set(labels(plant)) - {staff}
    assert found(plant, follower, "leave", staff) == set()
    assert near(plant, follower, staff) == 0
    assert found(plant, follower, "leave", olga) == {leave}
    assert near(plant, follower, olga) == 1


def test_much_that_happened_between_two_looks_comes_out_as_it_is_now(
    plant: Plant, follower: IndexFollower, clock: Clock
) -> None:
    kept = {name: keep(plant, clock, name, f"Paper {name} on leave.") for name in "abcde"}
    plant.keeper.remove(kept["a"], reason="gone")
    keep(plant, clock, "b", "Paper b on travel.")
    plant.keeper.relabel(kept["c"], plant.intake("user:olga"), version=None)
    plant.keeper.remove(kept["d"], reason="gone")
    keep(plant, clock, "d", "Paper d on leave again.")
    assert found(plant, follower, "leave") == {kept["c"], kept["d"], kept["e"]}
    assert found(plant, follower, "leave", 1) == {kept["d"], kept["e"]}
    assert found(plant, follower, "travel") == {kept["b"]}
    assert near(plant, follower, *labels(plant)) == 4


def test_every_process_comes_to_the_same_index(
    plant: Plant, follower: IndexFollower, folder: Path, clock: Clock
) -> None:
    for name in "abc":
        keep(plant, clock, name, f"Paper {name} on leave.")
        found(plant, follower, "leave")
    plant.keeper.remove(plant.keeper.id_of("shelf", "file:///a"), reason="gone")
    late = follow(plant, folder.with_name("other"))
    built = follow(plant, folder.with_name("third")).rebuild()
    assert found(plant, late, "leave") == found(plant, follower, "leave")
    sequences = {current(plant, each).applied_sequence for each in (late, follower)}
    assert sequences == {built.applied_sequence}
    assert len(built) == 2


def test_nothing_is_written_before_it_is_worth_it(
    plant: Plant, follower: IndexFollower, folder: Path, clock: Clock
) -> None:
    keep(plant, clock, "first", "The first paper.")
    with plant.store.write() as unit:
        [change] = unit.changes.since(0)
        for _ in range(CHANGES_WORTH_SAVING - 2):
            unit.changes.append(RELABEL, change.revision_id, (1, 1), access_label_id=1)
    assert not follower.save()
    assert not (folder / CURRENT).exists()
    keep(plant, clock, "last", "The last paper.")
    assert follower.save()
    assert not follower.save()
    fresh = follow(plant, folder)
    assert current(plant, fresh).applied_sequence == CHANGES_WORTH_SAVING
    assert fresh.rejected == ""


def test_a_saved_index_is_gone_on_from(
    plant: Plant, follower: IndexFollower, folder: Path, clock: Clock
) -> None:
    leave = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    follower.purge()
    plant.keeper.relabel(leave, plant.intake("user:olga"), version=None)
    travel = keep(plant, clock, "travel.md", "Leave by train.")
    fresh = follow(plant, folder)
    assert found(plant, fresh, "leave", 1) == {travel}
    assert found(plant, fresh, "leave") == {leave, travel}
    assert fresh.rejected == ""


def test_a_purge_leaves_nothing_of_what_was_removed(
    plant: Plant, follower: IndexFollower, folder: Path, clock: Clock
) -> None:
    secret = keep(plant, clock, "secret.md", "The code word is xylophone.")
    keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    follower.purge()
    assert holds(current(plant, follower).snapshot(), "xylophon")
    first = (folder / CURRENT).read_text()
    plant.keeper.remove(secret, reason="gone")
    follower.purge()
    assert not (folder / first).exists()
    for index in (current(plant, follower), current(plant, follow(plant, folder))):
        assert len(index) == 1
        assert not holds(index.snapshot(), "xylophon")


@pytest.mark.parametrize("damage", ["another key", "a torn file", "nothing current"])
def test_a_copy_that_does_not_match_is_told_and_built_again(
    plant: Plant, follower: IndexFollower, folder: Path, clock: Clock, damage: str
) -> None:
    leave = keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    follower.purge()
    key = KEY
    if damage == "another key":
        key = b"o" * 32
    elif damage == "a torn file":
        generation = folder / (folder / CURRENT).read_text()
        file = max(generation.iterdir(), key=lambda path: path.stat().st_size)
        file.write_bytes(file.read_bytes()[:-1])
    else:
        (folder / CURRENT).write_text("00000009-000000000000")
    fresh = follow(plant, folder, key=key)
    assert found(plant, fresh, "leave") == {leave}
    assert fresh.rejected


def test_an_index_that_was_never_saved_says_so(plant: Plant, follower: IndexFollower) -> None:
    current(plant, follower)
    assert follower.rejected == "there is no complete generation"


def test_vectors_of_another_model_are_never_mixed_in(
    plant: Plant, follower: IndexFollower, folder: Path, clock: Clock
) -> None:
    keep(plant, clock, "leave.md", "Annual leave is thirty days.")
    with pytest.raises(ModelUnavailableError, match="another model"):
        current(plant, follow(plant, folder, model="other"))
    assert near(plant, follower, *labels(plant)) == 1


def test_erased_content_is_left_out_and_does_not_stop_the_index(
    plant: Plant, follower: IndexFollower, clock: Clock
) -> None:
    gone = keep(plant, clock, "gone.md", "Annual leave is thirty days.")
    stays = keep(plant, clock, "stays.md", "Sick leave is paid.")
    with plant.store.read() as unit:
        kept = unit.documents.get(gone)
    assert kept is not None
    plant.store.keys.destroy([kept.key_id], now=clock())
    assert found(plant, follower, "leave") == {stays}


def test_an_empty_vault_has_an_empty_index(plant: Plant, follower: IndexFollower) -> None:
    assert len(follower.rebuild()) == 0
    assert near(plant, follower, 1) == 0
