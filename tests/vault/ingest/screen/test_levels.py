"""What is found raises a level by the operator's rules, and by the shipped ones otherwise."""

from pathlib import Path

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.labels import Classification
from vault.ingest.screen.levels import SHIPPED, load_levels, read_levels

LEVELS = read_levels(SHIPPED)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("The pump is old.", None),
        ("UNCLASSIFIED", None),
        ("TLP:GREEN", Classification.INTERNAL),
        ("TLP:AMBER", Classification.CONFIDENTIAL),
        ("TLP:AMBER\n\nTLP:RED\n\nTLP:GREEN", Classification.SECRET),
        ("VS-NfD", Classification.CONFIDENTIAL),
        ("STRENG GEHEIM", Classification.SECRET),
        ("It was paid to DE89370400440532013000.", Classification.INTERNAL),
        ("It was paid with 4111 1111 1111 1111.", Classification.CONFIDENTIAL),
        ("Ask ann@plant.org.", None),
    ],
)
def test_the_highest_level_that_a_finding_needs_counts(
    text: str, level: Classification | None
) -> None:
    assert LEVELS.of(text).floor is level


def test_values_count_once_however_they_are_written() -> None:
    few = "a@plant.org A@plant.org " * 20
    assert LEVELS.of(few).floor is None
    assert LEVELS.of(few).found == (("personal-data:email", 1),)
    many = " ".join(f"p{place}@plant.org" for place in range(10))
    assert LEVELS.of(many).floor is Classification.INTERNAL
    assert LEVELS.of(many).found == (("personal-data:email", 10),)


def test_what_is_told_of_a_finding_holds_none_of_the_text() -> None:
    found = LEVELS.of("Paid with 4111 1111 1111 1111.").found
    assert found == (("personal-data:payment-card", 1),)


def test_a_home_may_have_rules_of_its_own(tmp_path: Path) -> None:
    assert load_levels(tmp_path) == LEVELS
    own = tmp_path / "screening.toml"
    own.write_text(
        '[marking]\n"tlp:green" = "secret"\n[personal-data]\nemail = {level="internal"}\n'
    )
    levels = load_levels(tmp_path)
    assert levels.of("TLP:GREEN").floor is Classification.SECRET
    assert levels.of("TLP:RED").floor is None
    assert levels.of("a@plant.org").floor is Classification.INTERNAL


@pytest.mark.parametrize(
    "text",
    [
        "no TOML",
        '[secrets]\n"tlp:red" = "secret"',
        '[marking]\n"tlp:red" = "very secret"',
        '[marking]\n"tlp:red" = {}',
        '[personal-data]\nemail = {level = "internal", distinct = 0}',
        '[personal-data]\nemail = {level = "internal", often = 3}',
    ],
)
def test_rules_that_are_not_right_are_refused_rather_than_half_used(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "screening.toml").write_text(text)
    with pytest.raises(InvalidRequestError):
        load_levels(tmp_path)
