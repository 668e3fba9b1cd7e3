"""The vault is ready once everything the first question needs is there, and says why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS
from vault.api.app import create_app
from vault.api.readiness import Readiness
from vault.bootstrap import Vault
from vault.domain.errors import ModelUnavailableError


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Vault]:
    """A home without models."""
    with Vault.create(tmp_path / "home", models_dir=tmp_path / "nothing") as vault:
        yield vault


def test_it_is_alive_and_not_ready_without_models(bare: Vault) -> None:
    with TestClient(create_app(bare), base_url=ADDRESS) as client:
        assert client.get("/healthz").json() == {"status": "alive"}
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["type"] == "/problems/model-unavailable"
    assert str(bare.models_dir) not in response.text
    assert int(response.headers["retry-after"]) > 0


def test_before_it_has_begun_it_is_not_ready(bare: Vault) -> None:
    with pytest.raises(ModelUnavailableError, match="being loaded"):
        Readiness(bare).check()


def test_a_failed_load_is_tried_again_by_a_later_check(bare: Vault) -> None:
    readiness = Readiness(bare, retry_seconds=0.0)
    readiness.start()
    readiness.wait()
    bare.__dict__.update(_embedder=Ready(), followers=Ready(), _generator=None)
    with pytest.raises(ModelUnavailableError):
        readiness.check()
    readiness.wait()
    readiness.check()
    readiness.stop()


def test_an_unforeseen_failure_is_told_without_its_words(bare: Vault) -> None:
    bare.__dict__.update(_embedder=Ready(), followers=object(), _generator=None)
    readiness = Readiness(bare)
    readiness.start()
    readiness.wait()
    with pytest.raises(ModelUnavailableError, match="could not be loaded"):
        readiness.check()
    readiness.stop()


@pytest.mark.model
def test_with_models_it_becomes_ready(live_vault: Vault) -> None:
    app = create_app(live_vault)
    with TestClient(app, base_url=ADDRESS) as client:
        app.state.readiness.wait()
        assert client.get("/readyz").json() == {"status": "ready"}


class Ready:
    """Stands for an embedder and an index that are there."""

    def count_tokens(self, texts: list[str]) -> list[int]:
        return [len(texts)]

    def of(self, embedder: object) -> "Ready":
        return self

    def current(self, unit: object) -> None:
        return None
