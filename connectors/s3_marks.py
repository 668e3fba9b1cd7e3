"""What tags, metadata and holds say of an S3 object besides its content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import SourceRejectedError
from connectors.s3_client import Listed, S3Client

_METADATA = ("title", "author", "language", "keywords")


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of one object beside its content.

    Attributes:
        tags: names and values, in order.
        hold: what forbids deletion at the source; empty where nothing does.
    """

    tags: tuple[tuple[str, str], ...]
    hold: str

    @property
    def digest(self) -> str:
        """Return a token that changes with tags and hold."""
        return hashlib.sha256(json.dumps([self.tags, self.hold]).encode()).hexdigest()[:16]


class S3Marks:
    """Reads the marks of objects and makes them part of their versions.

    Args:
        client: the bucket.
        classification_tag: tag that names a classification.
        record_class_tag: tag that names a record class.
        watched: whether tags and holds are part of a version.
    """

    def __init__(
        self,
        client: S3Client,
        *,
        classification_tag: str,
        record_class_tag: str,
        watched: bool,
    ) -> None:
        self._client = client
        self._tags = {classification_tag: "classification", record_class_tag: "record_class"}
        self._watched = watched
        self._locks: bool | None = None

    def read(self, key: str) -> Marks:
        """Return the marks of an object now."""
        answer = self._client.ask_if_any("get_object_tagging", Key=key) or {}
        tags = tuple(sorted((tag["Key"], tag["Value"]) for tag in answer.get("TagSet", ())))
        return Marks(tags, self._hold(key))

    def version_of(self, listed: Listed) -> str:
        """Return the version token of an object as a listing shows it."""
        state = f"{listed.version_id}:{listed.etag}"
        return f"{state}:{self.read(listed.key).digest}" if self._watched else state

    def version(self, answer: Mapping[str, Any], marks: Marks) -> str:
        """Return the version token of an object as it was read; equal to ``version_of``."""
        named = answer.get("VersionId") or ""
        etag = answer["ETag"].strip('"')
        state = f"{'' if named == 'null' else named}:{etag}"
        return f"{state}:{marks.digest}" if self._watched else state

    def facts(self, answer: Mapping[str, Any], marks: Marks) -> dict[str, str]:
        """Return what metadata, tags and holds say of an object that was read."""
        metadata = {name.lower(): text for name, text in answer.get("Metadata", {}).items()}
        found = {name: metadata[name] for name in _METADATA if metadata.get(name)}
        found |= {
            self._tags[name]: text for name, text in marks.tags if name in self._tags and text
        }
        if marks.hold:
            found["hold"] = marks.hold
        return found

    def _hold(self, key: str) -> str:
        """Return what forbids deletion at the source, in words; empty where nothing does.

        Source:
            Amazon S3 User Guide, "Locking objects with Object Lock".
        """
        if not self._may_lock():
            return ""
        seen = self._client.ask("head_object", Key=key)
        if seen.get("ObjectLockLegalHoldStatus") == "ON":
            return "legal hold at the source"
        until = seen.get("ObjectLockRetainUntilDate")
        return f"locked at the source until {until:%Y-%m-%d}" if until else ""

    def _may_lock(self) -> bool:
        if self._locks is None:
            try:
                found = self._client.ask_if_any("get_object_lock_configuration")
            except SourceRejectedError:
                # Who may not know is told by each object.
                found = {}
            self._locks = found is not None
        return self._locks
