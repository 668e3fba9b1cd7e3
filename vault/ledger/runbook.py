"""Records runs: evidence before effect, and a proof of each for whoever ran it."""

import json
import logging
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import rfc8785

from vault.domain.attestation import SALT_BYTES, commit_content
from vault.domain.attestation import Subject as Artifact
from vault.domain.documents import DocumentState
from vault.domain.errors import NotFoundError, RevisionConflictError, VaultError
from vault.domain.identity import Subject
from vault.ledger.bundle import Disclosure, ProofBundle
from vault.ledger.events import LoggedEvent
from vault.ledger.journal import Journal
from vault.ledger.provenance import ANSWER_BUILD_TYPE, RUN_BUILD_TYPE, Provenance
from vault.ledger.signing import Signer
from vault.store.runs import RunRecord
from vault.store.session import Store, UnitOfWork

LOG = logging.getLogger(__name__)
PAYLOAD = "payload"
RUN_KEYS = "runs"
"""Collection whose key wraps the data keys of runs."""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has begun: its intent is committed, its outcome is not.

    Attributes:
        number: counts the subject's own runs from 1: of this actor, for this person. So it
            tells nothing of others, nor of those whom the same agent serves besides.
    """

    id: str
    kind: str
    subject: Subject
    number: int
    question: str
    salt: bytes
    key: tuple[str, bytes]

    @property
    def position(self) -> dict[str, int]:
        """The run's place among its subject's own runs, as the caller sees it."""
        return {"index": self.number - 1, "size": self.number}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to.

    Attributes:
        response: the JSON object the caller gets, committed to byte for byte.
        facts: further ids, digests and counts for the ledger.
        evidence: ids of the documents it rests on.
    """

    response: Mapping[str, object]
    facts: Mapping[str, object] = field(default_factory=dict)
    evidence: Sequence[str] = ()
    state: str = "succeeded"


