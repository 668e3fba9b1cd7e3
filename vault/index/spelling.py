"""Terms of a vocabulary that differ from a word by a slip of the hand."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vault.index.vocabulary import Vocabulary

SHORTEST = 4
"""Letters from which a word may be a misspelling; shorter ones have too many neighbours."""
LONG = 8
"""Letters from which two slips are forgiven."""


def forgiven(word: str) -> int:
    """Return how many slips ``word`` may hold; none if it is short or names something."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) < LONG else 2


def near(word: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """Yield the terms a few slips away from ``word``, with their number, in order of spelling.

    Slips are letters left out, put in, mistaken or swapped with the next. The first letter is
    taken to be right: that one is rarely mistaken, and it leaves a small part to be read.

    Source:
        Damerau, "A technique for computer detection and correction of spelling errors", 1964.
    """
    most = forgiven(word)
    if not most:
        return
    first, last = vocabulary.opening(word[0])
    for place in _candidates(word, vocabulary, slice(first, last), most):
        term = vocabulary[first + int(place)]
        slips = distance(word, term, most)
        if 0 < slips <= most:
            yield term, slips


def distance(first: str, second: str, most: int) -> int:
    """Return the least number of slips that turn one word into the other, or ``most + 1``."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        oldest, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            least = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                least = min(least, oldest[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _candidates(word: str, vocabulary: Vocabulary, where: slice, most: int) -> NDArray[np.int64]:
    """Return the places within ``where`` of terms of like length that hold like letters."""
    spelled = word.encode()
    # A slip changes one letter, of as many bytes as the script needs.
    reach = most * -(-len(spelled) // len(word))
    lengths = vocabulary.lengths()[where]
    places = np.flatnonzero(np.abs(lengths - len(spelled)) <= reach)
    starts = vocabulary.starts()[where][places]
    held = np.zeros(len(places), np.uint64)
    for offset in range(len(spelled) + reach):
        inside = lengths[places] > offset
        letters = vocabulary.text[np.where(inside, starts + offset, starts)]
        held |= np.uint64(1) << (letters & 63).astype(np.uint64)
    own = np.bitwise_or.reduce(
        np.uint64(1) << (np.frombuffer(spelled, np.uint8) & 63).astype(np.uint64)
    )
    # All of them: were there a limit, terms of hidden chunks could push visible ones out.
    alike: NDArray[np.int64] = places[np.bitwise_count(held ^ own) <= 2 * reach]
    return alike
