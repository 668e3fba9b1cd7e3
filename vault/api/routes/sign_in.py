"""Sign-in of the page with the organisation's issuer, and sign-out."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from vault.api.dependencies import SESSION_COOKIE, CurrentVault
from vault.api.routes.page import page_of
from vault.bootstrap import Vault
from vault.domain.errors import NotFoundError, VaultError
from vault.federate.federation import Federation
from vault.federate.login import LASTS

router = APIRouter(include_in_schema=False)
SIGN_IN_COOKIE = "strongroom_sign_in"
_PATH = "/sign-in"


@router.get(_PATH)
def begin_sign_in(request: Request, vault: CurrentVault) -> Response:
    """Send the browser to the issuer, with a sealed note of what it must come back with."""
    try:
        place, sealed = _federation(vault).begin()
    except VaultError as error:
        return page_of(vault, problem=error)
    response = RedirectResponse(place, 303)
    # The issuer sends the browser back from another site, which a stricter rule would not survive.
    response.set_cookie(
        SIGN_IN_COOKIE,
        sealed,
        max_age=int(LASTS.total_seconds()),
        path=_PATH,
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(_PATH + "/callback")
def finish_sign_in(request: Request, vault: CurrentVault) -> Response:
    """Start the session of a person whom the issuer sent back."""
    try:
        federation = _federation(vault)
        sealed = request.cookies.get(SIGN_IN_COOKIE, "")
        session = federation.finish(sealed, dict(request.query_params))
    except VaultError as error:
        response: Response = page_of(vault, problem=error)
    else:
        response = RedirectResponse("/", 303)
        response.set_cookie(
            SESSION_COOKIE,
            session,
            max_age=int(federation.sessions.lasts.total_seconds()),
            path="/",
            secure=_is_secure(request),
            httponly=True,
            samesite="strict",
        )
    response.delete_cookie(SIGN_IN_COOKIE, path=_PATH, httponly=True, samesite="lax")
    return response


@router.post("/sign-out")
def sign_out(request: Request, vault: CurrentVault) -> Response:
    """End the session that the browser keeps, here and there."""
    sealed = request.cookies.get(SESSION_COOKIE)
    if sealed is not None and vault.federation is not None:
        vault.federation.sessions.end(sealed)
    response = RedirectResponse("/", 303)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="strict")
    return response


def _federation(vault: Vault) -> Federation:
    if vault.federation is None:
        raise NotFoundError("nobody signs in with a browser here")
    return vault.federation


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
