"""Acts that take two persons: one asks, another decides, and only then does anything happen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vault.domain.errors import InvalidRequestError


class Verdict(StrEnum):
    """How a request ended."""

    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks to be done.

    Attributes:
        kind: what it would do, such as ``disposition``.
        body: exactly what, as JSON.
        digest: ``sha256:`` of the canonical bytes of kind and body; a decision names it.
        requested_by: reference of the one who asks.
        expires_at: from then on nobody can grant it.
    """

    id: str
    kind: str
    body: dict[str, object]
    digest: str
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    verdict: Verdict | None = None

    def check_open(self, *, digest: str, now: datetime) -> None:
        """Return only if it may still be decided, and is what the decider looked at.

        Raises:
            InvalidRequestError: it was decided or has expired, or it is another one.
        """
        if self.verdict is not None:
            raise InvalidRequestError(f"the request was {self.verdict.value} before")
        if now >= self.expires_at:
            raise InvalidRequestError("the request has expired; ask again")
        if digest != self.digest:
            raise InvalidRequestError("the request is not the one that was shown")
