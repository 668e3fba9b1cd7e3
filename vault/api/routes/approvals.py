"""/v1/approvals: acts of agents that wait for a person."""

from typing import Annotated

from fastapi import APIRouter, Path

from vault.api.dependencies import Approver, CurrentVault
from vault.api.problems import responses
from vault.api.run_schemas import ApprovalOut, ApprovalsOut, DecisionIn, ShownApprovalOut
from vault.bootstrap import Vault
from vault.domain.approvals import ApprovalState
from vault.domain.errors import NotFoundError, RunStateError
from vault.domain.identity import Subject
from vault.orchestrate.run_forms import approval_form

router = APIRouter(prefix="/v1/approvals", tags=["approvals"])

ApprovalId = Annotated[str, Path(max_length=128)]


@router.get("", responses=responses())
def list_approvals(approver: Approver, vault: CurrentVault) -> ApprovalsOut:
    """List the requests that the caller may decide, oldest first."""
    found = [approval_form(each) for each in vault.approvals.waiting(approver)]
    return ApprovalsOut(approvals=[ApprovalOut.model_validate(each) for each in found])


@router.get("/{approval_id}", responses=responses(NotFoundError))
def show_approval(
    approval_id: ApprovalId, approver: Approver, vault: CurrentVault
) -> ShownApprovalOut:
    """Show the exact act, what it changes and how far it reaches."""
    shown = vault.approvals.show(approval_id, approver)
    return ShownApprovalOut.model_validate(approval_form(shown.approval, shown.view))


@router.post("/{approval_id}/grant", responses=responses(NotFoundError, RunStateError))
def grant_approval(
    approval_id: ApprovalId, body: DecisionIn, approver: Approver, vault: CurrentVault
) -> ApprovalOut:
    """Let exactly the act that was shown happen once; its run goes on."""
    return _decided(vault, approval_id, approver, body, granted=True)


@router.post("/{approval_id}/refuse", responses=responses(NotFoundError, RunStateError))
def refuse_approval(
    approval_id: ApprovalId, body: DecisionIn, approver: Approver, vault: CurrentVault
) -> ApprovalOut:
    """Refuse the act that was shown; its run goes on without it, or fails."""
    return _decided(vault, approval_id, approver, body, granted=False)


def _decided(
    vault: Vault, approval_id: str, approver: Subject, body: DecisionIn, *, granted: bool
) -> ApprovalOut:
    found = vault.approvals.decide(
        approval_id, approver, granted=granted, view_digest=body.view_digest
    )
    if not found.decoy and found.state is not ApprovalState.WAITING:
        vault.run_pool.submit(found.run_id)
    return ApprovalOut.model_validate(approval_form(found))
