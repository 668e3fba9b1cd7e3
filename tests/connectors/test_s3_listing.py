"""A bucket is listed once and in order, and taken up where it was left."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import s3_listing
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item, Tombstone
from connectors.s3_client import Listed, ObjectGoneError
from connectors.s3_listing import Position, S3Listing, S3Names
from connectors.s3_marks import S3Marks

NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Bucket:
    """A scripted bucket."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)
        self.deleted: set[str] = set()
        self.refused: set[str] = set()
        self.gone: set[str] = set()
        self.breaks_at = ""

    def has_versions(self) -> bool:
        return True

    def listing(self, prefix: str, *, after: str, versions: bool) -> Any:
        for key in sorted(self.keys):
            if key == self.breaks_at:
                raise SourceUnavailableError("the server does not answer")
            if key > after and key.startswith(prefix):
                size = 0 if key.endswith("/") else len(key)
                yield Listed(key, "e", "v", size, NOW, is_deleted=key in self.deleted)

    def ask(self, operation: str, *, Key: str) -> dict[str, Any]:  # noqa: N803 - the server's word
        if Key in self.refused:
            raise SourceRejectedError("the object may not be read by this sign-in")
        if Key in self.gone:
            raise ObjectGoneError("the object is not there at the moment")
        return {"TagSet": []}

    def ask_if_any(self, operation: str, **arguments: str) -> dict[str, Any] | None:
        return self.ask(operation, **arguments) if "Key" in arguments else None


def listing(bucket: Bucket, *, watched: bool = True) -> S3Listing:
    marks = S3Marks(
        bucket,  # type: ignore[arg-type]
        classification_tag="c",
        record_class_tag="r",
        watched=watched,
    )
    return S3Listing(
        "s3",
        bucket,  # type: ignore[arg-type]
        names=S3Names("b", ""),
        marks=marks,
        max_bytes=20,
        with_rights=watched,
    )


def names(found: list[object]) -> list[str]:
    return [fact.name for fact in found if isinstance(fact, Item)]


@pytest.mark.parametrize("key", ["a", "a/b c%.txt", "ü/é.txt", "/leading", "a//b", "x?y#z"])
def test_a_key_survives_its_uri(key: str) -> None:
    uri = S3Names("b", "").uri_of(key)
    assert uri.isascii()
    assert S3Names("b", "").key_of(uri) == key


@pytest.mark.parametrize("uri", ["s3://other/hr/a", "s3://b/a", "s3://b/", "file:///hr/a", "hr/a"])
def test_what_lies_outside_is_rejected(uri: str) -> None:
    with pytest.raises(SourceRejectedError, match="outside"):
        S3Names("b", "hr/").key_of(uri)


def test_a_scan_that_was_cut_off_goes_on_behind_its_last_cursor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(s3_listing, "_EVERY", 2)
    bucket = Bucket("a", "b", "c", "d", "e")
    bucket.breaks_at = "d"
    told: list[object] = []
    with pytest.raises(SourceUnavailableError):
        told.extend(listing(bucket).scan(None))
    bucket.breaks_at = ""
    cursor = next(fact for fact in reversed(told) if isinstance(fact, Cursor))
    assert Position.of(cursor) == Position(0, None, "b", 2)
    rest = list(listing(bucket).scan(cursor))
    assert names(rest) == ["c", "d", "e"]
    assert rest[-1] == Position(5, NOW).cursor()


def test_an_incomplete_sweep_raises() -> None:
    bucket = Bucket("a", "b")
    bucket.breaks_at = "b"
    with pytest.raises(SourceUnavailableError):
        list(listing(bucket).list_ids(None))


def test_folders_shown_by_empty_objects_are_none() -> None:
    assert names(list(listing(Bucket("hr/", "hr/a")).scan(None))) == ["a"]


def test_an_object_that_is_gone_since_it_was_listed_is_left_out() -> None:
    bucket = Bucket("a", "b")
    bucket.gone = {"a"}
    assert names(list(listing(bucket).scan(None))) == ["b"]
    assert [item.id for item in listing(bucket).list_ids(None)] == ["s3://b/b"]


def test_an_object_whose_tags_are_refused_is_a_failure_and_is_not_deleted() -> None:
    bucket = Bucket("a", "b")
    bucket.refused = {"a"}
    found = list(listing(bucket).scan(None))
    assert [fact.id for fact in found if isinstance(fact, Failure)] == ["s3://b/a"]
    assert [item.acl_hash for item in listing(bucket).list_ids(None)].count("unknown") == 1


def test_deletions_are_told_from_the_second_scan_on() -> None:
    bucket = Bucket("a", "b")
    bucket.deleted = {"a"}
    first = list(listing(bucket, watched=False).scan(None))
    assert not [fact for fact in first if isinstance(fact, Tombstone)]
    cursor = first[-1]
    assert isinstance(cursor, Cursor)
    second = list(listing(bucket, watched=False).scan(cursor))
    assert [fact.id for fact in second if isinstance(fact, Tombstone)] == ["s3://b/a"]


@pytest.mark.parametrize("value", ["", "[]", "{}", '{"objects": "x"}'])
def test_a_cursor_that_means_nothing_starts_over(value: str) -> None:
    assert Position.of(Cursor(value)) == Position()
