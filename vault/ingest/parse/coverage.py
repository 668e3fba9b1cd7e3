"""The coverage guard: never trust that a reader without an error found the text."""

import re
from dataclasses import replace

from vault.ingest.parse import media, second
from vault.ingest.parse.pdf import some_pages
from vault.ingest.parse.pieces import Original, Reading

ENOUGH = 0.9
"""Share of the second engine's words below which a reading is doubted."""

_ENOUGH_WITH_PAGES = {media.PDF: 0.6, media.PPTX: 0.8}
"""The same where the second engine's text would cost the page numbers of every quote."""

SAMPLE = 24
"""Pages of a long PDF that are compared, spread over all of it."""
_FEWEST_GAINED = 3
_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(f"[{_WIDE}]|[^\\W\\d_{_WIDE}]{{2,}}")
_HYPHENS = re.compile(r"(?<=\w)[-\u00ad\u2010\u2011]\s*(?=\w)")
_ADDRESS = re.compile(
    r"\S*(?:://|data:|\.php|/[\w.%-]+/)\S*|\S+\.(?:png|jpe?g|gif|svg|html?)\b\S*|&\w{2,6};"
)


def recall(found: str, expected: str) -> float:
    """Return the share of the different words of ``expected`` that ``found`` holds.

    Repeats do not count: engines write merged cells and page furniture a varying number
    of times.
    """
    wanted = _words(expected)
    return len(wanted & _words(found)) / len(wanted) if wanted else 1.0


def guard(original: Original, reading: Reading) -> tuple[Reading, float]:
    """Return the reading to keep and its coverage, 0 to 1.

    The second engine's text replaces the first only if it holds several words the first
    lost and loses fewer of the first's: engines fail differently, and neither is always right.
    """
    if not media.SUPPORTED[original.media_type].guarded:
        return reading, reading.readable
    sampled = _sampled(original, reading)
    if sampled is not None and sampled >= ENOUGH:
        return reading, min(sampled, reading.readable)
    ours = "\n".join(piece.text for piece in reading.pieces)
    theirs = second.plain_text(original)
    coverage = min(recall(ours, theirs), reading.readable)
    enough = _ENOUGH_WITH_PAGES.get(original.media_type, ENOUGH)
    if coverage >= enough or not _is_better(theirs, ours):
        return reading, coverage
    replaced = second.read_second(original)
    note = f"the first reader found {coverage:.0%} of the words, so a second one was used"
    return (
        replace(
            replaced,
            title=reading.title,
            pages=reading.pages,
            attachments=reading.attachments,
            readable=reading.readable,
            notes=(*reading.notes, note),
        ),
        reading.readable,
    )


def _sampled(original: Original, reading: Reading) -> float | None:
    """Return the coverage of some pages of a long PDF, or None for anything else.

    Reading every page twice would cost more than all the rest; an engine that fails on a file
    fails on many of its pages.
    """
    pages = reading.pages or 0
    if original.media_type != media.PDF or pages < 2 * SAMPLE:
        return None
    chosen = [1 + place * (pages - 1) // (SAMPLE - 1) for place in range(SAMPLE)]
    content = some_pages(original.content, chosen)
    theirs = second.plain_text(replace(original, content=content)) if content else ""
    if not theirs.strip():
        return None
    wanted = frozenset(chosen)
    return recall("\n".join(p.text for p in reading.pieces if p.page in wanted), theirs)


def _is_better(theirs: str, ours: str) -> bool:
    found, held = _words(theirs), _words(ours)
    if not held:
        return bool(found)
    return len(found - held) >= _FEWEST_GAINED and recall(ours, theirs) < recall(theirs, ours)


def _words(text: str) -> set[str]:
    # Addresses behind links are no prose; engines write numbers differently, and part words
    # at line ends or not.
    joined = _HYPHENS.sub("", _ADDRESS.sub(" ", text))
    return {word.lower() for word in _WORD.findall(joined)}
