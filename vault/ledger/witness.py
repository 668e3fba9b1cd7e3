"""A second pair of eyes, reachable by a file on a stick: it vouches that the log only grew."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vault.domain.attestation import parse_object, take_members, take_text
from vault.domain.checkpoints import Checkpoint, parse_hash, parse_hashes
from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import verify_consistency
from vault.domain.notes import (
    KIND_COSIGNATURE,
    NoteSignature,
    SignedNote,
    VerifierKey,
    encode_base64,
    parse_decimal,
)
from vault.ledger.signing import Signer, verify_note, verify_signature

_TIMESTAMP_BYTES = 8
_NOTHING_SEEN = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint on its way to a witness, with the proof that it extends the last one.

    Args:
        old_size: size of the checkpoint the witness cosigned last, 0 if none.
        hashes: consistency proof from that size.
        note: the signed checkpoint, verbatim.

    Source:
        C2SP tlog-witness, "add-checkpoint".
    """

    old_size: int
    hashes: tuple[bytes, ...]
    note: str

    def format(self) -> str:
        """Return the request body, which is also what is carried on a stick."""
        lines = [f"old {self.old_size}", *(encode_base64(digest) for digest in self.hashes)]
        return "\n".join([*lines, "", self.note])

    @classmethod
    def parse(cls, text: str) -> "Submission":
        """Return the parts of a request body, nothing of it verified.

        Raises:
            LedgerIntegrityError: a line is missing, out of order, or not as the format says.
        """
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or not note or not lines[0].startswith("old "):
            raise LedgerIntegrityError("a submission is not an old size, a proof and a checkpoint")
        old_size = parse_decimal(lines[0][len("old ") :], what="the old size of a submission")
        return cls(old_size, parse_hashes(lines[1:], what="a hash of a consistency proof"), note)


class WitnessMemory(Protocol):
    """Remembers the last checkpoint a witness cosigned for each log."""

    def last(self, origin: str) -> Checkpoint | None:
        """Return the last cosigned checkpoint of a log, or None if there is none."""
        ...

    def remember(self, checkpoint: Checkpoint) -> None:
        """Keep ``checkpoint`` durably before a cosignature leaves the witness."""
        ...


class Witness:
    """Cosigns a checkpoint only if it extends the one cosigned before.

    Args:
        signer: key of kind ``KIND_COSIGNATURE``, used by this witness alone.
        logs: trusted keys of each known log, by origin.
        memory: last cosigned checkpoints; one witness at a time may use it.
    """

    def __init__(
        self,
        *,
        signer: Signer,
        logs: Mapping[str, Sequence[VerifierKey]],
        memory: WitnessMemory,
    ) -> None:
        if signer.key.kind != KIND_COSIGNATURE:
            raise ValueError("a witness signs with a cosignature key")
        self._signer = signer
        self._logs = logs
        self._memory = memory

    def cosign(self, request: str, *, timestamp: int) -> str:
        """Return the cosignature line for the submitted checkpoint, once it is remembered.

        Args:
            request: the submission's text.
            timestamp: now, in whole POSIX seconds.

        Raises:
            LedgerIntegrityError: unknown log, untrusted signature, a size this witness did
                not see last, a rollback, or a tree that does not extend the last one.

        Source:
            C2SP tlog-witness, "add-checkpoint"; C2SP tlog-cosignature, "Ed25519 signed message".
        """
        submission = Submission.parse(request)
        note = SignedNote.parse(submission.note)
        checkpoint = Checkpoint.parse(note.text)
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            raise LedgerIntegrityError(f"log {checkpoint.origin} is not known to this witness")
        verify_note(note, keys, what=f"the checkpoint of {checkpoint.origin}")
        self._require_extension(submission, checkpoint)
        self._memory.remember(checkpoint)
        signed = self._signer.sign(cosigned_message(note.text, timestamp=timestamp))
        stamped = timestamp.to_bytes(_TIMESTAMP_BYTES, "big") + signed
        return NoteSignature(self._signer.key.name, self._signer.key.key_id, stamped).line

    def _require_extension(self, submission: Submission, checkpoint: Checkpoint) -> None:
        last = self._memory.last(checkpoint.origin)
        last_size = _NOTHING_SEEN if last is None else last.size
        if submission.old_size != last_size:
            raise LedgerIntegrityError(
                f"the submission starts at size {submission.old_size}, "
                f"but this witness last cosigned size {last_size}"
            )
        if last is None:
            if submission.hashes:
                raise LedgerIntegrityError("a first submission carries a consistency proof")
            return
        verify_consistency(
            old_size=last.size,
            new_size=checkpoint.size,
            old_root=last.root,
            new_root=checkpoint.root,
            proof=submission.hashes,
        )


