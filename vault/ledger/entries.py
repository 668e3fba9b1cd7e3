"""What the ledger asks of whoever stores its entries."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from vault.domain.merkle import Node


class EntriesReader(Protocol):
    """Read access to a stored log: a table, or an exported folder of tiles."""

    def size(self) -> int:
        """Return the number of entries."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """Return the stored hash of one complete node; level 0 holds the leaf hashes.

        Raises:
            LedgerIntegrityError: the node is not stored.
        """
        ...

    def nodes(self, level: int, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Yield (index, hash) of the stored nodes of one level, ascending; gaps stay gaps."""
        ...

    def leaf(self, index: int) -> bytes:
        """Return the body of one entry exactly as it was appended.

        Raises:
            LedgerIntegrityError: the entry is not stored.
        """
        ...

    def bodies(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bodies of the entries from ``start`` up to, not including, ``stop``."""
        ...

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """Yield (size, signed note) of every saved checkpoint, smallest size first."""
        ...


class LedgerEntries(EntriesReader, Protocol):
    """Append access to the stored log, inside a transaction that the caller owns.

    From :meth:`size` until that transaction ends no other writer may append: a lock, taken
    when the transaction begins, has to see to that.
    """

    def append(self, index: int, body: bytes, leaf_hash: bytes, nodes: Sequence[Node]) -> None:
        """Store one entry, its leaf hash and the interior nodes it completes; never replace."""
        ...

    def save_checkpoint(self, size: int, note: str) -> None:
        """Store a signed checkpoint, or the same one with more signatures."""
        ...

    def latest_checkpoint(self) -> tuple[int, str] | None:
        """Return (size, signed note) of the largest saved checkpoint, or None before the first."""
        ...
