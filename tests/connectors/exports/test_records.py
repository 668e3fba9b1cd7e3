"""A dump is read record by record, without entities and within limits."""

import io

import pytest

from connectors.errors import SourceRejectedError
from connectors.exports import records as module
from connectors.exports.records import Node, records


def read(dump: str | bytes, *, max_bytes: int = 2**20) -> list[Node]:
    content = dump.encode() if isinstance(dump, str) else dump
    return list(records(io.BytesIO(content), max_bytes=max_bytes))


def test_each_element_below_the_root_is_a_record() -> None:
    one, two = read("<dump>x<a n='1'>A<b>B</b>C<b k='2'><![CDATA[<D>]]></b></a><c/></dump>")
    assert (one.tag, one.attributes, one.text) == ("a", {"n": "1"}, "AC")
    assert [each.text for each in one.children] == ["B", "<D>"]
    assert two.tag == "c"


def test_a_child_is_found_by_its_tag_and_attributes() -> None:
    (found,) = read("<dump><a><b/><b k='2' z='3'>B</b></a></dump>")
    inner = found.child("b", k="2")
    assert inner is not None
    assert inner.text == "B"
    assert found.child("b", k="4") is None
    assert found.child("c") is None


def test_a_dump_longer_than_one_block_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert len(read("<dump>" + "<a>text</a>" * 50 + "</dump>")) == 50


@pytest.mark.parametrize(
    "kind",
    [
        '<!DOCTYPE d [<!ENTITY x "laugh">]><dump><a>&x;</a></dump>',
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><dump><a>&x;</a></dump>',
        '<!DOCTYPE d SYSTEM "http://elsewhere.example/d.dtd"><dump/>',
    ],
)
def test_a_document_type_is_refused_with_its_entities(kind: str) -> None:
    with pytest.raises(SourceRejectedError, match="document type"):
        read(kind)


@pytest.mark.parametrize(
    "dump",
    [
        "<dump><a></dump>",
        "<dump><a>",
        "",
        "<dump><a>&unknown;</a></dump>",
        '<?xml version="1.0" encoding="no-such"?><dump/>',
        '<?xml version="1.0" encoding="big5"?><dump/>',
        b"<dump><a>\xff</a></dump>",
    ],
)
def test_what_is_not_well_formed_is_refused(dump: str | bytes) -> None:
    with pytest.raises(SourceRejectedError, match="well-formed"):
        read(dump)


def test_a_dump_above_the_limit_is_refused() -> None:
    dump = "<dump><a/></dump>"
    assert read(dump, max_bytes=len(dump))
    with pytest.raises(SourceRejectedError, match="larger than 16 bytes"):
        read(dump, max_bytes=len(dump) - 1)


def test_a_record_that_is_too_deep_is_refused() -> None:
    within = module.MOST_DEPTH - 1
    assert read("<dump>" + "<a>" * within + "</a>" * within + "</dump>")
    with pytest.raises(SourceRejectedError, match="deeper"):
        read("<dump>" + "<a>" * (within + 1) + "</a>" * (within + 1) + "</dump>")


def test_a_record_of_too_many_nodes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NODES", 4)
    assert len(read("<dump>" + "<a><b/><b/></a>" * 9 + "</dump>")) == 9
    with pytest.raises(SourceRejectedError, match="deeper or larger"):
        read("<dump><a><b/><b/><b/><b/></a></dump>")


@pytest.mark.parametrize("record", ["<a>{}</a>", "<a n='{}'/>", "<a {}='1'/>"])
def test_a_record_of_too_much_text_is_refused(record: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TEXT", 200)
    assert len(read("<dump>" + record.format("x" * 150) * 9 + "</dump>", max_bytes=9000)) == 9
    with pytest.raises(SourceRejectedError, match="larger than the limits"):
        read("<dump>" + record.format("x" * 201) + "</dump>")


def test_a_tag_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TEXT", 1000)
    monkeypatch.setattr(module, "_BLOCK", 100)
    stream = io.BytesIO(b"<dump><a n='" + b"x" * 100_000)
    with pytest.raises(SourceRejectedError, match="larger than the limits"):
        list(records(stream, max_bytes=2**20))
    assert stream.tell() < 2000
