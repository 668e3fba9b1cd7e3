"""A home whose people may sign in with an issuer, and a browser in front of it."""

from pathlib import Path

from starlette.testclient import TestClient

from tests.vault.api.conftest import ADDRESS, people
from tests.vault.federate.servers.oidc import CLIENT, SECRET
from vault.api.app import create_app
from vault.bootstrap import Vault

BACK = ADDRESS + "/sign-in/callback"
CREDENTIAL = "/v1/credential"


def home_with(folder: Path, issuer: str) -> Vault:
    """Make a home whose people may sign in with an issuer."""
    (folder / "secret").write_text(SECRET)
    home = folder / "home"
    home.mkdir()
    (home / "settings.toml").write_text(
        f"""
        [oidc]
        issuer = "{issuer}"
        audience = ["{CLIENT}"]
        client_id = "{CLIENT}"
        client_secret_file = "{folder / "secret"}"
        redirect_uri = "{BACK}"
        person_claim = "preferred_username"
        groups_claim = "groups"
        login_scopes = ["openid", "profile", "groups"]
        [oidc.groups]
        auditors = "board"
        """
    )
    vault = Vault.create(home)
    people(vault)
    return vault


def client_of(vault: Vault, **options: object) -> TestClient:
    return TestClient(create_app(vault), base_url=ADDRESS, follow_redirects=False, **options)
