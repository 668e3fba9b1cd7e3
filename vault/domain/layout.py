"""What a revision's chunks were cut from: elements, headings and the salt of its commitments."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from vault.domain.documents import Chunk, ParsedDocument

TEXT = "text"
LAYOUT = "layout"
VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Layout:
    """The structure of one revision, sealed beside its text.

    Attributes:
        salt: opens this revision's commitments in the ledger; it dies with the data key.
        headings: heading path of each chunk, by ordinal.
        elements: kind, start, end, page and box of each element.
    """

    salt: bytes
    headings: tuple[tuple[str, ...], ...]
    elements: tuple[tuple[object, ...], ...] = ()

    @classmethod
    def of(cls, parsed: ParsedDocument, chunks: Sequence[Chunk], *, salt: bytes) -> "Layout":
        """Return the layout of a freshly parsed revision."""
        elements = tuple(
            (found.kind.value, found.span.start, found.span.end, found.page, found.box)
            for found in parsed.elements
        )
        headings = tuple(found.headings for found in chunks)
        return cls(salt, headings, elements)

    def to_bytes(self) -> bytes:
        """Return the layout as JSON."""
        form = {
            "salt": self.salt.hex(),
            "headings": self.headings,
            "elements": self.elements,
        }
        return json.dumps(form, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Layout":
        """Return the layout that ``to_bytes`` wrote."""
        form = json.loads(body)
        return cls(
            bytes.fromhex(form["salt"]),
            tuple(tuple(path) for path in form["headings"]),
            tuple(tuple(found) for found in form["elements"]),
        )
