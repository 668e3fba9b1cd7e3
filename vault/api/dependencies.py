"""Who calls, and what their credential permits: parameters of every route that needs a caller."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from vault.api.readiness import Readiness
from vault.api.slots import AnswerSlots
from vault.bootstrap import Vault
from vault.domain.errors import AccessDeniedError, UnauthenticatedError
from vault.domain.identity import Credential, Scope, Subject

SESSION_COOKIE = "strongroom_session"
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="opaque",
    description="A token from `strongroom token issue`.",
)


def current_vault(request: Request) -> Vault:
    """Return the vault this application serves."""
    vault: Vault = request.app.state.vault
    return vault


def current_slots(request: Request) -> AnswerSlots:
    """Return what bounds the answers under way."""
    slots: AnswerSlots = request.app.state.slots
    return slots


def current_readiness(request: Request) -> Readiness:
    """Return what knows whether the vault is ready."""
    readiness: Readiness = request.app.state.readiness
    return readiness


CurrentVault = Annotated[Vault, Depends(current_vault)]
CurrentSlots = Annotated[AnswerSlots, Depends(current_slots)]
CurrentReadiness = Annotated[Readiness, Depends(current_readiness)]


def current_credential(
    request: Request,
    vault: CurrentVault,
    presented: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Credential:
    """Return what the bearer token of this request, or else its session, stands for now.

    Raises:
        UnauthenticatedError: there is none, or it stands for nothing.

    Source:
        RFC 6750, section 2.1.
    """
    if presented is not None:
        return vault.credential(presented.credentials)
    return session_credential(request, vault)


def session_credential(request: Request, vault: Vault) -> Credential:
    """Return what the session that the browser keeps stands for now.

    Raises:
        UnauthenticatedError: there is none, it ended, or another site made the request.
    """
    sealed = request.cookies.get(SESSION_COOKIE)
    if sealed is None or vault.federation is None or not _is_own(request):
        raise UnauthenticatedError("a bearer token is needed")
    return vault.federation.sessions.open(sealed)


def _is_own(request: Request) -> bool:
    """Tell whether the page of this vault made the request; the cookie's own rule says so too."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin in (None, f"{request.url.scheme}://{request.headers.get('host')}")


CurrentCredential = Annotated[Credential, Depends(current_credential)]


@dataclass(frozen=True, slots=True)
class Permitted:
    """Lets a request pass only if the policy permits its credential this kind of action."""

    scope: Scope

    def __call__(self, credential: CurrentCredential, vault: CurrentVault) -> Subject:
        """Return the subject that acts.

        Raises:
            AccessDeniedError: the policy does not permit it.
        """
        return permitted(vault, credential, self.scope)


def permitted(vault: Vault, credential: Credential, scope: Scope) -> Subject:
    """Return the subject of a credential that the policy permits this kind of action.

    Raises:
        AccessDeniedError: it does not.
    """
    if not vault.policy.decide_call(credential, scope).permitted:
        raise AccessDeniedError(f"this needs a credential with scope {scope.value}")
    return credential.subject


AgentReader = Annotated[Subject, Depends(Permitted(Scope.AGENT_READ))]
Approver = Annotated[Subject, Depends(Permitted(Scope.APPROVAL_DECIDE))]
Asker = Annotated[Subject, Depends(Permitted(Scope.ANSWER_CREATE))]
DocumentReader = Annotated[Subject, Depends(Permitted(Scope.DOCUMENT_READ))]
LedgerReader = Annotated[Subject, Depends(Permitted(Scope.LEDGER_READ))]
Searcher = Annotated[Subject, Depends(Permitted(Scope.DOCUMENT_SEARCH))]
SourceReader = Annotated[Subject, Depends(Permitted(Scope.SOURCE_READ))]
RunReader = Annotated[Subject, Depends(Permitted(Scope.RUN_READ))]
RunStarter = Annotated[Subject, Depends(Permitted(Scope.RUN_START))]
TicketReader = Annotated[Subject, Depends(Permitted(Scope.TICKET_READ))]
TicketWriter = Annotated[Subject, Depends(Permitted(Scope.TICKET_WRITE))]
ToolReader = Annotated[Subject, Depends(Permitted(Scope.TOOL_READ))]
