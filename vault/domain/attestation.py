"""Signed statements about artifacts, and commitments that reveal nothing until opened."""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from vault.domain.errors import LedgerIntegrityError
from vault.domain.notes import decode_base64, encode_base64

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
SALT_BYTES = 32
_SHA256_HEX = re.compile(r"[0-9a-f]{64}")


def commit_content(*, salt: bytes, content: bytes) -> str:
    """Return the commitment that stands for ``content`` in a ledger entry.

    Without the salt nobody can test a guess at the content; with both, anyone can check them.
    The salt has a fixed length, so no other split of the same bytes opens the commitment.

    Args:
        salt: ``SALT_BYTES`` bytes from a secure random source, used for this content alone.
        content: the exact bytes that are committed to.

    Raises:
        ValueError: the salt has another length.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {len(salt)} bytes, expected {SALT_BYTES}")
    return "sha256:" + sha256(salt + content).hexdigest()


def opens_commitment(commitment: str, *, salt: bytes, content: bytes) -> bool:
    """Tell whether ``salt`` and ``content`` are what ``commitment`` was made from."""
    if len(salt) != SALT_BYTES:
        return False
    made = commit_content(salt=salt, content=content)
    return hmac.compare_digest(made.encode(), commitment.encode("utf-8", "replace"))


def parse_object(document: bytes | str, *, what: str) -> dict[str, object]:
    """Return the JSON object in ``document``, in which every name stands once.

    A repeated name would let two readers of one signed document see different things.

    Raises:
        LedgerIntegrityError: not JSON, not an object, or a repeated name or non-number in it.
    """

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise LedgerIntegrityError(f"{what} repeats a member name")
        return members

    def refuse(constant: str) -> object:
        raise LedgerIntegrityError(f"{what} holds {constant}, which is not JSON")

    try:
        parsed = json.loads(document, object_pairs_hook=unique, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise LedgerIntegrityError(f"{what} is not JSON") from error
    if not isinstance(parsed, dict):
        raise LedgerIntegrityError(f"{what} is not a JSON object")
    return parsed


def take_members(
    source: object, required: frozenset[str], *, what: str, optional: frozenset[str] = frozenset()
) -> dict[str, object]:
    """Return ``source`` once it is an object with exactly the members it should have.

    Raises:
        LedgerIntegrityError: not an object, or a member is missing or not known.
    """
    if not isinstance(source, dict):
        raise LedgerIntegrityError(f"{what} is not a JSON object")
    if not required <= source.keys() <= required | optional:
        raise LedgerIntegrityError(
            f"{what} has members {', '.join(ascii(name) for name in sorted(source))}; "
            f"expected {', '.join(sorted(required | optional))}"
        )
    return source


def take_text(value: object, *, what: str) -> str:
    """Return ``value`` once it is a string.

    Raises:
        LedgerIntegrityError: it is something else.
    """
    if not isinstance(value, str):
        raise LedgerIntegrityError(f"{what} is not a string")
    return value


@dataclass(frozen=True, slots=True)
class Subject:
    """An artifact a statement is about, known by the lower-case hex SHA-256 of its bytes."""

    name: str
    sha256: str

    def __post_init__(self) -> None:
        if not _SHA256_HEX.fullmatch(self.sha256):
            raise LedgerIntegrityError("the digest of a subject is not a SHA-256 in hex")


@dataclass(frozen=True, slots=True)
class Statement:
    """A typed claim about one or more subjects, before anybody signs it.

    Args:
        subjects: what the claim is about; at least one.
        predicate_type: URI that says how to read the predicate.
        predicate: the claim itself, JSON values only.

    Source:
        in-toto Attestation Framework, Statement v1.
    """

    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: Mapping[str, object]

    def payload(self) -> bytes:
        """Return the bytes that are signed and carried; they are never made a second time."""
        document = {
            "_type": STATEMENT_TYPE,
            "subject": [
                {"name": subject.name, "digest": {"sha256": subject.sha256}}
                for subject in self.subjects
            ],
            "predicateType": self.predicate_type,
            "predicate": self.predicate,
        }
        return json.dumps(
            document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        ).encode()

    @classmethod
    def parse(cls, payload: bytes) -> "Statement":
        """Return the statement in ``payload``.

        Raises:
            LedgerIntegrityError: not a Statement v1 about subjects with SHA-256 digests.
        """
        document = take_members(
            parse_object(payload, what="a statement"),
            frozenset({"_type", "subject", "predicateType", "predicate"}),
            what="a statement",
        )
        if document["_type"] != STATEMENT_TYPE:
            raise LedgerIntegrityError(f"a statement is not of type {STATEMENT_TYPE}")
        subjects, predicate = document["subject"], document["predicate"]
        if not isinstance(subjects, list) or not subjects or not isinstance(predicate, dict):
            raise LedgerIntegrityError("a statement has no subjects or no predicate")
        return cls(
            subjects=tuple(_parse_subject(subject) for subject in subjects),
            predicate_type=take_text(document["predicateType"], what="a predicate type"),
            predicate=predicate,
        )


def _parse_subject(source: object) -> Subject:
    members = take_members(source, frozenset({"name", "digest"}), what="a subject")
    digest = take_members(members["digest"], frozenset({"sha256"}), what="a subject's digest")
    return Subject(
        take_text(members["name"], what="the name of a subject"),
        take_text(digest["sha256"], what="the digest of a subject"),
    )


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes a DSSE signature covers, which bind the payload to its type.

    Source:
        DSSE protocol, "Signature Definition" (PAE, version 1).
    """
    kind = payload_type.encode("utf-8", "replace")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed payload; its one signature has to be verified before the payload is read.

    Source:
        DSSE, "Envelope"; this project signs each envelope once.
    """

    payload_type: str
    payload: bytes
    key_id: str
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes the signature covers."""
        return pre_authentication_encoding(self.payload_type, self.payload)

    def document(self) -> dict[str, object]:
        """Return the envelope as a JSON object."""
        return {
            "payloadType": self.payload_type,
            "payload": encode_base64(self.payload),
            "signatures": [{"keyid": self.key_id, "sig": encode_base64(self.signature)}],
        }

    @classmethod
    def parse(cls, source: object) -> "Envelope":
        """Return the envelope in a JSON object, its signature unchecked.

        Raises:
            LedgerIntegrityError: a member is missing, unknown or malformed, or there is not
                exactly one signature.
        """
        members = take_members(
            source, frozenset({"payloadType", "payload", "signatures"}), what="an envelope"
        )
        signatures = members["signatures"]
        if not isinstance(signatures, list) or len(signatures) != 1:
            raise LedgerIntegrityError("an envelope does not hold exactly one signature")
        signature = take_members(
            signatures[0], frozenset({"keyid", "sig"}), what="an envelope's signature"
        )
        payload = take_text(members["payload"], what="the payload of an envelope")
        sig = take_text(signature["sig"], what="the signature of an envelope")
        return cls(
            payload_type=take_text(members["payloadType"], what="the type of a payload"),
            payload=decode_base64(payload, what="the payload of an envelope"),
            key_id=take_text(signature["keyid"], what="the key id of an envelope"),
            signature=decode_base64(sig, what="the signature of an envelope"),
        )
