"""Generations on disk: whole or refused, whatever happens while they are written or after."""

import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.vault.index.reference import clustered, rows_of, visible
from vault.domain.errors import HomeUnavailableError
from vault.index.generations import CURRENT, load_latest, save
from vault.index.index import VaultIndex

KEY = b"k" * 32
DIMENSION = 8
SEEN = visible(1, 2)


def filled(count: int, *, sequence: int) -> VaultIndex:
    rng = np.random.default_rng(count)
    index = VaultIndex(DIMENSION, "model-a")
    vectors, labels = clustered(rng, count, DIMENSION), rng.integers(1, 3, count)
    index.add(rows_of(range(1, count + 1), labels, vectors))
    index.remove(np.arange(1, 20))
    index.relabel(np.arange(20, 30), 2)
    index.applied_sequence = sequence
    return index


def same_answers(first: VaultIndex, second: VaultIndex) -> bool:
    query = clustered(np.random.default_rng(0), 1, DIMENSION)[0]
    pairs = [
        (first.dense(query, SEEN, 30), second.dense(query, SEEN, 30)),
        (first.lexical("chunk number 25", SEEN, 30), second.lexical("chunk number 25", SEEN, 30)),
    ]
    return first.applied_sequence == second.applied_sequence and all(
        one.chunk_ids.tobytes() == other.chunk_ids.tobytes()
        and one.scores.tobytes() == other.scores.tobytes()
        for one, other in pairs
    )


def loaded(root: Path) -> VaultIndex:
    found = load_latest(root, key=KEY, fingerprint="model-a")
    assert found.index is not None, found.rejected
    return found.index


def generation(root: Path) -> Path:
    return root / (root / CURRENT).read_text()


