"""A vault of its own for each module, and a directory that may change who is in it."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS, TokenFor, people
from vault.api.app import create_app
from vault.bootstrap import Vault
from vault.domain.identity import Principal, PrincipalKind, Scope
from vault.domain.labels import Classification, Label

USERS, GROUPS = "/scim/v2/Users", "/scim/v2/Groups"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

Ask = Callable[..., object]


@pytest.fixture(scope="module")
def provisioned_vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with Vault.create(tmp_path_factory.mktemp("scim") / "home") as vault:
        people(vault)
        service = Principal("idp", PrincipalKind.SERVICE, Label(Classification.PUBLIC))
        vault.directory.add_principal(service, name="Directory", groups=[])
        yield vault


@pytest.fixture
def vault(provisioned_vault: Vault) -> Vault:
    return provisioned_vault


@pytest.fixture
def idp(vault: Vault, token_for: TokenFor) -> TestClient:
    """A client of the directory, with its token."""
    headers = token_for("idp", Scope.DIRECTORY_WRITE)
    return TestClient(create_app(vault), base_url=ADDRESS, headers=headers)


def patch(*operations: dict[str, object]) -> dict[str, object]:
    return {"schemas": [PATCH], "Operations": list(operations)}
