"""Rows and labels to measure dense search with: real embeddings, tiled to any size."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROW_NOISE = 0.5
"""Length of the random part of a tiled copy of a row."""
QUESTION_NOISE = 0.35
"""Length of the random part of a question, which is a row of the set otherwise."""
ROWS_PER_DOCUMENT = 12
_GROUPS = 200
_SITES = 3
"""Copies of the folders that have owners of their own, where folders are kept apart."""
_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows, and the label of each.

    Attributes:
        vectors: (n, d) float32, unit-norm.
        labels: (n,) int64, from 0 without gaps.
    """

    vectors: NDArray[np.float32]
    labels: NDArray[np.int64]


def real_rows(folder: Path) -> tuple[NDArray[np.float32], list[str]]:
    """Return the unit rows of the set in ``folder`` and the name of each row's folder."""
    codes = np.load(folder / "vectors_int8.npy", allow_pickle=False)
    rows = unit(codes.astype(np.float32) * np.load(folder / "scale.npy", allow_pickle=False))
    names = (folder / "folders.txt").read_text(encoding="utf-8").split("\n")[: len(rows)]
    return rows, names


def tiled(rows: NDArray[np.float32], size: int, *, seed: int = 0) -> NDArray[np.float32]:
    """Return ``size`` unit rows: ``rows`` over and over, every copy but the first with noise."""
    rng = np.random.default_rng(seed)
    dimension = rows.shape[1]
    vectors = np.empty((size, dimension), np.float32)
    for start in range(0, size, _AT_ONCE):
        numbers = np.arange(start, min(size, start + _AT_ONCE))
        part = rows[numbers % len(rows)]
        noise = rng.standard_normal(part.shape, np.float32) * (ROW_NOISE / np.sqrt(dimension))
        part = np.where((numbers < len(rows))[:, None], part, part + noise)
        vectors[start : start + len(part)] = unit(part)
    return vectors


def folder_labels(names: list[str], size: int, *, departments: int | None) -> NDArray[np.int64]:
    """Return labels as owners give them: by folder, and within one by level and by group.

    Args:
        names: folder of each row that is tiled.
        size: number of rows.
        departments: folders are put together into this many, or left as they are.
    """
    documents = np.arange(len(names)) // ROWS_PER_DOCUMENT
    rng = np.random.default_rng(1)
    levels = rng.choice(4, documents[-1] + 1, p=[0.2, 0.5, 0.2, 0.1])[documents]
    groups = rng.choice(3, documents[-1] + 1)[documents]
    kinds = [_department(name, departments) for name in names]
    folders = np.unique(kinds, return_inverse=True)[1].astype(np.int64)
    keys = np.resize(folders * 12 + levels * 3 + groups, size)
    if departments is None:
        keys = keys * _SITES + np.arange(size) // len(names) % _SITES
    return _numbered(keys)


def document_labels(size: int) -> NDArray[np.int64]:
    """Return labels drawn for every document alone, as if no folder handed them down.

    Up to three of 200 groups, the first of which own most, and one of four levels: a
    million rows have over twenty thousand labels, most of a single document.
    """
    rng = np.random.default_rng(7)
    count = -(-size // 10)
    weights = 1 / np.arange(1, _GROUPS + 1)
    groups = rng.choice(_GROUPS, (count, 3), p=weights / weights.sum())
    used = rng.choice([1, 2, 3], count, p=[0.5, 0.3, 0.2])
    groups[np.arange(3)[None] >= used[:, None]] = _GROUPS
    groups.sort(axis=1)
    levels = rng.choice(4, count, p=[0.5, 0.3, 0.15, 0.05])
    keys = groups @ np.array([201**2, 201, 1]) * 4 + levels
    return _numbered(np.repeat(keys, 10)[:size])


def questions(rows: Rows, count: int, *, seed: int = 3) -> NDArray[np.float32]:
    """Return ``count`` unit questions, each a row of the set and noise."""
    rng = np.random.default_rng(seed)
    near = rows.vectors[rng.choice(len(rows.vectors), count, replace=False)]
    noise = rng.standard_normal(near.shape) * (QUESTION_NOISE / np.sqrt(near.shape[1]))
    return unit((near + noise).astype(np.float32))


def visible_labels(labels: NDArray[np.int64], share: float) -> frozenset[int]:
    """Return whole labels, drawn with a fixed seed, that hold about ``share`` of the rows."""
    counts = np.bincount(labels)
    if share >= 1:
        return frozenset(range(len(counts)))
    chosen: list[int] = []
    held = 0
    for label in np.random.default_rng(5).permutation(len(counts)).tolist():
        if held + counts[label] <= 1.15 * share * len(labels):
            chosen.append(label)
            held += int(counts[label])
        if held >= 0.9 * share * len(labels):
            break
    return frozenset(chosen)


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``rows`` at length 1."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _department(name: str, departments: int | None) -> str:
    return name if departments is None else str(zlib.crc32(name.encode()) % departments)


def _numbered(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)
