"""An export without rights of its own is read by whom its settings name, and by no one else."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from connectors import registry
from connectors.errors import ConnectorConfigError
from connectors.exports.audience import AudienceConfig
from connectors.exports.notion import NotionConnector
from connectors.facts import EVERYONE, AclEffect, AclEntry

OWNER = "mail:ann@example.org"
KINDS = ("notion", "takeout")


def readers(root: Path, audience: tuple[str, ...]) -> tuple[AclEntry, ...] | None:
    """Return the entries of the one page of an export for this audience."""
    root.mkdir()
    (root / "Rota.md").write_text("Bob takes Monday.")
    config = AudienceConfig(root, OWNER, audience)
    connector = NotionConnector(source_id="wiki", config=config)
    [right] = connector.acl(item.id for item in connector.list_ids(None))
    return right.entries


def reads(principal: str) -> AclEntry:
    return AclEntry(AclEffect.ALLOW, principal, reads=True)


@pytest.mark.parametrize(
    ("audience", "besides"),
    [
        (("nobody",), []),
        (("group:staff", "name:bob"), ["group:staff", "name:bob"]),
        ((EVERYONE,), [EVERYONE]),
    ],
)
def test_the_owner_and_the_audience_read_every_item(
    audience: tuple[str, ...], besides: list[str], tmp_path: Path
) -> None:
    expected = (reads(OWNER), *(reads(principal) for principal in besides))
    assert readers(tmp_path / "export", audience) == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "needs the setting audience, owner"),
        ({"owner": OWNER}, "needs the setting audience"),
        ({"audience": "nobody"}, "needs the setting owner"),
        ({"owner": OWNER, "audience": ""}, "audience must be named"),
        ({"owner": "", "audience": "nobody"}, "KIND:NAME"),
        ({"owner": "ann", "audience": "nobody"}, "KIND:NAME"),
        ({"owner": "mail: ", "audience": "nobody"}, "KIND:NAME"),
        ({"owner": OWNER, "audience": "staff"}, "KIND:NAME"),
        ({"owner": "everyone", "audience": "nobody"}, "one principal"),
        ({"owner": "nobody", "audience": "nobody"}, "one principal"),
        ({"owner": OWNER, "audience": "nobody\neveryone"}, "no one besides"),
    ],
)
def test_nothing_is_taken_in_while_it_is_open_who_may_read(
    kind: str, settings: Mapping[str, str], message: str, tmp_path: Path
) -> None:
    given = {"path": str(tmp_path), **settings}
    with pytest.raises(ConnectorConfigError, match=message):
        registry.build(kind, source_id="s", settings=given)


def test_an_export_of_another_audience_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "Rota.md").write_text("Bob takes Monday.")
    listed = [
        next(NotionConnector(source_id="wiki", config=config).list_ids(None))
        for config in (
            AudienceConfig(tmp_path, OWNER, ("nobody",)),
            AudienceConfig(tmp_path, OWNER, ("group:staff",)),
        )
    ]
    assert listed[0].id == listed[1].id
    assert listed[0].version != listed[1].version
    assert listed[0].acl_hash != listed[1].acl_hash
