"""What is made of a question rests on what its subject may read, and on its own runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from tests.vault.homes import home, subject
from tests.vault.retrieve.worlds import keep
from vault.bootstrap import Vault
from vault.domain.errors import NotFoundError
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.domain.questions import (
    EarlierTurn,
    Filters,
    SearchOptions,
    SpellingChange,
    Understanding,
)

ASKED = "How many days of annual leave do nurses receive?"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    with home(tmp_path_factory.mktemp("understanding")) as found:
        keep(found, "Maternity leave is paid.", "Maternity pay is full pay.", title="Pay")
        keep(found, "Doctors carry leave over until March.")
        for place in range(3):
            keep(found, f"Kestrelop care, part {place}.")
            keep(found, f"Kestrelot care, part {place}.", readers=("user:olga",))
            keep(
                found,
                f"The Halyardine offer, part {place}.",
                readers=("user:olga",),
                collection="mergers",
            )
        yield found


def understood(
    vault: Vault, question: str, options: SearchOptions, who: Subject | None = None
) -> Understanding:
    retriever = vault.retriever
    who = who or subject(vault)
    return retriever.find(retriever.cleaned(question), who, limit=3, options=options).understanding


def plain(vault: Vault, question: str, name: str = "ana") -> Understanding:
    return understood(vault, question, SearchOptions(), subject(vault, name))


def turn(vault: Vault, who: Subject, question: str = ASKED) -> EarlierTurn:
    return EarlierTurn(question, str(vault.searches.search(question, who, limit=1)["run_id"]))


def test_a_misspelt_word_is_searched_beside_the_visible_word_it_was_meant_to_be(
    vault: Vault,
) -> None:
    found = plain(vault, "maternitty rules")
    assert found.spelling == (SpellingChange("maternitty", "maternity"),)
    assert found.words == "maternity rules"
    assert found.lexical == "maternitty rules maternity"


def test_a_word_of_hidden_chunks_alone_is_never_proposed(vault: Vault) -> None:
    """Whoever may read it gets the correction; to the others the word does not exist."""
    assert plain(vault, "halyardinne offer", "olga").spelling == (
        SpellingChange("halyardinne", "halyardine"),
    )
    assert plain(vault, "halyardinne offer").spelling == ()
    assert plain(vault, "halyardinne offer").words == "halyardinne offer"


def test_a_hidden_word_as_near_as_a_visible_one_changes_nothing(vault: Vault) -> None:
    """To whoever sees both, the word is ambiguous; to the others there is only one."""
    assert plain(vault, "kestrelox care", "olga").spelling == ()
    assert plain(vault, "kestrelox care").spelling == (SpellingChange("kestrelox", "kestrelop"),)


def test_a_collection_of_hidden_documents_alone_is_no_filter(vault: Vault) -> None:
    assert plain(vault, "offer from mergers", "olga").understood == Filters(collection="mergers")
    assert plain(vault, "offer from mergers").understood == Filters()


def test_the_callers_filters_and_those_of_the_words_hold_together(vault: Vault) -> None:
    options = SearchOptions(filters=Filters(owner="olga"))
    found = understood(vault, "leave from rules", options)
    assert found.filters == Filters(owner="olga", collection="rules")
    assert found.understood == Filters(collection="rules")


def test_nothing_is_read_out_of_words_that_are_to_be_taken_as_they_are(vault: Vault) -> None:
    ana = subject(vault)
    options = SearchOptions(interpret=False, conversation=(turn(vault, ana),))
    for question in ("maternitty from rules", "And doctors?"):
        assert understood(vault, question, options) == Understanding(question, question)


def test_a_follow_up_question_says_what_it_points_to(vault: Vault) -> None:
    options = SearchOptions(conversation=(turn(vault, subject(vault)),))
    found = understood(vault, "And doctors?", options)
    assert found.rewritten == found.words
    assert {"doctors", "annual", "leave"} <= set(found.words.split())
    assert understood(vault, "Who pays maternity leave in full?", options).rewritten is None


@pytest.mark.parametrize("whose", ["olga", "nobody"])
def test_a_run_of_somebody_else_is_a_run_that_does_not_exist(vault: Vault, whose: str) -> None:
    theirs = turn(vault, subject(vault, "olga"))
    given = theirs if whose == "olga" else replace(theirs, run_id="00000000-0000-4000-8000-0000")
    for interpret in (True, False):
        options = SearchOptions(conversation=(given,), interpret=interpret)
        with pytest.raises(NotFoundError, match="there is no such run"):
            understood(vault, "And doctors?", options)


@dataclass
class Helper:
    """An agent that acts for people."""

    principal: Principal = field(
        default_factory=lambda: Principal(
            "helper", PrincipalKind.AGENT, Label(Classification.INTERNAL)
        )
    )

    def acting_for(self, vault: Vault, name: str) -> Subject:
        return Subject(self.principal, subject(vault, name).actor)


def test_what_an_agent_asked_for_one_person_is_not_there_when_it_acts_for_another(
    vault: Vault,
) -> None:
    helper = Helper()
    vault.directory.add_principal(helper.principal, name="", groups=["staff"])
    options = SearchOptions(conversation=(turn(vault, helper.acting_for(vault, "ana")),))
    assert understood(vault, "And doctors?", options, helper.acting_for(vault, "ana")).rewritten
    with pytest.raises(NotFoundError):
        understood(vault, "And doctors?", options, helper.acting_for(vault, "bo"))
