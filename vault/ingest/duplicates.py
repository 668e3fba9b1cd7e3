"""Tells which texts are nearly the same: a small sketch of each, and groups of equal parts."""

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import rensa
from numpy.typing import NDArray

SKETCH = "sketch"
"""Kind of the blob that holds the sketch of a revision, sealed with its document's key."""
PERMUTATIONS = 128
BANDS = 32
"""Bands of four values: texts that share 80 % of their runs of words meet almost surely."""
SEED = 42
RUN = 3
"""Words of one run."""
NEAR = 0.5
"""Share of common runs, as the sketches estimate it, from which two texts are near copies;
a tenth of the words changed leaves a little more than half of the runs."""
FEWEST_WORDS = 20
"""A shorter text is a form's or a cover's, and its like says nothing."""
MOST_WORDS = 200_000
"""Words of a text that its sketch is made of."""
_WORD = re.compile(r"\w+")
_DIGEST = np.dtype("<u4")


def sketch(text: str) -> bytes:
    """Return the sketch of a text, 512 bytes, or none for a text too short to compare.

    Source:
        Broder, "On the resemblance and containment of documents", 1997 (MinHash).
    """
    words = _WORD.findall(text[: 20 * MOST_WORDS].casefold())[:MOST_WORDS]
    if len(words) < FEWEST_WORDS:
        return b""
    made = rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    made.update([" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)])
    return np.asarray(made.digest(), dtype=_DIGEST).tobytes()


def groups(sketches: Sequence[bytes], *, near: float = NEAR) -> list[list[int]]:
    """Return the places of texts that are near copies of each other, two or more a group.

    A group holds what is like its first text. Empty sketches belong to none.

    Args:
        sketches: what ``sketch`` made of each text.
        near: estimated share of common runs from which two texts are alike.

    Source:
        Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4 (banding).
    """
    places = np.array([place for place, each in enumerate(sketches) if each], dtype=np.int64)
    if len(places) < 2:
        return []
    rows = np.frombuffer(b"".join(each for each in sketches if each), dtype=_DIGEST)
    rows = rows.reshape(len(places), PERMUTATIONS)
    leaders = np.arange(len(places))
    for members in _meeting(rows):
        _lead(leaders, rows, members, near)
    found: dict[int, list[int]] = {}
    for row in range(len(places)):
        found.setdefault(_leader(leaders, row), []).append(int(places[row]))
    return [members for members in found.values() if len(members) > 1]


def _meeting(rows: NDArray[np.uint32]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows that agree in all of one band, for each band."""
    width = PERMUTATIONS // BANDS
    for band in range(BANDS):
        part = np.ascontiguousarray(rows[:, band * width : (band + 1) * width])
        keys = part.view(np.dtype((np.void, part.itemsize * width))).ravel()
        order = np.argsort(keys, kind="stable")
        edges = np.flatnonzero(keys[order][1:] != keys[order][:-1]) + 1
        starts = np.concatenate(([0], edges))
        ends = np.concatenate((edges, [len(order)]))
        for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
            yield order[start:end]


def _lead(
    leaders: NDArray[np.int64], rows: NDArray[np.uint32], members: NDArray[np.int64], near: float
) -> None:
    """Put those members that are like the first one's leader under it."""
    first = _leader(leaders, int(members.min()))
    others = np.unique([_leader(leaders, int(member)) for member in members])
    others = others[others != first]
    if len(others):
        alike = (rows[others] == rows[first]).mean(axis=1) >= near
        leaders[others[alike]] = first


def _leader(leaders: NDArray[np.int64], row: int) -> int:
    while leaders[row] != row:
        row = int(leaders[row])
    return row


def sketches(texts: Iterable[str]) -> list[bytes]:
    """Return the sketch of each text."""
    return [sketch(text) for text in texts]
