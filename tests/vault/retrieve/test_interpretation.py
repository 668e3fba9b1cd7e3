"""Filters are read out of few, closed forms, and never out of an ordinary question."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from vault.domain.questions import NO_FILTERS, Filters
from vault.retrieve.interpretation import Interpreter, Reading
from vault.store.filters import Facets

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MARCH = datetime(2025, 3, 1, tzinfo=UTC)
VISIBLE = Facets(
    sources=frozenset({"finance-share"}),
    collections=frozenset({"finance", "clinical-policies", "papers"}),
    types=frozenset({"pdf", "mail", "text"}),
    owners=frozenset({"olga", "daniel.moreau"}),
    languages=frozenset({"en", "de"}),
)
NOTHING = Facets(*(frozenset() for _ in range(5)))


def read(text: str, facets: Facets = VISIBLE, given: Filters = NO_FILTERS) -> Reading:
    return Interpreter(lambda: facets, now=NOW).read(text, given)


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("leave policy in pdf", "leave policy", {"type": "pdf"}),
        ("leave policy, PDF only", "leave policy", {"type": "pdf"}),
        ("leave policy only PDFs", "leave policy", {"type": "pdf"}),
        ("rota change in e-mails", "rota change", {"type": "mail"}),
        ("budget from Finance", "budget", {"collection": "finance"}),
        ("budget from the finance share", "budget", {"source": "finance-share"}),
        ("hand rub from the Clinical Policies", "hand rub", {"collection": "clinical-policies"}),
        ("annual leave from papers", "annual leave", {"collection": "papers"}),
        ("travel rules by Daniel Moreau", "travel rules", {"owner": "daniel.moreau"}),
        ("travel rules in German", "travel rules", {"language": "de"}),
        ("travel rules since March 2025", "travel rules", {"modified_after": MARCH}),
        ("travel rules changed before 2025-03-01", "travel rules", {"modified_before": MARCH}),
        (
            "budget in pdf from Finance since March 2025",
            "budget",
            {"type": "pdf", "collection": "finance", "modified_after": MARCH},
        ),
        (
            "budget from Finance since 2025",
            "budget",
            {"collection": "finance", "modified_after": datetime(2025, 1, 1, tzinfo=UTC)},
        ),
        ("Urlaub in den PDFs seit März 2025", "Urlaub", {"type": "pdf", "modified_after": MARCH}),
        ("vacaciones en pdf", "vacaciones", {"type": "pdf"}),
        (
            "congés dans les PDF depuis mars 2025",
            "congés",
            {"type": "pdf", "modified_after": MARCH},
        ),
    ],
)
def test_the_end_of_key_words_may_narrow_them(
    text: str, words: str, filters: Mapping[str, object]
) -> None:
    found = read(text)
    assert (found.words, found.filters.given) == (words, filters)


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        (
            "What is said in the PDF files about leave?",
            "What is said about leave?",
            {"type": "pdf"},
        ),
        (
            "Who in the Finance collection signs invoices?",
            "Who signs invoices?",
            {"collection": "finance"},
        ),
        ("Which rules owned by Olga apply?", "Which rules apply?", {"owner": "olga"}),
        (
            "Which documents changed since March 2025 speak of leave?",
            "Which speak of leave?",
            {"modified_after": MARCH},
        ),
    ],
)
def test_a_sentence_is_narrowed_only_where_it_names_documents(
    text: str, words: str, filters: Mapping[str, object]
) -> None:
    found = read(text)
    assert (found.words, found.filters.given) == (words, filters)


@pytest.mark.parametrize(
    "question",
    [
        "How do I save a report in PDF?",
        "How do I put a signature in PDF documents?",
        "How do I get approval from Finance?",
        "Who is the contact in finance?",
        "What was the revenue in 2023?",
        "How many people have joined since March 2025?",
        "Was the handbook written by Olga?",
        "What is leave called in German?",
        "effect of vitamin D in adults since 2010",
        "leave last month",
        "in",
        "from",
        "pdf",
    ],
)
def test_an_ordinary_question_has_no_filter(question: str) -> None:
    assert read(question) == Reading(question, NO_FILTERS)


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("type:pdf leave", "leave", {"type": "pdf"}),
        ('collection:"Clinical Policies" rub', "rub", {"collection": "clinical-policies"}),
        ("How much leave? owner:olga", "How much leave?", {"owner": "olga"}),
        ("leave lang:de after:2025-03-01", "leave", {"language": "de", "modified_after": MARCH}),
        ("leave type:epub", "leave type:epub", {}),
        ("leave before:soon", "leave before:soon", {}),
    ],
)
def test_operators_hold_everywhere(text: str, words: str, filters: Mapping[str, object]) -> None:
    found = read(text)
    assert (found.words, found.filters.given) == (words, filters)


def test_a_value_that_nothing_visible_has_is_an_ordinary_word() -> None:
    """What only forbidden documents have is not among the facets, so it must not be taken."""
    for text in (
        "leave policy in pdf",
        "budget from Finance",
        "travel rules by Olga",
        "travel rules in German",
        "leave collection:finance",
    ):
        assert read(text, NOTHING) == Reading(text, NO_FILTERS)


def test_the_words_stay_where_nothing_else_would_be_searched() -> None:
    assert read("in pdf") == Reading("in pdf", Filters(type="pdf"))
    assert read("owner:olga").words == "owner:olga"


def test_what_the_caller_gave_is_not_read_again() -> None:
    found = read("leave in pdf from Finance", given=Filters(type="mail"))
    assert found == Reading("leave in pdf", Filters(collection="finance"))


def test_a_second_value_of_one_kind_is_an_ordinary_word() -> None:
    assert read("leave in e-mails in pdf") == Reading("leave in e-mails", Filters(type="pdf"))


def test_visible_values_are_looked_up_only_for_what_could_be_a_filter() -> None:
    def none() -> Facets:
        raise AssertionError("nothing here could be a filter")

    interpreter = Interpreter(none, now=NOW)
    for question in ("annual leave", "How many days of leave do nurses get?"):
        assert interpreter.read(question, NO_FILTERS).words == question
