"""Questions as they are searched: cleaned once, where they come in."""

import unicodedata
from dataclasses import dataclass

from vault.domain.errors import InvalidRequestError

_SPACES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_UNSEEN = frozenset({"\u200b", "\u2060", "\ufeff", "\u00ad"})
"""Zero-width marks and the soft hyphen; joiners stay, because some scripts need them."""


@dataclass(frozen=True, slots=True)
class Question:
    """Words to search, without control characters; ``clean`` alone makes one."""

    text: str


def clean(text: str, *, longest: int) -> Question:
    """Return the question in ``text`` without control characters and outer white space.

    Args:
        text: what the caller sent.
        longest: most characters it may have.

    Raises:
        InvalidRequestError: nothing is left, or it is too long.
    """
    if len(text) > longest:
        raise InvalidRequestError(f"the question has {len(text)} characters; at most {longest} fit")
    asked = " ".join("".join(map(_plain, text)).split())
    if not any(letter.isalnum() for letter in asked):
        raise InvalidRequestError("the question is empty")
    return Question(asked)


def _plain(letter: str) -> str:
    if unicodedata.category(letter) in _SPACES:
        return " "
    return "" if letter in _UNSEEN else letter
