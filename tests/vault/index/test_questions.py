"""What a query quotes or names is told from what it merely says."""

import pytest

from vault.index.analysis import exact
from vault.index.questions import LONGEST_LOOKUP, MOST_EXACT, question


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ('the "notice of termination" rule', ["notice of termination"]),
        ("\u201enotice period\u201c and \u00ableave\u00bb", ["notice period", "leave"]),
        ("\u300c\u6771\u4eac\u90fd\u300d", ["\u6771\u4eac\u90fd"]),
        ("who wrote CVE-2024-1234?", ["CVE-2024-1234"]),
        ("form HR-204 or hr/205", ["HR-204", "hr/205"]),
        ("see \u00a7 12.3", ["12.3"]),
        ("chapter 10.1.2", ["10.1.2"]),
        ("mail from jane.doe+hr@mail.example.org", ["jane.doe+hr@mail.example.org"]),
        ("where is report_final-v2.docx", ["report_final-v2.docx"]),
        ('"HR-204"', ["HR-204"]),
    ],
)
def test_exact_things_are_found(query: str, named: list[str]) -> None:
    assert question(query).exact == tuple(exact(found) for found in named)


@pytest.mark.parametrize(
    "query",
    [
        "how long is annual leave",
        "long-term well-being",
        "at mach 2.5 and 10 km",
        "the employee's o'clock",
        'an inch is 1" long',
        '"" and "the"',
        "e.g. yes/no i.e. and/or",
        "3-dimensional flow in 1958",
        "",
    ],
)
def test_ordinary_words_are_not_taken_for_names(query: str) -> None:
    assert question(query).exact == ()


def test_terms_are_counted() -> None:
    assert question("leave of leave policy").terms == {"leav": 2, "polici": 1}


def test_quotations_of_a_long_text_are_not_looked_for() -> None:
    words = " ".join(f"word{number}" for number in range(LONGEST_LOOKUP))
    assert question(f'{words} "annual leave"').exact == ()


def test_many_quotations_are_bounded() -> None:
    query = " ".join(f'"a{number}"' for number in range(2 * MOST_EXACT))
    assert len(question(query).exact) == MOST_EXACT
