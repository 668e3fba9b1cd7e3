"""Decisions by Cedar: deny by default, deny on error, and the rule that decided."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cedarpy

from vault.domain.decisions import PolicyDecision
from vault.domain.errors import HomeUnavailableError
from vault.domain.identity import Credential, Principal, Scope
from vault.domain.labels import AccessLabel

SCHEMA_FILE = "schema.cedarschema"
DEFAULT_FOLDER = Path(__file__).parent


class PolicyEngine:
    """Answers questions of right from one policy set.

    Args:
        policies: text of every policy.
        schema: Cedar schema that the policies must fit.

    Raises:
        HomeUnavailableError: the policies do not parse or do not fit the schema; a vault
            without a valid policy serves nobody.
    """

    def __init__(self, *, policies: str, schema: str) -> None:
        result = cedarpy.validate_policies(policies, schema)
        if not result.validation_passed:
            reasons = "; ".join(str(error.error) for error in result.errors)
            raise HomeUnavailableError(f"the policy is not valid: {reasons}")
        if not json.loads(cedarpy.policies_to_json_str(policies))["staticPolicies"]:
            raise HomeUnavailableError("the policy has no rule; without one nothing is permitted")
        self.digest = "sha256:" + hashlib.sha256(f"{schema}\x00{policies}".encode()).hexdigest()
        self._policies = cedarpy.PolicySet.from_str(policies)
        self._names = {
            f"policy{place}": name for place, name in enumerate(_annotated_ids(policies))
        }

    @classmethod
    def from_folder(cls, folder: Path) -> "PolicyEngine":
        """Read every ``*.cedar`` file of a folder, by name, and its schema.

        Raises:
            HomeUnavailableError: the folder has no policy or no schema.
        """
        files = sorted(folder.glob("*.cedar"))
        schema = folder / SCHEMA_FILE
        if not files or not schema.exists():
            raise HomeUnavailableError("the home has no policy; without one nothing is permitted")
        texts = [file.read_text(encoding="utf-8") for file in files]
        return cls(policies="\n".join(texts), schema=schema.read_text(encoding="utf-8"))

    def readable(
        self,
        principal: Principal,
        labels: Mapping[int, AccessLabel],
        openings: Mapping[str, frozenset[str]],
    ) -> frozenset[int]:
        """Return the ids of the labels whose material ``principal`` may read.

        Args:
            principal: who asks.
            labels: every interned label by id.
            openings: for each collection, the references it is open to; none is nobody.
        """
        if not labels:
            return frozenset()
        ids = list(labels)
        entities = [_principal_entity(principal)] + [
            _label_entity(found, labels[found], openings) for found in ids
        ]
        requests = [
            {
                "principal": _uid("Principal", principal.id),
                "action": _uid("Action", "read"),
                "resource": _uid("AccessLabel", str(found)),
                "context": {},
            }
            for found in ids
        ]
        results = cedarpy.is_authorized_batch(requests, self._policies, entities)
        return frozenset(
            found for found, result in zip(ids, results, strict=True) if _permitted(result)
        )

    def decide_call(self, credential: Credential, scope: Scope) -> PolicyDecision:
        """Decide whether a credential permits this kind of action."""
        actor = credential.subject.actor
        operation = _entity("Operation", scope.value, {"scope": scope.value})
        context = {"scopes": sorted(found.value for found in credential.scopes)}
        return self._decide(
            actor,
            "call",
            ("Operation", scope.value),
            [_principal_entity(actor), operation],
            context,
        )

    def decide_govern(
        self, principal: Principal, *, document_id: str, owner: str, collection: str
    ) -> PolicyDecision:
        """Decide whether a principal may decide over the life of a document."""
        resource = _entity(
            "Document", document_id, {"owner": f"user:{owner}", "collection": collection}
        )
        return self._decide(
            principal,
            "govern",
            ("Document", document_id),
            [_principal_entity(principal), resource],
            {},
        )

    def decide_hold(self, principal: Principal, act: str, *, placed_by: str) -> PolicyDecision:
        """Decide whether a principal may place a legal hold (``hold``) or end it (``release``)."""
        matter = _entity("Matter", "matter", {"placedBy": placed_by})
        return self._decide(
            principal, act, ("Matter", "matter"), [_principal_entity(principal), matter], {}
        )

    def decide_request(
        self, principal: Principal, act: str, *, kind: str, requested_by: str
    ) -> PolicyDecision:
        """Decide whether a principal may make (``request``) or decide (``approve``) a request.

        Args:
            principal: who would.
            act: one of the two.
            kind: what the request would do.
            requested_by: reference of the one who made it.
        """
        entity = _entity("Request", kind, {"kind": kind, "requestedBy": requested_by})
        return self._decide(
            principal, act, ("Request", kind), [_principal_entity(principal), entity], {}
        )

    def decide(
        self,
        principal: Principal,
        action: str,
        resource: tuple[str, str],
        attributes: Mapping[str, Any],
        context: Mapping[str, Any],
    ) -> PolicyDecision:
        """Decide whether a principal may do something to one resource.

        Args:
            principal: who would.
            action: name of the action in the schema.
            resource: its type in the schema, and its id.
            attributes: what the schema says of that type.
            context: what the schema says of that action.
        """
        entities = [_principal_entity(principal), _entity(*resource, dict(attributes))]
        return self._decide(principal, action, resource, entities, dict(context))

    def _decide(
        self,
        principal: Principal,
        action: str,
        resource: tuple[str, str],
        entities: Sequence[dict[str, Any]],
        context: dict[str, Any],
    ) -> PolicyDecision:
        request = {
            "principal": _uid("Principal", principal.id),
            "action": _uid("Action", action),
            "resource": _uid(*resource),
            "context": context,
        }
        result = cedarpy.is_authorized(request, self._policies, list(entities))
        reasons = tuple(sorted(self._names.get(name, name) for name in result.diagnostics.reasons))
        return PolicyDecision(_permitted(result), reasons, self.digest)


def _permitted(result: cedarpy.AuthzResult) -> bool:
    # An evaluation error in any policy might have hidden a forbid, so it denies.
    return result.decision is cedarpy.Decision.Allow and not result.diagnostics.errors


def _annotated_ids(policies: str) -> list[str]:
    return [line.split('"')[1] for line in policies.splitlines() if line.strip().startswith("@id(")]


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _entity(kind: str, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"uid": _uid(kind, name), "attrs": attributes, "parents": []}


def _principal_entity(principal: Principal) -> dict[str, Any]:
    return _entity(
        "Principal",
        principal.id,
        {
            "kind": principal.kind.value,
            "clearance": int(principal.clearance.classification),
            "compartments": sorted(principal.clearance.compartments),
            "references": sorted(principal.references),
        },
    )


def _label_entity(
    label_id: int, label: AccessLabel, openings: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    return _entity(
        "AccessLabel",
        str(label_id),
        {
            "collection": label.collection,
            "classification": int(label.label.classification),
            "compartments": sorted(label.label.compartments),
            "readers": sorted(label.readers),
            "denied": sorted(label.denied),
            "openTo": sorted(openings.get(label.collection, frozenset())),
        },
    )
