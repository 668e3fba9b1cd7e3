"""Objects in an S3 bucket as a source, with their tags, versions, holds and, on demand, rights."""

import mimetypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from connectors.base import AclSupport, Capabilities, Health
from connectors.endpoints import Pace, Patience, parse_url
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import (
    Cursor,
    Failure,
    Item,
    Membership,
    RawAcl,
    SlimItem,
    SourceContent,
    SourcePrincipal,
    Tombstone,
)
from connectors.s3_client import Account, ObjectGoneError, S3Client
from connectors.s3_listing import S3Listing, S3Names
from connectors.s3_marks import S3Marks
from connectors.s3_rights import policy_denies, rights_of

_KIND = "s3"


@dataclass(frozen=True, slots=True)
class S3Config:
    """What to follow, and how to sign in.

    Attributes:
        endpoint: URL of the server; there is no default one.
        bucket: name of the bucket.
        access_key: id of the key pair.
        secret_key_file: file with its secret.
        prefix: beginning of the keys that are followed.
        ca_file: certificates to trust instead of the machine's.
        use_object_acl: take readers from the objects' access lists instead of the data owner.
            Nobody reads by them while a bucket policy denies anything.
        watch_tags: notice changed tags and holds at each sync, for one or two requests an
            object; otherwise they are read with the content alone.
        classification_tag: tag that names a classification.
        record_class_tag: tag that names a record class.
        requests_per_second: ceiling; 0 for none.
        allowed_hosts: public hosts that may be dialled; private ones may without it.
    """

    endpoint: str
    bucket: str
    access_key: str
    secret_key_file: Path
    prefix: str = ""
    region: str = "us-east-1"
    ca_file: Path | None = None
    use_object_acl: bool = False
    watch_tags: bool = True
    classification_tag: str = "classification"
    record_class_tag: str = "record_class"
    max_bytes: int = 256 * 2**20
    requests_per_second: int = 0
    timeout_seconds: int = 30
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse endpoints that may not be dialled."""
        _, path = parse_url(self.endpoint, allowed=self.allowed_hosts, kind=_KIND)
        if path.strip("/"):
            raise ConnectorConfigError("the endpoint of connector 's3' is a URL without a path")


class S3Connector:
    """Follows the newest version of each object; delete markers are deletions.

    Args:
        source_id: stable name of this source.
        config: what to follow.
        patience: how often to try a request.
        send: answers requests instead of the network.
    """

    config_type: ClassVar[type] = S3Config
    capabilities: ClassVar[Capabilities] = Capabilities(acl=AclSupport.MAPPED, tombstones=True)

    def __init__(
        self,
        *,
        source_id: str,
        config: S3Config,
        patience: Patience | None = None,
        send: Callable[[Any], Any] | None = None,
    ) -> None:
        self.source_id = source_id
        self._config = config
        if config.use_object_acl:
            self.capabilities = replace(self.capabilities, acl=AclSupport.NATIVE)  # type: ignore[misc]
        self._client = S3Client(
            parse_url(config.endpoint, allowed=config.allowed_hosts, kind=_KIND)[0],
            config.bucket,
            Account(
                config.access_key,
                config.secret_key_file,
                config.region,
                config.ca_file,
                config.timeout_seconds,
            ),
            pace=Pace(config.requests_per_second),
            patience=Patience() if patience is None else patience,
            send=send,
        )
        marks = S3Marks(
            self._client,
            classification_tag=config.classification_tag,
            record_class_tag=config.record_class_tag,
            watched=config.watch_tags,
        )
        self._marks = marks
        self._names = S3Names(config.bucket, config.prefix)
        self._listing = S3Listing(
            source_id,
            self._client,
            names=self._names,
            marks=marks,
            max_bytes=config.max_bytes,
            with_rights=config.use_object_acl,
        )

    def check(self) -> Health:
        """Tell whether the bucket can be listed and, where that is wanted, its rights judged."""
        try:
            self._client.ask("list_objects_v2", Prefix=self._config.prefix, MaxKeys=1)
            denied = self._config.use_object_acl and self._policy_denies()
        except (SourceUnavailableError, SourceRejectedError) as error:
            return Health(ok=False, detail=str(error))
        if denied:
            return Health(ok=False, detail="a bucket policy denies: nobody's rights are known")
        return Health(ok=True, detail="the bucket can be listed")

    def scan(self, cursor: Cursor | None) -> Iterator[Item | Tombstone | Failure | Cursor]:
        """Yield each object, deletions since the last scan, and cursors to go on from."""
        yield from self._listing.scan(cursor)

    def list_ids(self, cursor: Cursor | None) -> Iterator[SlimItem]:
        """Yield each object, with the hash of its rights where they are the source's."""
        yield from self._listing.list_ids(cursor)

    def acl(self, ids: Iterable[str]) -> Iterator[RawAcl]:
        """Yield who may read each object by its access list; unknown is nobody."""
        known = self._config.use_object_acl and not self._policy_denies()
        for item in ids:
            yield self._rights(item) if known else RawAcl(item, b"", None)

    def principals(
        self,
        cursor: Cursor | None,  # noqa: ARG002 - the seam's shape
    ) -> Iterator[SourcePrincipal | Membership | Tombstone | Cursor]:
        """Yield nothing: access lists name accounts, which a bucket cannot list."""
        yield from ()

    def open(self, id: str, version: str) -> SourceContent:  # noqa: A002, ARG002 - the seam's shape
        """Return the bytes of one object; one answer holds one state of it."""
        key = self._names.key_of(id)
        content, answer = self._client.read(key, max_bytes=self._config.max_bytes)
        marks = self._marks.read(key)
        return SourceContent(
            content=content,
            version=self._marks.version(answer, marks),
            media_type=answer.get("ContentType") or mimetypes.guess_type(key)[0],
            modified_at=answer["LastModified"],
            facts=self._marks.facts(answer, marks),
        )

    def can_read(self, id: str, principal: str) -> bool | None:  # noqa: A002, ARG002
        """Return None: the server answers for who signs the request alone."""
        return None

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _rights(self, item: str) -> RawAcl:
        try:
            key = self._names.key_of(item)
            return rights_of(item, self._client.ask("get_object_acl", Key=key))
        except (SourceRejectedError, ObjectGoneError):
            return RawAcl(item, b"", None)

    def _policy_denies(self) -> bool:
        try:
            found = self._client.ask_if_any("get_bucket_policy")
        except SourceRejectedError:
            return True
        return policy_denies(None if found is None else found.get("Policy"))
