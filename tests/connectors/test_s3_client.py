"""A client asks the endpoint it was given, and tells every error as one of a source."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from connectors import s3_client
from connectors.endpoints import Endpoint, Pace, Patience
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.s3_client import Account, S3Client
from tests.connectors.servers.s3 import BUCKET, INLINE, InlineS3, owner

Build = Callable[..., S3Client]


class Body(io.BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def answer(status: int, code: str = "", **headers: str) -> Callable[[Any], AWSResponse]:
    body = f"<Error><Code>{code}</Code></Error>".encode() if code else b""
    return lambda request: AWSResponse(request.url, status, headers, Body(body))


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    (tmp_path / "secret").write_text("secret")
    made: list[S3Client] = []

    def build(send: Callable[[Any], Any], *, endpoint: Endpoint | None = None) -> S3Client:
        account = Account("reader", tmp_path / "secret", "us-east-1", None, 5)
        made.append(
            S3Client(
                endpoint or Endpoint("127.0.0.1", 9, tls=False),
                BUCKET,
                account,
                pace=Pace(),
                patience=Patience(attempts=1),
                send=send,
            )
        )
        return made[-1]

    yield build
    for client in made:
        client.close()


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("NoSuchKey", SourceUnavailableError, "at the moment"),
        ("AccessDenied", SourceRejectedError, "may not be read"),
        ("InvalidObjectState", SourceRejectedError, "may not be read"),
        ("SignatureDoesNotMatch", SourceUnavailableError, "refuses the sign-in"),
        ("SlowDown", SourceUnavailableError, "says SlowDown"),
    ],
)
def test_what_the_server_says_is_told_apart(
    build: Build, code: str, kind: type[Exception], reason: str
) -> None:
    with pytest.raises(kind, match=reason):
        build(answer(400, code)).ask("get_object", Key="k")


def test_a_server_that_is_away_is_an_outage(build: Build) -> None:
    def refuse(request: Any) -> AWSResponse:
        raise ConnectionRefusedError

    with pytest.raises(SourceUnavailableError, match="does not answer: ConnectionRefusedError"):
        build(refuse).has_versions()


def test_nothing_of_the_kind_is_told_from_a_failure(build: Build) -> None:
    assert build(answer(404, "NoSuchBucketPolicy")).ask_if_any("get_bucket_policy") is None
    assert build(answer(501, "NotImplemented")).ask_if_any("get_object_tagging", Key="k") is None
    with pytest.raises(SourceUnavailableError):
        build(answer(503, "SlowDown")).ask_if_any("get_bucket_policy")
    with pytest.raises(SourceRejectedError):
        build(answer(403, "AccessDenied")).ask_if_any("get_bucket_policy")


def test_a_server_that_sends_elsewhere_is_not_followed(build: Build) -> None:
    asked: list[str] = []

    def send(request: Any) -> AWSResponse:
        asked.append(request.url)
        headers = {"x-amz-bucket-region": "eu-west-1", "Location": "https://evil.example/"}
        body = b"<Error><Code>PermanentRedirect</Code><Endpoint>evil.example</Endpoint></Error>"
        return AWSResponse(request.url, 301, headers, Body(body))

    with pytest.raises(SourceUnavailableError):
        build(send).ask("get_object", Key="k")
    assert all(url.startswith(INLINE + "/") for url in asked)


def test_a_request_to_another_address_does_not_leave(build: Build) -> None:
    client = build(answer(200))
    client.ask("list_objects_v2")
    client._endpoint = Endpoint("nas", 443, tls=True)
    with pytest.raises(SourceUnavailableError, match="elsewhere"):
        client.ask("list_objects_v2")


def test_the_environment_and_the_home_are_not_read(
    build: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[default]\nendpoint_url = https://evil.example\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://evil.example")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mallory")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("HTTPS_PROXY", "http://evil.example")
    seen: list[Any] = []

    def send(request: Any) -> AWSResponse:
        seen.append(request)
        return answer(200)(request)

    build(send).ask("list_objects_v2")
    [request] = seen
    assert request.url.startswith(INLINE + "/")
    assert b"reader/" in request.headers["Authorization"]


def test_an_answer_that_comes_short_is_an_outage(build: Build) -> None:
    def send(request: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, {"Content-Length": "9", "ETag": '"e"'}, Body(b"half"))

    with pytest.raises(SourceUnavailableError, match="IncompleteReadError"):
        build(send).read("k", max_bytes=100)


def test_pages_are_put_together_in_the_order_of_keys(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_client, "_PAGE", 2)
    server = InlineS3()
    setter = owner(INLINE, server)
    setter.create_bucket(Bucket=BUCKET)
    for key in "abcde":
        setter.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
    client = build(server)
    assert [found.key for found in client.listing("", after="", versions=False)] == list("abcde")
    assert [found.key for found in client.listing("", after="b", versions=False)] == list("cde")
    assert not client.has_versions()
    setter.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    assert client.has_versions()
    for _ in range(3):
        setter.put_object(Bucket=BUCKET, Key="b", Body=b"again")
    setter.delete_object(Bucket=BUCKET, Key="d")
    found = list(client.listing("", after="", versions=True))
    assert [(each.key, each.is_deleted) for each in found] == [(key, key == "d") for key in "abcde"]
    assert [each.version_id for each in found if each.key == "a"] == [""]
    assert client.read("b", max_bytes=9)[0] == b"again"
    setter.close()
