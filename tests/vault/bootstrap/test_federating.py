"""A home believes the issuer that its settings name, as far as they say."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.vault import homes
from tests.vault.federate.issuing import AUDIENCE, FIRST, URL, claims, key_set, signed
from vault.bootstrap import Vault
from vault.bootstrap.federating import client_of, terms_of
from vault.domain.errors import HomeUnavailableError, InvalidRequestError, UnauthenticatedError
from vault.domain.identity import READER_SCOPES, Scope
from vault.settings import OidcSettings, load


def agreed(**changes: object) -> OidcSettings:
    return OidcSettings.model_validate({"issuer": URL, "audience": [AUDIENCE], **changes})


def reopened(vault: Vault, *lines: str) -> Vault:
    (vault.home.folder / "settings.toml").write_text("\n".join(lines))
    return Vault.open(vault.home.folder, load(vault.home.folder))


def test_a_home_without_an_issuer_takes_its_own_tokens_alone(tmp_path: Path) -> None:
    with homes.home(tmp_path) as vault:
        assert vault.federation is None
        for token in ("a.b.c", signed(claims(datetime.now(UTC)))):
            with pytest.raises(UnauthenticatedError):
                vault.credential(token)


def test_a_home_with_an_issuer_takes_its_tokens_and_its_own(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(key_set(FIRST)))
    lines = [
        "[oidc]",
        f'issuer = "{URL}"',
        f'audience = ["{AUDIENCE}"]',
        f'jwks_file = "{keys}"',
        'groups_claim = "groups"',
        'groups_prefix = "idp."',
    ]
    with homes.home(tmp_path) as made:
        made.directory.add_members("idp.auditors", ["user:olga"])
        with reopened(made, *lines) as vault:
            now = datetime.now(UTC)
            found = vault.credential(signed(claims(now, groups=["auditors"])))
            assert found.subject.actor.groups == {"staff", "everyone", "idp.auditors"}
            own, _ = vault.authenticator.issue("ana", scopes=READER_SCOPES, ttl=timedelta(hours=1))
            assert vault.credential(own).subject.actor.id == "ana"
            assert vault.federation is not None
            assert not vault.federation.signs_in


def test_a_browser_signs_in_where_the_vault_is_a_client(tmp_path: Path) -> None:
    lines = [
        "[oidc]",
        f'issuer = "{URL}"',
        f'audience = ["{AUDIENCE}"]',
        'client_id = "page"',
        'redirect_uri = "https://vault.intranet/sign-in/callback"',
    ]
    with homes.home(tmp_path) as made, reopened(made, *lines) as vault:
        assert vault.federation is not None
        assert vault.federation.signs_in


def test_scopes_are_a_reader_s_unless_said_otherwise() -> None:
    assert terms_of(agreed()).scopes == READER_SCOPES
    assert terms_of(agreed(scopes=["run:read"])).scopes == {Scope.RUN_READ}
    with pytest.raises(InvalidRequestError, match=r"oidc\.scopes"):
        terms_of(agreed(scopes=["vault:own"]))


def test_a_client_has_an_address_and_its_secret_comes_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="redirect_uri"):
        client_of(agreed(client_id="page"))
    file = tmp_path / "secret"
    chosen = agreed(
        client_id="page",
        redirect_uri="https://vault.intranet/sign-in/callback",
        client_secret_file=str(file),
        login_scopes=["groups", "openid"],
    )
    for content in (None, b"", b"\xff\xfe"):
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(HomeUnavailableError):
            client_of(chosen)
    file.write_text("hush\n")
    client = client_of(chosen)
    assert (client.secret, client.scopes) == ("hush", ("openid", "groups"))
