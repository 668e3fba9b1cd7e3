"""A crawl stays inside, follows moves that stay inside, and meets each page once."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.endpoints import Patience
from connectors.errors import SourceUnavailableError
from connectors.web_client import Manners, WebClient
from connectors.web_crawl import Bounds, Crawl, Page, Trouble
from connectors.web_urls import Scope
from tests.connectors.servers.website import Reply, Website, dialling, serving

ROOT = "http://intranet.example/a/"


@pytest.fixture
def socket_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "s"


@pytest.fixture
def site(socket_file: Path) -> Iterator[Website]:
    with serving(Website(), socket_file=socket_file) as running:
        yield running


@pytest.fixture
def crawl(socket_file: Path) -> Iterator[Crawl]:
    client = WebClient(
        Manners(networks=("10.0.0.0/8",), per_second=0),
        lookup=lambda _host, _port: ["10.0.0.7"],
        dial=dialling(socket_file),
        patience=Patience(attempts=1),
    )
    bounds = Bounds(depth=5, pages=100, page_bytes=10_000, total_bytes=1_000_000)
    yield Crawl(client, Scope((ROOT,)), bounds, robots={})
    client.close()


def moved(where: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": where})


def met(crawl: Crawl) -> dict[str, str]:
    """Return each page's path with ``ok`` or the reason of its trouble."""
    return {
        found.url.removeprefix(ROOT): "ok" if isinstance(found, Page) else found.reason
        for found in crawl.pages((ROOT,), {})
    }


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_move_inside_is_followed_and_the_page_is_met_once(
    site: Website, crawl: Crawl, status: int
) -> None:
    site.page("/a/", "old", "new")
    site.pages["/a/old"] = moved("/a/new", status)
    site.page("/a/new")
    assert met(crawl) == {"": "ok", "new": "ok"}


@pytest.mark.parametrize(
    "where",
    [
        "http://elsewhere.example/a/x", "//elsewhere.example/a/", "/b/x", "../b/x",
        "https://intranet.example/a/x", "http://169.254.169.254/a/", "file:///etc/passwd", "",
        "http://intranet.example:8080/a/x", "/a/..%2fb",
    ],
)  # fmt: skip
def test_a_move_outside_is_not_followed(site: Website, crawl: Crawl, where: str) -> None:
    site.page("/a/", "old")
    site.pages["/a/old"] = moved(where)
    site.page("/b/x")
    if where:
        assert met(crawl)["old"] == "the page leads outside the source"
    else:
        assert "too often" in met(crawl)["old"]
    assert set(site.paths()) <= {"/a/", "/a/old"}


def test_moves_in_a_circle_come_to_an_end(site: Website, crawl: Crawl) -> None:
    site.page("/a/", "one")
    site.pages["/a/one"], site.pages["/a/two"] = moved("two"), moved("one")
    assert met(crawl)["one"] == "the page is moved on too often"
    assert len(site.paths()) == 7


def test_a_page_under_several_addresses_is_met_under_its_own(site: Website, crawl: Crawl) -> None:
    site.page("/a/", "page?print=1", "page?print=2")
    for query in ("?print=1", "?print=2"):
        site.pages[f"/a/page{query}"] = Reply(b'<link rel="canonical" href="/a/page">')
    site.page("/a/page")
    assert met(crawl) == {"": "ok", "page": "ok"}


def test_an_own_address_outside_the_source_is_not_believed(site: Website, crawl: Crawl) -> None:
    site.page("/a/", "page")
    site.pages["/a/page"] = Reply(b'<link rel="canonical" href="http://elsewhere.example/a/page">')
    assert met(crawl) == {"": "ok", "page": "ok"}


def test_pages_that_are_not_html_lead_nowhere(site: Website, crawl: Crawl) -> None:
    site.page("/a/", "text")
    site.pages["/a/text"] = Reply(b'<a href="/a/other">x</a>', kind="text/plain")
    site.page("/a/other")
    assert met(crawl) == {"": "ok", "text": "ok"}


def test_rules_may_be_moved_inside_the_site_only(site: Website, crawl: Crawl) -> None:
    site.page("/a/", "secret")
    site.page("/a/secret")
    site.pages["/robots.txt"] = moved("/rules.txt")
    site.pages["/rules.txt"] = Reply(b"User-agent: *\nDisallow: /a/secret\n")
    assert met(crawl) == {"": "ok"}


@pytest.mark.parametrize("where", ["http://elsewhere.example/robots.txt", "/robots.txt"])
def test_rules_that_are_moved_elsewhere_or_for_ever_are_none(
    site: Website, crawl: Crawl, where: str
) -> None:
    site.page("/a/")
    site.pages["/robots.txt"] = moved(where)
    assert met(crawl) == {"": "ok"}


def test_a_move_to_what_robots_may_not_read_is_not_followed(site: Website, crawl: Crawl) -> None:
    site.page("/a/", "old")
    site.pages["/a/old"] = moved("secret")
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /a/secret\n")
    assert "outside" in met(crawl)["old"]
    assert "/a/secret" not in site.paths()


def test_a_compressed_answer_is_refused(site: Website, crawl: Crawl) -> None:
    site.page("/a/", "bomb")
    site.pages["/a/bomb"] = Reply(b"x", headers={"Content-Encoding": "gzip"})
    assert met(crawl)["bomb"] == "the page comes compressed"


def test_a_page_that_cannot_be_reached_now_is_trouble_in_passing(crawl: Crawl) -> None:
    found = crawl.page(ROOT, None)
    assert isinstance(found, Trouble)
    assert found.passing
    with pytest.raises(SourceUnavailableError):
        list(crawl.pages((ROOT,), {}))
