"""What a crawl remembers fits into a cursor and comes back whole, or not at all."""

import base64
import zlib

import pytest

from connectors.web_memory import Remembered, read, written

PAGES = {
    "https://h/a": Remembered("1", '"e"', "Sat, 01 Jan 2026", 5, ("https://h/b", "https://h/c")),
    "https://h/b": Remembered("2", "", "", 7, (), "https://h/a"),
}


def test_pages_survive_the_cursor() -> None:
    assert read(written(PAGES)) == PAGES
    assert written(PAGES).isascii()
    assert read(written({})) == {}


@pytest.mark.parametrize(
    "text",
    ["", "\u00e4", "no such text", base64.b85encode(b"x").decode(),
     base64.b85encode(zlib.compress(b"[[], [[0, 1]]]")).decode(),
     base64.b85encode(zlib.compress(b"5")).decode()],
)  # fmt: skip
def test_what_cannot_be_read_is_forgotten(text: str) -> None:
    assert read(text) == {}


def test_a_page_is_asked_for_only_if_it_changed() -> None:
    assert PAGES["https://h/a"].conditions() == {
        "If-None-Match": '"e"',
        "If-Modified-Since": "Sat, 01 Jan 2026",
    }
    assert PAGES["https://h/b"].conditions() == {}
