"""What an answerer may do, and the plain notes it leaves for the reader."""

from dataclasses import dataclass

from vault.answer.compose import Composition
from vault.domain.evidence import Usage

ASSUMED_WATTS = 15.0
"""Power of one busy processor core, in watts; machines with meters can replace it."""

NOTE_NO_GENERATOR = "No generator is loaded; the answer quotes its sources."
NOTE_GENERATOR_SILENT = "The generator gave no usable text; the answer quotes its sources."
NOTE_STALE = "All sources of this answer are past their freshness date."
NOTE_SUPERSEDED = "A source of this answer has been superseded."
NOTE_CONFLICT = "The sources disagree; each is quoted."


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """Rules of one vault for making answers.

    Attributes:
        max_sentences: most sentences of one answer.
        max_related: most passages shown instead of an answer.
        answer_stale: whether stale evidence is answered with a warning rather than withheld.
        short_spans: whether the generator may highlight a span of the first sentence.
        synthesis: whether the generator passed its self-test and may write sentences.
        writing_seconds: longest time the generator may write for one answer.
        watts: assumed power of one busy core.
    """

    max_sentences: int = 3
    max_related: int = 3
    answer_stale: bool = True
    short_spans: bool = True
    synthesis: bool = False
    writing_seconds: float = 20.0
    watts: float = ASSUMED_WATTS


def estimated_usage(
    *, tokens: tuple[int, int], seconds: float, busy_seconds: float, watts: float
) -> Usage:
    """Return what an answer cost; joules are processor seconds times assumed watts.

    Args:
        tokens: input and output tokens of the generator.
        seconds: wall time.
        busy_seconds: processor time of the process meanwhile, an upper bound when answers
            are made side by side.
        watts: assumed power of one busy core.
    """
    return Usage(
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        seconds=round(max(0.0, seconds), 6),
        joules=round(max(0.0, busy_seconds) * watts, 6),
        energy_method="estimated",
    )


def notes(found: Composition, *, generator: bool, helped: bool) -> str:
    """Return what a reader should know about how the answer was made, in plain sentences.

    Args:
        found: the evidence of the answer.
        generator: whether one is loaded.
        helped: whether it gave anything that was used.
    """
    said = []
    if not generator:
        said.append(NOTE_NO_GENERATOR)
    elif not helped:
        said.append(NOTE_GENERATOR_SILENT)
    if found.conflicts:
        said.append(NOTE_CONFLICT)
    if found.stale:
        said.append(NOTE_STALE)
    if any(citation.passage.superseded_by for citation in found.citations):
        said.append(NOTE_SUPERSEDED)
    return " ".join(said)
