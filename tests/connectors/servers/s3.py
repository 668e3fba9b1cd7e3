"""A real S3 server: in this process behind the client's own hook, or in one of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse
from moto.s3.models import s3_backends
from moto.server import create_backend_app

from connectors.endpoints import Patience
from connectors.s3 import S3Config, S3Connector
from tests.connectors.servers.sshd import free_port, wait_for

BUCKET = "records"
INLINE = "http://127.0.0.1:9"


class _Raw(io.BytesIO):
    """A body as the library's transport hands it on."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


class InlineS3:
    """Answers requests without a network; every test has its own."""

    def __init__(self) -> None:
        self._http = create_backend_app("s3").test_client()
        s3_backends.reset()
        self.asked: list[str] = []

    def __call__(self, request: Any) -> AWSResponse:
        self.asked.append(f"{request.method} {request.url}")
        answer = self._http.open(
            request.url.removeprefix(INLINE),
            method=request.method,
            headers={name: _text(value) for name, value in request.headers.items()},
            data=request.body,
            base_url=INLINE,
        )
        raw = _Raw(answer.get_data())
        return AWSResponse(request.url, answer.status_code, dict(answer.headers), raw)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def owner(endpoint: str, send: InlineS3 | None = None) -> Any:
    """Return a client of the bucket's owner, to set scenes with."""
    client = botocore.session.Session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="owner",
        aws_secret_access_key="owner",
    )
    if send is not None:
        client.meta.events.register("before-send.s3", lambda request, **_: send(request))
    return client


def connect(
    folder: Path, *, endpoint: str = INLINE, send: Any = None, **settings: object
) -> S3Connector:
    """Return a connector to the bucket whose secret lies in ``folder``."""
    (folder / "secret").write_text("secret\n")
    known = {
        "endpoint": endpoint,
        "bucket": BUCKET,
        "access_key": "reader",
        "secret_key_file": folder / "secret",
    }
    return S3Connector(
        source_id="s3",
        config=S3Config(**known | settings),  # type: ignore[arg-type]
        patience=Patience(attempts=1),
        send=send,
    )


@contextmanager
def s3(folder: Path) -> Iterator[str]:
    """Run the server in its own process; yield its endpoint."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
    try:
        wait_for(port, process, seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)
