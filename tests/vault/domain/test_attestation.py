"""Statements and envelopes are read one way only, and a commitment opens one way only."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.domain.attestation import (
    PAYLOAD_TYPE,
    SALT_BYTES,
    STATEMENT_TYPE,
    Envelope,
    Statement,
    Subject,
    commit_content,
    opens_commitment,
    parse_object,
    pre_authentication_encoding,
    take_members,
)
from vault.domain.errors import LedgerIntegrityError

SALT = bytes(range(SALT_BYTES))
STATEMENT = Statement((Subject("answer", "ab" * 32),), "https://example.com/claim/v1", {"n": 1})
ENVELOPE = Envelope(PAYLOAD_TYPE, STATEMENT.payload(), "vault.example+00000000", b"signature")


def test_the_pre_authentication_encoding_is_the_published_one() -> None:
    encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_a_statement_has_the_published_shape() -> None:
    assert json.loads(STATEMENT.payload()) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "answer", "digest": {"sha256": "ab" * 32}}],
        "predicateType": "https://example.com/claim/v1",
        "predicate": {"n": 1},
    }
    assert Statement.parse(STATEMENT.payload()) == STATEMENT


@pytest.mark.parametrize(
    ("member", "value"),
    [
        pytest.param("_type", STATEMENT_TYPE.replace("v1", "v0.1"), id="another version"),
        pytest.param("subject", [], id="no subject"),
        pytest.param("subject", {}, id="subjects that are no list"),
        pytest.param("subject", ["answer"], id="a subject that is no object"),
        pytest.param("subject", [{"name": "answer"}], id="a subject without digest"),
        pytest.param("subject", [{"name": "a", "digest": {"md5": "00"}}], id="a weak digest"),
        pytest.param("subject", [{"name": "a", "digest": {"sha256": "AB" * 32}}], id="upper case"),
        pytest.param("subject", [{"name": 1, "digest": {"sha256": "ab" * 32}}], id="no name"),
        pytest.param("predicateType", None, id="no predicate type"),
        pytest.param("predicate", [], id="no predicate"),
        pytest.param("more", 1, id="unknown member"),
    ],
)
def test_a_malformed_statement_is_refused(member: str, value: object) -> None:
    document = json.loads(STATEMENT.payload()) | {member: value}
    with pytest.raises(LedgerIntegrityError):
        Statement.parse(json.dumps(document).encode())


def test_an_envelope_goes_both_ways() -> None:
    assert Envelope.parse(json.loads(json.dumps(ENVELOPE.document()))) == ENVELOPE
    assert ENVELOPE.signed == pre_authentication_encoding(PAYLOAD_TYPE, STATEMENT.payload())


@pytest.mark.parametrize(
    ("member", "value"),
    [
        pytest.param("payload", "e30", id="bad base64"),
        pytest.param("payload", 1, id="payload that is no text"),
        pytest.param("payloadType", None, id="no type"),
        pytest.param("signatures", [], id="no signature"),
        pytest.param("signatures", {}, id="signatures that are no list"),
        pytest.param("signatures", [{"keyid": "", "sig": ""}] * 2, id="two signatures"),
        pytest.param("signatures", [{"sig": ""}], id="no key id"),
        pytest.param("signatures", [{"keyid": "", "sig": "!"}], id="signature not base64"),
        pytest.param("more", 1, id="unknown member"),
    ],
)
def test_a_malformed_envelope_is_refused(member: str, value: object) -> None:
    with pytest.raises(LedgerIntegrityError):
        Envelope.parse(ENVELOPE.document() | {member: value})


@pytest.mark.parametrize(
    "document",
    [
        pytest.param('{"a":1,"a":2}', id="repeated name"),
        pytest.param('{"a":{"b":1,"b":1}}', id="repeated name further in"),
        pytest.param('{"a":NaN}', id="not a number"),
        pytest.param("[]", id="not an object"),
        pytest.param("{", id="not JSON"),
        pytest.param(b"\xff", id="not text"),
        pytest.param('{"a":' * 100_000, id="deeper than any reader goes"),
    ],
)
def test_json_with_two_meanings_is_refused(document: bytes | str) -> None:
    with pytest.raises(LedgerIntegrityError):
        parse_object(document, what="a document")


def test_member_names_are_reported_without_control_characters() -> None:
    with pytest.raises(LedgerIntegrityError) as refused:
        take_members({"\x1b[2J": 1}, frozenset({"a"}), what="a document")
    assert refused.value.detail.isprintable()


@given(st.binary(max_size=80))
def test_a_commitment_is_the_digest_of_salt_and_content(content: bytes) -> None:
    commitment = commit_content(salt=SALT, content=content)
    assert commitment == "sha256:" + sha256(SALT + content).hexdigest()
    assert opens_commitment(commitment, salt=SALT, content=content)


@given(st.binary(min_size=1, max_size=40), st.integers(min_value=0))
def test_a_commitment_opens_for_no_other_content(content: bytes, bit: int) -> None:
    commitment = commit_content(salt=SALT, content=content)
    other = int.from_bytes(content, "big") ^ 1 << bit % (8 * len(content))
    altered = other.to_bytes(len(content), "big")
    assert not opens_commitment(commitment, salt=SALT, content=altered)
    assert not opens_commitment(commitment, salt=SALT[::-1], content=content)


def test_bytes_cannot_move_from_the_salt_into_the_content() -> None:
    commitment = commit_content(salt=SALT, content=b"no")
    assert not opens_commitment(commitment, salt=SALT[:-1], content=SALT[-1:] + b"no")
    assert not opens_commitment(commitment, salt=SALT + b"n", content=b"o")
    with pytest.raises(ValueError, match="31 bytes"):
        commit_content(salt=SALT[:-1], content=b"no")


def test_a_commitment_that_is_no_text_opens_nothing() -> None:
    assert not opens_commitment("sha256:\ud800", salt=SALT, content=b"")
