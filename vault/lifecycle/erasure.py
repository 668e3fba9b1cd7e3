"""Erasure: the key is destroyed, the traces are cleaned, and a certificate says so."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version

from vault.domain.attestation import SALT_BYTES, Statement, commit_content
from vault.domain.attestation import Subject as Artifact
from vault.domain.documents import DocumentState
from vault.domain.errors import HomeUnavailableError
from vault.domain.holds import check_words
from vault.domain.identity import Subject
from vault.ledger.bundle import Disclosure, ProofBundle
from vault.ledger.journal import Journal
from vault.ledger.signing import Signer
from vault.lifecycle.authority import governed
from vault.lifecycle.holds import check_free
from vault.policy.engine import PolicyEngine
from vault.retrieve.forms import moment_form
from vault.store.changes import REMOVE
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import Store, UnitOfWork

PREDICATE_TYPE = "strongroom:erasure/v1"
METHOD = "cryptographic-erase"
"""Every byte of a document lies under a data key of its own; without the key none can be read.

Source:
    NIST SP 800-88 Rev. 2, cryptographic erase.
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """What one erasure took.

    Attributes:
        documents: ids of the document and of what was attached to it.
        runs: number of searches and answers whose records rested on it.
        keys: ids of the data keys that are destroyed.
        index: number of the ledger entry.
        reason: why, which the entry only commits to.
        salt: opens that commitment.
    """

    documents: tuple[str, ...]
    runs: int
    keys: frozenset[str]
    index: int
    reason: str
    salt: bytes


class Erasure:
    """Erases documents and certifies it.

    Args:
        store: the database.
        journal: the ledger.
        signer: signs certificates, with the ledger's key.
        policy: decides who may erase.
        purge: cleans the index of everything that was removed, in memory and on disk.
        now: the clock.
    """

    def __init__(
        self,
        store: Store,
        *,
        journal: Journal,
        signer: Signer,
        policy: PolicyEngine,
        purge: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._journal = journal
        self._signer = signer
        self._policy = policy
        self._purge = purge
        self._now = now

    def erase(self, document_id: str, subject: Subject | None, *, reason: str) -> dict[str, object]:
        """Erase a document: take it out of every result, destroy its data key, clean up.

        What it leaves is a tombstone of ids, and ledger entries that hold no content.

        Returns:
            A certificate: what, how, by which tool, checked how, when, and a ``bundle`` that
            ``strongroom verify`` accepts offline.

        Raises:
            NotFoundError: it does not exist for the subject, or is not its own.
            HoldInForceError: a legal hold covers it.
            InvalidRequestError: no reason is given.
        """
        check_words(reason=reason)
        with self._store.write() as unit:
            kept = governed(unit, self._policy, document_id, subject)
            taken = self.take(unit, kept, subject, reason=reason)
        return self.certify(taken)

    def take(
        self,
        unit: UnitOfWork,
        kept: KeptDocument,
        subject: Subject | None,
        *,
        reason: str,
        event: str = "document.erased",
    ) -> Erased:
        """Leave a tombstone of a document in the caller's transaction.

        Its content is gone for good once ``certify`` has destroyed its keys. The ledger keeps
        a commitment to the reason, since people write names into reasons.

        Raises:
            HoldInForceError: a legal hold covers it or what is attached to it.
        """
        taken = (kept, *unit.documents.children(kept.document.id))
        check_free(unit, taken)
        runs = [run for each in taken for run in unit.runs.resting_on(each.document.id)]
        for each in taken:
            _tombstone(unit, each)
        unit.blobs.drop(run.id for run in runs)
        unit.raise_epoch()
        documents = tuple(each.document.id for each in taken)
        salt = os.urandom(SALT_BYTES)
        index = self._journal.note(
            unit,
            event,
            subject=subject,
            about=kept.document.id,
            facts={
                "document_id": kept.document.id,
                "documents": list(documents),
                "runs": len(runs),
                "method": METHOD,
                "reason": commit_content(salt=salt, content=reason.encode()),
            },
        )
        keys = frozenset({each.key_id for each in taken} | {run.key_id for run in runs})
        return Erased(documents, len(runs), keys, index, reason, salt)

    def certify(self, taken: Erased) -> dict[str, object]:
        """Destroy the keys, clean the index, check both, and return the signed certificate.

        Raises:
            HomeUnavailableError: a check failed, so nothing can be certified.
        """
        self._store.keys.destroy(taken.keys, now=self._now())
        self._purge()
        checks = self._checked(taken)
        predicate: dict[str, object] = {
            "documents": list(taken.documents),
            "answers_withdrawn": taken.runs,
            "method": METHOD,
            "reason": taken.reason,
            "tool": f"strongroom {version('strongroom')}",
            "verified": checks,
            "verifier": self._signer.key.name,
            "erased_at": moment_form(self._now()),
            "ledger_index": taken.index,
        }
        bundle = self._bundle(taken, predicate)
        return {"document_id": taken.documents[0], **predicate, "bundle": bundle}

    def finish_interrupted(self) -> int:
        """Destroy the keys of documents that were erased when a process died; return how many.

        The tombstone is committed before the keys are destroyed, so a crash between the two
        leaves keys of content that is gone already.
        """
        with self._store.read() as unit:
            erased = unit.documents.erased_keys()
        left = set(self._store.keys.open(erased))
        if left:
            self._store.keys.destroy(left, now=self._now())
            self._purge()
        return len(left)

    def _checked(self, taken: Erased) -> list[str]:
        with self._store.read() as unit:
            states = unit.documents.many(taken.documents).values()
            left = [each for each in states if each.document.state is not DocumentState.ERASED]
            revisions = [found.id for one in taken.documents for found in unit.revisions.of(one)]
            left_blobs = unit.blobs.count(revisions)
        if left or left_blobs or self._store.keys.open(taken.keys):
            raise HomeUnavailableError("the erasure is not complete; it is not certified")
        return [
            "every data key is destroyed",
            "no text and no vector of it is left in the database",
            "the index was rewritten without it, in memory and on disk",
        ]

    def _bundle(self, taken: Erased, predicate: Mapping[str, object]) -> dict[str, object]:
        index = taken.index
        with self._store.write() as unit:
            body = unit.ledger.leaf(index)
            proof = self._journal.ledger.prove(unit.ledger, index)
        subject = Artifact(name=f"entry {index}", sha256=sha256(body).hexdigest())
        statement = Statement((subject,), PREDICATE_TYPE, predicate)
        bundle = ProofBundle(
            vkey=self._signer.key.vkey,
            proofs=[proof],
            disclosures=[Disclosure(index, "reason", taken.salt, taken.reason.encode())],
            statement=self._signer.sign_statement(statement),
        )
        found: dict[str, object] = json.loads(bundle.serialise())
        return found


def _tombstone(unit: UnitOfWork, kept: KeptDocument) -> None:
    found = kept.document
    revisions = unit.revisions.of(found.id)
    if found.revision is not None and found.state.value in LIVE:
        span = unit.revisions.chunk_range(found.revision.id)
        unit.changes.append(REMOVE, found.revision.id, span, access_label_id=kept.access_label_id)
    unit.blobs.drop(revision.id for revision in revisions)
    unit.chunks.drop(revision.id for revision in revisions)
    unit.findings.replace(found.id, ())
    unit.documents.change(
        found.id, state=DocumentState.ERASED.value, title="", version=None, revision_id=None
    )
