"""A workspace's export is taken in day by day, each for those who were members."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from connectors import registry
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.exports.export import allow, deny
from connectors.exports.slack import SlackConfig, SlackConnector
from connectors.facts import EVERYONE, Failure, Item, SourcePrincipal
from tests.connectors import contract
from tests.connectors.exports.packed import folder_of, zip_of

USERS: list[dict[str, object]] = [
    {"id": "U1", "name": "alice", "profile": {"real_name": "Alice A", "email": "A@Example.org"}},
    {"id": "U2", "name": "bob", "deleted": True, "profile": "gone"},
    {"id": "U3", "is_restricted": True},
]
CHANNELS = [{"id": "C1", "name": "general", "members": ["U1"]}]
GROUPS = [{"id": "G1", "name": "board", "members": ["U1", "U2", "U1"]}]
DAY = [{"user": "U1", "ts": "1709632800.1", "text": "Hello <@U2>"}]
EVERYDAY: Mapping[str, object] = {
    "users.json": USERS,
    "channels.json": CHANNELS,
    "groups.json": GROUPS,
    "general/2024-03-05.json": DAY,
    "board/2024-03-05.json": DAY,
}
GENERAL, BOARD = "slack://chat/C1/2024-03-05", "slack://chat/G1/2024-03-05"


def written(files: Mapping[str, object]) -> dict[str, bytes | str]:
    return {
        name: content if isinstance(content, bytes) else json.dumps(content)
        for name, content in files.items()
    }


def export(path: Path, **changed: object) -> Path:
    """Write an export; ``lists`` and ``days`` stand in place of files of those names."""
    lists = {f"{name}.json": rows for name, rows in changed.items() if name != "days"}
    days: Mapping[str, object] = changed.get("days", {})  # type: ignore[assignment]
    return zip_of(path / "chat.zip", written({**EVERYDAY, **lists, **days}))


def connect(path: Path, **settings: int) -> SlackConnector:
    return SlackConnector(source_id="chat", config=SlackConfig(path, **settings))


def items(connector: SlackConnector) -> list[str]:
    return [fact.id for fact in connector.scan(None) if isinstance(fact, Item)]


def entries(connector: SlackConnector, item: str) -> object:
    (right,) = connector.acl([item])
    return right.entries


@pytest.mark.parametrize("make", [zip_of, folder_of])
def test_an_export_keeps_the_contract(make: Callable[..., Path], tmp_path: Path) -> None:
    path = make(tmp_path / "chat", written(EVERYDAY))
    connector = registry.build("slack", source_id="chat", settings={"path": str(path)})
    assert isinstance(connector, SlackConnector)
    contract.keeps_the_contract(connector)
    assert sorted(items(connector)) == [GENERAL, BOARD]


def test_a_day_comes_as_text_with_the_names_of_people(tmp_path: Path) -> None:
    content = connect(export(tmp_path)).open(GENERAL, "")
    assert content.content == b"general 2024-03-05\n\n[10:00] Alice A: Hello @bob\n"
    assert content.modified_at.isoformat() == "2024-03-05T23:59:59+00:00"
    assert dict(content.facts) == {
        "title": "general 2024-03-05",
        "created_at": "2024-03-05T00:00:00+00:00",
    }


def test_a_public_channel_is_for_the_workspace_but_not_its_guests(tmp_path: Path) -> None:
    assert entries(connect(export(tmp_path)), GENERAL) == deny("name:U3") + allow(EVERYONE)
    inside = [CHANNELS[0] | {"members": ["U3"]}]
    assert entries(connect(export(tmp_path, channels=inside)), GENERAL) == allow(EVERYONE)


@pytest.mark.parametrize("kind", ["is_restricted", "is_ultra_restricted", "is_stranger"])
def test_every_kind_of_guest_stays_outside(kind: str, tmp_path: Path) -> None:
    users = [*USERS, {"id": "U4", kind: True}]
    connector = connect(export(tmp_path, users=users, channels=[{"id": "C1", "name": "general"}]))
    assert entries(connector, GENERAL) == deny("name:U3", "name:U4") + allow(EVERYONE)


@pytest.mark.parametrize("kind", ["groups", "dms", "mpims"])
def test_a_private_conversation_is_for_its_members_alone(kind: str, tmp_path: Path) -> None:
    lists = {"groups": [], kind: GROUPS}
    assert entries(connect(export(tmp_path, **lists)), BOARD) == allow("name:U1", "name:U2")


@pytest.mark.parametrize("mark", ["is_private", "is_im", "is_mpim"])
def test_a_private_one_among_the_channels_is_for_its_members_alone(
    mark: str, tmp_path: Path
) -> None:
    channels = [CHANNELS[0] | {mark: True}]
    assert entries(connect(export(tmp_path, channels=channels)), GENERAL) == allow("name:U1")


@pytest.mark.parametrize("members", [None, "U1", {"U1": True}])
def test_a_private_conversation_without_a_list_of_members_has_no_entries(
    members: object, tmp_path: Path
) -> None:
    groups = [{"id": "G1", "name": "board", "members": members}]
    assert entries(connect(export(tmp_path, groups=groups)), BOARD) is None


@pytest.mark.parametrize("members", [[], ["", None, 7]])
def test_a_private_conversation_without_members_is_for_nobody(
    members: list[object], tmp_path: Path
) -> None:
    groups = [{"id": "G1", "name": "board", "members": members}]
    assert entries(connect(export(tmp_path, groups=groups)), BOARD) == ()


def test_two_conversations_of_one_folder_have_no_entries(tmp_path: Path) -> None:
    groups = [*GROUPS, {"id": "G2", "name": "general", "members": ["U1"]}]
    connector = connect(export(tmp_path, groups=groups))
    assert entries(connector, "slack://chat/G2/2024-03-05") is None
    assert entries(connector, GENERAL) is None


def test_a_conversation_without_a_name_lies_under_its_id(tmp_path: Path) -> None:
    dms = [{"id": "D1", "members": ["U1", "U2"]}]
    connector = connect(export(tmp_path, dms=dms, days={"D1/2024-03-06.json": DAY}))
    assert entries(connector, "slack://chat/D1/2024-03-06") == allow("name:U1", "name:U2")


def test_a_day_of_a_conversation_that_no_list_names_is_left_out(tmp_path: Path) -> None:
    connector = connect(export(tmp_path, days={"secret/2024-03-05.json": DAY}))
    contract.goes_on_past_a_failure(connector)
    failures = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert [failure.id for failure in failures] == ["secret/2024-03-05.json"]
    assert sorted(items(connector)) == [GENERAL, BOARD]


@pytest.mark.parametrize(
    "name", ["2024-03-05.json", "general/2024-03-05.txt", "general/notes.json", "general/x/y.txt"]
)
def test_what_is_no_day_is_left_out(name: str, tmp_path: Path) -> None:
    assert len(items(connect(export(tmp_path, days={name: DAY})))) == 2


def test_a_file_that_a_message_links_to_is_a_failure_of_its_own(tmp_path: Path) -> None:
    day = [DAY[0] | {"files": [{"id": "F1"}]}, DAY[0] | {"files": [{"id": "F1"}]}]
    connector = connect(export(tmp_path, days={"general/2024-03-05.json": day}))
    contract.goes_on_past_a_failure(connector)
    failures = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert [(failure.id, failure.retry) for failure in failures] == [(f"{GENERAL}#F1", False)]


@pytest.mark.parametrize("content", [b"not JSON", b"{}", b"[" * 100_000, b"\xff\xfe\xff"])
def test_a_day_that_cannot_be_read_stays_listed_and_the_rest_goes_on(
    content: bytes, tmp_path: Path
) -> None:
    connector = connect(export(tmp_path, days={"general/2024-03-05.json": content}))
    assert {item.id for item in connector.list_ids(None)} == {GENERAL, BOARD}
    assert connector.open(BOARD, "").content
    with pytest.raises(SourceRejectedError):
        connector.open(GENERAL, "")


def test_a_day_above_the_limit_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    long = [DAY[0] | {"text": "x" * 2000}]
    connector = connect(export(tmp_path, days={"general/2024-03-05.json": long}), max_bytes=1000)
    assert connector.open(BOARD, "").content
    with pytest.raises(SourceRejectedError, match="larger"):
        connector.open(GENERAL, "")


def test_a_new_name_of_a_person_is_a_new_version_of_what_names_them(tmp_path: Path) -> None:
    days = {"board/2024-03-05.json": [{"user": "U3", "ts": "1", "text": "x"}]}
    connector = connect(export(tmp_path, days=days))
    before = {item.id: item for item in connector.list_ids(None)}
    export(tmp_path, users=[USERS[0], USERS[1] | {"name": "robert"}, USERS[2]], days=days)
    after = {item.id: item for item in connector.list_ids(None)}
    assert before[GENERAL].version != after[GENERAL].version
    assert before[BOARD] == after[BOARD]
    assert connector.open(GENERAL, "").content.endswith(b"Hello @robert\n")


def test_a_member_who_leaves_changes_the_rights_and_the_version(tmp_path: Path) -> None:
    connector = connect(export(tmp_path))
    before = {item.id: item for item in connector.list_ids(None)}
    export(tmp_path, groups=[GROUPS[0] | {"members": ["U1"]}])
    after = {item.id: item for item in connector.list_ids(None)}
    assert before[BOARD].acl_hash != after[BOARD].acl_hash
    assert before[BOARD].version != after[BOARD].version
    assert before[GENERAL] == after[GENERAL]


def test_people_are_named_with_their_mail_and_those_who_left_are_not_active(
    tmp_path: Path,
) -> None:
    alice, bob, guest = connect(export(tmp_path)).principals(None)
    assert alice == SourcePrincipal(
        "name:U1", "alice", is_group=False, aliases=("mail:a@example.org",)
    )
    assert bob == SourcePrincipal("name:U2", "bob", is_group=False, active=False)
    assert guest == SourcePrincipal("name:U3", "U3", is_group=False)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("users", b"not JSON"),
        ("users", {"U1": {}}),
        ("users", ["U1"]),
        ("users", [{"name": "alice"}]),
        ("users", [{"id": ""}]),
        ("groups", [{"id": 7}]),
    ],
)
def test_a_list_of_another_form_is_refused_whole(name: str, rows: object, tmp_path: Path) -> None:
    connector = connect(export(tmp_path, **{name: rows}))
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError, match=f"{name}.json"):
        list(connector.list_ids(None))


def test_an_archive_without_people_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "chat.zip", written({"channels.json": CHANNELS}))
    with pytest.raises(SourceUnavailableError, match=r"users\.json"):
        list(connect(path).scan(None))
