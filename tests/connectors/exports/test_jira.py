"""A Jira backup becomes issues and comments, each for whom the backup lets see it."""

from pathlib import Path

import pytest

from connectors import registry
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.exports.jira import JiraConnector
from connectors.exports.records import Node
from connectors.facts import AclEffect, AclEntry, Failure, Membership, SourcePrincipal
from tests.connectors import contract
from tests.connectors.exports import backups
from tests.connectors.exports.backups import WORLD, comment, connect, entity, issue, write

FIRST = "jira://tracker/OPS-1"
STAFF = (AclEntry(AclEffect.ALLOW, "group:staff", reads=True),)
ISSUES = [
    issue("1", summary="Pump <3> stands still"),
    issue("2"),
    comment("71", "Fuse & relay are fine."),
    comment("72", "The vendor owes us money.", level="finance"),
]


@pytest.mark.parametrize("name", ["backup.zip", "backup"])
def test_an_archive_and_a_folder_keep_the_contract(name: str, tmp_path: Path) -> None:
    settings = {"path": str(write(tmp_path / name, *WORLD, *ISSUES))}
    connector = registry.build("jira", source_id="tracker", settings=settings)
    assert isinstance(connector, JiraConnector)
    contract.keeps_the_contract(connector)
    assert connector.check().detail == "the export holds 3 items"


def test_an_issue_is_read_with_the_comments_that_all_may_see(tmp_path: Path) -> None:
    content = connect(write(tmp_path / "b.zip", *WORLD, *ISSUES)).open(FIRST, "")
    assert content.content.decode() == (
        "# OPS-1 Pump <3> stands still\n\n\n\n"
        "## bob, 2024-03-01 12:00:00.0\n\nFuse & relay are fine.\n"
    )
    assert content.media_type == "text/markdown"
    assert content.modified_at.isoformat() == "2024-03-02T11:30:00.500000+00:00"
    assert dict(content.facts) == {
        "title": "OPS-1 Pump <3> stands still",
        "author": "ann",
        "created_at": "2024-03-01T10:00:00+00:00",
    }


def test_a_comment_for_a_group_is_an_item_of_its_own_behind_that_group(tmp_path: Path) -> None:
    connector = connect(write(tmp_path / "b.zip", *WORLD, *ISSUES))
    content = connector.open(f"{FIRST}/72", "")
    assert b"The vendor owes us money." in content.content
    assert content.facts["author"] == "bob"
    assert content.facts["created_at"] == "2024-03-01T12:00:00+00:00"
    [right] = connector.acl([f"{FIRST}/72"])
    assert right.entries == STAFF
    assert right.gates == ((AclEntry(AclEffect.ALLOW, "group:finance", reads=True),),)
    assert b"vendor" not in connector.open(FIRST, "").content


def test_a_security_level_restricts_an_issue_that_its_project_shows(tmp_path: Path) -> None:
    level = entity("SchemeIssueSecurities", security="5", type="group", parameter="board")
    secret = issue("3", security="5")
    connector = connect(write(tmp_path / "b.zip", *WORLD, level, issue("1"), secret))
    plain, closed = connector.acl([FIRST, "jira://tracker/OPS-3"])
    assert (plain.entries, plain.gates) == (STAFF, ())
    assert closed.entries == STAFF
    assert closed.gates == ((AclEntry(AclEffect.ALLOW, "group:board", reads=True),),)


def test_an_issue_of_a_project_without_a_scheme_has_no_reader(tmp_path: Path) -> None:
    records = [*backups.PEOPLE, backups.PROJECT, issue("1")]
    [right] = connect(write(tmp_path / "b.zip", *records)).acl([FIRST])
    assert right.entries is None


def test_rights_that_change_change_the_version_and_the_sweep(tmp_path: Path) -> None:
    path = write(tmp_path / "b.zip", *WORLD, issue("1"))
    connector = connect(path)
    [before] = connector.list_ids(None)
    write(path, *WORLD, backups.browse(type="user", parameter="KEY-ann"), issue("1"))
    [after] = connector.list_ids(None)
    assert after.id == before.id
    assert after.version != before.version
    assert after.acl_hash != before.acl_hash


def test_people_and_groups_come_with_the_issues(tmp_path: Path) -> None:
    assert list(connect(write(tmp_path / "b.zip", *WORLD)).principals(None)) == [
        SourcePrincipal("name:ann", "ann", is_group=False, aliases=("mail:ann@example.org",)),
        SourcePrincipal("name:bob", "bob", is_group=False),
        SourcePrincipal("group:staff", "staff", is_group=True),
        Membership("group:staff", "name:bob"),
    ]


def test_attached_files_are_reported_as_missing(tmp_path: Path) -> None:
    files = [
        entity("FileAttachment", issue="1001", filename="plan 2.pdf"),
        entity("FileAttachment", issue="999", filename="of-no-issue.pdf"),
    ]
    connector = connect(write(tmp_path / "b.zip", *WORLD, *ISSUES, *files))
    contract.goes_on_past_a_failure(connector)
    [failure] = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert failure.id == f"{FIRST}#plan%202.pdf"
    assert not failure.retry


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (issue("4", key="OLD-9"), "OLD-9"),
        (issue("4", key="4"), "OPS-4"),
        (issue(""), "100"),
        (issue("4", project="11"), "1004"),
    ],
)
def test_an_issue_is_named_by_its_key_and_else_by_its_number(
    given: Node, name: str, tmp_path: Path
) -> None:
    [item] = connect(write(tmp_path / "b.zip", *WORLD, given)).list_ids(None)
    assert item.id == f"jira://tracker/{name}"


def test_an_issue_without_times_and_people_says_nothing_of_them(tmp_path: Path) -> None:
    bare = issue("1", reporter="gone", created="", updated="")
    remark = comment("71", "Noted.", author="gone")
    content = connect(write(tmp_path / "b.zip", *WORLD, bare, remark)).open(FIRST, "")
    assert content.facts.keys() == {"title"}
    assert b"## unknown, 2024" in content.content
    assert content.modified_at.year == 1970


def test_an_issue_above_the_limit_is_a_failure_of_its_own(tmp_path: Path) -> None:
    long = issue("2", description="word " * 100)
    connector = connect(write(tmp_path / "b.zip", *WORLD, issue("1"), long), max_bytes=200)
    contract.goes_on_past_a_failure(connector)
    with pytest.raises(SourceRejectedError, match="larger than 200"):
        connector.open("jira://tracker/OPS-2", "")


@pytest.mark.parametrize("limit", ["max_dump_bytes", "max_text_characters"])
def test_a_dump_beyond_the_limits_is_refused_whole(limit: str, tmp_path: Path) -> None:
    connector = connect(write(tmp_path / "b.zip", *WORLD, *ISSUES), **{limit: 20})
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError):
        list(connector.list_ids(None))


def test_a_backup_cut_short_lists_nothing_at_all(tmp_path: Path) -> None:
    path = write(tmp_path / "backup", *WORLD, *ISSUES)
    dump = path / "entities.xml"
    dump.write_bytes(dump.read_bytes()[:-20])
    for listing in (connect(path).scan, connect(path).list_ids):
        with pytest.raises(SourceUnavailableError, match="well-formed"):
            list(listing(None))


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    health = connect(tmp_path / "backup").check()
    assert not health.ok
    assert "entities.xml" in health.detail
