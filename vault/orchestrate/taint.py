"""Finds which outputs the arguments of a call derive from, by exact rules and no model."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vault.domain.labels import LOWEST, Label, join_all
from vault.domain.runs import CallStatus
from vault.domain.tools import Trust
from vault.orchestrate.planner import Observation

SHORTEST = 4
"""Characters from which on a value that stands in an output counts as taken from it."""
RUN_OF_WORDS = 4
"""Words in a row that do not stand in two texts by chance."""
_TELLING = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+|[\w-]*\d[\w.,:/-]*\d|\b\d{2,}\b")
"""Addresses, links and numbers: what an act is about, and short enough to be copied alone."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a call's arguments derive from.

    Attributes:
        label: join of the labels of those outputs.
        tainted: whether any of them is untrusted.
        calls: ids of the calls they came from.
    """

    label: Label = LOWEST
    tainted: bool = False
    calls: tuple[str, ...] = ()


def origin_of(
    arguments: object,
    observations: Sequence[Observation],
    *,
    declared: frozenset[str],
    trusted: str,
) -> Origin:
    """Return what arguments derive from.

    Args:
        arguments: JSON values.
        observations: the run's outputs so far.
        declared: calls that the planner says it used; they count whatever the text says.
        trusted: text that people wrote for this run; what stands there may be used freely.
    """
    # Names of parameters come from the tool's schema; only what stands deeper can be copied.
    values = list(arguments.values()) if isinstance(arguments, Mapping) else arguments
    given = [_plain(text) for text in leaves(values)]
    known = _plain(trusted)
    found = [
        seen
        for seen in observations
        if seen.status is CallStatus.SUCCEEDED
        and (seen.call.id in declared or _overlaps(given, _plain_all(seen.content), known))
    ]
    return Origin(
        label=join_all(seen.label for seen in found),
        tainted=any(seen.trust is Trust.UNTRUSTED for seen in found),
        calls=tuple(seen.call.id for seen in found),
    )


def leaves(value: object) -> Iterator[str]:
    """Yield every text and number in a JSON value, names of members included."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield str(name)
            yield from leaves(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from leaves(member)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:g}" if isinstance(value, float) else str(value)


def _overlaps(given: Sequence[str], output: str, trusted: str) -> bool:
    return any(
        piece in output and piece not in trusted for text in given for piece in _pieces(text)
    )


def _pieces(text: str) -> Iterator[str]:
    """Yield what would betray that a text was taken from another."""
    if len(text) >= SHORTEST:
        yield text
    for match in _TELLING.finditer(text):
        yield match[0].strip(".,:/-")
    words = text.split()
    for place in range(len(words) - RUN_OF_WORDS + 1):
        yield " ".join(words[place : place + RUN_OF_WORDS])


def _plain_all(value: object) -> str:
    return "\n".join(_plain(text) for text in leaves(value))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
