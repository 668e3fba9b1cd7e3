"""A failure is told with its problem type and exit code, and text is never taken for markup."""

import json
from pathlib import Path

import pytest

from vault.cli.console import opened, print_json, refuse, say, told
from vault.domain.errors import ERRORS, LedgerIntegrityError, NotFoundError, VaultError

Capture = pytest.CaptureFixture[str]


def test_json_is_one_document_on_standard_output(capsys: Capture) -> None:
    form = {"title": "Straße [bold]", "hits": []}
    print_json(form)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == form
    assert "Straße" in captured.out
    assert captured.err == ""


def test_square_brackets_of_a_text_are_shown(capsys: Capture) -> None:
    say("[red]see [1] and [link=http://elsewhere.example]here[/link]")
    shown = capsys.readouterr().out
    assert shown == "[red]see [1] and [link=http://elsewhere.example]here[/link]\n"


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.slug)
def test_a_failure_ends_with_the_code_of_its_class(kind: type[VaultError], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        refuse(kind("the [red]detail[/red]"))
    captured = capsys.readouterr()
    assert ended.value.code == kind.exit_code
    assert captured.out == ""
    assert captured.err == f"{kind.title} (/problems/{kind.slug})\nthe [red]detail[/red]\n"


def test_an_expected_failure_is_told_and_any_other_goes_on() -> None:
    with pytest.raises(SystemExit) as ended, told():
        raise NotFoundError("there is none")
    assert ended.value.code == NotFoundError.exit_code
    with pytest.raises(ZeroDivisionError), told():
        raise ZeroDivisionError


def test_the_vault_of_the_home_is_open_inside_the_block_only(home: Path) -> None:
    with opened() as vault:
        assert vault.home.folder == home
        with vault.store.read() as unit:
            assert unit.epoch() > 0
    assert not (home / "vault.db-wal").exists()


def test_a_failure_inside_the_block_closes_the_vault(home: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended, opened() as vault, vault.store.write() as unit:
        unit.set_fact("name", "value")
        raise LedgerIntegrityError("broken")
    assert ended.value.code == LedgerIntegrityError.exit_code
    assert "ledger-integrity" in capsys.readouterr().err
    with opened() as vault, vault.store.read() as unit:
        assert unit.fact("name") is None


@pytest.mark.usefixtures("home")
def test_a_home_that_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("STRONGROOM_HOME", str(tmp_path / "none"))
    with pytest.raises(SystemExit) as ended, opened():
        pytest.fail("a home that does not exist was opened")
    assert ended.value.code == 75
    assert "strongroom init" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
