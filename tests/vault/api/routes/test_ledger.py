"""GET /v1/ledger/checkpoint."""

from starlette.testclient import TestClient

from vault.bootstrap import Vault


def test_the_checkpoint_is_signed_and_covers_every_entry(
    client: TestClient, vault: Vault, ana: dict[str, str]
) -> None:
    response = client.get("/v1/ledger/checkpoint", headers=ana)
    assert response.headers["content-type"].startswith("text/plain")
    with vault.store.read() as unit:
        size = unit.ledger.size()
    assert response.text.splitlines()[1] == str(size)
