"""Plain text keeps its blocks; titles are lines that look like titles."""

from tests.vault.ingest.parse.samples import original
from vault.domain.documents import ElementKind
from vault.ingest.parse import media
from vault.ingest.parse.plain import read_json, read_text


def found(text: str, media_type: str = media.TEXT) -> list[tuple[str, str, int]]:
    read = read_json if media_type in (media.JSON, media.NDJSON) else read_text
    pieces = read(original(text.encode(), media_type)).pieces
    return [(piece.kind.value, piece.text, piece.depth) for piece in pieces]


def test_blocks_between_empty_lines_are_paragraphs() -> None:
    assert found("One line\nand another.\r\n \r\nNext.") == [
        ("paragraph", "One line\nand another.", 0),
        ("paragraph", "Next.", 0),
    ]


def test_titles_are_underlined_numbered_or_capital() -> None:
    text = (
        "=====\nStaff\n=====\n\nLeave\n-----\nText.\n\n2.1 Scope\n\nANNEX ONE\n\n3 days are free.\n"
    )
    assert found(text, media.RST) == [
        ("title", "Staff", 0),
        ("title", "Leave", 1),
        ("paragraph", "Text.", 0),
        ("title", "2.1 Scope", 2),
        ("title", "ANNEX ONE", 0),
        ("paragraph", "3 days are free.", 0),
    ]


def test_stars_are_titles_in_org_files_only() -> None:
    assert found("** Leave\nText", media.ORG) == [("title", "Leave", 1), ("paragraph", "Text", 0)]
    assert found("* item one\n* item two")[0][0] == ElementKind.LIST_ITEM.value


def test_json_values_keep_their_paths() -> None:
    assert found('{"a": {"b": [1, "x"]}, "c": null}', media.JSON) == [
        ("code", "a.b[0]: 1\na.b[1]: x\nc: null", 0)
    ]
    assert [text for _, text, _ in found('{"a": 1}\n\n{"a": 2}', media.NDJSON)] == ["a: 1", "a: 2"]


def test_what_is_not_json_is_given_as_it_stands() -> None:
    assert found("{not json", media.JSON) == [("paragraph", "{not json", 0)]
    assert found("[" * 100_000, media.JSON)[0][0] == "paragraph"
