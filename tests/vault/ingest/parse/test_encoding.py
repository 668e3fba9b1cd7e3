"""Text is decoded whatever its encoding; what is no text is said to be none."""

import pytest

from vault.ingest.parse.encoding import decode, is_binary

TEXT = "Überstunden werden im März ausgezahlt, danach verfallen sie ohne Ausgleich."


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_common_encodings_are_found(encoding: str) -> None:
    content = TEXT.encode(encoding)
    assert decode(content) == TEXT
    assert not is_binary(content)


def test_the_stated_encoding_is_tried_before_guessing() -> None:
    assert decode("Zażółć".encode("iso8859-2"), charset="iso8859-2") == "Zażółć"
    assert decode(TEXT.encode(), charset="no-such-charset") == TEXT


@pytest.mark.parametrize("content", [bytes(range(256)), b"\0\0\0\1" * 50, b"\x01\x02\x03" * 9])
def test_binary_data_is_no_text(content: bytes) -> None:
    assert is_binary(content)
    assert decode(content) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"MZ\x00\x01" * 40, id="a program whose zeros stand on even places"),
        pytest.param(b"MZ" + b"\x00\x01" * 200, id="a program that is small numbers"),
        pytest.param(b"\x01\x00\x02\x00" * 60, id="sound in 16 bits"),
        pytest.param(b"\xff\xfe" + bytes(range(256)) * 4, id="a byte order mark by chance"),
        pytest.param(b"\xef\xbb\xbf" + bytes(range(128, 256)) * 4, id="bytes after a mark"),
        pytest.param(b"\xff\xfe\x00\x00" + b"\x7f\x00\x11\x00" * 60, id="no code points at all"),
    ],
)
def test_what_only_claims_to_be_wide_text_is_none(content: bytes) -> None:
    assert is_binary(content)
    assert decode(content) is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_longer_than_the_sample_stays_text(encoding: str) -> None:
    text = "Ein Gruß 🌴 aus Köln. " * 6_000
    assert decode(text.encode(encoding)) == text


def test_a_marked_text_with_a_few_wrong_bytes_is_still_text() -> None:
    content = b"\xef\xbb\xbf" + b"The caf\xe9 opens at nine and closes at five. " * 8
    assert not is_binary(content)
    assert "opens at nine" in (decode(content) or "")
