"""What the page says in plain words."""

from collections.abc import Mapping

from vault.domain.evidence import AbstentionReason

_REASONS: Mapping[str, str] = {
    AbstentionReason.NO_EVIDENCE: "Nothing you may read speaks of this.",
    AbstentionReason.INSUFFICIENT_EVIDENCE: (
        "What you may read comes near, but does not answer it surely enough."
    ),
    AbstentionReason.CONFLICT: "What you may read contradicts itself here.",
    AbstentionReason.STALE_EVIDENCE: "All that speaks of this is out of date.",
    AbstentionReason.MODEL_UNAVAILABLE: "A model that is needed is not ready. Try again soon.",
}

REASONS = tuple(reason.value for reason in AbstentionReason)
"""Every reason there can be, as the wire writes it."""


def reason_words(reason: str) -> str:
    """Return why there is no answer, for a person."""
    return _REASONS.get(reason, "There is not enough to answer this.")
