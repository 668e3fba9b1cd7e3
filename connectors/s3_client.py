"""Asks one S3 endpoint about one bucket, and no other address whatever it answers."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import botocore.config
import botocore.exceptions
import botocore.session

from connectors.endpoints import Endpoint, Pace, Patience, read_secret
from connectors.errors import SourceRejectedError, SourceUnavailableError

_NO_FILE = "/dev/null"
_PAGE = 1000
_GONE = frozenset({"NoSuchKey", "NoSuchVersion", "404", "MethodNotAllowed"})
_REFUSED = frozenset({"AccessDenied", "403", "InvalidObjectState"})
_SIGN_IN = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"})
_ABSENT = frozenset(
    {
        "NoSuchBucketPolicy",
        "NoSuchObjectLockConfiguration",
        "ObjectLockConfigurationNotFoundError",
        "InvalidRequest",
        "NotImplemented",
    }
)


class ObjectGoneError(SourceUnavailableError):
    """The object is not there at the moment."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest state of one key.

    Attributes:
        etag: entity tag, without quotes; empty where the key was deleted.
        version_id: empty in a bucket without versions.
        is_deleted: whether a delete marker is the newest state.
    """

    key: str
    etag: str
    version_id: str
    size: int
    modified: datetime
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """How to sign requests.

    Attributes:
        secret_key_file: file with the secret key.
        ca_file: certificates to trust instead of the machine's.
    """

    access_key: str
    secret_key_file: Path
    region: str
    ca_file: Path | None
    timeout_seconds: int


class S3Client:
    """One bucket; nothing of the environment or of the account's home is read.

    Args:
        endpoint: the server.
        bucket: name of the bucket.
        account: how to sign requests.
        pace: distance between requests.
        patience: how often to try a request.
        send: answers requests instead of the network.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        bucket: str,
        account: Account,
        *,
        pace: Pace,
        patience: Patience,
        send: Callable[[Any], Any] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._bucket = bucket
        self._account = account
        self._pace = pace
        self._patience = patience
        self._send = send
        self._client: Any = None

    def has_versions(self) -> bool:
        """Tell whether the bucket keeps versions, or kept them once."""
        return bool(self.ask("get_bucket_versioning").get("Status"))

    def listing(self, prefix: str, *, after: str, versions: bool) -> Iterator[Listed]:
        """Yield the newest state of each key below ``prefix`` in the order of keys.

        Args:
            prefix: beginning of the keys.
            after: key to go on behind; empty to begin.
            versions: whether the bucket has versions, so that deletions show.

        Raises:
            SourceUnavailableError: the listing could not go on.
        """
        return self._versions(prefix, after) if versions else self._objects(prefix, after)

    def ask(self, operation: str, **arguments: object) -> dict[str, Any]:
        """Return the answer to one request about the bucket.

        Raises:
            SourceRejectedError: the object may not be read.
            SourceUnavailableError: it is not there now, or the server does not answer.
        """
        with _told():
            request = getattr(self._connected(), operation)
            answer: dict[str, Any] = request(Bucket=self._bucket, **arguments)
            return answer

    def ask_if_any(self, operation: str, **arguments: object) -> dict[str, Any] | None:
        """Return the answer to one request, or None where there is nothing of the kind."""
        try:
            with _told():
                request = getattr(self._connected(), operation)
                answer: dict[str, Any] = request(Bucket=self._bucket, **arguments)
                return answer
        except SourceUnavailableError as error:
            if _code_of(error.__cause__) in _ABSENT:
                return None
            raise

    def read(self, key: str, *, max_bytes: int) -> tuple[bytes, dict[str, Any]]:
        """Return the bytes of one object and what the server says of them.

        Raises:
            SourceRejectedError: it is too large, or may not be read.
            SourceUnavailableError: it is not there now, or came short.
        """
        answer = self.ask("get_object", Key=key)
        with _told(), closing(answer["Body"]) as body:
            if answer["ContentLength"] > max_bytes:
                raise SourceRejectedError(f"the object is larger than {max_bytes} bytes")
            content: bytes = body.read()
        return content, answer

    def close(self) -> None:
        """End the connections."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def _objects(self, prefix: str, after: str) -> Iterator[Listed]:
        more: dict[str, object] = {"StartAfter": after} if after else {}
        while True:
            page = self.ask("list_objects_v2", Prefix=prefix, MaxKeys=_PAGE, **more)
            for found in page.get("Contents", ()):
                etag = found["ETag"].strip('"')
                yield Listed(found["Key"], etag, "", found["Size"], found["LastModified"])
            if not page["IsTruncated"]:
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _versions(self, prefix: str, after: str) -> Iterator[Listed]:
        more: dict[str, object] = {"KeyMarker": after} if after else {}
        while True:
            page = self.ask("list_object_versions", Prefix=prefix, MaxKeys=_PAGE, **more)
            yield from sorted(_newest(page), key=lambda found: found.key.encode())
            if not page["IsTruncated"]:
                return
            more = {"KeyMarker": page["NextKeyMarker"]}
            if page.get("NextVersionIdMarker"):
                more["VersionIdMarker"] = page["NextVersionIdMarker"]

    def _connected(self) -> Any:  # noqa: ANN401 - the library makes its clients as it runs
        if self._client is None:
            account = self._account
            session = botocore.session.Session({"profile": (None, None, None, None)})
            for name in ("config_file", "credentials_file"):
                session.set_config_variable(name, _NO_FILE)
            self._client = session.create_client(
                "s3",
                region_name=account.region,
                endpoint_url=self._endpoint.origin,
                aws_access_key_id=account.access_key,
                aws_secret_access_key=read_secret(account.secret_key_file),
                verify=True if account.ca_file is None else str(account.ca_file),
                config=self._config(),
            )
            self._client.meta.events.register("before-send.s3", self._before_send)
        return self._client

    def _config(self) -> Any:  # noqa: ANN401 - the library has no types
        return botocore.config.Config(
            signature_version="s3v4",
            connect_timeout=self._account.timeout_seconds,
            read_timeout=self._account.timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": self._patience.attempts},
            # A proxy named in the environment would see what is asked.
            proxies={},
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )

    def _before_send(self, request: Any, **_: object) -> Any:  # noqa: ANN401 - untyped
        # The library follows a server that names another region's address.
        if not _is_at(request.url, self._endpoint):
            raise SourceUnavailableError("the server sends requests elsewhere")
        self._pace.wait()
        return None if self._send is None else self._send(request)


@contextmanager
def _told() -> Iterator[None]:
    """Tell every error of the library as one of a source."""
    try:
        yield
    except botocore.exceptions.ClientError as error:
        code = _code_of(error)
        if code in _GONE:
            raise ObjectGoneError("the object is not there at the moment") from error
        if code in _REFUSED:
            raise SourceRejectedError("the object may not be read by this sign-in") from error
        reason = "the server refuses the sign-in" if code in _SIGN_IN else f"the server says {code}"
        raise SourceUnavailableError(reason) from error
    except (botocore.exceptions.BotoCoreError, OSError) as error:
        kind = type(error).__name__
        raise SourceUnavailableError(f"the server does not answer: {kind}") from error


def _code_of(error: BaseException | None) -> str:
    if isinstance(error, botocore.exceptions.ClientError):
        return str(error.response.get("Error", {}).get("Code", "nothing"))
    return ""


def _is_at(url: str, endpoint: Endpoint) -> bool:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    tls = parts.scheme == "https"
    return Endpoint((parts.hostname or "").lower(), port, tls=tls) == endpoint


def _newest(page: dict[str, Any]) -> Iterator[Listed]:
    for found in page.get("Versions", ()):
        if found["IsLatest"]:
            yield Listed(
                found["Key"],
                found["ETag"].strip('"'),
                _version_id(found),
                found["Size"],
                found["LastModified"],
            )
    for found in page.get("DeleteMarkers", ()):
        if found["IsLatest"]:
            modified = found["LastModified"]
            yield Listed(found["Key"], "", _version_id(found), 0, modified, is_deleted=True)


def _version_id(found: dict[str, Any]) -> str:
    # What was stored before a bucket had versions is called null.
    named = found.get("VersionId") or ""
    return "" if named == "null" else str(named)
