"""The one file that lets a stranger verify what a run did, offline."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from vault.domain.attestation import (
    Envelope,
    parse_object,
    take_members,
    take_text,
)
from vault.domain.errors import LedgerIntegrityError
from vault.domain.notes import decode_base64, encode_base64

BUNDLE_FORMAT = "strongroom-proof-v1"
MEDIA_TYPE = "application/vnd.strongroom.proof+json"
MAX_BUNDLE_BYTES = 64 * 2**20
_REQUIRED = frozenset({"format", "vkey", "proofs"})
_OPTIONAL = frozenset({"disclosures", "statement"})
_DISCLOSURE = frozenset({"index", "fact", "salt", "content"})


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Content handed out with the salt that opens its commitment in an entry.

    Args:
        index: entry that holds the commitment.
        fact: name of the fact that is the commitment, or a list of commitments.
        salt: the random bytes of this commitment.
        content: the exact bytes that were committed to.
    """

    index: int
    fact: str
    salt: bytes
    content: bytes

    def document(self) -> dict[str, object]:
        """Return the disclosure as a JSON object."""
        return {
            "index": self.index,
            "fact": self.fact,
            "salt": encode_base64(self.salt),
            "content": encode_base64(self.content),
        }

    @classmethod
    def parse(cls, source: object) -> "Disclosure":
        """Return the disclosure in a JSON object.

        Raises:
            LedgerIntegrityError: a member is missing, unknown or malformed.
        """
        members = take_members(source, _DISCLOSURE, what="a disclosure")
        index = members["index"]
        if not isinstance(index, int) or isinstance(index, bool):
            raise LedgerIntegrityError("the index of a disclosure is not a whole number")
        salt = take_text(members["salt"], what="the salt of a disclosure")
        content = take_text(members["content"], what="the content of a disclosure")
        return cls(
            index=index,
            fact=take_text(members["fact"], what="the fact of a disclosure"),
            salt=decode_base64(salt, what="the salt of a disclosure"),
            content=decode_base64(content, what="the content of a disclosure"),
        )


@dataclass(frozen=True, slots=True)
class ProofBundle:
    """Proofs of a run's ledger entries, what they commit to, and the claim built on them.

    Args:
        vkey: the log's public key, for readers who have no other copy of it.
        proofs: a proof file for each entry.
        disclosures: opened commitments of those entries, such as the answer itself.
        statement: provenance, signed by the same key.
    """

    vkey: str
    proofs: Sequence[str]
    disclosures: Sequence[Disclosure] = ()
    statement: Envelope | None = None

    def serialise(self) -> bytes:
        """Return the file's bytes: one JSON object and a newline."""
        document: dict[str, object] = {
            "format": BUNDLE_FORMAT,
            "vkey": self.vkey,
            "proofs": list(self.proofs),
        }
        if self.disclosures:
            document["disclosures"] = [each.document() for each in self.disclosures]
        if self.statement is not None:
            document["statement"] = self.statement.document()
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def parse(cls, document: bytes) -> "ProofBundle":
        """Return the parts of a bundle, nothing of them verified.

        Raises:
            LedgerIntegrityError: too long, another format, or a member is missing, unknown or
                malformed.
        """
        what = "a proof bundle"
        if len(document) > MAX_BUNDLE_BYTES:
            raise LedgerIntegrityError(f"{what} has more than {MAX_BUNDLE_BYTES} bytes")
        source = parse_object(document, what=what)
        if source.get("format") != BUNDLE_FORMAT:
            raise LedgerIntegrityError(f"{what} is not of format {BUNDLE_FORMAT}")
        members = take_members(source, _REQUIRED, what=what, optional=_OPTIONAL)
        statement = members.get("statement")
        return cls(
            vkey=take_text(members["vkey"], what="the key of a proof bundle"),
            proofs=tuple(
                take_text(proof, what="a proof of a bundle") for proof in _list(members, "proofs")
            ),
            disclosures=tuple(Disclosure.parse(source) for source in _list(members, "disclosures")),
            statement=None if statement is None else Envelope.parse(statement),
        )


def _list(members: dict[str, object], name: str) -> list[object]:
    found = members.get(name, [])
    if not isinstance(found, list):
        raise LedgerIntegrityError(f"the {name} of a proof bundle are not a list")
    return found
