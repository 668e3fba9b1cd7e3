"""Rows to compare engines on: a seeded generator, and real embeddings tiled to any size."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vault.domain.errors import InvalidRequestError
from vault.evaluate.labelling import label_rows
from vault.evaluate.workload import Workload, row_file, visible_shares

DIMENSION = 384
QUERY_NOISE = 0.35
"""Length of the random part of a query, which is a row of the set otherwise."""
TILE_NOISE = 0.5
"""Length of the random part of a row that repeats a real one."""
_DOMAINS = 60
_MOST_TOPICS = 2_000
_DOCUMENT_ROWS = 10
_BLOCK = 20_000
_SPECTRUM_DECAY = 24.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a workload is.

    Attributes:
        size: number of rows, at least 10.
        labels: number of labels to aim at, at least 1.
        queries: number of queries, at least 1.
        seed: of every random choice.
    """

    size: int
    labels: int
    queries: int
    seed: int = 7

    def __post_init__(self) -> None:
        """Refuse a shape that nothing can be measured on.

        Raises:
            InvalidRequestError: a number is too small, or there are more queries than rows.
        """
        if self.size < _DOCUMENT_ROWS or self.labels < 1 or self.queries < 1:
            raise InvalidRequestError("a comparison needs 10 rows, 1 label and 1 query at least")
        if self.queries > self.size or self.labels > self.size:
            raise InvalidRequestError("there cannot be more queries or labels than rows")


def generated(folder: Path, shape: Shape) -> Workload:
    """Write made-up rows into ``folder`` and return the workload.

    Unit vectors around topics within domains, topics of uneven size, in documents of ten
    rows; their spectrum decays, and they share a common direction, as those of sentence
    encoders do. Neighbouring rows belong to one domain, so labels follow what texts are about.
    """
    rng = np.random.default_rng(shape.seed)
    spectrum = (1 / np.sqrt(1 + np.arange(DIMENSION) / _SPECTRUM_DECAY)).astype(np.float32)
    spectrum /= np.linalg.norm(spectrum)
    turn = np.linalg.qr(rng.standard_normal((DIMENSION, DIMENSION)))[0].astype(np.float32)
    topics = max(_DOMAINS, min(_MOST_TOPICS, shape.size // 50))

    def noise(rows: int) -> NDArray[np.float32]:
        return rng.standard_normal((rows, DIMENSION), np.float32) * spectrum

    domain_of = np.sort(rng.integers(0, _DOMAINS, topics))
    centres = 0.35 * noise(1) + 0.75 * noise(_DOMAINS)[domain_of] + 0.8 * noise(topics)
    weights = rng.permutation(1 / np.arange(1, topics + 1) ** 0.6)
    documents = -(-shape.size // _DOCUMENT_ROWS)
    topic_of = np.sort(rng.choice(topics, documents, p=weights / weights.sum()))
    rows = row_file(folder, rows=shape.size, dimension=DIMENSION)
    for start in range(0, shape.size, _BLOCK):
        numbers = np.arange(start, min(start + _BLOCK, shape.size)) // _DOCUMENT_ROWS
        of_block = numbers - numbers[0]
        middles = centres[topic_of[numbers]] + 0.5 * noise(int(of_block[-1]) + 1)[of_block]
        rows[start : start + len(numbers)] = _unit((middles + 0.65 * noise(len(numbers))) @ turn)
    labels = label_rows(shape.size, shape.labels, rng)
    return _finished(folder, rows, labels, shape, first=shape.size)


def tiled(folder: Path, shape: Shape, real: NDArray[np.float32]) -> Workload:
    """Write ``real`` rows into ``folder``, repeated with noise up to the size, as a workload.

    Fewer rows than there are keeps an even sample, in order. A repeated row keeps the label of
    the row it repeats while labels are few; when they are many, each tile has its own.

    Args:
        folder: an empty folder.
        shape: the size wanted.
        real: (n, d) float32, rows unit-norm, neighbours related.
    """
    rng = np.random.default_rng(shape.seed)
    if len(real) > shape.size:
        real = real[np.linspace(0, len(real) - 1, shape.size).astype(np.int64)]
    tiles = -(-shape.size // len(real))
    apart = shape.labels * 40 > len(real) and tiles > 1
    base = label_rows(len(real), max(1, shape.labels // tiles) if apart else shape.labels, rng)
    rows = row_file(folder, rows=shape.size, dimension=real.shape[1])
    labels = np.empty(shape.size, np.int64)
    for tile in range(tiles):
        held = slice(tile * len(real), min((tile + 1) * len(real), shape.size))
        count = held.stop - held.start
        rows[held] = real[:count] if not tile else _near(real[:count], TILE_NOISE, rng)
        labels[held] = base[:count] + (tile * (int(base.max()) + 1) if apart else 0)
    labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    return _finished(folder, rows, labels, shape, first=len(real))


def read_embeddings(path: Path) -> NDArray[np.float32]:
    """Return the rows of a ``.npy`` file of float32, float16 or int8, made unit-norm.

    Raises:
        InvalidRequestError: it is not such a file, or a row is zero or not finite.
    """
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InvalidRequestError(f"{path.name} cannot be read as a .npy file") from error
    if not isinstance(found, np.ndarray) or found.ndim != 2 or found.dtype.kind not in "fi":
        raise InvalidRequestError(f"{path.name} must hold rows of numbers")
    rows = found.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if len(rows) < _DOCUMENT_ROWS or not bool((np.isfinite(lengths) & (lengths > 0)).all()):
        raise InvalidRequestError(f"{path.name} needs 10 finite rows at least, none of them zero")
    unit: NDArray[np.float32] = rows / lengths
    return unit


def _finished(
    folder: Path,
    rows: NDArray[np.float32],
    labels: NDArray[np.int64],
    shape: Shape,
    *,
    first: int,
) -> Workload:
    rng = np.random.default_rng(shape.seed + 1)
    chosen = np.sort(rng.choice(first, min(shape.queries, first), replace=False))
    queries = _near(np.asarray(rows[chosen]), QUERY_NOISE, rng)
    workload = Workload(folder, labels, rng.permutation(queries), visible_shares(labels))
    workload.save()
    return workload


def _near(rows: NDArray[np.float32], noise: float, rng: np.random.Generator) -> NDArray[np.float32]:
    scale = np.float32(noise / np.sqrt(rows.shape[1]))
    return _unit(rows + rng.standard_normal(rows.shape, np.float32) * scale)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
