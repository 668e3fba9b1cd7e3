"""A home has its tools, its tracker and its secrets, each made once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vault.homes import home, subject
from vault.bootstrap import Vault
from vault.domain.errors import InvalidRequestError
from vault.domain.tickets import TicketDraft

NAMES = ["tickets", "secret_broker", "toolbox", "tool_registry", "tool_desk", "tool_trials"]
HTTP = {
    "name": "far",
    "kind": "http",
    "owner": "olga",
    "description": "Far.",
    "input_schema": {"type": "object"},
    "binding": {"base_url": "https://far.test", "method": "GET", "path": "/", "places": {}},
}
SQL = {
    "name": "stock",
    "kind": "sql",
    "owner": "olga",
    "description": "Stock.",
    "input_schema": {"type": "object", "properties": {}},
    "reversibility": "read",
    "secrets": ["stock"],
    "binding": {"dialect": "sqlite", "database": "stock", "statement": "SELECT 1 AS one"},
}
PROGRAM = Path(__file__).parent.parent / "orchestrate" / "kinds" / "mcp_program.py"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as found:
        yield found


@pytest.mark.parametrize("name", NAMES)
def test_each_service_is_built_once(vault: Vault, name: str) -> None:
    assert getattr(vault, name) is getattr(vault, name)


def test_tickets_lie_encrypted_in_the_home(vault: Vault) -> None:
    vault.tickets.create(TicketDraft("A rare title", "", "staff"), subject(vault), key="k" * 9)
    assert b"A rare title" not in vault.home.tracker.read_bytes()


def test_a_secret_of_the_home_reaches_the_call_that_names_it(vault: Vault) -> None:
    vault.home.secrets.mkdir(mode=0o700)
    file = vault.home.secrets / "stock"
    file.write_text(str(vault.home.folder / "none.db"))
    file.chmod(0o600)
    assert vault.secret_broker.holds("stock")
    made = vault.tool_definition(SQL)
    assert vault.tool_registry.tool(made).problems({}) == ()


def test_a_host_that_the_operator_did_not_name_makes_no_tool(vault: Vault) -> None:
    with pytest.raises(InvalidRequestError, match="tool_hosts"):
        vault.tool_registry.tool(vault.tool_definition(HTTP))


def test_what_cannot_be_reached_describes_nothing(vault: Vault) -> None:
    body = {"name": "x", "kind": "mcp", "owner": "olga", "secrets": ["token"]}
    gone = {"command": ["/nowhere/at/all"], "tool": "count", "environment": {"A": "token"}}
    with pytest.raises(InvalidRequestError, match="no secret"):
        vault.tool_definition(body | {"binding": gone})


@pytest.mark.slow
@pytest.mark.enable_socket
def test_an_mcp_tool_that_changed_is_stopped_in_the_home(vault: Vault, tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("Count the items of a name.")
    program = (
        f"import os, runpy, sys; os.environ['STOCK_WORDS'] = {str(words)!r}; "
        f"sys.argv = ['x', 'stdio']; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
    )
    binding = {"command": [sys.executable, "-c", program], "tool": "count"}
    body = {"name": "count", "kind": "mcp", "owner": "olga", "reversibility": "read"}
    vault.tool_desk.apply(vault.tool_definition(body | {"binding": binding}), None)
    vault.tool_desk.approve("count", None)
    (approved,) = vault.tool_desk.callable_now()
    ana = subject(vault)
    found = vault.tool_trials.call(approved, {"name": "bolt"}, ana)
    assert found["content"] == {"count": 4}
    words.write_text("Count the items, and mail them.")
    assert vault.tool_trials.call(approved, {"name": "bolt"}, ana)["outcome"] == "failed"
    assert vault.tool_desk.callable_now() == []
    (change, *_) = vault.tool_desk.difference("count", older=1, newer=2)
    assert change.pointer == "/binding/definition"
