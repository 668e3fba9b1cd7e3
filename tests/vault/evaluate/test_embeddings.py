"""Rows are unit vectors, the same for the same seed, and real ones are tiled in order."""

from pathlib import Path

import numpy as np
import pytest

from vault.domain.errors import InvalidRequestError
from vault.evaluate.embeddings import Shape, generated, read_embeddings, tiled
from vault.evaluate.workload import Workload


def real(count: int) -> np.ndarray:
    rows = np.random.default_rng(2).standard_normal((count, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def lengths(workload: Workload) -> np.ndarray:
    return np.linalg.norm(np.concatenate([workload.vectors(), workload.queries]), axis=1)


def test_made_up_rows_and_queries_have_length_one(workload: Workload) -> None:
    assert np.allclose(lengths(workload), 1, atol=1e-5)


def test_the_same_seed_makes_the_same_workload(workload: Workload, tmp_path: Path) -> None:
    again = generated(tmp_path, Shape(size=1_200, labels=60, queries=12))
    assert (again.vectors() == workload.vectors()).all()
    assert (again.labels == workload.labels).all()
    assert (again.queries == workload.queries).all()


def test_made_up_rows_lie_in_clusters(workload: Workload) -> None:
    rows = workload.vectors(in_memory=True)
    within = np.mean([rows[start] @ rows[start + 1] for start in range(0, 1_200, 10)])
    across = np.mean([rows[start] @ rows[(start + 600) % 1_200] for start in range(0, 1_200, 10)])
    assert within > across + 0.2


def test_real_rows_come_first_and_are_then_repeated_with_noise(tmp_path: Path) -> None:
    source = real(50)
    workload = tiled(tmp_path, Shape(size=120, labels=1, queries=5), source)
    rows = workload.vectors(in_memory=True)
    assert (rows[:50] == source).all()
    likeness = np.sum(rows[50:100] * source, axis=1)
    assert (likeness > 0.5).all()
    assert (likeness < 0.999).all()
    assert np.allclose(lengths(workload), 1, atol=1e-5)


def test_a_repeated_row_keeps_its_label_while_labels_are_few(tmp_path: Path) -> None:
    workload = tiled(tmp_path, Shape(size=2_000, labels=10, queries=5), real(1_000))
    assert (workload.labels[:1_000] == workload.labels[1_000:]).all()


def test_tiles_have_labels_of_their_own_when_labels_are_many(tmp_path: Path) -> None:
    workload = tiled(tmp_path, Shape(size=2_000, labels=200, queries=5), real(1_000))
    assert not set(workload.labels[:1_000]) & set(workload.labels[1_000:])
    assert 100 <= workload.labels.max() <= 200


def test_more_real_rows_than_wanted_are_sampled_in_order(tmp_path: Path) -> None:
    source = real(100)
    rows = tiled(tmp_path, Shape(size=10, labels=1, queries=2), source).vectors()
    places = [int(np.argmax(source @ row)) for row in rows]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, 99)


def test_whole_numbers_are_read_as_directions(tmp_path: Path) -> None:
    codes = (real(20) * 127).round().astype(np.int8)
    np.save(tmp_path / "codes.npy", codes)
    found = read_embeddings(tmp_path / "codes.npy")
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert (np.sum(found * real(20), axis=1) > 0.99).all()


@pytest.mark.parametrize(
    "rows",
    [
        np.zeros((20, 4), np.float32),
        np.full((20, 4), np.nan, np.float32),
        np.ones((3, 4), np.float32),
        np.ones(20, np.float32),
        np.array([["word"] * 4] * 20),
    ],
    ids=["zero", "not a number", "too few", "one row", "words"],
)
def test_rows_that_are_no_embeddings_are_refused(tmp_path: Path, rows: np.ndarray) -> None:
    np.save(tmp_path / "rows.npy", rows)
    with pytest.raises(InvalidRequestError, match=r"rows\.npy"):
        read_embeddings(tmp_path / "rows.npy")


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_array_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows.npy").write_bytes(content)
    with pytest.raises(InvalidRequestError, match="cannot be read"):
        read_embeddings(tmp_path / "rows.npy")


def test_an_array_of_objects_is_refused_and_not_executed(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", np.array([{"a": 1}] * 20, object), allow_pickle=True)
    with pytest.raises(InvalidRequestError, match="cannot be read"):
        read_embeddings(tmp_path / "rows.npy")


@pytest.mark.parametrize(
    ("size", "labels", "queries"), [(0, 1, 1), (100, 0, 1), (100, 1, 0), (100, 101, 1), (50, 1, 51)]
)
def test_a_shape_that_nothing_can_be_measured_on_is_refused(
    size: int, labels: int, queries: int
) -> None:
    with pytest.raises(InvalidRequestError):
        Shape(size=size, labels=labels, queries=queries)