def in_child(action: Callable[[], None]) -> int:
    """Run ``action`` in a forked process and return its exit code."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            action()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    index = filled(400, sequence=12)
    assert save(index, tmp_path, key=KEY) == 1
    again = loaded(tmp_path)
    assert same_answers(index, again)
    assert len(again) == 381
    assert again.remove(np.arange(100, 110)) == 10


def test_a_loaded_index_goes_on_as_the_saved_one_would(tmp_path: Path) -> None:
    index = filled(900, sequence=1)
    save(index, tmp_path, key=KEY)
    again = loaded(tmp_path)
    rng = np.random.default_rng(5)
    for start in range(2_000, 2_600, 60):
        rows = rows_of(range(start, start + 60), [1] * 60, clustered(rng, 60, DIMENSION))
        for one in (index, again):
            one.add(rows)
            one.remove(np.arange(start - 30, start + 10))
    assert same_answers(index, again)
    cells = [one.snapshot().dense.segments[1].cells.fine.tobytes() for one in (index, again)]
    assert cells[0] == cells[1]


def test_an_empty_index_can_be_saved(tmp_path: Path) -> None:
    save(VaultIndex(DIMENSION, "model-a"), tmp_path, key=KEY)
    assert len(loaded(tmp_path)) == 0


def test_only_the_newest_generation_is_kept(tmp_path: Path) -> None:
    save(filled(50, sequence=1), tmp_path, key=KEY)
    save(filled(60, sequence=2), tmp_path, key=KEY)
    assert sorted(p.name[:8] for p in tmp_path.iterdir() if p.is_dir()) == ["00000002"]
    assert loaded(tmp_path).applied_sequence == 2


def test_no_vector_and_no_word_lies_in_the_clear(tmp_path: Path) -> None:
    vectors = clustered(np.random.default_rng(0), 300, DIMENSION)
    index = VaultIndex(DIMENSION, "model-a")
    index.add(rows_of(range(300), [1] * 300, vectors, ["zanzibar"] * 300))
    save(index, tmp_path, key=KEY)
    content = b"".join(path.read_bytes() for path in generation(tmp_path).iterdir())
    assert b"zanzibar" not in content
    assert not any(row.tobytes() in content for row in vectors)


def test_nothing_saved_yet_is_said_so(tmp_path: Path) -> None:
    found = load_latest(tmp_path / "none", key=KEY, fingerprint="model-a")
    assert (found.index, found.rejected) == (None, "there is no complete generation")


@pytest.mark.parametrize(
    ("key", "fingerprint"), [(b"x" * 32, "model-a"), (KEY, "model-b")], ids=["key", "model"]
)
def test_another_key_or_another_model_is_refused(
    tmp_path: Path, key: bytes, fingerprint: str
) -> None:
    save(filled(60, sequence=1), tmp_path, key=KEY)
    found = load_latest(tmp_path, key=key, fingerprint=fingerprint)
    assert found.index is None
    assert found.rejected


def test_one_flipped_bit_anywhere_is_refused(tmp_path: Path) -> None:
    save(filled(60, sequence=1), tmp_path, key=KEY)
    rng = np.random.default_rng(0)
    for path in sorted(generation(tmp_path).iterdir()):
        whole = path.read_bytes()
        for place in {0, len(whole) - 1, *rng.integers(0, len(whole), 6).tolist()}:
            damaged = bytearray(whole)
            damaged[place] ^= 1 << int(rng.integers(8))
            path.write_bytes(damaged)
            assert load_latest(tmp_path, key=KEY, fingerprint="model-a").index is None, path.name
        path.write_bytes(whole)
    loaded(tmp_path)


def test_a_cut_a_lengthened_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    save(filled(60, sequence=1), tmp_path, key=KEY)
    for path in sorted(generation(tmp_path).iterdir()):
        whole = path.read_bytes()
        for other in (whole[:-1], whole[: len(whole) // 2], b"", whole + b"\0"):
            path.write_bytes(other)
            assert load_latest(tmp_path, key=KEY, fingerprint="model-a").index is None, path.name
        path.unlink()
        assert load_latest(tmp_path, key=KEY, fingerprint="model-a").index is None, path.name
        path.write_bytes(whole)
    loaded(tmp_path)


def test_files_of_one_generation_do_not_pass_in_another(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    save(filled(60, sequence=1), first, key=KEY)
    save(filled(60, sequence=1), second, key=KEY)
    for name in ("vectors", "row_chunks", "document_labels"):
        kept = (generation(second) / name).read_bytes()
        shutil.copy(generation(first) / name, generation(second) / name)
        assert load_latest(second, key=KEY, fingerprint="model-a").index is None
        (generation(second) / name).write_bytes(kept)
    generation(second).rename(second / generation(second).name.replace("00000001", "00000009"))
    (second / CURRENT).write_text(next(second.glob("00000009*")).name)
    assert load_latest(second, key=KEY, fingerprint="model-a").index is None


@pytest.mark.parametrize("pointer", ["", "../../etc", "00000001", "x" * 5000])
def test_a_damaged_pointer_is_refused(tmp_path: Path, pointer: str) -> None:
    save(filled(30, sequence=1), tmp_path, key=KEY)
    (tmp_path / CURRENT).write_text(pointer)
    found = load_latest(tmp_path, key=KEY, fingerprint="model-a")
    assert found.index is None
    assert "pointer" in found.rejected


def test_a_pointer_that_is_no_text_is_refused(tmp_path: Path) -> None:
    save(filled(30, sequence=1), tmp_path, key=KEY)
    (tmp_path / CURRENT).write_bytes(b"\xff\xfe")
    assert load_latest(tmp_path, key=KEY, fingerprint="model-a").index is None


def test_a_process_killed_after_any_step_leaves_the_old_generation_or_the_new(
    tmp_path: Path,
) -> None:
    old, new = filled(120, sequence=1), filled(260, sequence=2)
    steps: list[str] = []
    save(new, tmp_path / "counted", key=KEY, on_step=steps.append)
    assert len(steps) > 15
    outcomes = set()
    for fatal in range(len(steps)):
        root = tmp_path / f"killed-{fatal}"
        save(old, root, key=KEY)
        done: list[str] = []

        def die(step: str, done: list[str] = done, fatal: int = fatal) -> None:
            done.append(step)
            if len(done) > fatal:
                os._exit(42)

        assert in_child(lambda root=root, die=die: save(new, root, key=KEY, on_step=die)) == 42
        found = loaded(root)
        assert same_answers(found, old) or same_answers(found, new)
        outcomes.add(found.applied_sequence)
        save(new, root, key=KEY)
        assert same_answers(loaded(root), new)
        assert len([path for path in root.iterdir() if path.is_dir()]) == 1
    assert outcomes == {1, 2}


def test_a_disk_that_takes_no_more_is_reported_and_the_old_generation_stays(
    tmp_path: Path,
) -> None:
    old = filled(60, sequence=1)
    save(old, tmp_path, key=KEY)
    new = filled(3_000, sequence=2)

    def save_with_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            save(new, tmp_path, key=KEY)
        except HomeUnavailableError:
            os._exit(7)

    assert in_child(save_with_little_room) == 7
    assert same_answers(loaded(tmp_path), old)
    assert not list(tmp_path.glob(".unfinished*"))


def test_saving_while_a_batch_is_open_elsewhere_waits_for_its_end(tmp_path: Path) -> None:
    """The sequence on disk never claims less or more than the rows beside it."""
    index = filled(60, sequence=1)
    with index.batch():
        rows = rows_of([500], [1], clustered(np.random.default_rng(0), 1, DIMENSION))
        index.add(rows)
        index.applied_sequence = 2
    save(index, tmp_path, key=KEY)
    assert loaded(tmp_path).applied_sequence == 2
    assert loaded(tmp_path).remove(np.array([500])) == 1
