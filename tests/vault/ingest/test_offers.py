"""What a connector cannot give becomes the vault's own problem, of the right kind."""

import pytest

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Failure, Item
from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.ingest.scripted import Paper, ScriptedSource
from vault.domain.errors import SourceUnreachableError, UnsupportedDocumentError
from vault.ingest.offers import again, offer, refusal
from vault.ingest.pace import Pace
from vault.store.sources import DeadLetter

ITEM = Item("plan", "scripted://plan", "1", "plan.txt")


def test_bytes_are_read_when_they_are_asked_for_and_at_the_right_pace(
    plant: Plant, clock: Clock
) -> None:
    source = ScriptedSource(clock, papers={"plan": Paper("The plan.")})
    waited: list[float] = []
    pace = Pace(60, sleep=waited.append, clock=lambda: 5.0)
    arrival = offer(source, ITEM, plant.intake(), pace=pace)
    assert source.opened == []
    assert arrival.read().content == b"The plan."
    arrival.read()
    assert waited == [1.0]


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (SourceUnavailableError("later"), SourceUnreachableError),
        (SourceRejectedError("never"), UnsupportedDocumentError),
    ],
)
def test_failures_of_a_connector_are_problems_of_the_vault(
    plant: Plant, clock: Clock, failure: Exception, problem: type[Exception]
) -> None:
    source = ScriptedSource(clock, unreadable={"plan": failure})
    with pytest.raises(problem):
        offer(source, ITEM, plant.intake()).read()


@pytest.mark.parametrize(
    ("retry", "problem"), [(True, SourceUnreachableError), (False, UnsupportedDocumentError)]
)
def test_what_is_not_even_reported_raises_when_it_is_read(
    plant: Plant, retry: bool, problem: type[Exception]
) -> None:
    arrival = refusal(Failure("a/b", "its name is no text", retry=retry), plant.intake())
    assert (arrival.name, arrival.item_id) == ("b", "a/b")
    with pytest.raises(problem, match="its name is no text"):
        arrival.read()


def test_a_letter_is_an_item_again(clock: Clock) -> None:
    letter = DeadLetter("s", "x://a/b", "7", "p", "r", 1, "olga", clock(), item_id="id", name="n")
    assert again(letter, fresh=False) == Item("id", "x://a/b", "7", "n")
    assert again(letter, fresh=True).version == ""
    bare = DeadLetter("s", "x://a/b", None, "p", "r", 1, "olga", clock())
    assert again(bare, fresh=False) == Item("x://a/b", "x://a/b", "", "b")
