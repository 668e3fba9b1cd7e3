"""GET /v1/sources."""

from starlette.testclient import TestClient

from tests.vault.api.conftest import TokenFor
from vault.bootstrap import Vault
from vault.domain.identity import Scope
from vault.domain.records import Governance
from vault.store.sources import SourceRecord


def test_an_owner_sees_its_own_sources_without_their_configuration(
    client: TestClient, vault: Vault, token_for: TokenFor
) -> None:
    with vault.store.write() as unit:
        label_id = next(iter(unit.labels.all()))
        record = SourceRecord(
            "share", "filesystem", {"root": "/hidden/place"}, label_id, Governance("olga")
        )
        unit.sources.add(record, now=vault.now())
    mine = client.get("/v1/sources", headers=token_for("olga", Scope.SOURCE_READ))
    theirs = client.get("/v1/sources", headers=token_for("ana", Scope.SOURCE_READ))
    assert [found["name"] for found in mine.json()["sources"]] == ["share"]
    assert "hidden" not in mine.text
    assert theirs.json() == {"sources": []}
