"""Files that runs produced: by digest, labelled, sealed with the key of their run."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select

from vault.domain.labels import Classification, Label
from vault.store.blobs import Blobs
from vault.store.orchestrate_schema import run_artifact

CONTENT = "artifact"
"""Kind under which the sealed content of a file is kept."""


@dataclass(frozen=True, slots=True)
class RunArtifact:
    """A file that a run produced.

    Attributes:
        digest: ``sha256:`` of its content, by which it is addressed within its run.
        label: join of the labels of what it was made from.
        keep_until: from then on it may be dropped; None keeps it with its run.
    """

    id: str
    run_id: str
    name: str
    digest: str
    media_type: str
    bytes: int
    label: Label
    made_at: datetime
    keep_until: datetime | None = None


class RunArtifacts:
    """Files by run and digest."""

    def __init__(self, connection: Connection, blobs: Blobs) -> None:
        self._connection = connection
        self._blobs = blobs

    def add(self, added: RunArtifact, content: bytes, *, key: tuple[str, bytes]) -> None:
        """Keep a file, unless its run has these bytes under this name already."""
        if any(
            (each.digest, each.name) == (added.digest, added.name)
            for each in self.of_run(added.run_id)
        ):
            return
        self._connection.execute(
            insert(run_artifact).values(
                id=added.id,
                run_id=added.run_id,
                name=added.name,
                digest=added.digest,
                media_type=added.media_type,
                bytes=added.bytes,
                classification=int(added.label.classification),
                compartments=sorted(added.label.compartments),
                made_at=added.made_at,
                keep_until=added.keep_until,
            )
        )
        self._blobs.put(added.id, CONTENT, content, key=key)

    def of_run(self, run_id: str) -> Sequence[RunArtifact]:
        """Return the files of a run, oldest first."""
        rows = self._connection.execute(
            select(run_artifact)
            .where(run_artifact.c.run_id == run_id)
            .order_by(run_artifact.c.made_at, run_artifact.c.id)
        )
        return [_artifact(row) for row in rows]

    def content(self, found: RunArtifact) -> bytes:
        """Return the bytes of a file.

        Raises:
            NotFoundError: its key was destroyed.
        """
        return self._blobs.get(found.id, CONTENT)

    def drop_due(self, *, now: datetime) -> int:
        """Drop the files that need not be kept any longer; return how many."""
        rows = self._connection.execute(
            select(run_artifact.c.id).where(run_artifact.c.keep_until <= now)
        )
        due = [row.id for row in rows]
        self._blobs.drop(due)
        self._connection.execute(delete(run_artifact).where(run_artifact.c.id.in_(due)))
        return len(due)


def new_id() -> str:
    """Return an id for a file."""
    return str(uuid.uuid4())


def _artifact(row: Row[tuple[object, ...]]) -> RunArtifact:
    found = row._mapping
    return RunArtifact(
        id=found["id"],
        run_id=found["run_id"],
        name=found["name"],
        digest=found["digest"],
        media_type=found["media_type"],
        bytes=found["bytes"],
        label=Label(Classification(found["classification"]), frozenset(found["compartments"])),
        made_at=found["made_at"],
        keep_until=found["keep_until"],
    )
