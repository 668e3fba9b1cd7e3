"""Nothing comes in before its owner has said who may read it."""

import pytest

from tests.vault.conftest import Plant
from vault.domain.errors import InvalidRequestError
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.ingest.intake import Intake, access_label


def check(plant: Plant, intake: Intake) -> None:
    with plant.store.read() as unit:
        intake.check(unit)


def test_the_words_of_an_owner_become_a_label() -> None:
    found = access_label(
        collection="papers",
        classification=" Secret ",
        compartments=["deal", "deal"],
        readers=["group:staff", "user:ann"],
        denied=["user:bo"],
    )
    assert found == AccessLabel(
        "papers",
        Label(Classification.SECRET, frozenset({"deal"})),
        frozenset({"group:staff", "user:ann"}),
        frozenset({"user:bo"}),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"collection": ""},
        {"collection": "with space"},
        {"classification": "cosmic"},
        {"compartments": ["a/b"]},
        {"readers": ["staff"]},
        {"readers": ["role:staff"]},
        {"readers": ["group:"]},
        {"denied": ["user:bo bo"]},
    ],
)
def test_a_word_of_the_wrong_form_is_refused(wrong: dict[str, object]) -> None:
    words: dict[str, object] = {"collection": "papers", "classification": "internal"}
    with pytest.raises(InvalidRequestError):
        access_label(**(words | wrong))


def test_known_readers_and_owner_are_enough(plant: Plant) -> None:
    check(plant, plant.intake("group:staff", "user:olga", "group:everyone"))


def test_material_that_nobody_could_read_is_refused(plant: Plant) -> None:
    access = access_label(collection="papers", classification="internal")
    with pytest.raises(InvalidRequestError, match="at least one reader"):
        check(plant, Intake("shelf", access, Governance("olga")))


def test_every_unknown_name_is_told_those_who_are_denied_too(plant: Plant) -> None:
    access = access_label(
        collection="papers",
        classification="internal",
        readers=["group:staff", "group:ghosts"],
        denied=["user:nobody"],
    )
    with pytest.raises(InvalidRequestError, match="unknown reader group:ghosts, user:nobody"):
        check(plant, Intake("shelf", access, Governance("olga")))


def test_an_owner_must_exist(plant: Plant) -> None:
    intake = plant.intake().with_changes(governance=Governance("nobody"))
    with pytest.raises(InvalidRequestError, match="unknown owner 'nobody'"):
        check(plant, intake)


def test_a_changed_copy_leaves_the_original_alone(plant: Plant) -> None:
    intake = plant.intake()
    changed = intake.with_changes(title="Other")
    assert (intake.title, changed.title) == (None, "Other")
    assert changed.access == intake.access
