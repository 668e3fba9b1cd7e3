"""What can follow a source says all that the vault asks, and states what it cannot."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from connectors import registry
from connectors.base import AclSupport, Capabilities, Connector, Health
from connectors.facts import SourceContent

QUESTIONS = ("check", "scan", "list_ids", "acl", "principals", "open", "can_read")


def filesystem(folder: Path) -> Connector:
    return registry.build("filesystem", source_id="share", settings={"root": str(folder)})


def test_an_installed_connector_is_one(tmp_path: Path) -> None:
    assert isinstance(filesystem(tmp_path), Connector)


@pytest.mark.parametrize("question", QUESTIONS)
def test_whatever_leaves_a_question_unanswered_is_none(tmp_path: Path, question: str) -> None:
    whole = type(filesystem(tmp_path))
    members = {name: getattr(whole, name) for name in QUESTIONS if name != question}
    members |= {"config_type": whole.config_type, "capabilities": whole.capabilities}
    almost = type("Almost", (), members | {"source_id": "share"})()
    assert not isinstance(almost, Connector)


def test_a_connector_can_do_no_more_than_it_says() -> None:
    least = Capabilities(AclSupport.MAPPED)
    assert not any((least.delta, least.tombstones, least.principals, least.live_check))
    with pytest.raises(FrozenInstanceError):
        least.delta = True  # type: ignore[misc]


def test_an_outage_is_told_and_not_raised(tmp_path: Path) -> None:
    found = filesystem(tmp_path / "gone").check()
    assert isinstance(found, Health)
    assert not found.ok
    assert found.detail


def test_bytes_come_with_the_version_they_belong_to(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    connector = filesystem(tmp_path)
    [item] = connector.list_ids(None)
    content = connector.open(item.id, item.version)
    assert isinstance(content, SourceContent)
    assert content.version == item.version
