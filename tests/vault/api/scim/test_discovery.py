"""The service tells what it is, and keeps a strict client's own checks."""

import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
import uvicorn
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from vault.api.app import create_app
from vault.bootstrap import Vault
from vault.domain.identity import Scope

BASE = "/scim/v2"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def test_what_there_is_can_be_read_one_by_one(idp: TestClient) -> None:
    for path in ("ResourceTypes", "Schemas"):
        listed = idp.get(f"{BASE}/{path}").json()
        assert listed["totalResults"] == 2
        for found in listed["Resources"]:
            assert idp.get(found["meta"]["location"]).json() == found
    assert idp.get(f"{BASE}/ServiceProviderConfig").json()["patch"]["supported"]


def test_what_is_not_there_is_told_as_such(idp: TestClient) -> None:
    for path in ("Schemas/none", "ResourceTypes/none", "none", "Bulk/none", ""):
        assert idp.get(f"{BASE}/{path}").status_code == 404
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert idp.request(method, f"{BASE}/Schemas").status_code == 405
    assert idp.delete(f"{BASE}/Users").status_code == 405


@pytest.fixture
def served(vault: Vault, token_for: TokenFor) -> Iterator[httpx2.Client]:
    """A client of the vault behind a real server on a free port."""
    config = uvicorn.Config(create_app(vault), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    headers = token_for("idp", Scope.DIRECTORY_WRITE)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}{BASE}", headers=headers) as client:
        yield client
    server.should_exit = True
    thread.join()


@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_strict_client_finds_nothing_amiss(served: httpx2.Client) -> None:
    results = check_server(SyncSCIMClient(served))
    amiss = [
        (found.title, found.resource_type, found.reason)
        for found in results
        if found.status is not Status.SUCCESS
    ]
    assert amiss == []
    assert len(results) > 50
