"""Verdicts of the policy, and the only key that opens an index."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """Permit or deny, with the rules that decided; an error is a denial.

    Source:
        XACML 3.0, section 7.
    """

    permitted: bool
    reasons: tuple[str, ...]
    policy_digest: str


@dataclass(frozen=True, slots=True)
class VisibleSet:
    """The AccessLabels one subject may read now; every index query demands one.

    Only ``vault.retrieve.permissions`` makes one; a lint keeps it so.

    Attributes:
        label_ids: interned ids of the readable AccessLabels.
        policy_digest: digest of the policy that permitted them.
        epoch: rights epoch at which they were computed.
        key: digest of exactly those three, for caches.
    """

    label_ids: frozenset[int]
    policy_digest: str
    epoch: int
    key: str
