"""A site is followed inside its prefixes, politely, and half a site is never taken for it all."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.endpoints import Patience
from connectors.errors import ConnectorConfigError, SourceRejectedError, SourceUnavailableError
from connectors.facts import Cursor, Failure, Item
from connectors.web import WebConfig, WebConnector
from connectors.web_client import Manners, WebClient
from tests.connectors import contract
from tests.connectors.servers.website import Reply, Website, dialling, serving

ROOT = "http://intranet.example/handbook/"


@pytest.fixture
def socket_file() -> Iterator[Path]:
    # The path of a socket file may have about a hundred letters.
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "s"


@pytest.fixture
def site(socket_file: Path) -> Iterator[Website]:
    written = Website()
    written.page("/handbook/", "leave", "notice", "/private/pay")
    written.page("/handbook/leave", "/handbook/", "notice", text="Thirty days.")
    written.page("/handbook/notice", text="Closed at noon.")
    written.page("/private/pay", text="not yours")
    with serving(written, socket_file=socket_file):
        yield written


def connect(socket_file: Path, **settings: object) -> WebConnector:
    config = WebConfig(**({"prefixes": (ROOT,)} | settings))
    client = WebClient(
        Manners(networks=config.networks, per_second=0),
        lookup=lambda _host, _port: ["10.0.0.7"],
        dial=dialling(socket_file),
        patience=Patience(attempts=1),
    )
    return WebConnector(source_id="site", config=config, client=client)


def found(connector: WebConnector, cursor: Cursor | None = None) -> list[str]:
    return [
        fact.id.removeprefix("http://intranet.example")
        for fact in connector.scan(cursor)
        if isinstance(fact, Item)
    ]


def end(connector: WebConnector, cursor: Cursor | None = None) -> Cursor:
    (*_, last) = connector.scan(cursor)
    assert isinstance(last, Cursor)
    return last


def failures(connector: WebConnector) -> list[Failure]:
    return [fact for fact in connector.scan(None) if isinstance(fact, Failure)]


def test_it_keeps_the_contract(site: Website, socket_file: Path) -> None:
    contract.keeps_the_contract(connect(socket_file))


def test_only_what_lies_inside_the_prefixes_is_asked_for(site: Website, socket_file: Path) -> None:
    assert found(connect(socket_file)) == ["/handbook/", "/handbook/leave", "/handbook/notice"]
    assert "/private/pay" not in site.paths()


def test_pages_that_did_not_change_are_not_sent_again(site: Website, socket_file: Path) -> None:
    cursor = end(connect(socket_file))
    site.asked.clear()
    site.page("/handbook/leave", "new", text="Forty days.")
    site.page("/handbook/new", text="New.")
    again = connect(socket_file)
    assert found(again, cursor)[-1] == "/handbook/new"
    assert site.paths(304) == ["/handbook/", "/handbook/notice"]
    assert site.paths(200) == ["/handbook/leave", "/handbook/new"]


def test_the_sweep_after_a_complete_scan_asks_for_nothing_and_the_next_one_does(
    site: Website, socket_file: Path
) -> None:
    connector = connect(socket_file)
    cursor = end(connector)
    site.asked.clear()
    assert len(list(connector.list_ids(cursor))) == 3
    assert site.asked == []
    del site.pages["/handbook/notice"]
    assert len(list(connector.list_ids(cursor))) == 2


def test_a_page_that_was_just_read_is_not_read_again(site: Website, socket_file: Path) -> None:
    connector = connect(socket_file)
    for fact in connector.scan(None):
        if isinstance(fact, Item):
            assert connector.open(fact.id, fact.version).version == fact.version
    assert len(site.paths()) == 3
    assert b"Thirty" in connector.open(ROOT + "leave", "1").content
    assert len(site.paths()) == 4


def test_a_page_carries_its_kind_and_its_time(site: Website, socket_file: Path) -> None:
    when = {"Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT"}
    site.pages["/handbook/notice"] = Reply(b"%PDF", kind="application/pdf", headers=when)
    content = connect(socket_file).open(ROOT + "notice", "1")
    assert content.media_type == "application/pdf"
    assert content.modified_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    site.pages["/handbook/notice"].headers = {"Last-Modified": "yesterday"}
    assert connect(socket_file).open(ROOT + "notice", "1").modified_at.utcoffset() is not None


def test_what_robots_may_not_read_is_not_asked_for(site: Website, socket_file: Path) -> None:
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /handbook/notice\n")
    assert found(connect(socket_file)) == ["/handbook/", "/handbook/leave"]
    assert "/handbook/notice" not in site.paths()
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n")
    with pytest.raises(SourceUnavailableError, match="leave the start alone"):
        list(connect(socket_file).list_ids(None))


@pytest.mark.parametrize("status", [500, 503])
def test_a_site_that_cannot_tell_its_rules_is_left_alone(
    site: Website, socket_file: Path, status: int
) -> None:
    site.pages["/robots.txt"] = Reply(status=status)
    with pytest.raises(SourceUnavailableError, match="crawlers"):
        list(connect(socket_file).scan(None))
    assert site.paths() == []


def test_a_page_that_fails_for_now_fails_the_sweep_and_not_the_scan(
    site: Website, socket_file: Path
) -> None:
    connector = connect(socket_file)
    cursor = end(connector)
    site.pages["/handbook/notice"] = Reply(status=503)
    contract.goes_on_past_a_failure(connector)
    assert [failure.retry for failure in failures(connector)] == [True]
    with pytest.raises(SourceUnavailableError, match="503"):
        list(connector.list_ids(cursor))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_page_that_is_shut_or_gone_is_not_listed(
    site: Website, socket_file: Path, status: int
) -> None:
    site.pages["/handbook/notice"] = Reply(status=status)
    connector = connect(socket_file)
    assert [failure.retry for failure in failures(connector)] == [False]
    assert len(list(connect(socket_file).list_ids(None))) == 2


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_first_page_that_cannot_be_read_is_an_outage(
    site: Website, socket_file: Path, status: int
) -> None:
    cursor = end(connect(socket_file))
    site.pages["/handbook/"] = Reply(status=status)
    connector = connect(socket_file)
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError, match="start"):
        list(connector.list_ids(cursor))
    with pytest.raises(SourceUnavailableError, match="start"):
        list(connector.scan(cursor))


def test_a_site_larger_than_the_crawl_may_be_is_not_taken_for_a_smaller_one(
    site: Website, socket_file: Path
) -> None:
    for bounds in ({"max_pages": 2}, {"max_total_bytes": 1}):
        connector = connect(socket_file, **bounds)
        contract.goes_on_past_a_failure(connector)
        with pytest.raises(SourceUnavailableError, match="larger than the crawl"):
            list(connector.list_ids(None))


def test_a_large_page_is_a_failure(site: Website, socket_file: Path) -> None:
    site.pages["/handbook/notice"] = Reply(b"x" * 5000)
    connector = connect(socket_file, max_bytes=4999)
    (failure,) = failures(connector)
    assert (failure.reason, failure.retry) == ("the page is larger than 4999 bytes", False)
    with pytest.raises(SourceRejectedError, match="larger than 4999"):
        connector.open(ROOT + "notice", "1")


def test_a_cursor_comes_between_as_well_as_at_the_end(site: Website, socket_file: Path) -> None:
    names = [f"page{number}" for number in range(250)]
    site.page("/handbook/", *names)
    for name in names:
        site.page(f"/handbook/{name}")
    facts = list(connect(socket_file).scan(None))
    cursors = [fact for fact in facts if isinstance(fact, Cursor)]
    assert len(cursors) == 2
    site.asked.clear()
    assert len(found(connect(socket_file), cursors[0])) == 251
    assert len(site.paths(304)) == 200


@pytest.mark.parametrize(
    "item",
    [
        "no-such-item",
        "http://intranet.example/private/pay",
        "http://intranet.example/handbook/../private/pay",
        "http://intranet.example/handbook/..%2fprivate",
        "http://elsewhere.example/handbook/leave",
        "file:///etc/passwd",
    ],
)
def test_what_lies_outside_is_not_opened(site: Website, socket_file: Path, item: str) -> None:
    with pytest.raises(SourceRejectedError, match="outside"):
        connect(socket_file).open(item, "1")
    assert site.asked == []


def test_a_page_that_moved_or_fails_is_an_outage_when_it_is_opened(
    site: Website, socket_file: Path
) -> None:
    site.pages["/handbook/leave"] = Reply(status=302, headers={"Location": "notice"})
    with pytest.raises(SourceUnavailableError, match="moved"):
        connect(socket_file).open(ROOT + "leave", "1")
    site.pages["/handbook/leave"] = Reply(status=500)
    with pytest.raises(SourceUnavailableError, match="500"):
        connect(socket_file).open(ROOT + "leave", "1")


def test_an_unreachable_host_is_an_outage(socket_file: Path) -> None:
    connector = connect(socket_file)
    assert not connector.check().ok
    with pytest.raises(SourceUnavailableError):
        list(connector.list_ids(None))


@pytest.mark.parametrize(
    "settings",
    [
        {"prefixes": ()},
        {"start": ("http://intranet.example/private/",)},
        {"start": ("no address",)},
        {"networks": ("intranet",)},
    ],
)
def test_settings_that_lead_nowhere_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ConnectorConfigError):
        WebConfig(**({"prefixes": (ROOT,)} | settings))


def test_a_connector_makes_its_own_client_and_dials_nobody_before_it_is_asked() -> None:
    assert WebConnector(source_id="s", config=WebConfig((ROOT,))).source_id == "s"
