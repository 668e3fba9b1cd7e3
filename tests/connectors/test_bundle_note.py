"""Nothing in a bundle counts unless the named maker signed it."""

import base64
from hashlib import sha256

import pytest

from connectors.bundle_note import BundleNote, open_note, parse_key
from connectors.errors import ConnectorConfigError, SourceRejectedError
from tests.connectors.bundles import KEY, NAME, STRANGER, VKEY, note_of, script

MANIFEST = b'{"path": "notice.txt"}\n'
DIGEST = sha256(MANIFEST).hexdigest()


def test_a_signed_note_says_what_its_maker_signed() -> None:
    note = open_note(note_of(MANIFEST, sequence=12, complete=False), parse_key(VKEY))
    assert note == BundleNote(NAME, 12, complete=False, manifest_digest=DIGEST)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"\n1\n", b"\n2\n", id="sequence"),
        pytest.param(b"complete", b"partial", id="scope"),
        pytest.param(b"sha256 ", b"sha256 0", id="digest"),
        pytest.param(b"finance-share\n1", b"another-share\n1", id="name"),
    ],
)
def test_a_changed_note_is_refused(before: bytes, after: bytes) -> None:
    note = note_of(MANIFEST)
    assert before in note
    with pytest.raises(SourceRejectedError, match="not signed by"):
        open_note(note.replace(before, after, 1), parse_key(VKEY))


def test_a_note_signed_by_a_stranger_under_the_makers_name_is_refused() -> None:
    with pytest.raises(SourceRejectedError, match="not signed by"):
        open_note(note_of(MANIFEST, key=STRANGER), parse_key(VKEY))


def test_a_strangers_signature_with_the_makers_key_id_is_refused() -> None:
    body = note_of(MANIFEST, key=STRANGER).rpartition(b"\n\n")[0] + b"\n"
    signature = script.key_id(NAME, KEY) + STRANGER.sign(body)
    line = f"\u2014 {NAME} {base64.b64encode(signature).decode()}\n".encode()
    with pytest.raises(SourceRejectedError, match="not signed by"):
        open_note(body + b"\n" + line, parse_key(VKEY))


def test_a_note_with_another_signature_beside_the_makers_is_good() -> None:
    body, blank, ours = note_of(MANIFEST).rpartition(b"\n\n")
    other = "\u2014 witness AAAA\n".encode()
    assert open_note(body + blank + other + ours, parse_key(VKEY)).sequence == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "not a signed note", id="empty"),
        pytest.param(b"one\n\ntwo", "not a signed note", id="no last newline"),
        pytest.param(b"\xff\xfe", "not text", id="no text"),
        pytest.param(b"x" * 20_000, "too long", id="long"),
        pytest.param("body\n\n\u2014 finance-share ???\n".encode(), "not signed", id="no base64"),
        pytest.param(b"body\n\njust words\n", "not signed", id="no signature"),
    ],
)
def test_what_is_no_signed_note_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(SourceRejectedError, match=reason):
        open_note(content, parse_key(VKEY))


@pytest.mark.parametrize(
    "body",
    [
        "strongroom-bundle/2\nfinance-share\n1\ncomplete\nsha256 " + "0" * 64 + "\n",
        "strongroom-bundle/1\n\n1\ncomplete\nsha256 " + "0" * 64 + "\n",
        "strongroom-bundle/1\nfinance-share\n01\ncomplete\nsha256 " + "0" * 64 + "\n",
        "strongroom-bundle/1\nfinance-share\n1\nperhaps\nsha256 " + "0" * 64 + "\n",
        "strongroom-bundle/1\nfinance-share\n1\ncomplete\nmd5 " + "0" * 64 + "\n",
        "strongroom-bundle/1\nfinance-share\n1\ncomplete\nsha256 " + "0" * 64 + "\nmore\n",
    ],
)
def test_a_signed_text_of_another_form_is_refused(body: str) -> None:
    signature = script.key_id(NAME, KEY) + KEY.sign(body.encode())
    line = f"\u2014 {NAME} {base64.b64encode(signature).decode()}\n"
    with pytest.raises(SourceRejectedError, match="format"):
        open_note(f"{body}\n{line}".encode(), parse_key(VKEY))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("no key", "NAME", id="words"),
        pytest.param("name+00000000+???", "NAME", id="no base64"),
        pytest.param("name+00000000+AAAA", "Ed25519", id="another length"),
        pytest.param(VKEY.replace("finance-share", "other-share"), "id of the key", id="other id"),
    ],
)
def test_what_is_no_key_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ConnectorConfigError, match=reason):
        parse_key(text)
