"""Links are found without running or fetching anything."""

import pytest

from connectors.web_links import links_of

URL = "https://h.example/a/page"


def pages(html: str | bytes, charset: str | None = None) -> list[str]:
    content = html if isinstance(html, bytes) else html.encode()
    return [
        link.removeprefix("https://h.example")
        for link in links_of(content, url=URL, charset=charset).pages
    ]


def test_links_and_frames_lead_on() -> None:
    html = (
        "<a class=x href=\"one\">1</a> <A HREF=/two>2</A> <a\nhref='three?a=1&amp;b=2'>3</a>"
        '<area href="four"><iframe src="five"></iframe><a href="one#part">again</a>'
        '<link rel="next" href="six"><link rel="stylesheet" href="style.css">'
        '<img src="picture.png"><a name="here">no</a><a href="mailto:a@b">no</a><a href="">self</a>'
    )
    assert pages(html) == ["/a/one", "/two", "/a/three?a=1&b=2", "/a/four", "/a/five", "/a/six"]


def test_a_base_changes_where_links_lead() -> None:
    assert pages('<base href="/other/"><a href="x">x</a>') == ["/other/x"]


def test_the_first_canonical_address_counts() -> None:
    html = b'<link rel="canonical" href="/own"><link rel=canonical href="/second">'
    found = links_of(html, url=URL, charset=None)
    assert found.canonical == "https://h.example/own"
    assert found.pages == ()


def test_letters_are_read_as_the_server_or_the_page_says() -> None:
    link = '<a href="/\u00e4">x</a>'
    assert pages(link.encode("latin-1"), "iso-8859-1") == ["/%C3%A4"]
    assert pages(b"<meta charset='iso-8859-1'>" + link.encode("latin-1")) == ["/%C3%A4"]
    assert pages(link, "unheard-of") == ["/%C3%A4"]


@pytest.mark.parametrize("piece", ["<a ", '<a href="', "<a href='x", "<a x=\"'", "<!--<a "])
def test_broken_markup_ends_in_little_time(piece: str) -> None:
    assert len(pages(piece * 20_000)) <= 1


def test_a_page_of_very_many_links_is_cut() -> None:
    html = "".join(f'<a href="/{number}">x</a>' for number in range(10_500))
    assert len(pages(html)) == 10_000
