"""GET /healthz and /readyz."""

from starlette.testclient import TestClient


def test_life_and_readiness_need_no_credential(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").status_code == 503
