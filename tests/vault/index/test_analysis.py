"""Texts and questions meet on the same terms, whatever the spelling or the script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.index.analysis import MAX_TERM_CHARACTERS, analyse, exact, located


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The policies of the company", ["polici", "compani"]),
        ("CVE-2024-1234", ["cve", "2024", "1234", "cve20241234"]),
        ("A-17", ["17", "a17"]),
        ("§ 12.3", ["12", "3", "12.3"]),
        ("HR-204", ["hr", "204", "hr204"]),
        ("e-mail", ["e", "mail", "email"]),
        ("What is the leave of an HR lead?", ["leav", "hr", "lead"]),
        ("long-term", ["long", "term"]),
        ("get_user_id getUserId", ["get", "user", "id", "getuserid"] * 2),
        ("the employee's leave", ["employe", "leav"]),
        ("the employee\u2019s leave", ["employe", "leav"]),
        ("Caf\u00e9 na\u00efve \u00dcbung", ["cafe", "naiv", "ubung"]),
        ("\u6771\u4eac\u90fd", ["\u6771\u4eac", "\u4eac\u90fd"]),
        ("\u6771", ["\u6771"]),
        ("\u4eba\u3005\u306e", ["\u4eba\u3005", "\u3005\u306e"]),
        ("\ud68c\uc758\ub85d\uc744", ["\ud68c\uc758", "\uc758\ub85d", "\ub85d\uc744"]),
        (
            "\u0e17\u0e35\u0e48\u0e14\u0e34\u0e19",
            ["\u0e17\u0e35\u0e48\u0e14\u0e34", "\u0e14\u0e34\u0e19"],
        ),
        ("The IT team", ["it", "team"]),
        ("is it done", ["done"]),
        ("WHO IS IN IT", []),
        ("IT", ["it"]),
        ("IT-Security of the WHO", ["it", "secur", "who"]),
        ("IT-SECURITY OF IT", ["secur"]),
        ("cats OR dogs", ["cat", "dog"]),
        (
            "\u6211\u4eec\u7684IT\u90e8\u95e8",
            ["\u6211\u4eec", "\u4eec\u7684", "it", "\u90e8\u95e8"],
        ),
        ("v2\u6771\u4eac", ["v2", "\u6771\u4eac"]),
        ("\ufb01le \uff21\uff22\uff23", ["file", "abc"]),
        ("", []),
        ("\x00 \x1b[0m -- ...", ["0m"]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert analyse(text) == expected


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("HR204", "form HR-204 applies"),
        ("hr-204", "form HR204 applies"),
        ("cve-2024-1234", "patched CVE-2024-1234 today"),
        ("section 12.3", "see \u00a7 12.3"),
        ("resume", "the r\u00e9sum\u00e9"),
        (
            "\u0928\u092e\u0938\u094d\u0924\u0947",
            "\u0928\u092e\u0938\u094d\u0924\u0947, \u091c\u0940",
        ),
        ("\u0639\u0631\u0628", "\u0639\u064e\u0631\u064e\u0628"),
        ("STRASSE", "stra\u00dfe"),
    ],
)
def test_a_question_meets_the_text_it_names(question: str, text: str) -> None:
    assert set(analyse(question)) & set(analyse(text))


def test_positions_count_every_word_and_put_a_compound_at_its_first() -> None:
    found = located("the notice of HR-204 ended")
    assert list(zip(*found, strict=True)) == [
        ("notic", 1),
        ("hr", 3),
        ("204", 4),
        ("hr204", 3),
        ("end", 5),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("notice of termination", (("notic", 0), ("termin", 2))),
        ("the HR-204 form", (("hr204", 0), ("form", 2))),
        ("jane.doe@example.org", (("jane", 0), ("doe", 1), ("exampl", 2), ("org", 3))),
        ("\u6771\u4eac\u90fd", (("\u6771\u4eac", 0), ("\u4eac\u90fd", 1))),
        ("the of", ()),
    ],
)
def test_exact_terms_stand_at_fixed_distances(text: str, expected) -> None:
    assert exact(text) == expected


@given(st.text(max_size=200))
def test_located_terms_are_the_analysed_ones_in_bounded_places(text: str) -> None:
    found = located(text)
    assert found.terms == analyse(text)
    assert len(found.positions) == len(found.terms)
    assert all(0 <= position <= 2 * len(text) for position in found.positions)


@given(st.text(max_size=200))
def test_any_text_gives_bounded_terms_without_white_space(text: str) -> None:
    for term in analyse(text):
        assert 0 < len(term) <= 3 * MAX_TERM_CHARACTERS
        assert not any(character.isspace() for character in term)


@given(st.text(max_size=80))
def test_the_form_of_composition_does_not_matter(text: str) -> None:
    forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    first, second = (analyse(form) for form in forms)
    assert first == second


def test_the_longest_runs_are_cut_into_bounded_terms() -> None:
    terms = analyse("x" * 10**6 + " " + "/".join(["part"] * 10**5))
    assert max(map(len, terms)) == MAX_TERM_CHARACTERS
    assert terms.count("part") == 10**5
