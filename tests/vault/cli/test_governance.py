"""What a data owner does not say is never assumed."""

import pytest

from vault.cli.governance import intake_of
from vault.domain.errors import InvalidRequestError
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance

SAID: dict[str, object] = {
    "collection": "papers",
    "classification": "secret",
    "compartments": ["hr", "legal"],
    "readers": ["group:staff", "user:ana"],
    "denied": ["user:bo"],
    "owner": "olga",
    "retention": "7y",
    "review_every": "180d",
    "fresh_for": "30d",
    "record_class": "minutes",
}
NEEDED = {
    "collection": "--collection",
    "classification": "--classification",
    "readers": "--reader",
    "owner": "--owner",
}


def _intake(**changes: object) -> object:
    return intake_of("shelf", **(SAID | changes))  # type: ignore[arg-type]


def test_the_options_become_rights_and_rules() -> None:
    intake = intake_of("shelf", **SAID)  # type: ignore[arg-type]
    assert intake.source_id == "shelf"
    assert intake.access == AccessLabel(
        "papers",
        Label(Classification.SECRET, frozenset({"hr", "legal"})),
        frozenset({"group:staff", "user:ana"}),
        frozenset({"user:bo"}),
    )
    assert intake.governance == Governance("olga", "7y", "180d", "30d", "minutes")


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("empty", [None, "", []], ids=["unsaid", "empty", "no item"])
def test_what_must_be_said_is_asked_for(name: str, empty: object) -> None:
    with pytest.raises(InvalidRequestError, match=f"^{NEEDED[name]} must be said"):
        _intake(**{name: empty})


def test_everything_that_is_missing_is_asked_for_at_once() -> None:
    with pytest.raises(InvalidRequestError, match="--collection, --classification, --reader"):
        _intake(**dict.fromkeys(NEEDED))


def test_what_may_stay_unsaid_stays_empty() -> None:
    unsaid = dict.fromkeys(SAID.keys() - NEEDED.keys())
    intake = intake_of("shelf", **(SAID | unsaid))  # type: ignore[arg-type]
    assert intake.access.label.compartments == intake.access.denied == frozenset()
    assert intake.governance == Governance("olga")


@pytest.mark.parametrize(
    "wrong",
    [
        {"classification": "cosmic"},
        {"readers": ["staff"]},
        {"denied": ["person:bo"]},
        {"compartments": ["h r"]},
        {"collection": "-"},
        {"retention": "long"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_word_of_the_wrong_form_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        _intake(**wrong)
