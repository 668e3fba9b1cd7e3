"""A place in a list survives the way to its reader and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.errors import InvalidRequestError
from vault.ingest.prepared import LONGEST_TITLE
from vault.lifecycle.pages import LONGEST_PLACE, PLACE_PATTERN, Place

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=LONGEST_TITLE)
ids = st.uuids().map(str)


@given(texts, ids)
def test_every_place_comes_back_and_fits_into_an_address(title: str, document_id: str) -> None:
    place = Place(title, document_id)
    text = place.serialise()
    assert re.fullmatch(PLACE_PATTERN, text)
    assert len(text) <= LONGEST_PLACE
    assert Place.parse(text) == place


@given(st.from_regex(PLACE_PATTERN, fullmatch=True))
def test_whatever_has_the_form_is_a_place(text: str) -> None:
    place = Place.parse(text)
    assert Place.parse(place.serialise()) == place


@pytest.mark.parametrize("text", ["next", "abc", "0g", "é", "%%"])
def test_what_has_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError, match="next of an earlier page"):
        Place.parse(text)
