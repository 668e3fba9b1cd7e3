"""What a log signs about itself, and the file that proves one entry against it."""

from dataclasses import dataclass

from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import HASH_BYTES
from vault.domain.notes import SignedNote, decode_base64, encode_base64, parse_decimal

PROOF_HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_HASHES = 63


def parse_hash(text: str, *, what: str) -> bytes:
    """Return a 32-byte hash written in base64.

    Raises:
        LedgerIntegrityError: not base64, or not 32 bytes.
    """
    digest = decode_base64(text, what=what)
    if len(digest) != HASH_BYTES:
        raise LedgerIntegrityError(f"{what} has {len(digest)} bytes, expected {HASH_BYTES}")
    return digest


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size and root hash of one log at one moment.

    Args:
        origin: name of the log, one line.
        size: number of entries.
        root: 32-byte Merkle tree hash of those entries.

    Source:
        C2SP tlog-checkpoint, "Note text"; extension lines are refused, as no monitor can
        audit them.
    """

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed, each with its newline."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Return the checkpoint in the text of a signed note.

        Raises:
            LedgerIntegrityError: not exactly an origin, a size and a root hash.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise LedgerIntegrityError("a checkpoint is not an origin, a size and a root line")
        return cls(
            origin=lines[0],
            size=parse_decimal(lines[1], what="the size of a checkpoint"),
            root=parse_hash(lines[2], what="the root of a checkpoint"),
        )

    @classmethod
    def of_note(cls, note: str) -> "Checkpoint":
        """Return the checkpoint a signed note carries, without checking its signatures."""
        return cls.parse(SignedNote.parse(note).text)


@dataclass(frozen=True, slots=True)
class LogProof:
    """Everything that shows one entry to be in a log, but for the log's public key.

    Args:
        index: position of the entry, from 0.
        hashes: sibling hashes from the leaf's up to the child of the root, 32 bytes each.
        note: the signed checkpoint, verbatim.
        extra: the entry's own bytes; they count only once hashed and found under the root.

    Source:
        C2SP tlog-proof, "Format".
    """

    index: int
    hashes: tuple[bytes, ...]
    note: str
    extra: bytes | None = None

    def format(self) -> str:
        """Return the text of a ``.tlog-proof`` file."""
        lines = [PROOF_HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(encode_base64(digest) for digest in self.hashes)
        return "\n".join([*lines, "", self.note])

    @classmethod
    def parse(cls, text: str) -> "LogProof":
        """Return the parts of a proof file, its checkpoint unverified.

        Raises:
            LedgerIntegrityError: a line is missing, out of order, or not as the format says.
        """
        head, blank, note = text.partition("\n\n")
        if not blank or not note:
            raise LedgerIntegrityError("a proof file holds no checkpoint")
        lines = head.split("\n")
        if lines.pop(0) != PROOF_HEADER:
            raise LedgerIntegrityError(f"a proof file does not begin with {PROOF_HEADER}")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0)[len("extra ") :], what="the extra data of a proof")
        if not lines or not lines[0].startswith("index "):
            raise LedgerIntegrityError("a proof file does not name the index of its entry")
        index = parse_decimal(lines.pop(0)[len("index ") :], what="the index of a proof")
        return cls(index, parse_hashes(lines, what="a hash of an inclusion proof"), note, extra)


def parse_hashes(lines: list[str], *, what: str) -> tuple[bytes, ...]:
    """Return the hashes of a proof, one base64 line each.

    Raises:
        LedgerIntegrityError: a line is no hash, or there are more than ``MAX_PROOF_HASHES``.
    """
    if len(lines) > MAX_PROOF_HASHES:
        raise LedgerIntegrityError(f"a proof has more than {MAX_PROOF_HASHES} hashes")
    return tuple(parse_hash(line, what=what) for line in lines)
