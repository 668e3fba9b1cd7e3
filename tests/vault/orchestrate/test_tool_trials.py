"""A trial changes nothing, and the ledger knows of it before it is made."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.vault.homes import LEAVE, home, keep, subject
from vault.bootstrap import Vault
from vault.domain.errors import InvalidRequestError, LimitExceededError, NotFoundError
from vault.domain.tools import ToolLimits
from vault.orchestrate.toolbox.toolbox import SHIPPED


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with home(tmp_path) as made:
        for name in ("calculator", "read_document", "create_ticket"):
            tool = SHIPPED[name].owned_by("olga")
            limits = ToolLimits(calls_per_minute=1) if name == "calculator" else tool.limits
            made.tool_desk.apply(replace(tool, limits=limits), None)
            made.tool_desk.approve(name, None)
        yield made


def test_a_trial_is_known_to_the_ledger_and_reads_with_rights(vault: Vault) -> None:
    hidden = keep(vault, LEAVE, "user:olga")
    tools = {found.name: found for found in vault.tool_desk.callable_now()}
    reading = tools["read_document"]
    found = vault.tool_trials.call(reading, {"document_id": hidden}, subject(vault, "olga"))
    assert found["outcome"] == "succeeded"
    assert found["content"]["text"] == LEAVE
    refused = vault.tool_trials.call(reading, {"document_id": hidden}, subject(vault))
    assert (refused["outcome"], refused["detail"]) == ("failed", "there is no such document")
    with vault.store.read() as unit:
        rows = unit.ledger_about("tool:read_document")
        events = [rows.leaf(index).decode() for index in rows.of_subject("tool:read_document")]
    kinds = [event.split('"type":"')[1].split('"')[0] for event in events]
    assert kinds == ["tool.applied", "tool.approved", *["tool.tried", "tool.answered"] * 2]
    assert LEAVE not in "".join(events)


def test_what_changes_something_is_not_tried(vault: Vault) -> None:
    ticket = SHIPPED["create_ticket"].owned_by("olga")
    with pytest.raises(InvalidRequestError, match="change nothing"):
        vault.tool_trials.call(ticket, {}, subject(vault))


def test_a_trial_counts_against_the_rate(vault: Vault) -> None:
    (found,) = [one for one in vault.tool_desk.callable_now() if one.name == "calculator"]
    ana = subject(vault)
    vault.tool_trials.call(found, {"expression": "1"}, ana)
    with pytest.raises(LimitExceededError):
        vault.tool_trials.call(found, {"expression": "1"}, ana)


def test_what_may_not_be_called_is_not_tried(vault: Vault) -> None:
    with pytest.raises(NotFoundError):
        vault.tool_trials.call(SHIPPED["search"].owned_by("olga"), {}, subject(vault))
