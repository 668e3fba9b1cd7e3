"""Where plain words stand in a text: a search for them is much faster than one for a pattern."""

from collections.abc import Iterable, Iterator

_LONGEST_LINE = 160
"""Characters; what stands on a longer line is prose."""


def folded(text: str) -> str:
    """Return the text in lower case, every character at the place it had."""
    lower = text.lower()
    if len(lower) != len(text):
        # A few capital letters become two; then places would no longer agree.
        lower = "".join(letter.lower() if len(letter.lower()) == 1 else "?" for letter in text)
    return lower


def places(lower: str, words: Iterable[str]) -> list[int]:
    """Return where any of ``words`` stands in folded text, rising."""
    found = []
    for word in words:
        place = lower.find(word)
        while place >= 0:
            found.append(place)
            place = lower.find(word, place + 1)
    return sorted(found)


def lines_with(text: str, lower: str, words: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield start and text of each short line that holds one of ``words``, once."""
    end = -1
    for place in places(lower, words):
        if place < end:
            continue
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        if end - start <= _LONGEST_LINE:
            yield start, text[start:end]
