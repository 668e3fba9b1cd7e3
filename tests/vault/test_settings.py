"""Settings come from the environment, then the home's file, then defaults that fail closed."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from vault.domain.errors import InvalidRequestError
from vault.settings import FILE_NAME, Settings, cores, home_folder, load


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("VAULT_") or name in {"STRONGROOM_HOME", "XDG_DATA_HOME"}:
            monkeypatch.delenv(name)


def write(home: Path, *lines: str) -> Path:
    home.mkdir(exist_ok=True)
    (home / FILE_NAME).write_text("\n".join(lines), encoding="utf-8")
    return home


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.model_dump() == Settings().model_dump()
    assert (settings.host, settings.passphrase_file) == ("127.0.0.1", None)


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write(tmp_path, "port = 9000", 'generator = ""', 'log_level = "info"')
    monkeypatch.setenv("VAULT_PORT", "9001")
    settings = load(home)
    assert (settings.port, settings.generator, settings.log_level) == (9001, "", "info")
    assert settings.max_hits == Settings().max_hits


def test_two_homes_do_not_share_their_settings(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one", "port = 1"), write(tmp_path / "two", "port = 2")
    assert (load(one).port, load(two).port) == (1, 2)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param("prot = 9000", "prot", id="unknown"),
        pytest.param("port = 65536", "port", id="too large"),
        pytest.param("port = -1", "port", id="negative"),
        pytest.param('port = "many"', "port", id="not a number"),
        pytest.param("busy_seconds = 0", "busy_seconds", id="nothing"),
        pytest.param('log_level = "loud"', "log_level", id="an unknown word"),
        pytest.param("parse_memory_mib = 1", "parse_memory_mib", id="too small"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, name: str) -> None:
    with pytest.raises(InvalidRequestError, match=f"setting '{name}'"):
        load(write(tmp_path, line))


def test_a_wrong_setting_of_the_environment_is_named_without_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_THREADS", "canary")
    with pytest.raises(InvalidRequestError, match="threads") as caught:
        load(tmp_path)
    assert "canary" not in caught.value.detail


@pytest.mark.parametrize("body", [b"port = ", b"\xff\xfe", b"port = 1\nport = 2"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, body: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(body)
    with pytest.raises(InvalidRequestError, match=r"settings\.toml is not valid TOML"):
        load(tmp_path)


def test_settings_do_not_change_once_they_are_read(tmp_path: Path) -> None:
    settings = load(tmp_path)
    with pytest.raises(ValidationError, match="frozen"):
        settings.host = "0.0.0.0"  # noqa: S104 - what may not happen


def test_a_dotenv_file_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("VAULT_PORT=9009\n")
    monkeypatch.chdir(tmp_path)
    assert load(tmp_path).port == Settings().port


def test_the_home_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ana")
    assert home_folder() == Path("/home/ana/.local/share/strongroom")
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    assert home_folder() == Path("/srv/data/strongroom")
    for said, meant in (("~/vault", Path("/home/ana/vault")), ("here", tmp_path / "here")):
        monkeypatch.setenv("STRONGROOM_HOME", said)
        assert home_folder() == meant


def test_models_take_the_threads_that_are_said_or_every_core_of_this_process() -> None:
    assert cores(Settings(threads=3)) == 3
    assert cores(Settings()) == len(os.sched_getaffinity(0))


def test_an_age_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path) -> None:
    assert load(write(tmp_path / "good", '[max_acl_age]\nsecret = "2h"')).max_acl_age == {
        "secret": "2h"
    }
    with pytest.raises(InvalidRequestError, match=r"max_acl_age.*must be like"):
        load(write(tmp_path / "bad", '[max_acl_age]\nsecret = "soon"'))


def test_an_issuer_is_agreed_with_in_a_table_of_its_own(tmp_path: Path) -> None:
    home = write(tmp_path, "[oidc]", 'issuer = "https://issuer.intranet"', 'audience = ["vault"]')
    agreed = load(home).oidc
    assert agreed is not None
    assert (agreed.algorithms, agreed.person_claim, agreed.groups_claim) == (
        ["RS256", "ES256"],
        "sub",
        "",
    )


@pytest.mark.parametrize(
    "line",
    [
        'algorithms = ["none"]',
        'algorithms = ["HS256"]',
        "algorithms = []",
        "clock_skew_seconds = 3600",
        "audience = []",
        'client_secret = "in the open"',
    ],
)
def test_what_may_not_be_agreed_with_an_issuer_is_refused(tmp_path: Path, line: str) -> None:
    lines = ["[oidc]", 'issuer = "https://issuer.intranet"', line]
    if not line.startswith("audience"):
        lines.append('audience = ["vault"]')
    with pytest.raises(InvalidRequestError, match="oidc"):
        load(write(tmp_path, *lines))
