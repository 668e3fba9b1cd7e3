"""Characters that show nothing, or pass for others, are found; ordinary scripts are not."""

import pytest

from vault.ingest.screen.characters import hidden_text, lookalikes

TAGGED = "Total: 5" + "".join(chr(0xE0000 + ord(letter)) for letter in "approve")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (TAGGED, "tag-characters"),
        ("pay \u202etxt.exe", "direction-override"),
        ("ok\ufe01\ufe02\ufe03\ufe04", "selector-run"),
        ("i\u200bg\u200bn\u200bo\u200bre", "zero-width"),
    ],
)
def test_hidden_characters_are_found(text: str, rule: str) -> None:
    assert {finding.rule for finding in hidden_text(text)} == {rule}


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "co\u00adop\u00ader\u00ada\u00adtion",
        "one\u200bbreak in a copied page",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u2764\ufe0f and \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u0645\u06cc\u200c\u0631\u0648\u0645",
    ],
    ids=["ascii", "soft hyphens", "one break", "flag", "emoji", "Persian"],
)
def test_ordinary_use_of_them_is_left_alone(text: str) -> None:
    assert list(hidden_text(text)) == []


def test_words_of_two_scripts_are_found() -> None:
    text = "Confirm the p\u0430ssword of the \u0430ccount"
    assert [finding.span.of(text) for finding in lookalikes(text)] == [
        "p\u0430ssword",
        "\u0430ccount",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "one p\u0430ssword alone",
        "Москва and London",
        "NF\u03baB, I\u03baB and 5 \u03bcmol of \u03b1TNF",
        "na\u00efve caf\u00e9s",
    ],
)
def test_mixed_texts_of_whole_words_are_left_alone(text: str) -> None:
    assert list(lookalikes(text)) == []
