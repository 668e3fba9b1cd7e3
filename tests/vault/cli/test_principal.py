"""Who there is, by the command line: people, agents, services and their groups."""

import json

import pytest

from tests.vault.cli.conftest import Strongroom


def listed(strongroom: Strongroom, what: str) -> dict[str, dict[str, object]]:
    """Return what a list shows, by id."""
    result = strongroom(what, "list", "--json")
    assert result.exit_code == 0, result.output
    [rows] = json.loads(result.stdout).values()
    return {row["id"]: row for row in rows}


def test_a_principal_is_added_with_everything_that_was_said(strongroom: Strongroom) -> None:
    words = "--kind agent --clearance secret --compartment hr --compartment legal --group staff"
    result = strongroom("principal", "add", "helper", *words.split(), "--name", "The Helper")
    assert (result.exit_code, result.stdout) == (0, "agent helper has clearance secret\n")
    assert listed(strongroom, "principal")["helper"] == {
        "id": "helper",
        "name": "The Helper",
        "kind": "agent",
        "clearance": "secret",
        "compartments": ["hr", "legal"],
        "groups": ["everyone", "staff"],
    }


def test_a_principal_of_whom_nothing_is_said_may_read_the_least(strongroom: Strongroom) -> None:
    assert strongroom("principal", "add", "new").exit_code == 0
    added = listed(strongroom, "principal")["new"]
    assert (added["clearance"], added["compartments"], added["groups"]) == (
        "public",
        [],
        ["everyone"],
    )


@pytest.mark.parametrize(
    "words",
    [
        ["a b"],
        ["new", "--clearance", "cosmic"],
        ["new", "--compartment", "h r"],
        ["new", "--group", "everyone"],
        ["new", "--group", "-"],
    ],
)
def test_a_principal_of_another_form_is_refused_and_not_added(
    strongroom: Strongroom, words: list[str]
) -> None:
    result = strongroom("principal", "add", *words)
    assert result.exit_code == 65
    assert "/problems/invalid-request" in result.stderr
    assert listed(strongroom, "principal").keys() == {"ana", "olga", "bo"}


def test_an_unknown_kind_is_refused(strongroom: Strongroom) -> None:
    assert strongroom("principal", "add", "new", "--kind", "robot").exit_code == 2


def test_the_list_for_people_has_one_line_each(strongroom: Strongroom) -> None:
    lines = strongroom("principal", "list").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["ana", "person", "internal", "everyone,", "staff"],
        ["bo", "person", "internal", "everyone"],
        ["olga", "person", "internal", "everyone,", "staff"],
    ]


def test_groups_nest_and_lose_members(strongroom: Strongroom) -> None:
    added = strongroom("group", "add", "clinic", "--member", "group:staff", "--member", "user:bo")
    assert (added.exit_code, added.stdout) == (0, "group clinic has 2 more direct members\n")
    assert listed(strongroom, "group")["clinic"]["members"] == ["group:staff", "user:bo"]
    assert listed(strongroom, "principal")["ana"]["groups"] == ["clinic", "everyone", "staff"]
    removed = strongroom("group", "remove", "clinic", "--member", "group:staff")
    assert removed.exit_code == 0
    assert removed.stdout.startswith("1 memberships of group clinic ended")
    assert listed(strongroom, "principal")["ana"]["groups"] == ["everyone", "staff"]
    assert [line.split() for line in strongroom("group", "list").stdout.splitlines()] == [
        ["clinic", "user:bo"],
        ["staff", "user:ana,", "user:olga"],
    ]


def test_a_group_may_be_empty(strongroom: Strongroom) -> None:
    assert strongroom("group", "add", "empty").exit_code == 0
    assert listed(strongroom, "group")["empty"]["members"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "g r"], 65),
        (["add", "everyone"], 65),
        (["add", "clinic", "--member", "ana"], 65),
        (["add", "clinic", "--member", "user:ghost"], 65),
        (["remove", "staff"], 2),
        (["remove", "staff", "--member", "ana"], 65),
    ],
)
def test_a_group_command_of_another_form_changes_nothing(
    strongroom: Strongroom, words: list[str], code: int
) -> None:
    before = listed(strongroom, "group")
    assert strongroom("group", *words).exit_code == code
    assert listed(strongroom, "group") == before
