"""Names from a directory become ids that were never used."""

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.identity import check_id
from vault.domain.provisioning import LONGEST_NAME, check_name, free_id


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("ann", "ann"),
        ("ann@example.org", "ann@example.org"),
        ("Finance Team", "Finance-Team"),
        ("  - odd", "odd"),
        ("日本", "id"),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_becomes_an_id(name: str, made: str) -> None:
    assert free_id(name, is_taken=lambda _: False) == made
    assert check_id(made, noun="person") == made


def test_an_id_that_was_used_is_not_given_again() -> None:
    used = {"ann", "ann-2"}
    assert free_id("ann", is_taken=used.__contains__) == "ann-3"


def test_a_name_is_kept_without_white_space_around_it() -> None:
    assert check_name("  Ann B. ", noun="name") == "Ann B."


@pytest.mark.parametrize("name", ["", "   ", "x" * (LONGEST_NAME + 1), "a\nb", "a\x00b"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="a sign-in name is"):
        check_name(name, noun="sign-in name")