def cosigned_message(text: str, *, timestamp: int) -> bytes:
    """Return the bytes an Ed25519 cosignature covers.

    Args:
        text: text of the checkpoint note, without signatures.
        timestamp: whole POSIX seconds.

    Source:
        C2SP tlog-cosignature, "Ed25519 signed message".
    """
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def verify_cosignature(note: SignedNote, key: VerifierKey) -> int | None:
    """Return when the witness behind ``key`` cosigned ``note``, in POSIX seconds, or None.

    Raises:
        LedgerIntegrityError: a line bears the witness's name and key id but does not verify.

    Source:
        C2SP tlog-cosignature, "Format".
    """
    for signature in note.signatures:
        if (signature.name, signature.key_id) != (key.name, key.key_id):
            continue
        timestamp = int.from_bytes(signature.signature[:_TIMESTAMP_BYTES], "big")
        verify_signature(
            key,
            message=cosigned_message(note.text, timestamp=timestamp),
            signature=signature.signature[_TIMESTAMP_BYTES:],
            what="the cosigned checkpoint",
        )
        return timestamp
    return None


def attach_cosignature(note: str, line: str, *, key: VerifierKey) -> str:
    """Return the checkpoint ``note`` with a witness's reply added, once that verifies.

    Args:
        note: the signed checkpoint that was submitted.
        line: the line the witness returned.
        key: the witness's key, of kind ``KIND_COSIGNATURE``.

    Raises:
        LedgerIntegrityError: the line is not this witness's cosignature of this checkpoint.
    """
    reply = NoteSignature.parse(line.removesuffix("\n"))
    cosigned = SignedNote.parse(note).with_signatures([reply])
    if key.kind != KIND_COSIGNATURE or verify_cosignature(cosigned, key) is None:
        raise LedgerIntegrityError(f"the reply is not a cosignature of witness {key.name}")
    return cosigned.format()


class WitnessFile:
    """Remembers cosigned checkpoints in one JSON file, replaced whole.

    Args:
        path: the file; made at the first cosignature.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self, origin: str) -> Checkpoint | None:
        """Return the last cosigned checkpoint of a log, or None if there is none.

        Raises:
            LedgerIntegrityError: the file is damaged; a witness without memory must not sign.
        """
        seen = self._seen().get(origin)
        if seen is None:
            return None
        what = "the witness's memory"
        members = take_members(seen, frozenset({"size", "root"}), what=what)
        size = members["size"]
        if not isinstance(size, int) or isinstance(size, bool):
            raise LedgerIntegrityError(f"{what} holds a size that is not a number")
        return Checkpoint(
            origin, size, parse_hash(take_text(members["root"], what=what), what=what)
        )

    def remember(self, checkpoint: Checkpoint) -> None:
        """Keep ``checkpoint`` durably in place of the one of the same log."""
        seen = self._seen()
        seen[checkpoint.origin] = {
            "size": checkpoint.size,
            "root": encode_base64(checkpoint.root),
        }
        unfinished = self._path.with_name(f"{self._path.name}.unfinished")
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(seen, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            # The new name is durable only once the folder that holds it is.
            os.fsync(folder)
        finally:
            os.close(folder)

    def _seen(self) -> dict[str, object]:
        if not self._path.exists():
            return {}
        return parse_object(self._path.read_bytes(), what="the witness's memory")
