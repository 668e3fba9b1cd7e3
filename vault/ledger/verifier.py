"""Offline verification of proof files and bundles, with public keys alone.

It needs the standard library and an Ed25519 implementation, and neither a vault nor a network.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from vault.domain.attestation import Statement, opens_commitment
from vault.domain.checkpoints import Checkpoint, LogProof
from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import leaf_hash, verify_inclusion
from vault.domain.notes import KIND_COSIGNATURE, KIND_ED25519, SignedNote, VerifierKey
from vault.ledger.bundle import Disclosure, ProofBundle
from vault.ledger.events import LoggedEvent
from vault.ledger.provenance import invocation_of
from vault.ledger.signing import statement_key_id, verify_note, verify_statement
from vault.ledger.witness import verify_cosignature

_DIGEST = "sha256:"


@dataclass(frozen=True, slots=True)
class VerifiedEvent:
    """An event that is known to stand at ``index`` under a signed checkpoint.

    Args:
        index: place in the log, from 0.
        event: what the entry says.
        body: the entry's bytes.
        checkpoint: size and root that were signed.
        note: the checkpoint as it was signed and cosigned.
        signed_by: key that signed it.
    """

    index: int
    event: LoggedEvent
    body: bytes
    checkpoint: Checkpoint
    note: SignedNote
    signed_by: VerifierKey


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was verified, in sentences for a reader.

    Args:
        lines: one sentence each, of printable characters only.
        ok: every check held; there is no report when one did not.
        pinned: the key was trusted beforehand rather than taken from the bundle.
        events: the proven events, in the bundle's order.
    """

    lines: tuple[str, ...]
    ok: bool
    pinned: bool
    events: tuple[VerifiedEvent, ...]


def verify_bundle(document: bytes, trusted_vkeys: Sequence[str]) -> VerificationReport:
    """Return what ``document`` proves, once every part of it has been verified.

    Args:
        document: the bytes of a proof bundle.
        trusted_vkeys: keys of logs and witnesses known beforehand. If empty, the bundle's own
            key is used, which proves that the bundle is whole but not whose it is.

    Raises:
        LedgerIntegrityError: any part is malformed, or does not match what signs it.
    """
    bundle = ProofBundle.parse(document)
    own = VerifierKey.parse(bundle.vkey)
    trusted = [VerifierKey.parse(vkey) for vkey in trusted_vkeys] or [own]
    if own not in trusted:
        raise LedgerIntegrityError(
            f"the bundle names key {statement_key_id(own)}, which is not a trusted key"
        )
    keys = [key for key in trusted if key.kind == KIND_ED25519 and key.name == own.name]
    events = _verify_events(bundle.proofs, keys)
    lines = [
        *_key_lines(own, pinned=bool(trusted_vkeys)),
        *_checkpoint_lines(events),
        *_witness_lines(events, [key for key in trusted if key.kind == KIND_COSIGNATURE]),
        *(_event_line(event) for event in events.values()),
        *(_verify_disclosure(disclosure, events) for disclosure in bundle.disclosures),
    ]
    if bundle.statement is not None:
        statement = verify_statement(bundle.statement, keys)
        lines.extend(_verify_subjects(statement, bundle.disclosures, events))
    return VerificationReport(
        lines=tuple(_printable(line) for line in lines),
        ok=True,
        pinned=bool(trusted_vkeys),
        events=tuple(events.values()),
    )


def verify_proof(text: str, keys: Sequence[VerifierKey]) -> VerifiedEvent:
    """Return the event that a proof file carries, once its place in the log is verified.

    Args:
        text: the text of a ``.tlog-proof`` file whose extra data is the entry.
        keys: trusted log keys; one of the checkpoint's own log has to have signed it.

    Raises:
        LedgerIntegrityError: the signature, the inclusion or the entry does not hold.

    Source:
        C2SP tlog-proof; RFC 9162 section 2.1.3.2.
    """
    proof = LogProof.parse(text)
    note = SignedNote.parse(proof.note)
    checkpoint = Checkpoint.parse(note.text)
    own = [key for key in keys if key.name == checkpoint.origin]
    what = f"the checkpoint of log {checkpoint.origin} at size {checkpoint.size}"
    signed_by = verify_note(note, own, what=what)
    if proof.extra is None:
        raise LedgerIntegrityError(f"the proof of entry {proof.index} does not carry the entry")
    verify_inclusion(
        index=proof.index,
        size=checkpoint.size,
        leaf=leaf_hash(proof.extra),
        proof=proof.hashes,
        root=checkpoint.root,
    )
    event = LoggedEvent.parse(proof.extra)
    return VerifiedEvent(proof.index, event, proof.extra, checkpoint, note, signed_by)


