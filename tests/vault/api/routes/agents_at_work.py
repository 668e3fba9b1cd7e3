"""A home with an agent in it, behind a client that speaks HTTP to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS
from tests.vault.homes import home
from tests.vault.orchestrate.leave_desk import furnish
from vault.api.app import create_app
from vault.bootstrap import Vault
from vault.domain.identity import Scope


@dataclass
class Office:
    """The home, the client, and the headers of whoever calls."""

    vault: Vault
    client: TestClient

    def headers(self, name: str, *scopes: Scope) -> dict[str, str]:
        wanted = frozenset(scopes) or frozenset(Scope)
        token, _ = self.vault.authenticator.issue(name, scopes=wanted, ttl=timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}

    def start(self, name: str = "ana") -> dict[str, str]:
        response = self.client.post(
            "/v1/runs",
            json={"agent": "clerk", "input": "2 + 3", "wait_seconds": 60},
            headers=self.headers(name),
        )
        assert response.status_code == 201, response.text
        found: dict[str, str] = response.json()
        return found


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """Open a home with an agent that asks before it makes a ticket."""
    with home(folder) as vault:
        furnish(vault)
        yield Office(vault, TestClient(create_app(vault), base_url=ADDRESS))
