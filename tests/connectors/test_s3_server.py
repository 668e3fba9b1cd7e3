"""The connector against a real S3 server over the loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import SourceUnavailableError
from connectors.facts import Item
from tests.connectors import contract
from tests.connectors.servers.s3 import BUCKET, connect, owner, s3
from tests.connectors.servers.sshd import free_port

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3(tmp_path_factory.mktemp("s3")) as running:
        client = owner(running)
        client.create_bucket(Bucket=BUCKET)
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        client.put_object(Bucket=BUCKET, Key="hr/leave ü.md", Body=b"Thirty days.")
        client.put_object(Bucket=BUCKET, Key="notice.txt", Body=b"x" * 1_000_000)
        client.close()
        yield running


@pytest.mark.parametrize("native", [False, True])
def test_it_keeps_the_contract(endpoint: str, tmp_path: Path, *, native: bool) -> None:
    connector = connect(tmp_path, endpoint=endpoint, use_object_acl=native)
    contract.keeps_the_contract(connector)
    assert len([fact for fact in connector.scan(None) if isinstance(fact, Item)]) == 2
    connector.close()


def test_a_server_that_does_not_answer_is_an_outage(tmp_path: Path) -> None:
    connector = connect(tmp_path, endpoint=f"http://127.0.0.1:{free_port()}")
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError, match="EndpointConnectionError"):
        list(connector.list_ids(None))
    connector.close()
