"""Words that must stand side by side, found by the places where each stands."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vault.index.postings import POSITIONS, Posted, ranges
from vault.index.questions import Wanted
from vault.index.views import View


def holding(wanted: Wanted, posted: Sequence[Posted], view: View) -> NDArray[np.int64]:
    """Return the visible documents in which the wanted terms stand at their distances, rising.

    Places are known modulo 256. In a document of more words than that, two terms may be taken
    for neighbours that are 256 words apart; passages are shorter.

    Args:
        wanted: terms with their distances from the first.
        posted: the postings of each of these terms in one part of the index.
        view: what may be seen.
    """
    shortest, *longer = sorted(posted, key=lambda found: len(found.documents))
    seen = [shortest.documents[piece] for piece in view.pieces(shortest.documents)]
    documents = np.concatenate(seen) if seen else shortest.documents[:0]
    for other in longer:
        places = np.minimum(other.documents.searchsorted(documents), len(other.documents) - 1)
        documents = documents[other.documents[places] == documents]
    if len(posted) > 1 and len(documents):
        documents = documents[_lined_up(wanted, posted, documents)]
    return documents.astype(np.int64)


def _lined_up(
    wanted: Wanted, posted: Sequence[Posted], documents: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the places in ``documents`` of those where all terms fit one beginning."""
    begins = [
        _beginnings(found, documents, distance)
        for (_, distance), found in zip(wanted, posted, strict=True)
    ]
    fitting = begins[0]
    for other in begins[1:]:
        fitting = np.intersect1d(fitting, other, assume_unique=True)
    return np.unique(fitting // POSITIONS)


def _beginnings(found: Posted, documents: NDArray[np.int32], distance: int) -> NDArray[np.int64]:
    """Return where the wanted words would have to begin, as one number with the document."""
    places = found.documents.searchsorted(documents)
    counts = found.counts[places].astype(np.int64)
    ends = np.cumsum(found.counts, dtype=np.int64)[places]
    positions = found.positions[ranges(ends - counts, counts)].astype(np.int64)
    owners = np.repeat(np.arange(len(documents)), counts)
    return np.unique(owners * POSITIONS + (positions - distance) % POSITIONS)