class RunBook:
    """Begins, ends and proves runs.

    Args:
        store: the database.
        journal: the ledger.
        signer: signs statements, with the ledger's key.
        now: the clock.
    """

    def __init__(
        self, store: Store, *, journal: Journal, signer: Signer, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._journal = journal
        self._signer = signer
        self._now = now

    def begin(
        self, kind: str, subject: Subject, question: str, *, facts: Mapping[str, object]
    ) -> OpenRun:
        """Commit that a run begins, before anything of it can be seen; return it."""
        now = self._now()
        run_id, salt = str(uuid.uuid4()), os.urandom(SALT_BYTES)
        key = self._store.keys.new(collection=RUN_KEYS, now=now)
        with self._store.write() as unit:
            number = unit.runs.next_number(subject.actor.id)
            person = None if subject.on_behalf_of is None else subject.on_behalf_of.id
            place = unit.runs.next_place(subject.actor.id, person)
            unit.runs.start(
                RunRecord(
                    id=run_id,
                    kind=kind,
                    actor=subject.actor.id,
                    on_behalf_of=person,
                    number=number,
                    state="running",
                    key_id=key[0],
                    started_at=now,
                    place=place,
                )
            )
            self._journal.note(
                unit,
                f"{kind}.started",
                subject=subject,
                about=run_id,
                run_id=run_id,
                facts={
                    "question": commit_content(salt=salt, content=question.encode()),
                    **facts,
                },
            )
        return OpenRun(run_id, kind, subject, place, question, salt, key)

    def finish(self, run: OpenRun, outcome: Outcome) -> None:
        """Commit what a run came to; only then may its response leave the vault.

        Raises:
            RevisionConflictError: a document it rests on was erased since it was read, so that
                its words must not be kept again.
        """
        response = rfc8785.dumps(dict(outcome.response))  # type: ignore[arg-type]
        payload = json.dumps(
            {
                "salt": run.salt.hex(),
                "question": run.question,
                "response": response.decode(),
            }
        )
        with self._store.write() as unit:
            _check_not_erased(unit, outcome.evidence)
            unit.blobs.put(run.id, PAYLOAD, payload.encode(), key=run.key)
            unit.runs.end(run.id, state=outcome.state, now=self._now(), evidence=outcome.evidence)
            self._journal.note(
                unit,
                f"{run.kind}.{outcome.state}",
                subject=run.subject,
                about=run.id,
                run_id=run.id,
                facts={
                    "response": commit_content(salt=run.salt, content=response),
                    **outcome.facts,
                },
            )

    @contextmanager
    def underway(self, run: OpenRun) -> Iterator[None]:
        """Let nothing that leaves the block leave the run open.

        An error ends the run as ``failed``, with the slug of its problem and none of its
        words; a caller that goes away ends it as ``cancelled``. Either goes on to the caller.
        The block must end after ``finish``: a run has one outcome.
        """
        try:
            yield
        except BaseException as error:
            self._break_off(run, error)
            raise

    def _break_off(self, run: OpenRun, error: BaseException) -> None:
        state = "failed" if isinstance(error, Exception) else "cancelled"
        slug = error.slug if isinstance(error, VaultError) else VaultError.slug
        facts = {"problem": slug} if state == "failed" else {}
        try:
            self.finish(run, Outcome({"state": state, **facts}, facts, state=state))
        except VaultError as problem:
            # What broke the run is what its caller must hear, not that this could not be kept.
            LOG.warning("run_left_open", extra={"run_id": run.id, "problem": problem.slug})

    def prove(self, run_id: str, subject: Subject | None) -> bytes:
        """Return the proof bundle of a run, for its actor or for the operator at the home.

        Raises:
            NotFoundError: there is no such run, or it is not the subject's.
        """
        with self._store.write() as unit:
            record = self.record_of(unit, run_id, subject)
            rows = unit.ledger_about(run_id)
            indexes = rows.of_subject(run_id)
            events = {index: LoggedEvent.parse(rows.leaf(index)) for index in indexes}
            proofs = self._journal.ledger.prove_each(rows, indexes)
            payload = json.loads(unit.blobs.get(run_id, PAYLOAD))
        salt, response = bytes.fromhex(payload["salt"]), payload["response"].encode()
        contents = {"question": payload["question"].encode(), "response": response}
        disclosures = [
            Disclosure(index=index, fact=fact, salt=salt, content=contents[fact])
            for index, event in events.items()
            for fact in contents
            if fact in event.facts
        ]
        statement = self._provenance(record, list(events.values())).statement(
            [Artifact(name="response", sha256=sha256(response).hexdigest())]
        )
        bundle = ProofBundle(
            vkey=self._signer.key.vkey,
            proofs=proofs,
            disclosures=disclosures,
            statement=self._signer.sign_statement(statement),
        )
        return bundle.serialise()

    def record_of(self, unit: UnitOfWork, run_id: str, subject: Subject | None) -> RunRecord:
        """Return a run of this subject; another's does not exist for it.

        Raises:
            NotFoundError: there is no such run for the subject.
        """
        record = unit.runs.get(run_id)
        if record is None or (subject is not None and not _is_of(record, subject)):
            raise NotFoundError("there is no such run")
        return record

    def _provenance(self, record: RunRecord, events: Sequence[LoggedEvent]) -> Provenance:
        facts: dict[str, object] = {}
        for event in events:
            facts.update(event.facts)
        rules: dict[str, object] = {
            name: fact for name, fact in facts.items() if name in {"policy", "epoch", "visible_set"}
        }
        return Provenance(
            build_type=ANSWER_BUILD_TYPE if record.kind == "answer" else RUN_BUILD_TYPE,
            builder=self._journal.ledger.origin,
            run_id=record.id,
            started=_text(record.started_at),
            finished=_text(record.ended_at or record.started_at),
            request={"question": facts.get("question")},
            rules=rules,
            materials=_materials(facts),
        )


def _check_not_erased(unit: UnitOfWork, evidence: Sequence[str]) -> None:
    found = unit.documents.many(set(evidence)).values()
    if any(kept.document.state is DocumentState.ERASED for kept in found):
        raise RevisionConflictError("a document this rests on was erased meanwhile; ask again")


def _is_of(record: RunRecord, subject: Subject) -> bool:
    """Tell whether a run is this actor's for this person; an agent serves people one by one."""
    person = None if subject.on_behalf_of is None else subject.on_behalf_of.id
    return (record.actor, record.on_behalf_of) == (subject.actor.id, person)


def _materials(facts: Mapping[str, object]) -> list[Artifact]:
    named = [("embedder", facts.get("embedder")), ("generator", facts.get("generator"))]
    return [
        Artifact(name=name, sha256=digest.removeprefix("sha256:"))
        for name, digest in named
        if isinstance(digest, str) and digest.startswith("sha256:")
    ]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
