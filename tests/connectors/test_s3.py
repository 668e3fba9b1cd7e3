"""Objects in a bucket are followed with their tags, versions, holds and rights."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors import registry
from connectors.base import AclSupport
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, Tombstone
from connectors.s3 import S3Config, S3Connector
from connectors.verdict import permits
from tests.connectors import contract
from tests.connectors.servers.s3 import BUCKET, InlineS3, connect, owner

Connect = Callable[..., S3Connector]
NOTICE = f"s3://{BUCKET}/notice.txt"


@pytest.fixture
def server() -> InlineS3:
    return InlineS3()


@pytest.fixture
def bucket(server: InlineS3) -> Iterator[Any]:
    client = owner("http://127.0.0.1:9", server)
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="hr/leave.md", Body=b"Thirty days.")
    client.put_object(Bucket=BUCKET, Key="notice.txt", Body=b"Closed at noon.")
    yield client
    client.close()


@pytest.fixture
def build(server: InlineS3, bucket: Any, tmp_path: Path) -> Iterator[Connect]:
    made: list[S3Connector] = []

    def build(**settings: object) -> S3Connector:
        made.append(connect(tmp_path, send=server, **settings))
        return made[-1]

    yield build
    for connector in made:
        connector.close()


def versions(connector: S3Connector) -> dict[str, str]:
    return {fact.name: fact.version for fact in connector.scan(None) if isinstance(fact, Item)}


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize("versioned", [False, True])
def test_it_keeps_the_contract(
    build: Connect, bucket: Any, *, native: bool, versioned: bool
) -> None:
    if versioned:
        bucket.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        bucket.put_object(Bucket=BUCKET, Key="notice.txt", Body=b"Closed at four.")
    connector = build(use_object_acl=native)
    contract.keeps_the_contract(connector)
    assert connector.capabilities.acl is (AclSupport.NATIVE if native else AclSupport.MAPPED)


def test_tags_are_facts_and_a_changed_tag_is_a_new_version(build: Connect, bucket: Any) -> None:
    connector = build()
    before = versions(connector)
    tags = {"classification": "confidential", "record_class": "HR-1", "colour": "red"}
    bucket.put_object_tagging(
        Bucket=BUCKET,
        Key="notice.txt",
        Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]},
    )
    after = versions(connector)
    assert {name for name in after if after[name] != before[name]} == {"notice.txt"}
    content = connector.open(NOTICE, "")
    assert content.facts == {"classification": "confidential", "record_class": "HR-1"}
    assert content.version == after["notice.txt"]


def test_unwatched_tags_cost_no_requests_and_are_facts_all_the_same(
    build: Connect, server: InlineS3
) -> None:
    connector = build(watch_tags=False)
    server.asked.clear()
    list(connector.scan(None))
    assert not [asked for asked in server.asked if "tagging" in asked]
    assert connector.open(NOTICE, "").facts == {}
    assert [asked for asked in server.asked if "tagging" in asked]


def test_metadata_are_facts(build: Connect, bucket: Any) -> None:
    bucket.put_object(
        Bucket=BUCKET,
        Key="notice.txt",
        Body=b"x",
        Metadata={"Title": "Opening hours", "secret": "no fact"},
        ContentType="text/x-notice",
    )
    content = build().open(NOTICE, "")
    assert content.facts == {"title": "Opening hours"}
    assert content.media_type == "text/x-notice"


def test_a_legal_hold_and_a_lock_are_told(build: Connect, bucket: Any) -> None:
    bucket.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    for key in ("held", "kept", "free"):
        bucket.put_object(Bucket="locked", Key=key, Body=b"x")
    bucket.put_object_legal_hold(Bucket="locked", Key="held", LegalHold={"Status": "ON"})
    until = datetime.now(UTC) + timedelta(days=400)
    bucket.put_object_retention(
        Bucket="locked", Key="kept", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
    )
    connector = build(bucket="locked")
    holds = {
        key: connector.open(f"s3://locked/{key}", "").facts.get("hold", "")
        for key in ("held", "kept", "free")
    }
    assert holds == {
        "held": "legal hold at the source",
        "kept": f"locked at the source until {until:%Y-%m-%d}",
        "free": "",
    }


def test_a_delete_marker_is_a_deletion_and_only_a_recent_one(build: Connect, bucket: Any) -> None:
    bucket.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    connector = build()
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    bucket.delete_object(Bucket=BUCKET, Key="notice.txt")
    found = list(connector.scan(cursor))
    assert [fact.id for fact in found if isinstance(fact, Tombstone)] == [NOTICE]
    assert [item.id for item in connector.list_ids(cursor)] == [f"s3://{BUCKET}/hr/leave.md"]
    assert not [fact for fact in connector.scan(None) if isinstance(fact, Tombstone)]
    later = Cursor(cursor.value.replace(f'"newest": "{datetime.now(UTC):%Y}', '"newest": "9000'))
    assert not [fact for fact in connector.scan(later) if isinstance(fact, Tombstone)]
    bucket.put_object(Bucket=BUCKET, Key="notice.txt", Body=b"Open again.")
    assert not [fact for fact in connector.scan(cursor) if isinstance(fact, Tombstone)]


def test_an_access_list_is_read_and_moves_the_hash(build: Connect, bucket: Any) -> None:
    connector = build(use_object_acl=True)
    before = {item.id: item.acl_hash for item in connector.list_ids(None)}
    [private] = connector.acl([NOTICE])
    bucket.put_object_acl(Bucket=BUCKET, Key="notice.txt", ACL="public-read")
    after = {item.id: item.acl_hash for item in connector.list_ids(None)}
    [public] = connector.acl([NOTICE])
    assert [item for item in after if after[item] != before[item]] == [NOTICE]
    assert not permits(private, frozenset({"s3:somebody"}))
    assert permits(public, frozenset({"s3:somebody"}))


def test_a_policy_that_denies_makes_rights_unknown(build: Connect, bucket: Any) -> None:
    connector = build(use_object_acl=True)
    assert connector.check().ok
    bucket.put_bucket_policy(
        Bucket=BUCKET,
        Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",'
        f' "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{BUCKET}/*"}}]}}',
    )
    assert "bucket policy denies" in connector.check().detail
    assert [right.entries for right in connector.acl([NOTICE])] == [None]


def test_what_is_unknown_has_no_entries(build: Connect) -> None:
    asked = [f"s3://{BUCKET}/gone", "s3://other/notice.txt"]
    rights = list(build(use_object_acl=True).acl(asked))
    assert [right.entries for right in rights] == [None, None]


def test_a_prefix_is_the_edge_of_the_source(build: Connect) -> None:
    connector = build(prefix="hr/")
    assert set(versions(connector)) == {"leave.md"}
    with pytest.raises(SourceRejectedError, match="outside"):
        connector.open(NOTICE, "")


def test_large_objects_are_failures_and_not_read(build: Connect, bucket: Any) -> None:
    bucket.put_object(Bucket=BUCKET, Key="large.bin", Body=b"x" * 100)
    connector = build(max_bytes=50)
    contract.goes_on_past_a_failure(connector)
    [failure] = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert not failure.retry
    with pytest.raises(SourceRejectedError, match="larger than 50"):
        connector.open(failure.id, "")


def test_an_object_that_is_gone_may_come_back(build: Connect) -> None:
    with pytest.raises(SourceUnavailableError, match="at the moment"):
        build().open(f"s3://{BUCKET}/gone", "")


def test_a_bucket_that_is_gone_or_emptied_is_an_outage(build: Connect, bucket: Any) -> None:
    connector = build()
    (*_, cursor) = connector.scan(None)
    assert isinstance(cursor, Cursor)
    for key in ("hr/leave.md", "notice.txt"):
        bucket.delete_object(Bucket=BUCKET, Key=key)
    with pytest.raises(SourceUnavailableError, match="no objects at all"):
        list(connector.list_ids(cursor))
    bucket.delete_bucket(Bucket=BUCKET)
    with pytest.raises(SourceUnavailableError, match="NoSuchBucket"):
        list(connector.scan(cursor))
    assert not connector.check().ok


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"endpoint": "https://s3.amazonaws.com"}, "allowed_hosts"),
        ({"endpoint": "https://nas/bucket"}, "without a path"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, str], reason: str) -> None:
    known = {"bucket": "b", "access_key": "a", "secret_key_file": "/s"}
    with pytest.raises(ConnectorConfigError, match=reason):
        registry.parse(S3Config, known | settings, kind="s3")
