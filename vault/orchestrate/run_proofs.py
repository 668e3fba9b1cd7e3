"""The proof of a governed run: every entry about it, opened for whoever it acts for."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from vault.domain.attestation import Subject as Artifact
from vault.domain.errors import RunStateError
from vault.domain.identity import Subject
from vault.ledger.bundle import Disclosure, ProofBundle
from vault.ledger.events import LoggedEvent
from vault.ledger.provenance import RUN_BUILD_TYPE, Provenance
from vault.ledger.signing import Signer
from vault.orchestrate.run_desk import RunDesk, ShownRun
from vault.orchestrate.write_path import WritePath
from vault.store.run_events import SealedEvent

PAYLOAD = "payload"
"""Name of the fact that commits to what an event says."""


class RunProofs:
    """Makes proof bundles.

    Args:
        writes: reads runs and the ledger.
        desk: knows who may see what.
        signer: signs statements, with the ledger's key.
    """

    def __init__(self, writes: WritePath, *, desk: RunDesk, signer: Signer) -> None:
        self._writes = writes
        self._desk = desk
        self._signer = signer

    def prove(self, run_id: str, subject: Subject | None) -> bytes:
        """Return the proof bundle of a run, which anybody can verify offline.

        Whoever only answers for the agent gets the proof that it all happened, without what
        was said.

        Raises:
            NotFoundError: there is no such run for the subject.
            RunStateError: nothing has happened in it yet.
        """
        shown = self._desk.show(run_id, subject)
        ledger = self._writes.journal.ledger
        with self._writes.store.write() as unit:
            rows = unit.ledger_about(run_id)
            indexes = rows.of_subject(run_id)
            if not indexes:
                raise RunStateError("nothing has happened in this run yet")
            events = [LoggedEvent.parse(rows.leaf(index)) for index in indexes]
            proofs = ledger.prove_each(rows, indexes)
            sealed = unit.run_events.opened(run_id, key=shown.loaded.key[1])
        opened = [(event.entry, each) for event, each in sealed] if shown.full else []
        statement = _provenance(shown, events, builder=ledger.origin).statement(
            _subjects(shown, opened, events)
        )
        return ProofBundle(
            vkey=self._signer.key.vkey,
            proofs=proofs,
            disclosures=[
                Disclosure(entry, PAYLOAD, each.salt, each.content) for entry, each in opened
            ],
            statement=self._signer.sign_statement(statement),
        ).serialise()


def _subjects(
    shown: ShownRun, opened: Sequence[tuple[int, SealedEvent]], events: Sequence[LoggedEvent]
) -> list[Artifact]:
    """Return what the run brought about: its last event and its files."""
    last = (
        sha256(opened[-1][1].content).hexdigest() if opened else _hex(str(events[0].facts["agent"]))
    )
    files = [Artifact(name=each.name, sha256=_hex(each.digest)) for each in shown.artifacts]
    return [Artifact(name="outcome" if opened else "agent", sha256=last), *files]


def _provenance(shown: ShownRun, events: Sequence[LoggedEvent], *, builder: str) -> Provenance:
    loaded = shown.loaded
    ended = loaded.run.ended_at or shown.events[-1].at
    tools = sorted({str(event.facts["tool"]) for event in events if "tool" in event.facts})
    rules: Mapping[str, object] = {
        "policy": events[0].facts.get("policy"),
        "epoch": events[0].facts.get("epoch"),
        "autonomy": sorted(
            {str(event.facts["autonomy"]) for event in events if "autonomy" in event.facts}
        ),
    }
    materials = [Artifact(name=loaded.version.reference, sha256=_hex(loaded.version.digest))]
    materials += [Artifact(name="tool", sha256=_hex(digest)) for digest in tools]
    return Provenance(
        build_type=RUN_BUILD_TYPE,
        builder=builder,
        run_id=loaded.run.run_id,
        started=_text(loaded.run.started_at),
        finished=_text(ended),
        request={"input": events[0].facts.get(PAYLOAD)},
        rules=rules,
        materials=materials,
    )


def _hex(digest: str) -> str:
    return digest.removeprefix("sha256:")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
