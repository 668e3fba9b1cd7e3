"""The web application of one vault."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

import vault as package
from vault.api import problems
from vault.api.body_limit import BodyLimit
from vault.api.contract import Application
from vault.api.headers import SecurityHeaders
from vault.api.hosts import HostCheck, names_of
from vault.api.readiness import Readiness
from vault.api.request_log import RequestLog
from vault.api.routes import (
    agents,
    answers,
    approvals,
    credential,
    documents,
    health,
    ledger,
    page,
    problem_types,
    runs,
    search,
    sign_in,
    sources,
    tickets,
    tools,
)
from vault.api.scim import discovery, groups, users
from vault.api.slots import AnswerSlots
from vault.bootstrap import Vault
from vault.web.pages import STATIC

MOST_ANSWERS = 24
"""Answers at once, whatever the settings say: threads must be left for everything else."""
DESCRIPTION = (
    "Search and answers from what the caller may read, each with its place in a ledger. "
    "What a caller may not read does not exist for it."
)


def create_app(
    vault: Vault, *, names: frozenset[str] | None = None, qualify: bool = False
) -> FastAPI:
    """Return the application that serves a vault; it loads the models once it starts.

    Args:
        vault: the open vault; closing it is the caller's.
        names: hosts it answers to, none of them meaning any; by default those that go with
            the address in its settings.
        qualify: whether to find out at the start what the generator may do.
    """
    known = names_of(vault.settings.host) if names is None else names
    app = Application(
        title="Strongroom",
        version=package.__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
        middleware=[
            Middleware(RequestLog),
            Middleware(SecurityHeaders),
            Middleware(HostCheck, names=known),
            Middleware(problems.UnforeseenErrors),
            Middleware(BodyLimit),
        ],
    )
    vault.federation  # noqa: B018 - a wrong setting of it is told before anyone signs in
    app.state.vault = vault
    app.state.slots = AnswerSlots(min(vault.settings.generator_queue + 1, MOST_ANSWERS))
    app.state.readiness = Readiness(vault, qualify=qualify)
    problems.install(app)
    for routes in (
        answers,
        search,
        documents,
        runs,
        ledger,
        sources,
        agents,
        approvals,
        credential,
        tickets,
        tools,
    ):
        app.include_router(routes.router)
    for routes in (users, groups, discovery, health, problem_types, page, sign_in):
        app.include_router(routes.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    readiness: Readiness = app.state.readiness
    readiness.start()
    yield
    await run_in_threadpool(readiness.stop)
