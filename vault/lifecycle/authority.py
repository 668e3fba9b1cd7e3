"""Who may decide over one document's life."""

from vault.domain.documents import DocumentState
from vault.domain.errors import NotFoundError
from vault.domain.identity import Subject
from vault.policy.engine import PolicyEngine
from vault.store.documents import KeptDocument
from vault.store.session import UnitOfWork

ABSENT = "there is no such document"
"""Said alike of what does not exist and of what the subject may not read."""


def governed(
    unit: UnitOfWork, policy: PolicyEngine, document_id: str, subject: Subject | None
) -> KeptDocument:
    """Return a document whose life the subject may decide over.

    Args:
        unit: the transaction.
        policy: decides.
        document_id: the document.
        subject: who would; None is the operator at the home.

    Raises:
        NotFoundError: it does not exist for the subject, or is not its own.
    """
    kept = unit.documents.get(document_id)
    if kept is None or kept.document.state is DocumentState.ERASED:
        raise NotFoundError(ABSENT)
    if subject is None:
        return kept
    if not decides_over(policy, kept, subject):
        raise NotFoundError(ABSENT)
    return kept


def decides_over(policy: PolicyEngine, kept: KeptDocument, subject: Subject) -> bool:
    """Tell whether a subject, and whoever it acts for, may decide over a document's life."""
    found = kept.document
    return all(
        policy.decide_govern(
            principal,
            document_id=found.id,
            owner=found.governance.owner,
            collection=found.access.collection,
        ).permitted
        for principal in subject.principals
    )
