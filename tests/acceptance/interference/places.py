"""What of a proof and a checkpoint must be alike: all but places in the shared tree.

A proof shows the tree that its leaf is in, because inclusion cannot be proved otherwise
(decision 1), and only who holds the scope ``ledger:read`` may fetch one. So leaf numbers, tree
hashes, signatures and salted commitments are taken out, and the three facts that follow from
how often rights and documents changed in the whole vault. Everything else is compared.
"""

import base64
import json
from dataclasses import replace
from typing import Any

from tests.acceptance.interference.wire import Reply
from vault.ledger.bundle import MEDIA_TYPE

CHECKPOINT = "/v1/ledger/checkpoint"
COUNTING = frozenset({"epoch", "index", "visible_set"})
"""Facts that count changes of rights and of documents, and a digest over the first of these."""
SALTED = frozenset({"question", "response"})
"""Facts that are commitments under a random salt; what they commit to is disclosed beside."""


def without_places(path: str, reply: Reply) -> Reply:
    """Return a reply that says nothing of the shared tree but that there is one."""
    if reply.header("content-type") == MEDIA_TYPE:
        return _with_body(reply, json.dumps(_proof(json.loads(reply.body)), indent=1))
    if path == CHECKPOINT and reply.status == 200:
        origin, size, root, *signed = reply.body.decode().split("\n")
        int(size)
        base64.b64decode(root, validate=True)
        return _with_body(reply, f"{origin} and {len(signed)} lines")
    return reply


def _with_body(reply: Reply, body: str) -> Reply:
    headers = tuple(pair for pair in reply.headers if pair[0].lower() != "content-length")
    return replace(reply, headers=headers, parts=(body.encode(),))


def _proof(bundle: dict[str, Any]) -> dict[str, object]:
    statement = bundle.pop("statement", None)
    proofs, disclosures = bundle.pop("proofs"), bundle.pop("disclosures", [])
    return {
        **bundle,
        "events": [_event(proof) for proof in proofs],
        "disclosures": [
            (found["fact"], base64.b64decode(found["content"]).decode()) for found in disclosures
        ],
        "statement": None if statement is None else _claim(statement),
    }


def _event(proof: str) -> object:
    extra = next(line for line in proof.split("\n") if line.startswith("extra "))
    return _plain(json.loads(base64.b64decode(extra.removeprefix("extra "))))


def _claim(envelope: dict[str, Any]) -> object:
    claim = _plain(json.loads(base64.b64decode(envelope["payload"])))
    # The digest of the response, which holds random ids, stands beside the response itself.
    claim["subject"] = [sorted(found) for found in claim["subject"]]
    return claim, sorted(envelope)


def _plain(found: Any) -> Any:
    if isinstance(found, dict):
        return {
            name: "*" if name in COUNTING | SALTED else _plain(value)
            for name, value in sorted(found.items())
        }
    return [_plain(value) for value in found] if isinstance(found, list) else found
