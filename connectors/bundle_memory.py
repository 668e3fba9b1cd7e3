"""What earlier bundles of a source listed, carried from one to the next in the cursor."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.errors import SourceUnavailableError
from connectors.facts import Cursor

MOST_KEPT = 200_000
"""A source with more items takes in complete bundles alone; its cursor would grow too long."""

Known = Mapping[str, tuple[str, str]]
"""For each item, the version and the hash of its rights that were listed last."""


@dataclass(frozen=True, slots=True)
class BundleMemory:
    """The bundle that was taken in last, and all that was known then.

    Attributes:
        sequence: its number.
        digest: of its manifest.
        known: every item there is, or None if they were too many to keep.
    """

    sequence: int = -1
    digest: str = ""
    known: Known | None = field(default_factory=dict)

    def cursor(self) -> Cursor:
        """Return the memory as a cursor."""
        known = self.known
        if known is not None and len(known) > MOST_KEPT:
            known = None
        kept = None
        if known is not None:
            packed = zlib.compress(json.dumps(dict(known)).encode())
            kept = base64.b64encode(packed).decode()
        return Cursor(json.dumps({"digest": self.digest, "known": kept, "sequence": self.sequence}))

    @classmethod
    def of(cls, cursor: Cursor | None) -> "BundleMemory":
        """Return the memory that a cursor holds; none holds nothing.

        Raises:
            SourceUnavailableError: the cursor was not made here.
        """
        if cursor is None:
            return cls()
        try:
            form = json.loads(cursor.value)
            kept = form.get("known")
            known = None if kept is None else _unpacked(kept)
            return cls(int(form["sequence"]), str(form["digest"]), known)
        except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
            raise SourceUnavailableError("the cursor is not one of a bundle") from error

    def demand_later(self, *, sequence: int, digest: str) -> None:
        """Return only if a bundle is the one taken in last, or a later one.

        Raises:
            SourceUnavailableError: it is older, or another one of the same number.
        """
        if sequence < self.sequence:
            raise SourceUnavailableError("the bundle is older than the one taken in before")
        if sequence == self.sequence and digest != self.digest:
            raise SourceUnavailableError("another bundle of this number was taken in before")


def _unpacked(kept: str) -> Known:
    try:
        found = json.loads(zlib.decompress(base64.b64decode(kept, validate=True)))
    except binascii.Error as error:
        raise ValueError("the memory is not base64") from error
    return {str(item): (str(version), str(rights)) for item, (version, rights) in found.items()}
