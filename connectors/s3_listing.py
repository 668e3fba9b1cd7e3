"""Lists an S3 bucket in the order of its keys, taken up where it was left."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, SlimItem, Tombstone
from connectors.s3_client import Listed, ObjectGoneError, S3Client
from connectors.s3_marks import S3Marks
from connectors.s3_rights import hash_of

_SAFE = "/-._~!$&'()*+,;=:@"
_EVERY = 500
_OVERLAP = timedelta(minutes=5)
"""Clocks of a server's machines differ: a deletion is told twice rather than not at all."""
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class S3Names:
    """Turns keys into URIs and back.

    Attributes:
        bucket: name of the bucket.
        prefix: beginning of the keys that belong to the source.
    """

    bucket: str
    prefix: str

    def uri_of(self, key: str) -> str:
        """Return the URI of an object."""
        return f"s3://{self.bucket}/{quote(key, safe=_SAFE)}"

    def key_of(self, uri: str) -> str:
        """Return the key that ``uri_of`` named.

        Raises:
            SourceRejectedError: it names no object of this source.
        """
        origin = f"s3://{self.bucket}/"
        key = unquote(uri.removeprefix(origin), errors="surrogateescape")
        if not uri.startswith(origin) or not key or not key.startswith(self.prefix):
            raise SourceRejectedError("the item is outside the bucket or its prefix")
        return key


@dataclass(frozen=True, slots=True)
class Position:
    """How far the last scan came.

    Attributes:
        objects: objects that the last whole scan found.
        newest: latest change that it saw; deletions from before it were told. None before the
            first scan has ended: there is nothing to delete then.
        after: last key told by a scan that did not end; it had told ``so_far`` objects.
    """

    objects: int = 0
    newest: datetime | None = None
    after: str = ""
    so_far: int = 0

    @classmethod
    def of(cls, cursor: Cursor | None) -> "Position":
        """Return the position a cursor holds; one that cannot be read starts over."""
        if cursor is None:
            return cls()
        try:
            kept = json.loads(cursor.value)
            newest = kept["newest"] and datetime.fromisoformat(kept["newest"])
            return cls(int(kept["objects"]), newest, str(kept["after"]), int(kept["so_far"]))
        except (ValueError, TypeError, KeyError):
            return cls()

    def cursor(self) -> Cursor:
        """Return the position as a cursor."""
        newest = None if self.newest is None else self.newest.isoformat()
        kept = {"objects": self.objects, "newest": newest}
        return Cursor(json.dumps(kept | {"after": self.after, "so_far": self.so_far}))


class S3Listing:
    """The objects of one bucket below one prefix.

    Args:
        source_id: name of the source, for messages.
        client: the bucket.
        names: keys and their URIs.
        marks: tags and holds, as far as they are part of a version.
        max_bytes: larger objects are reported as failures.
        with_rights: whether a sweep reads access lists.
    """

    def __init__(
        self,
        source_id: str,
        client: S3Client,
        *,
        names: S3Names,
        marks: S3Marks,
        max_bytes: int,
        with_rights: bool,
    ) -> None:
        self._source_id = source_id
        self._client = client
        self._names = names
        self._marks = marks
        self._max_bytes = max_bytes
        self._with_rights = with_rights

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield each object, deletions since the last whole scan, and cursors between.

        Raises:
            SourceUnavailableError: the listing could not go on, or the bucket is suddenly empty.
        """
        position = Position.of(cursor)
        count, newest = position.so_far, position.newest or _EPOCH
        for found in self._objects(position.after):
            newest = max(newest, found.modified)
            if found.is_deleted:
                if position.newest and found.modified >= position.newest - _OVERLAP:
                    yield Tombstone(self._names.uri_of(found.key))
                continue
            count += 1
            yield from self._fact(found)
            if not count % _EVERY:
                yield Position(position.objects, position.newest, found.key, count).cursor()
        self._demand_some(count, position)
        yield Position(count, newest).cursor()

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield each object, with the hash of its access list where that is wanted.

        Raises:
            SourceUnavailableError: the listing is not complete, or suddenly empty.
        """
        count = 0
        for found in self._objects(""):
            if found.is_deleted:
                continue
            count += 1
            try:
                version = self._marks.version_of(found)
                acl_hash = self._acl_hash(found.key)
            except ObjectGoneError:
                # Deleted since the page was listed; a sweep without it tells the truth.
                continue
            except SourceRejectedError:
                version, acl_hash = f"{found.version_id}:{found.etag}", "unknown"
            yield SlimItem(self._names.uri_of(found.key), version, acl_hash)
        self._demand_some(count, Position.of(cursor))

    def _fact(self, found: Listed) -> Iterator[Item | Failure]:
        uri = self._names.uri_of(found.key)
        if found.size > self._max_bytes:
            reason = f"the object is larger than {self._max_bytes} bytes"
            yield Failure(uri, reason, retry=False)
            return
        try:
            version = self._marks.version_of(found)
        except ObjectGoneError:
            return
        except SourceRejectedError as error:
            yield Failure(uri, str(error))
            return
        yield Item(uri, uri, version, found.key.rstrip("/").rpartition("/")[2], found.size)

    def _objects(self, after: str) -> Iterator[Listed]:
        versions = self._client.has_versions()
        for found in self._client.listing(self._names.prefix, after=after, versions=versions):
            # Consoles show folders by empty objects of their name.
            if not (found.key.endswith("/") and not found.size):
                yield found

    def _acl_hash(self, key: str) -> str:
        if not self._with_rights:
            return ""
        return hash_of(self._client.ask("get_object_acl", Key=key))

    def _demand_some(self, count: int, before: Position) -> None:
        if before.objects and not count:
            raise SourceUnavailableError(f"source {self._source_id!r} lists no objects at all")
