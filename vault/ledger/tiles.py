"""A log as a folder of static files that any C2SP client can read and verify."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from vault.domain.checkpoints import Checkpoint
from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import HASH_BYTES, node_hash
from vault.domain.notes import VerifierKey
from vault.ledger.audit import Verification, audit
from vault.ledger.entries import EntriesReader

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_CHECKPOINT_BYTES = 2**20
_LENGTH_BYTES = 2


def tile_path(kind: str, index: int, width: int) -> str:
    """Return where a tile lies below the folder, with forward slashes.

    Args:
        kind: the tile level as a decimal number, or ``entries``.
        index: number of the tile within its level.
        width: hashes or entries in it; below ``TILE_WIDTH`` the tile is partial.

    Source:
        C2SP tlog-tiles, "Merkle Tree": 1234067 becomes x001/x234/067.
    """
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    partial = f".p/{width}" if width < TILE_WIDTH else ""
    return f"tile/{kind}/{'/'.join(reversed(groups))}{partial}"


def export_tiles(entries: EntriesReader, *, note: str, directory: Path) -> int:
    """Write the log under the checkpoint ``note`` below ``directory``; return the files written.

    The checkpoint is written last, so a reader never sees one whose tiles are missing. A later
    export into the same folder adds files and replaces only the checkpoint.

    Raises:
        LedgerIntegrityError: the store holds fewer entries or nodes than the checkpoint signs.

    Source:
        C2SP tlog-tiles, "APIs".
    """
    size = Checkpoint.of_note(note).size
    files = 0
    for index, width in _tiles(size):
        start = index * TILE_WIDTH
        bodies = list(entries.bodies(start, start + width))
        _require_full(f"entries {start} to {start + width}", held=len(bodies), expected=width)
        bundle = b"".join(len(body).to_bytes(_LENGTH_BYTES, "big") + body for body in bodies)
        _write(directory / tile_path("entries", index, width), bundle)
        files += 1
    level = 0
    while count := size >> (TILE_HEIGHT * level):
        for index, width in _tiles(count):
            start = index * TILE_WIDTH
            hashes = [
                digest for _, digest in entries.nodes(TILE_HEIGHT * level, start, start + width)
            ]
            _require_full(f"tile {index} of level {level}", held=len(hashes), expected=width)
            _write(directory / tile_path(str(level), index, width), b"".join(hashes))
            files += 1
        level += 1
    _write(directory / "checkpoint", note.encode())
    return files + 1


def verify_tiles(
    directory: Path, *, keys: Sequence[VerifierKey], held: Sequence[str] = ()
) -> Verification:
    """Return what a full reading of an exported log found.

    Args:
        directory: folder that holds ``checkpoint`` and ``tile``.
        keys: trusted log keys; the checkpoint must be signed by one of the log's own name.
        held: checkpoint notes of the same log from elsewhere that it must agree with.

    Raises:
        LedgerIntegrityError: a file is missing or malformed, or no trusted key has the name
            the checkpoint gives as its origin.
    """
    log = TileLog(directory)
    origin = log.checkpoint.origin
    own = [key for key in keys if key.name == origin]
    if not own:
        raise LedgerIntegrityError(f"no trusted key belongs to log {origin}")
    return audit(log, origin=origin, keys=own, held=held)


class TileLog:
    """Reads an exported log; what it returns is unverified until an audit or a proof says so.

    Args:
        directory: folder that holds ``checkpoint`` and ``tile``.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.note = _text(self._read("checkpoint", MAX_CHECKPOINT_BYTES))
        self.checkpoint = Checkpoint.of_note(self.note)

    def size(self) -> int:
        """Return the size the checkpoint claims."""
        return self.checkpoint.size

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of one complete node, hashed up from the tile below it.

        Raises:
            LedgerIntegrityError: the tree has no such node, or its tile is malformed.
        """
        if level < 0 or index < 0 or (index + 1) << level > self.checkpoint.size:
            raise LedgerIntegrityError(f"the exported log has no node {index} at level {level}")
        tile_level, height = divmod(level, TILE_HEIGHT)
        start = index << height
        hashes = self._tile(tile_level, start // TILE_WIDTH)
        return _subtree(hashes[start % TILE_WIDTH :][: 1 << height])

    def nodes(self, level: int, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        """Yield (index, hash) of the nodes of one level, reading each tile once."""
        tile_level, height = divmod(level, TILE_HEIGHT)
        stop = min(stop, self.checkpoint.size >> level)
        number, hashes = -1, list[bytes]()
        for index in range(start, stop):
            first = index << height
            if first // TILE_WIDTH != number:
                number = first // TILE_WIDTH
                hashes = self._tile(tile_level, number)
            yield index, _subtree(hashes[first % TILE_WIDTH :][: 1 << height])

    def leaf(self, index: int) -> bytes:
        """Return the body of one entry.

        Raises:
            LedgerIntegrityError: there is no such entry, or its bundle is malformed.
        """
        for body in self.bodies(index, index + 1):
            return body
        raise LedgerIntegrityError(f"the exported log has no entry {index}")

    def bodies(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bodies of a range of entries, reading each bundle once."""
        stop = min(stop, self.checkpoint.size)
        for number in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            first = number * TILE_WIDTH
            yield from self._bundle(number)[max(start - first, 0) : stop - first]

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """Yield the one checkpoint of the export."""
        yield self.checkpoint.size, self.note

    def _tile(self, level: int, index: int) -> list[bytes]:
        width = self._width(self.checkpoint.size >> (TILE_HEIGHT * level), index)
        path = tile_path(str(level), index, width)
        tile = self._read(path, TILE_WIDTH * HASH_BYTES)
        if len(tile) != width * HASH_BYTES:
            raise LedgerIntegrityError(f"{path} does not hold {width} hashes")
        return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]

    def _bundle(self, index: int) -> list[bytes]:
        width = self._width(self.checkpoint.size, index)
        path = tile_path("entries", index, width)
        bundle = self._read(path, TILE_WIDTH * (_LENGTH_BYTES + 2**16))
        bodies, at = [], 0
        while at < len(bundle):
            start = at + _LENGTH_BYTES
            at = start + int.from_bytes(bundle[at:start], "big")
            bodies.append(bundle[start:at])
        if at != len(bundle) or len(bodies) != width:
            raise LedgerIntegrityError(f"{path} does not hold {width} entries")
        return bodies

    @staticmethod
    def _width(count: int, index: int) -> int:
        return min(TILE_WIDTH, count - index * TILE_WIDTH)

    def _read(self, path: str, limit: int) -> bytes:
        try:
            with (self._directory / path).open("rb") as file:
                content = file.read(limit + 1)
        except OSError as error:
            raise LedgerIntegrityError(f"{path} of the exported log cannot be read") from error
        if len(content) > limit:
            raise LedgerIntegrityError(f"{path} of the exported log is too long")
        return content


def _tiles(count: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, TILE_WIDTH):
        yield start // TILE_WIDTH, min(TILE_WIDTH, count - start)


def _require_full(what: str, *, held: int, expected: int) -> None:
    if held != expected:
        raise LedgerIntegrityError(f"the store holds {held} of the {expected} records of {what}")


def _subtree(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise LedgerIntegrityError("the checkpoint of the exported log is not UTF-8") from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)
