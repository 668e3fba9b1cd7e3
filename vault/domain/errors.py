"""Every failure the vault reports on purpose, one class per RFC 9457 problem type."""

from typing import ClassVar


class VaultError(Exception):
    """Base of all expected failures.

    ``detail`` is shown to the caller, so it never contains document text, labels
    above the caller's clearance, or the paths of the vault's own files.

    Source:
        RFC 9457, Problem Details for HTTP APIs, section 3.
    """

    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "The vault could not complete the request"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 70

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidRequestError(VaultError):
    """The request or an argument is malformed; nothing was changed."""

    slug = "invalid-request"
    title = "The request is not valid"
    status = 422
    exit_code = 65


class UnauthenticatedError(VaultError):
    """No credential, or one that opens nothing."""

    slug = "unauthenticated"
    title = "A valid credential is needed"
    status = 401
    exit_code = 77


class AccessDeniedError(VaultError):
    """The credential does not permit this kind of action."""

    slug = "access-denied"
    title = "This kind of action is not permitted"
    status = 403
    exit_code = 77


class NotFoundError(VaultError):
    """The thing is absent, or the caller may not know that it exists."""

    slug = "not-found"
    title = "No such resource"
    status = 404
    exit_code = 66


class RevisionConflictError(VaultError):
    """The thing changed since the caller read it."""

    slug = "revision-conflict"
    title = "The resource changed since it was read"
    status = 409
    exit_code = 75


class HoldInForceError(VaultError):
    """A legal hold forbids this disposition or erasure."""

    slug = "hold-in-force"
    title = "A legal hold forbids this"
    status = 409
    exit_code = 1


class RunStateError(VaultError):
    """A run, an approval or a version is in a state that does not allow this."""

    slug = "run-state"
    title = "This is not possible in the present state"
    status = 409
    exit_code = 1


class ApprovalRefusedError(VaultError):
    """A person or the policy refused this very act."""

    slug = "approval-refused"
    title = "The act is refused"
    status = 403
    exit_code = 1


class DocumentTooLargeError(VaultError):
    """The document or request is above its byte limit."""

    slug = "document-too-large"
    title = "The content is larger than the limit"
    status = 413
    exit_code = 65


class UnsupportedDocumentError(VaultError):
    """No parser reads this kind of document, or it is not what it claims to be."""

    slug = "unsupported-document"
    title = "The document cannot be read"
    status = 415
    exit_code = 65


class LimitExceededError(VaultError):
    """A rate, queue or run limit is reached; trying again later may help."""

    slug = "limit-exceeded"
    title = "A limit is reached"
    status = 429
    exit_code = 75


class ModelUnavailableError(VaultError):
    """A model this request needs is missing, altered or still loading."""

    slug = "model-unavailable"
    title = "A model this request needs is not ready"
    status = 503
    exit_code = 69


class SourceUnreachableError(VaultError):
    """A source did not answer; nothing was deleted because of it."""

    slug = "source-unreachable"
    title = "The source does not answer"
    status = 503
    exit_code = 69


class HomeUnavailableError(VaultError):
    """The home is missing, busy, full or not readable; what was committed is kept."""

    slug = "home-unavailable"
    title = "The home of the vault cannot be used now"
    status = 503
    exit_code = 75


class LedgerIntegrityError(VaultError):
    """A proof, signature or digest does not match what it claims."""

    slug = "ledger-integrity"
    title = "The ledger does not verify"
    status = 500
    exit_code = 70


ERRORS: tuple[type[VaultError], ...] = (
    InvalidRequestError,
    UnauthenticatedError,
    AccessDeniedError,
    NotFoundError,
    RevisionConflictError,
    HoldInForceError,
    RunStateError,
    ApprovalRefusedError,
    DocumentTooLargeError,
    UnsupportedDocumentError,
    LimitExceededError,
    ModelUnavailableError,
    SourceUnreachableError,
    HomeUnavailableError,
    LedgerIntegrityError,
    VaultError,
)
"""Every problem type, as served under ``/problems/``."""
