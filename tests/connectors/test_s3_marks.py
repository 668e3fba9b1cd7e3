"""What is said of an object besides its content is read and makes part of its version."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import SourceRejectedError
from connectors.s3_client import Listed
from connectors.s3_marks import Marks, S3Marks

OBJECT = Listed("k", "e", "", 1, datetime(2026, 11, 23, tzinfo=UTC))
ANSWER: dict[str, Any] = {"ETag": '"e"', "VersionId": "null"}


class Answers:
    """A scripted server: what it answers to each operation."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def ask(self, operation: str, **_: str) -> dict[str, Any]:
        return self.answers.get(operation, {})

    def ask_if_any(self, operation: str, **_: str) -> dict[str, Any] | None:
        self.asked.append(operation)
        return self.answers.get(operation)


def marks(answers: Answers, *, watched: bool = True) -> S3Marks:
    return S3Marks(
        answers,  # type: ignore[arg-type]
        classification_tag="level",
        record_class_tag="class",
        watched=watched,
    )


TAGS = {"TagSet": [{"Key": "level", "Value": "secret"}, {"Key": "x", "Value": "y"}]}
LOCKS = {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}


def test_tags_and_metadata_become_facts_under_known_names_alone() -> None:
    reader = marks(Answers(get_object_tagging=TAGS))
    answer = ANSWER | {"Metadata": {"Title": "T", "keywords": "a b", "hold": "forged"}}
    assert reader.facts(answer, reader.read("k")) == {
        "classification": "secret",
        "title": "T",
        "keywords": "a b",
    }


def test_a_version_is_the_same_in_a_listing_and_in_an_answer() -> None:
    for watched in (True, False):
        reader = marks(Answers(get_object_tagging=TAGS), watched=watched)
        assert reader.version_of(OBJECT) == reader.version(ANSWER, reader.read("k"))


@pytest.mark.parametrize(
    ("held", "hold"),
    [
        ({"ObjectLockLegalHoldStatus": "ON"}, "legal hold at the source"),
        ({"ObjectLockLegalHoldStatus": "OFF"}, ""),
        (
            {"ObjectLockRetainUntilDate": datetime(2030, 1, 2, tzinfo=UTC)},
            "locked at the source until 2030-01-02",
        ),
        ({}, ""),
    ],
)
def test_what_forbids_deletion_is_told(held: dict[str, Any], hold: str) -> None:
    reader = marks(Answers(get_object_lock_configuration=LOCKS, head_object=held))
    assert reader.read("k").hold == hold
    assert reader.facts(ANSWER, Marks((), hold)).get("hold", "") == hold


def test_a_bucket_without_locks_is_asked_once_about_them() -> None:
    answers = Answers()
    reader = marks(answers)
    reader.read("a")
    reader.read("b")
    assert answers.asked.count("get_object_lock_configuration") == 1


def test_who_may_not_ask_about_locks_asks_each_object() -> None:
    class Refusing(Answers):
        def ask_if_any(self, operation: str, **_: str) -> dict[str, Any] | None:
            if "lock" in operation:
                raise SourceRejectedError("no")
            return None

    held = Refusing(head_object={"ObjectLockLegalHoldStatus": "ON"})
    assert marks(held).read("k").hold == "legal hold at the source"


def test_a_hold_changes_the_version() -> None:
    assert Marks((), "").digest != Marks((), "legal hold at the source").digest
