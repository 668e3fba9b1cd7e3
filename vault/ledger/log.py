"""The append-only log: events become leaves, leaves a signed root, the root proofs."""

from collections.abc import Mapping, Sequence

import rfc8785

from vault.domain.checkpoints import Checkpoint, LogProof
from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import (
    Frontier,
    completed_nodes,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from vault.domain.notes import SignedNote, VerifierKey
from vault.ledger.audit import Verification, audit
from vault.ledger.entries import EntriesReader, LedgerEntries
from vault.ledger.events import EVENT_VERSION, MAX_BODY_BYTES, check_event
from vault.ledger.signing import Signer, verify_note


class Ledger:
    """Writes and proves entries that live in the caller's store and transaction.

    It keeps no state of its own between calls, so a transaction that rolls back takes its
    entries and its checkpoints with it and nothing here has to be undone.

    Args:
        origin: name of this log, the first line of its checkpoints.
        signer: signs checkpoints; its key is named like the origin.
        retired: earlier keys of this log, under which old checkpoints still verify.
    """

    def __init__(self, *, origin: str, signer: Signer, retired: Sequence[VerifierKey] = ()) -> None:
        if signer.key.name != origin:
            raise ValueError(f"the signing key is named {signer.key.name}, expected {origin}")
        self.origin = origin
        self._signer = signer
        self.keys: tuple[VerifierKey, ...] = (signer.key, *retired)

    def record(self, entries: LedgerEntries, event: Mapping[str, object]) -> int:
        """Append ``event`` in the caller's transaction and return its index.

        The canonical bytes are stored and hashed as they are; nothing is ever serialised a
        second time. Nothing is committed here.

        Args:
            entries: the store, inside an open transaction.
            event: ``type``, ``id``, ``time``, ``actor``, ``facts`` and, where they apply,
                ``on_behalf_of`` and ``run_id``; the version is added.

        Raises:
            ValueError: the event is malformed, seems to hold content, or is longer than
                ``MAX_BODY_BYTES`` in canonical form.

        Source:
            RFC 8785; C2SP tlog-tiles, "Log entries", for the limit.
        """
        versioned = {"v": EVENT_VERSION, **event}
        check_event(versioned)
        body = rfc8785.dumps(versioned)  # type: ignore[arg-type]  # check_event walked it
        if len(body) > MAX_BODY_BYTES:
            raise ValueError(f"an event has {len(body)} bytes, at most {MAX_BODY_BYTES} fit")
        index, leaf = entries.size(), leaf_hash(body)
        entries.append(index, body, leaf, completed_nodes(index, leaf, entries.node))
        return index

    def checkpoint(self, entries: LedgerEntries) -> str:
        """Return a signed note over all entries so far, saved with them.

        A log that has not grown keeps the checkpoint it has, with its cosignatures.

        Raises:
            LedgerIntegrityError: what is stored does not extend the last signed checkpoint,
                so a signature would cover up a rewritten past.

        Source:
            C2SP tlog-checkpoint, "Signatures".
        """
        size = entries.size()
        root = Frontier.resume(size, entries.node).root()
        saved = self._extended(entries, size=size, root=root)
        if saved is not None:
            return saved
        note = self._signer.sign_note(Checkpoint(self.origin, size, root).text)
        entries.save_checkpoint(size, note)
        return note

    def prove(self, entries: LedgerEntries, index: int) -> str:
        """Return the proof file of entry ``index`` against the latest checkpoint.

        Signs a new checkpoint if the entry is newer than the latest one.

        Raises:
            LedgerIntegrityError: there is no such entry, or what is stored does not verify.
        """
        return self.prove_each(entries, [index])[0]

    def prove_each(self, entries: LedgerEntries, indexes: Sequence[int]) -> list[str]:
        """Return a proof file for each entry, all against the same checkpoint.

        Raises:
            LedgerIntegrityError: there is no such entry, or what is stored does not verify.
        """
        latest = entries.latest_checkpoint()
        if latest is None or max(indexes, default=0) >= latest[0]:
            note = self.checkpoint(entries)
        else:
            note = latest[1]
        checkpoint = self._verified(note)
        return [self._prove_under(entries, index, checkpoint, note) for index in indexes]

    def consistency(self, entries: EntriesReader, *, old_size: int, note: str) -> list[bytes]:
        """Return the hashes that show ``note`` to extend this log's tree of ``old_size``.

        Raises:
            LedgerIntegrityError: the checkpoint is not this log's, or is the smaller one.
        """
        size = self._verified(note).size
        return consistency_proof(old_size=old_size, new_size=size, read=entries.node)

    def verify_all(self, entries: EntriesReader, *, held: Sequence[str] = ()) -> Verification:
        """Return what a full reading of the log found; it never raises for a bad entry.

        Args:
            entries: the store.
            held: checkpoint notes kept outside the vault. Only these can show that the end
                of the log was cut off together with the checkpoints that covered it.
        """
        return audit(entries, origin=self.origin, keys=self.keys, held=held)

    def _verified(self, note: str) -> Checkpoint:
        parsed = SignedNote.parse(note)
        verify_note(parsed, self.keys, what="the latest checkpoint")
        checkpoint = Checkpoint.parse(parsed.text)
        if checkpoint.origin != self.origin:
            raise LedgerIntegrityError(
                f"the latest checkpoint is of log {checkpoint.origin}, expected {self.origin}"
            )
        return checkpoint

    def _extended(self, entries: LedgerEntries, *, size: int, root: bytes) -> str | None:
        latest = entries.latest_checkpoint()
        if latest is None:
            return None
        signed = self._verified(latest[1])
        if signed.size > size:
            raise LedgerIntegrityError(
                f"a checkpoint was signed at size {signed.size}, but {size} entries are stored"
            )
        proof = consistency_proof(old_size=signed.size, new_size=size, read=entries.node)
        verify_consistency(
            old_size=signed.size,
            new_size=size,
            old_root=signed.root,
            new_root=root,
            proof=proof,
        )
        return latest[1] if signed.size == size else None

    def _prove_under(
        self, entries: EntriesReader, index: int, checkpoint: Checkpoint, note: str
    ) -> str:
        hashes = inclusion_proof(index=index, size=checkpoint.size, read=entries.node)
        body = entries.leaf(index)
        # A proof that does not verify here would only accuse the vault elsewhere.
        verify_inclusion(
            index=index,
            size=checkpoint.size,
            leaf=leaf_hash(body),
            proof=hashes,
            root=checkpoint.root,
        )
        return LogProof(index, tuple(hashes), note, extra=body).format()
