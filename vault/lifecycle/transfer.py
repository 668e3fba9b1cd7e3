"""Records handed over to another keeper: their text and facts in files, with signed digests."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from vault.domain.attestation import Statement
from vault.domain.attestation import Subject as Artifact
from vault.domain.errors import HomeUnavailableError, NotFoundError
from vault.ledger.signing import Signer
from vault.lifecycle.forms import document_form, revision_form
from vault.retrieve.forms import moment_form
from vault.store.session import Store

PREDICATE_TYPE = "strongroom:transfer/v1"
STATEMENTS = "statements.intoto.jsonl"


class Transfer:
    """Writes records into a folder.

    Args:
        store: the database.
        signer: signs what was written, with the ledger's key.
        now: the clock.
    """

    def __init__(self, store: Store, *, signer: Signer, now: Callable[[], datetime]) -> None:
        self._store = store
        self._signer = signer
        self._now = now

    def write(self, document_id: str, folder: Path) -> Path:
        """Write every revision of one document with its facts; return the file.

        A signed statement with the file's digest is appended to ``statements.intoto.jsonl``.
        Both are on the disk when this returns.

        Raises:
            NotFoundError: there is no such document.
            HomeUnavailableError: the folder cannot be written.

        Source:
            in-toto Attestation Framework, bundles (one envelope a line).
        """
        content = json.dumps(self._record(document_id), ensure_ascii=False, indent=1).encode()
        file = folder / f"{document_id}.json"
        subject = Artifact(name=file.name, sha256=sha256(content).hexdigest())
        predicate: dict[str, object] = {
            "document_id": document_id,
            "from": self._signer.key.name,
            "transferred_at": moment_form(self._now()),
        }
        signed = self._signer.sign_statement(Statement((subject,), PREDICATE_TYPE, predicate))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(file, content, append=False)
            line = json.dumps(signed.document()).encode() + b"\n"
            _write(folder / STATEMENTS, line, append=True)
        except OSError as error:
            raise HomeUnavailableError("the records cannot be written to that folder") from error
        return file

    def _record(self, document_id: str) -> dict[str, object]:
        with self._store.read() as unit:
            kept = unit.documents.get(document_id)
            if kept is None:
                raise NotFoundError("there is no such document")
            revisions = unit.revisions.of(document_id)
            texts = {found.id: unit.content.text(found.id) for found in revisions}
        access = kept.document.access
        return {
            "document": document_form(kept, now=self._now()),
            "readers": sorted(access.readers),
            "denied": sorted(access.denied),
            "revisions": [revision_form(found) | {"text": texts[found.id]} for found in revisions],
        }


def _write(path: Path, content: bytes, *, append: bool) -> None:
    with path.open("ab" if append else "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
