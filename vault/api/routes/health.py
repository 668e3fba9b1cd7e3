"""GET /healthz and /readyz, which need no credential."""

from fastapi import APIRouter

from vault.api.dependencies import CurrentReadiness
from vault.api.problems import responses
from vault.api.schemas import HealthOut
from vault.domain.errors import HomeUnavailableError, ModelUnavailableError, VaultError

router = APIRouter(tags=["health"])


@router.get("/healthz")
def show_health() -> HealthOut:
    """Answer as long as the process lives."""
    return HealthOut(status="alive")


@router.get(
    "/readyz",
    responses=responses(HomeUnavailableError, ModelUnavailableError, VaultError, public=True),
)
def show_readiness(readiness: CurrentReadiness) -> HealthOut:
    """Answer 200 once store, policy, key, embedder and index are there, and 503 until then."""
    readiness.check()
    return HealthOut(status="ready")
