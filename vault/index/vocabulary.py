"""The terms of a run of documents in order of their spelling, in a few bytes a term."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_HEAD = 8
_BREAK = 10


class Vocabulary(Sequence[str]):
    """Distinct terms, rising in the order of their UTF-8 bytes; a term's place is its rank.

    A Python dictionary of two million words takes 250 MB; this takes about 25.

    Args:
        text: (b,) uint8, the terms in order, each ended by a line feed, which no term holds.
    """

    __slots__ = ("_ends", "_heads", "text")

    def __init__(self, text: NDArray[np.uint8]) -> None:
        self.text = text
        self._ends = np.flatnonzero(text == _BREAK)
        self._heads = self._first_bytes()

    @classmethod
    def of(cls, terms: Sequence[str]) -> "Vocabulary":
        """Return the vocabulary of distinct ``terms`` that are in order already."""
        joined = "".join(f"{term}\n" for term in terms)
        return cls(np.frombuffer(joined.encode(), np.uint8))

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._ends)

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        """Return the term at ``place``, at least 0."""
        return self._bytes(place).decode()

    def __iter__(self) -> Iterator[str]:
        """Yield the terms in order."""
        yield from self.text.tobytes().decode().split("\n")[:-1]

    def places(self, terms: Sequence[str]) -> list[int]:
        """Return the place of each term, -1 for those that are not here."""
        spelled = [term.encode() for term in terms]
        heads = np.array([_head(word) for word in spelled], np.uint64)
        firsts = self._heads.searchsorted(heads, "left").tolist()
        lasts = self._heads.searchsorted(heads, "right").tolist()
        return [
            self._place(word, first, last)
            for word, first, last in zip(spelled, firsts, lasts, strict=True)
        ]

    def opening(self, letter: str) -> tuple[int, int]:
        """Return the first place and the end of the terms that begin with ``letter``."""
        low, width = letter.encode(), 8 * (_HEAD - len(letter.encode()))
        first = _head(low)
        edges = np.array([first, first + (1 << width) - 1], np.uint64)
        return (
            int(self._heads.searchsorted(edges[0], "left")),
            int(self._heads.searchsorted(edges[1], "right")),
        )

    def rising(self) -> bool:
        """Tell whether every term stands behind the one before it, as far as eight bytes show."""
        return bool((self._heads[1:] >= self._heads[:-1]).all())

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.text.nbytes + self._ends.nbytes + self._heads.nbytes

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of bytes of each term."""
        return np.diff(self._ends, prepend=-1) - 1

    def starts(self) -> NDArray[np.int64]:
        """Return where each term begins in ``text``."""
        return np.concatenate([[0], self._ends[:-1] + 1])[: len(self._ends)].astype(np.int64)

    def _place(self, word: bytes, first: int, last: int) -> int:
        if last - first > 1:
            first = bisect_left(range(last), word, lo=first, key=self._bytes)
        return first if first < last and self._bytes(first) == word else -1

    def _bytes(self, place: int) -> bytes:
        start = int(self._ends[place - 1]) + 1 if place else 0
        return self.text[start : int(self._ends[place])].tobytes()

    def _first_bytes(self) -> NDArray[np.uint64]:
        """Return the first eight bytes of each term as a number that sorts as they do."""
        heads = np.zeros(len(self._ends), np.uint64)
        starts, lengths = self.starts(), self.lengths()
        padded = np.concatenate([self.text, np.zeros(_HEAD, np.uint8)])
        for position in range(_HEAD):
            letters = np.where(lengths > position, padded[starts + position], 0)
            heads = (heads << np.uint64(8)) | letters.astype(np.uint64)
        return heads


def _head(word: bytes) -> int:
    return int.from_bytes(word[:_HEAD].ljust(_HEAD, b"\0"), "big")
