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
    found = kept.document
    for principal in subject.principals:
        decision = policy.decide_govern(
            principal,
            document_id=document_id,
            owner=found.governance.owner,
            collection=found.access.collection,
        )
        if not decision.permitted:
            raise NotFoundError(ABSENT)
    return kept
