"""A note has one spelling; every other one is refused before a signature is even looked at."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.errors import LedgerIntegrityError
from vault.domain.notes import (
    KIND_COSIGNATURE,
    KIND_ED25519,
    MAX_SIGNATURES,
    NoteSignature,
    SignedNote,
    VerifierKey,
    decode_base64,
    encode_base64,
    parse_decimal,
    valid_key_name,
)

# The public key of RFC 8032 section 7.1, test 1; the id was computed with sha256sum.
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
VKEY = "vault.example/ledger+f370ca48+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
LINE = "\u2014 vault.example/ledger 83DKSAEC"
NOTE = f"text\n\nmore\n\n{LINE}\n"


def test_a_verifier_key_has_the_id_of_its_name_kind_and_bytes() -> None:
    key = VerifierKey("vault.example/ledger", KIND_ED25519, PUBLIC)
    assert key.vkey == VKEY
    assert VerifierKey.parse(VKEY) == key


def test_the_same_bytes_as_a_cosigner_are_another_key() -> None:
    key = VerifierKey("vault.example/ledger", KIND_COSIGNATURE, PUBLIC)
    assert key.key_id.hex() != "f370ca48"
    assert VerifierKey.parse(key.vkey).kind == KIND_COSIGNATURE


@pytest.mark.parametrize(
    "vkey",
    [
        pytest.param("vault.example/ledger", id="a name alone"),
        pytest.param(VKEY.replace("+f370ca48", "+F370CA48"), id="upper-case id"),
        pytest.param(VKEY.replace("+f370ca48", "+f370ca49"), id="id of another key"),
        pytest.param(VKEY.replace("vault.", "vaults."), id="id of another name"),
        pytest.param(VKEY.replace("+AddamA", "+BddamA"), id="unsupported kind"),
        pytest.param(VKEY[:-4], id="short key"),
        pytest.param(VKEY + "=", id="not base64"),
        pytest.param("vault.example/ledger+f370ca48+", id="no key"),
        pytest.param(VKEY.replace("vault.", "vault "), id="space in the name"),
        pytest.param("+f370ca48+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", id="no name"),
    ],
)
def test_a_malformed_verifier_key_is_refused(vkey: str) -> None:
    with pytest.raises(LedgerIntegrityError):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "a\u0085b", "\ud800"])
def test_a_key_name_holds_nothing_that_could_split_a_line(name: str) -> None:
    assert not valid_key_name(name)


def test_a_note_splits_at_its_last_blank_line() -> None:
    note = SignedNote.parse(NOTE)
    assert note.text == "text\n\nmore\n"
    assert note.signatures == (
        NoteSignature("vault.example/ledger", bytes.fromhex("f370ca48"), b"\x01\x02"),
    )
    assert note.format() == NOTE


def test_a_signature_is_added_once() -> None:
    note = SignedNote.parse(NOTE)
    other = NoteSignature("witness.example", b"1234", b"5")
    assert note.with_signatures([*note.signatures, other]).signatures == (
        *note.signatures,
        other,
    )


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("", id="nothing"),
        pytest.param("text\n", id="no signature"),
        pytest.param("text\n\n", id="an empty signature block"),
        pytest.param(f"\n\n{LINE}\n", id="no text"),
        pytest.param(f"text\n{LINE}\n", id="no blank line"),
        pytest.param(f"text\n\n{LINE}", id="no last newline"),
        pytest.param(f"text\n\n{LINE}\n\n", id="blank line after the signatures"),
        pytest.param(f"text\n\n{LINE}\nmore\n", id="text after the signatures"),
        pytest.param(f"text\r\n\n{LINE}\n", id="carriage return"),
        pytest.param(f"te\x00xt\n\n{LINE}\n", id="control character"),
        pytest.param(f"te\ud800xt\n\n{LINE}\n", id="half a surrogate pair"),
        pytest.param(f"text\n\n{LINE} \n", id="trailing space"),
        pytest.param("text\n\n-" + LINE[1:] + "\n", id="hyphen for a dash"),
        pytest.param(f"text\n\n{LINE}=\n", id="bad base64"),
        pytest.param(f"text\n\n{LINE[:-2]}==\n", id="padding with bits set"),
        pytest.param("text\n\n\u2014 vault.example/ledger 83DKSA==\n", id="key id alone"),
        pytest.param("text\n\n" + f"{LINE}\n" * (MAX_SIGNATURES + 1), id="too many signatures"),
    ],
)
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(LedgerIntegrityError):
        SignedNote.parse(note)


@given(st.binary())
def test_base64_goes_both_ways(data: bytes) -> None:
    assert decode_base64(encode_base64(data), what="data") == data


@pytest.mark.parametrize("text", ["QQ", "QR==", "QQ==\n", " QQ==", "Q-_=", "QQ==QQ==", "\u0661"])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(LedgerIntegrityError, match="base64"):
        decode_base64(text, what="data")


def test_the_spelling_that_is_refused_would_decode() -> None:
    assert base64.b64decode("QR==") == b"A"


@pytest.mark.parametrize("text", ["", "00", "01", "+1", "-1", "1_0", " 1", "\u0661", "9" * 20])
def test_a_number_has_one_spelling(text: str) -> None:
    with pytest.raises(LedgerIntegrityError, match="decimal"):
        parse_decimal(text, what="size")


def test_zero_is_a_number() -> None:
    assert parse_decimal("0", what="size") == 0
