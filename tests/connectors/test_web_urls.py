"""One address has one writing, and what only looks as if it lay inside does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ConnectorConfigError
from connectors.web_urls import Scope, WebAddress, address_of, canonical

BASE = "https://intranet.example/handbook/leave"


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("HTTPS://Intranet.Example:443/a/../b/./c#top", "https://intranet.example/b/c"),
        ("notice", "https://intranet.example/handbook/notice"),
        ("/x?b=2&a=1", "https://intranet.example/x?b=2&a=1"),
        ("//other.example", "https://other.example/"),
        ("https://h.example./%7euser/%c3%a4 \u00e4", "https://h.example/~user/%C3%A4%20%C3%A4"),
        ("http://h:8080/a/..", "http://h:8080/"),
        ("http://h/a/.", "http://h/a/"),
        ("http://h/../../a", "http://h/a"),
        ("http://h/%2e%2e/a", "http://h/a"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        ("?q=%zz|", "https://intranet.example/handbook/leave?q=%zz%7C"),
        ("#part", BASE),
    ],
)
def test_an_address_has_one_writing(url: str, written: str) -> None:
    assert canonical(url, base=BASE) == written
    assert canonical(written) == written


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@b", "javascript:alert(1)", "ftp://h/x", "http://", "http://user@h/", "http://h:x/",
        "http://h_/x", "http://h/..%2fsecret", "http://h/..%5csecret", "http://h/a\\..\\b",
        "http://h/%00", "http://[::1", "data:text/html,x", "http://m\u00fcller.example/",
    ],
)  # fmt: skip
def test_what_is_no_page_or_read_differently_elsewhere_is_none(url: str) -> None:
    assert canonical(url) is None


@given(st.text(max_size=60))
def test_any_text_is_an_address_in_its_one_writing_or_none(text: str) -> None:
    found = canonical(text, base=BASE)
    if found is not None:
        assert canonical(found) == found
        assert found.isascii()


def test_an_address_has_parts() -> None:
    assert address_of("http://h:8080/a?b") == WebAddress("http", "h", 8080, "/a?b")
    assert address_of("https://[fd00::1]/").origin == "https://[fd00::1]"
    assert address_of("http://h:8080/").origin == "http://h:8080"


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://intranet.example/handbook", True),
        ("https://intranet.example/handbook/a?b", True),
        ("https://intranet.example/handbook2/a", False),
        ("https://intranet.example/", False),
        ("http://intranet.example/handbook/a", False),
        ("https://intranet.example:444/handbook/a", False),
        ("https://intranet.example.evil.example/handbook/a", False),
        ("https://other.example/any", True),
    ],
)
def test_only_what_begins_like_a_prefix_lies_inside(url: str, inside: bool) -> None:
    scope = Scope(("https://intranet.example/handbook/", "https://other.example"))
    assert scope.holds(url) is inside


@pytest.mark.parametrize("prefixes", [(), ("intranet",), ("https://h/a?b",), ("ftp://h/",)])
def test_prefixes_that_mean_nothing_are_refused(prefixes: tuple[str, ...]) -> None:
    with pytest.raises(ConnectorConfigError):
        Scope(prefixes)
