"""What comes out of the sandbox is believed only if it can be true."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.documents import CharSpan, Element, ElementKind, ParsedDocument
from vault.ingest.parse import media
from vault.ingest.parse.failures import Failure
from vault.ingest.parse.limits import ParseLimits
from vault.ingest.parse.wire import (
    AttachmentHead,
    Reply,
    Request,
    WireError,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)

DOCUMENT = ParsedDocument(
    text="Leave\n\nThirty days.",
    elements=(
        Element(ElementKind.TITLE, CharSpan(0, 5)),
        Element(ElementKind.PARAGRAPH, CharSpan(7, 19), 1, ("Leave",), (1.0, 2.0, 3.0, 4.0)),
    ),
    title="Leave",
    media_type=media.PDF,
    engine="pypdfium2",
    coverage=0.97,
    pages=1,
    language="en",
    properties=(("author", "Ann Lee"),),
)
REPLY = Reply(DOCUMENT, (AttachmentHead("a.txt", 3),), ("a note",), None, media.PDF)


def altered(**changes: object) -> bytes:
    form: dict[str, Any] = json.loads(encode_reply(REPLY))
    for path, value in changes.items():
        *outer, last = path.split("__")
        target: Any = form
        for step in outer:
            target = target[int(step) if step.isdigit() else step]
        target[int(last) if last.isdigit() else last] = value
    return json.dumps(form).encode()


def test_messages_survive_the_wire() -> None:
    request = Request("a.pdf", None, second_only=True, depth=1, limits=ParseLimits())
    assert decode_request(encode_request(request)) == request
    assert decode_reply(encode_reply(REPLY), ParseLimits()) == REPLY
    failed = Reply(failure=Failure.PASSWORD, media_type=media.PDF)
    assert decode_reply(encode_reply(failed), ParseLimits()) == failed


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"not json",
        b"{}",
        altered(document=None),
        altered(failure="password"),
        altered(document__elements__1__span__start=3),
        altered(document__elements__1__span__end=7),
        altered(document__elements__1__span__end=20),
        altered(document__elements__0__span__start=-1),
        altered(document__elements__0__kind="spell"),
        altered(document__coverage=1.5),
        altered(document__media_type="text/x-own"),
        altered(document__language="../en"),
        altered(document__text=7),
        altered(document__properties=[["colour", "red"]]),
        altered(document__properties=[["author", "x" * 501]]),
        altered(media_type="text/x-own"),
        altered(notes=["x" * 301]),
        altered(notes=["x"] * 21),
        altered(attachments__0__size=-1),
        altered(attachments__0__size=2**40),
        encode_reply(REPLY).replace(b"Thirty", b"\\ud800irty"),
    ],
)
def test_what_cannot_be_true_is_refused(message: bytes) -> None:
    with pytest.raises(WireError):
        decode_reply(message, ParseLimits())


@given(st.binary(max_size=200))
def test_rubbish_is_refused_quietly(message: bytes) -> None:
    with pytest.raises(WireError):
        decode_reply(message, ParseLimits())
