"""RFC 6962 Merkle trees: hashing, appending, proving and checking, over hashes held elsewhere.

A tree is addressed by (level, index): level 0 holds leaf hashes, and node (L, i) covers the
leaves from i * 2**L up to, not including, (i + 1) * 2**L. Only complete nodes are ever stored,
so a stored hash never changes as the tree grows.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from vault.domain.errors import LedgerIntegrityError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Node = tuple[int, int, bytes]
"""One complete interior node: level (at least 1), index within the level, 32-byte hash."""

NodeReader = Callable[[int, int], bytes]
"""Gives the stored hash of a complete node from its level and its index."""


def leaf_hash(body: bytes) -> bytes:
    """Return the 32-byte hash of one entry, set apart from interior nodes by its prefix.

    Source:
        RFC 9162 section 2.1.1 (the same rule as RFC 6962 section 2.1).
    """
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of the node above ``left`` and ``right``.

    Source:
        RFC 9162 section 2.1.1.
    """
    return sha256(b"\x01" + left + right).digest()


def completed_nodes(index: int, leaf: bytes, read: NodeReader) -> list[Node]:
    """Return the interior nodes that the leaf at ``index`` completes, lowest level first.

    On average one stored hash is read for each appended leaf, whatever the tree's size.
    """
    nodes: list[Node] = []
    level, digest = 0, leaf
    while index & 1:
        digest = node_hash(read(level, index - 1), digest)
        level, index = level + 1, index >> 1
        nodes.append((level, index, digest))
    return nodes


class Frontier:
    """The right edge of a growing tree: what is needed to append and to know the root.

    It keeps one hash for every bit set in the size, largest subtree first.
    """

    __slots__ = ("_edge", "size")

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    @classmethod
    def resume(cls, size: int, read: NodeReader) -> "Frontier":
        """Return the frontier of the first ``size`` leaves from stored hashes."""
        frontier = cls()
        frontier.size = size
        start = 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                frontier._edge.append(read(level, start >> level))
                start += 1 << level
        return frontier

    def append(self, leaf: bytes) -> list[Node]:
        """Add one leaf hash and return the interior nodes it completes, lowest level first."""
        nodes = completed_nodes(self.size, leaf, lambda _level, _index: self._edge.pop())
        self._edge.append(nodes[-1][2] if nodes else leaf)
        self.size += 1
        return nodes

    def root(self) -> bytes:
        """Return the Merkle tree hash of every leaf appended so far.

        Source:
            RFC 9162 section 2.1.1.
        """
        if not self._edge:
            return EMPTY_ROOT
        digest = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            digest = node_hash(left, digest)
        return digest


def root_from_leaves(leaves: Iterable[bytes]) -> bytes:
    """Return the root over ``leaves``, which are 32-byte leaf hashes in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def inclusion_proof(*, index: int, size: int, read: NodeReader) -> list[bytes]:
    """Return the sibling hashes that lead from leaf ``index`` to the root at ``size``.

    Raises:
        LedgerIntegrityError: the tree of that size has no such leaf.

    Source:
        RFC 9162 section 2.1.3.1.
    """
    _require_index(index, size)
    proof: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            proof.append(_range_root(middle, stop, read))
            stop = middle
        else:
            proof.append(_range_root(start, middle, read))
            start = middle
    return proof[::-1]


def verify_inclusion(
    *, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Return only if ``leaf`` is at ``index`` in the tree of ``size`` leaves under ``root``.

    Raises:
        LedgerIntegrityError: the proof has the wrong length or leads to another root.

    Source:
        RFC 9162 section 2.1.3.2.
    """
    _require_index(index, size)
    _require_hashes([leaf, *proof])
    position, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise LedgerIntegrityError(f"the inclusion proof of entry {index} is too long")
        if position & 1 or position == last:
            digest = node_hash(sibling, digest)
            position, last = _skip_missing_siblings(position, last)
        else:
            digest = node_hash(digest, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise LedgerIntegrityError(f"the inclusion proof of entry {index} is too short")
    if digest != root:
        raise LedgerIntegrityError(
            f"the inclusion proof of entry {index} leads to root {digest.hex()}, "
            f"expected {root.hex()} at size {size}"
        )


def consistency_proof(*, old_size: int, new_size: int, read: NodeReader) -> list[bytes]:
    """Return the hashes that show the tree of ``new_size`` extends the one of ``old_size``.

    Every tree extends the empty one, so the proof from size 0 is empty.

    Raises:
        LedgerIntegrityError: the new tree is smaller than the old one.

    Source:
        RFC 9162 section 2.1.4.1.
    """
    _require_growth(old_size, new_size)
    if old_size == 0:
        return []
    proof: list[bytes] = []
    start, stop = 0, new_size
    while stop > old_size:
        middle = start + _split(stop - start)
        if old_size <= middle:
            proof.append(_range_root(middle, stop, read))
            stop = middle
        else:
            proof.append(_range_root(start, middle, read))
            start = middle
    if start:
        # Without a step to the right the remaining subtree is the old root, which is known.
        proof.append(_range_root(start, stop, read))
    return proof[::-1]


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Return only if the new tree is the old one with leaves appended and nothing else.

    Raises:
        LedgerIntegrityError: the new tree is smaller, or the proof does not join the roots.

    Source:
        RFC 9162 section 2.1.4.2; the empty tree's root is SHA-256 of nothing (section 2.1.1).
    """
    _require_growth(old_size, new_size)
    _require_hashes(proof)
    if old_size in (0, new_size):
        computed = EMPTY_ROOT if old_size == 0 else new_root
        if proof or old_root != computed:
            raise _inconsistent(old_size, new_size)
        return
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path or _roots_from_consistency(old_size, new_size, path) != (old_root, new_root):
        raise _inconsistent(old_size, new_size)


def _roots_from_consistency(
    old_size: int, new_size: int, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_digest = new_digest = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise _inconsistent(old_size, new_size)
        if position & 1 or position == last:
            old_digest = node_hash(sibling, old_digest)
            new_digest = node_hash(sibling, new_digest)
            position, last = _skip_missing_siblings(position, last)
        else:
            new_digest = node_hash(new_digest, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise _inconsistent(old_size, new_size)
    return old_digest, new_digest


def _skip_missing_siblings(position: int, last: int) -> tuple[int, int]:
    # On the right edge a node without a sibling is promoted, so those levels have no hash.
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _split(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)


def _range_root(start: int, stop: int, read: NodeReader) -> bytes:
    width = stop - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return read(level, start >> level)
    middle = start + _split(width)
    return node_hash(_range_root(start, middle, read), _range_root(middle, stop, read))


def _require_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise LedgerIntegrityError(f"a tree of size {size} has no entry {index}")


def _require_growth(old_size: int, new_size: int) -> None:
    if not 0 <= old_size <= new_size:
        raise LedgerIntegrityError(
            f"a tree of size {new_size} cannot extend one of size {old_size}"
        )


def _require_hashes(hashes: Iterable[bytes]) -> None:
    # Hashes of another length could move bytes between left and right under one node hash.
    if any(len(digest) != HASH_BYTES for digest in hashes):
        raise LedgerIntegrityError(f"a proof holds a hash that is not {HASH_BYTES} bytes long")


def _inconsistent(old_size: int, new_size: int) -> LedgerIntegrityError:
    return LedgerIntegrityError(
        f"the tree of size {new_size} is not an extension of the signed tree of size {old_size}"
    )