def _verify_events(proofs: Sequence[str], keys: Sequence[VerifierKey]) -> dict[int, VerifiedEvent]:
    events: dict[int, VerifiedEvent] = {}
    roots: dict[int, bytes] = {}
    for text in proofs:
        event = verify_proof(text, keys)
        if event.index in events:
            raise LedgerIntegrityError(f"the bundle proves entry {event.index} twice")
        if roots.setdefault(event.checkpoint.size, event.checkpoint.root) != event.checkpoint.root:
            raise LedgerIntegrityError(
                f"the log signed two different roots at size {event.checkpoint.size}"
            )
        events[event.index] = event
    if not events:
        raise LedgerIntegrityError("the bundle proves no entry at all")
    return events


def _verify_disclosure(disclosure: Disclosure, events: Mapping[int, VerifiedEvent]) -> str:
    proven = events.get(disclosure.index)
    if proven is None:
        raise LedgerIntegrityError(
            f"a disclosure is about entry {disclosure.index}, which the bundle does not prove"
        )
    stated = proven.event.facts.get(disclosure.fact)
    commitments = stated if isinstance(stated, list) else [stated]
    if not any(
        isinstance(commitment, str)
        and opens_commitment(commitment, salt=disclosure.salt, content=disclosure.content)
        for commitment in commitments
    ):
        raise LedgerIntegrityError(
            f"the content disclosed for fact {disclosure.fact!a} of entry {disclosure.index} "
            "is not what the entry committed to"
        )
    return (
        f"Disclosed content of {len(disclosure.content)} bytes is what entry "
        f"{disclosure.index} committed to as {disclosure.fact}."
    )


def _verify_subjects(
    statement: Statement, disclosures: Sequence[Disclosure], events: Mapping[int, VerifiedEvent]
) -> list[str]:
    known = {sha256(disclosure.content).hexdigest() for disclosure in disclosures}
    for proven in events.values():
        known.add(sha256(proven.body).hexdigest())
        known.update(_digests(proven.event.facts))
    for subject in statement.subjects:
        if subject.sha256 not in known:
            raise LedgerIntegrityError(
                f"the statement is about {subject.name!a} with digest {subject.sha256}, "
                "which is neither disclosed nor stated by a proven entry"
            )
    run = invocation_of(statement)
    if run is not None and run not in {proven.event.run_id for proven in events.values()}:
        raise LedgerIntegrityError(
            f"the statement is about run {run!a}, which no proven entry belongs to"
        )
    names = ", ".join(subject.name for subject in statement.subjects)
    return [f"Statement {statement.predicate_type} about {names} is signed by the same log."]


def _digests(value: object) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(_DIGEST):
        yield value.removeprefix(_DIGEST)
    elif isinstance(value, dict):
        for member in value.values():
            yield from _digests(member)
    elif isinstance(value, list):
        for member in value:
            yield from _digests(member)


def _key_lines(own: VerifierKey, *, pinned: bool) -> Iterator[str]:
    if pinned:
        yield f"Key {statement_key_id(own)} is one you trust."
    else:
        yield (
            f"KEY NOT PINNED: key {statement_key_id(own)} came with the bundle. The bundle is "
            "whole, but compare the key with one from the vault's operator to know whose it is."
        )


def _checkpoint_lines(events: Mapping[int, VerifiedEvent]) -> Iterator[str]:
    signed = {proven.checkpoint.size: proven for proven in events.values()}
    for size, proven in sorted(signed.items()):
        yield (
            f"Checkpoint of log {proven.checkpoint.origin} at size {size} is signed by "
            f"{statement_key_id(proven.signed_by)}."
        )


def _witness_lines(
    events: Mapping[int, VerifiedEvent], witnesses: Sequence[VerifierKey]
) -> Iterator[str]:
    signed = {proven.checkpoint.size: proven for proven in events.values()}
    for witness in witnesses:
        for size, proven in sorted(signed.items()):
            timestamp = verify_cosignature(proven.note, witness)
            if timestamp is None:
                yield f"Witness {witness.name} has NOT cosigned size {size}."
            else:
                yield f"Witness {witness.name} cosigned size {size} at {_time(timestamp)}."


def _event_line(proven: VerifiedEvent) -> str:
    event = proven.event
    behalf = f" on behalf of {event.on_behalf_of}" if event.on_behalf_of else ""
    return (
        f"Entry {proven.index} of {proven.checkpoint.size}: {event.type} at {event.time} "
        f"by {event.actor}{behalf}, id {event.id}."
    )


def _time(timestamp: int) -> str:
    try:
        return datetime.fromtimestamp(timestamp, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return f"second {timestamp}"


def _printable(line: str) -> str:
    # An entry's text could hold terminal control sequences; a report is for terminals.
    return "".join(character if character.isprintable() else "?" for character in line)
