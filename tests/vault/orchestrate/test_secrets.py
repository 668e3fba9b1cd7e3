"""A secret is given to the call that names it, and to nothing else."""

import os
from pathlib import Path

import pytest

from tests.vault.orchestrate.workshop import broker
from vault.orchestrate.secrets import (
    MASK,
    EnvironmentSecrets,
    FileSecrets,
    KeyringSecrets,
    SecretBroker,
)
from vault.orchestrate.tool import ToolFailedError


def test_a_file_is_read_without_its_last_line_end(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("tulip-7\n")
    file.chmod(0o600)
    assert FileSecrets(tmp_path).find("token") == "tulip-7"
    assert FileSecrets(tmp_path).find("other") is None


def test_a_file_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("tulip-7")
    file.chmod(0o644)
    with pytest.raises(ToolFailedError, match="mode 600"):
        FileSecrets(tmp_path).find("token")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("tulip-7")
    (tmp_path / "token").symlink_to(tmp_path / "real")
    assert FileSecrets(tmp_path).find("token") is None


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 70_000])
def test_what_is_no_credential_is_refused_without_its_bytes(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(ToolFailedError) as caught:
        FileSecrets(tmp_path).find("token")
    assert caught.value.__cause__ is None


def test_the_first_that_keeps_it_gives_it(tmp_path: Path) -> None:
    named = EnvironmentSecrets({"STRONGROOM_SECRET_API_KEY": "from-environment"})
    assert SecretBroker([FileSecrets(tmp_path), named, KeyringSecrets()]).value("api-key") == (
        "from-environment"
    )
    assert not SecretBroker([FileSecrets(tmp_path), KeyringSecrets()]).holds("api-key")
    assert SecretBroker([named]).holds("api-key")


@pytest.mark.parametrize("name", ["../master.key", "UPPER", "", "a/b"])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(ToolFailedError, match="name of a secret"):
        SecretBroker([FileSecrets(tmp_path)]).value(name)


def test_a_call_gets_what_its_definition_names_alone() -> None:
    lent = broker(token="tulip-7", other="rose-9").lend(frozenset({"token"}))
    assert lent.reveal("token") == "tulip-7"
    with pytest.raises(ToolFailedError, match="names no secret"):
        lent.reveal("other")
    with pytest.raises(ToolFailedError, match="no secret"):
        broker().lend(frozenset({"token"})).reveal("token")


def test_what_was_given_out_is_masked_and_never_shown() -> None:
    lent = broker(token="tulip-7", longer="tulip-7-and-more").lend(frozenset({"token", "longer"}))
    lent.reveal("token")
    lent.reveal("longer")
    assert lent.masked("a tulip-7-and-more b tulip-7") == f"a {MASK} b {MASK}"
    assert "tulip" not in repr(lent)
    assert "tulip" not in repr(EnvironmentSecrets({}))


def test_variables_of_the_process_are_not_secrets() -> None:
    assert EnvironmentSecrets(os.environ).find("path") is None
