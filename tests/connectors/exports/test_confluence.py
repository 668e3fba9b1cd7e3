"""A wiki's XML export is taken in page by page, with restrictions inherited down the tree."""

from pathlib import Path

import pytest

from connectors import registry
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.exports.confluence import ConfluenceConfig, ConfluenceConnector
from connectors.exports.export import allow
from connectors.facts import Failure, Item
from tests.connectors import contract
from tests.connectors.exports.packed import zip_of
from tests.connectors.exports.wiki import (
    STAFF,
    WIKI,
    export,
    page,
    record,
    refers,
    restriction,
)

BUDGET, CHILD = "confluence://wiki/FIN/10", "confluence://wiki/FIN/11"
NOTE = "confluence://wiki/FIN/11/71"


def attached(id: str, page: str) -> str:  # noqa: A002
    return record("Attachment", id, refers("containerContent", page), title="note.txt", version="2")


FILES = {"attachments/11/71/2": b"A note."}


def connect(path: Path, **settings: int) -> ConfluenceConnector:
    return ConfluenceConnector(source_id="wiki", config=ConfluenceConfig(path, **settings))


def items(connector: ConfluenceConnector) -> list[str]:
    return [fact.id for fact in connector.scan(None) if isinstance(fact, Item)]


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    given = (*WIKI, attached("71", "11"), restriction("51", "10", "Alice"))
    return export(tmp_path / "wiki.zip", *given, files=FILES)


def test_an_export_keeps_the_contract(whole: Path) -> None:
    connector = registry.build("confluence", source_id="wiki", settings={"path": str(whole)})
    contract.keeps_the_contract(connector)
    assert connector.check().detail == "the export holds 3 items"


def test_a_page_comes_as_html_with_its_title_and_author(tmp_path: Path) -> None:
    author = refers("creator", "k1", "ConfluenceUserImpl")
    given = (*WIKI, page("12", author, title="<b> & {title}"))
    content = connect(export(tmp_path / "wiki.zip", *given)).open("confluence://wiki/FIN/12", "")
    assert b"<h1>&lt;b&gt; &amp; {title}</h1><p>Text of 12.</p>" in content.content
    assert dict(content.facts) == {"title": "<b> & {title}", "author": "Alice"}
    assert content.modified_at.isoformat() == "2024-03-05T10:00:00.500000+00:00"


def test_a_page_and_its_attachment_are_behind_the_restriction_of_a_parent(whole: Path) -> None:
    rights = list(connect(whole).acl([BUDGET, CHILD, NOTE]))
    assert [right.entries for right in rights] == [allow("group:staff")] * 3
    assert [right.gates for right in rights] == [(allow("name:alice"),)] * 3


def test_a_page_whose_viewers_are_not_told_has_no_entries(tmp_path: Path) -> None:
    given = [each for each in WIKI if each != STAFF]
    rights = connect(export(tmp_path / "wiki.zip", *given)).acl([BUDGET, CHILD])
    assert [right.entries for right in rights] == [None, None]


def test_a_new_restriction_is_a_new_version(tmp_path: Path) -> None:
    path = export(tmp_path / "wiki.zip", *WIKI)
    before = {item.id: item for item in connect(path).list_ids(None)}
    export(path, *WIKI, restriction("51", "10", "Alice"))
    for after in connect(path).list_ids(None):
        assert after.version != before[after.id].version
        assert after.acl_hash != before[after.id].acl_hash


def test_older_versions_drafts_and_what_hangs_on_them_are_left_out(tmp_path: Path) -> None:
    old = page("13", refers("originalVersion", "10"))
    given = (*WIKI, old, page("14", contentStatus="draft"), attached("72", "13"))
    assert items(connect(export(tmp_path / "wiki.zip", *given, attached("73", "99")))) == [
        BUDGET,
        CHILD,
    ]


def test_a_page_without_a_text_is_still_a_page(tmp_path: Path) -> None:
    empty = record("BlogPost", "15", refers("space", "1", "Space"), title="Empty")
    content = connect(export(tmp_path / "wiki.zip", *WIKI, empty)).open(
        "confluence://wiki/FIN/15", ""
    )
    assert b"<h1>Empty</h1></body>" in content.content


def test_an_attachment_that_the_export_lacks_is_a_failure_of_its_own(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "wiki.zip", *WIKI, attached("71", "11")))
    contract.goes_on_past_a_failure(connector)
    (failure,) = [fact for fact in connector.scan(None) if isinstance(fact, Failure)]
    assert (failure.id, failure.retry) == (NOTE, False)


def test_an_attachment_is_opened_and_one_above_the_limit_is_not(whole: Path) -> None:
    assert connect(whole).open(NOTE, "").content == b"A note."
    small = connect(whole, max_bytes=6)
    assert NOTE not in items(small)
    for item in (NOTE, BUDGET):
        with pytest.raises(SourceRejectedError, match="larger"):
            small.open(item, "")


def test_texts_beyond_the_limit_are_refused(whole: Path) -> None:
    assert "memory" in connect(whole, max_text_bytes=40).check().detail
    assert "larger than 99 bytes" in connect(whole, max_dump_bytes=99).check().detail


def test_a_dump_with_entities_is_refused_whole(tmp_path: Path) -> None:
    dump = '<!DOCTYPE h [<!ENTITY x "x">]><hibernate>' + "".join(WIKI) + "</hibernate>"
    connector = connect(zip_of(tmp_path / "wiki.zip", {"entities.xml": dump}))
    assert not connector.check().ok
    for ask in (connector.scan, connector.list_ids):
        with pytest.raises(SourceUnavailableError, match="document type"):
            list(ask(None))


def test_an_archive_without_a_dump_is_refused(tmp_path: Path) -> None:
    connector = connect(zip_of(tmp_path / "wiki.zip", {"other.xml": "<x/>"}))
    with pytest.raises(SourceUnavailableError, match=r"no file 'entities\.xml'"):
        list(connector.scan(None))
