"""GET /v1/credential."""

from fastapi import APIRouter

from vault.api.dependencies import CurrentCredential
from vault.api.document_schemas import label_out
from vault.api.problems import responses
from vault.api.schemas import CredentialOut
from vault.retrieve.forms import moment_form

router = APIRouter(prefix="/v1/credential", tags=["credential"])


@router.get("", responses=responses())
def show_credential(credential: CurrentCredential) -> CredentialOut:
    """Tell the caller what its own credential stands for; any valid one may ask."""
    actor, person = credential.subject.actor, credential.subject.on_behalf_of
    return CredentialOut(
        principal=actor.id,
        kind=actor.kind.value,
        on_behalf_of=None if person is None else person.id,
        clearance=label_out(actor.clearance),
        scopes=sorted(scope.value for scope in credential.scopes),
        expires_at=moment_form(credential.expires_at),
    )
