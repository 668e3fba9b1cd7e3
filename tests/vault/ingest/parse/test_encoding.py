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
