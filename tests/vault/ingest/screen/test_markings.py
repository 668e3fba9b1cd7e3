"""Markings count where markings stand, in three languages, and nowhere else."""

import pytest

from vault.ingest.screen.markings import markings


def names(text: str) -> list[str]:
    return [found.rule for found in markings(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TLP:RED", "tlp:red"),
        ("TLP:AMBER+STRICT", "tlp:amber+strict"),
        ("TLP: AMBER", "tlp:amber"),
        ("Distribution: TLP:GREEN", "tlp:green"),
        ("**TLP:CLEAR**", "tlp:clear"),
        ("TLP:AMBER recipients may pass it on inside.", "tlp:amber"),
        ("TOP SECRET//SI//NOFORN", "banner:top-secret"),
        ("- SECRET -", "banner:secret"),
        ("NATO CONFIDENTIAL", "banner:confidential"),
        ("Strictly Confidential", "banner:confidential"),
        ("Commercial in Confidence", "banner:confidential"),
        ("OFFICIAL-SENSITIVE", "banner:restricted"),
        ("CUI//SP-PRVCY", "banner:restricted"),
        ("For Internal Use Only", "banner:internal"),
        ("Classification: Confidential", "banner:confidential"),
        ("**Classification:** Internal use only", "banner:internal"),
        ("STRENG GEHEIM", "banner:top-secret"),
        ("GEHEIM", "banner:secret"),
        ("VS-NUR F\u00dcR DEN DIENSTGEBRAUCH", "banner:restricted"),
        ("VS \u2013 NUR F\u00dcR DEN DIENSTGEBRAUCH", "banner:restricted"),
        ("VS-NfD", "banner:restricted"),
        ("Einstufung: VS-Vertraulich", "banner:confidential"),
        ("Nur f\u00fcr den internen Gebrauch", "banner:internal"),
        ("TR\u00c8S SECRET D\u00c9FENSE", "banner:top-secret"),
        ("SECRET D\u00c9FENSE", "banner:secret"),
        ("CONFIDENTIEL D\u00c9FENSE", "banner:confidential"),
        ("DIFFUSION RESTREINTE", "banner:restricted"),
        ("Mention : CONFIDENTIEL", "banner:confidential"),
        ("UNCLASSIFIED", "banner:unclassified"),
    ],
)
def test_a_marking_on_its_own_line_is_found_at_its_place(text: str, name: str) -> None:
    whole = f"Report\n\n{text}\n\nThe pump is old."
    [found] = markings(whole)
    assert found.rule == name
    assert found.span.of(whole) == text


@pytest.mark.parametrize(
    "text",
    [
        "The TLP:RED label is for named recipients.",
        "Keep the secret in a vault, and mark it CONFIDENTIAL when you print it.",
        "## Confidentiality",
        "Confidential",
        "* **Confidential**",
        "Secret management",
        "Internal",
        "The word GEHEIM stands on the cover of the file.",
        "offen",
    ],
)
def test_words_that_are_only_spoken_about_are_no_marking(text: str) -> None:
    assert names(f"Introduction.\n{text}\nThe end.") == []


def test_portion_marks_are_told_from_lists_and_from_copyright() -> None:
    assert names("(U) The harbour is open.\n(S) The depth is ten metres.") == [
        "portion:unclassified",
        "portion:secret",
    ]
    assert names("(TS//SI) One portion with a caveat.") == ["portion:top-secret"]
    assert names("(A) One\n(B) Two\n(C) Three\n(S) Four") == []
    assert names("(C) 2024 A Company") == []
    assert names("(C) A Company") == []
