"""GET /v1/credential."""

from fastapi import APIRouter

from vault.api.dependencies import CurrentCredential
from vault.api.problems import responses
from vault.api.schemas import CredentialOut, LabelOut
from vault.retrieve.forms import label_form, moment_form

router = APIRouter(prefix="/v1/credential", tags=["credential"])


@router.get("", responses=responses())
def show_credential(credential: CurrentCredential) -> CredentialOut:
    """Tell the caller what its own credential stands for; any valid one may ask."""
    actor, person = credential.subject.actor, credential.subject.on_behalf_of
    return CredentialOut(
        principal=actor.id,
        kind=actor.kind.value,
        on_behalf_of=None if person is None else person.id,
        clearance=LabelOut.model_validate(label_form(actor.clearance)),
        scopes=sorted(scope.value for scope in credential.scopes),
        expires_at=moment_form(credential.expires_at),
    )
