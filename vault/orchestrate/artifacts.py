"""Keeps the files of a call until its outcome is committed, and then with it."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from vault.domain.errors import LimitExceededError
from vault.domain.labels import Label, join
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.store.run_artifacts import RunArtifact, new_id
from vault.store.session import UnitOfWork

MOST_FILES = 64
"""Files that one call may keep."""
MOST_BYTES = 32 * 2**20
"""Bytes that one call may keep."""


@dataclass(slots=True)
class ArtifactBuffer:
    """Takes files in while a call runs; a call that is cut off leaves none.

    Attributes:
        floor: label of what the call was made from; no file gets a lower one.
    """

    floor: Label
    _files: list[tuple[str, bytes, str, Label]] = field(default_factory=list)

    def put(self, name: str, content: bytes, *, media_type: str, label: Label) -> str:
        """Keep a file under the run and return its ``sha256:`` digest.

        Raises:
            LimitExceededError: the call keeps too many or too large files.
        """
        size = len(content) + sum(len(each[1]) for each in self._files)
        if len(self._files) >= MOST_FILES or size > MOST_BYTES:
            raise LimitExceededError("a call may not keep that many files or bytes")
        self._files.append((name, content, media_type, join(label, self.floor)))
        return digest_of_content(content)

    def commit(self, unit: UnitOfWork, loaded: LoadedRun, writes: WritePath) -> list[str]:
        """Keep the files in the transaction of the outcome; return their digests."""
        now, days = writes.now(), loaded.charter.artifact_days
        for name, content, media_type, label in self._files:
            made = RunArtifact(
                id=new_id(),
                run_id=loaded.run.run_id,
                name=name,
                digest=digest_of_content(content),
                media_type=media_type,
                bytes=len(content),
                label=label,
                made_at=now,
                keep_until=None if days is None else now + timedelta(days=days),
            )
            unit.artifacts.add(made, content, key=loaded.key)
        return [digest_of_content(content) for _, content, _, _ in self._files]


def digest_of_content(content: bytes) -> str:
    """Return the digest by which a file is addressed."""
    return "sha256:" + hashlib.sha256(content).hexdigest()
