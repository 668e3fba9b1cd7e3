"""Tools of MCP servers: each pinned to the definition that was approved, compared at every call."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TypeVar, cast

import anyio
import httpx2
from mcp.client import Client, InputRequiredRoundsExceededError
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, RequestParamsMeta, TextContent, Tool
from pydantic import ValidationError

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolDefinition, ToolResult, digest_of
from vault.orchestrate.dialects import normalised, normalised_output
from vault.orchestrate.kinds.destinations import Destinations
from vault.orchestrate.kinds.mcp_servers import McpServer, TooMuchError, pinned_client
from vault.orchestrate.tool import (
    RetryableToolError,
    SecretSource,
    ToolContext,
    ToolError,
    ToolFailedError,
)

_T = TypeVar("_T")
KEY = "strongroom/idempotency-key"
"""Name under which a request carries its idempotency key to the server."""
MOST_PAGES = 50
DESCRIBE_SECONDS = 30.0
_BROKEN = (
    MCPError,
    OSError,
    httpx2.HTTPError,
    ValidationError,
    InputRequiredRoundsExceededError,
    TooMuchError,
    # The library's own word for structured content that does not fit the tool's schema.
    RuntimeError,
)
Changed = Callable[[ToolDefinition, ToolDefinition], None]
"""Told when a server says something else of a tool than was approved: the old, the new."""


class McpTool:
    """Calls one tool of one server, as long as the server says what it said before.

    Args:
        definition: what was approved.
        destinations: where tools may dial.
        changed: told of a definition that is no longer the server's.

    Raises:
        InvalidRequestError: its binding names no server, no tool or no digest.
    """

    def __init__(
        self, definition: ToolDefinition, *, destinations: Destinations, changed: Changed
    ) -> None:
        self._definition = definition
        self._server = McpServer.parse(definition.binding)
        self._pinned = str(definition.binding.get("definition", ""))
        self._destinations = destinations
        self._changed = changed
        if not self._pinned.startswith("sha256:"):
            raise InvalidRequestError("the binding of an MCP tool has the digest of its definition")
        unnamed = self._server.secrets - definition.secrets
        if unnamed:
            raise InvalidRequestError(f"the definition does not name the secret {min(unnamed)!r}")
        if self._server.url is not None:
            destinations.check(self._server.url)

    @property
    def definition(self) -> ToolDefinition:
        """What was approved."""
        return self._definition

    def call(self, arguments: dict[str, object], context: ToolContext) -> ToolResult:
        """Compare the definition, call the tool once and return what it gave.

        Raises:
            RetryableToolError: the server is not there.
            ToolFailedError: it failed, or its definition changed: then nothing was called.
        """
        acts = self._definition.reversibility is not Reversibility.READ
        exchange = _Exchange(self._server, self._destinations, context.secrets)
        sent: list[bool] = []
        work = partial(self._exchange, exchange, arguments, context, sent)
        try:
            found = _run(work, context.seconds)
        except ToolError as error:
            unknown = acts and bool(sent)
            raise type(error)(error.detail, effect_unknown=unknown) from None
        if isinstance(found, Tool):
            self._changed(self._definition, _as_found(self._definition, found))
            raise ToolFailedError(
                "the server says something else of this tool than was approved; it cannot be "
                "called until a person compares and approves it"
            )
        if found.is_error:
            raise ToolFailedError("the server says that the call failed", effect_unknown=acts)
        return ToolResult(_content(found), context.label)

    async def _exchange(
        self,
        exchange: "_Exchange",
        arguments: dict[str, object],
        context: ToolContext,
        sent: list[bool],
    ) -> CallToolResult | Tool:
        most = self._definition.limits.output_bytes
        async with exchange.connected(most_bytes=most) as client:
            tool = await _listed(client, self._server.tool)
            if digest_of(tool_form(tool)) != self._pinned:
                return tool
            sent.append(True)
            return await client.call_tool(
                self._server.tool,
                arguments,
                meta=cast(RequestParamsMeta, {KEY: context.idempotency_key}),
            )


class _Exchange:
    """One conversation with one server."""

    def __init__(
        self, server: McpServer, destinations: Destinations, secrets: SecretSource
    ) -> None:
        self._server = server
        if server.url is None:
            self._place = None
            self._values = {name: secrets.reveal(of) for name, of in server.environment.items()}
        else:
            self._place = destinations.find(server.url)
            self._values = {name: secrets.reveal(of) for name, of in server.headers.items()}

    @asynccontextmanager
    async def connected(self, *, most_bytes: int) -> AsyncIterator[Client]:
        """Connect for as long as the block lasts."""
        if self._place is None:
            command, *arguments = self._server.command
            stdio = StdioServerParameters(command=command, args=arguments, env=self._values)
            async with Client(stdio, cache=None) as client:
                yield client
            return
        pinned = pinned_client(self._place, headers=self._values, most_bytes=most_bytes)
        async with pinned as http:
            transport = streamable_http_client(str(self._server.url), http_client=http)
            async with Client(transport, cache=None) as client:
                yield client


def describe(
    body: Mapping[str, object], *, destinations: Destinations, secrets: SecretSource
) -> dict[str, object]:
    """Return what the server says of a tool now, with the digest of it pinned.

    What a server claims of effects is not taken over: its owner says what it takes to undo
    a call.

    Raises:
        InvalidRequestError: the binding names no server, or a host that is not allowed.
        ToolFailedError: the server does not answer or does not have the tool.
    """
    binding = body.get("binding")
    given = dict(binding) if isinstance(binding, Mapping) else {}
    server = McpServer.parse(given)
    if server.url is not None:
        destinations.check(server.url)
    exchange = _Exchange(server, destinations, secrets)

    async def look() -> Tool:
        async with exchange.connected(most_bytes=2**20) as client:
            return await _listed(client, server.tool)

    tool = _run(look, DESCRIBE_SECONDS)
    found: dict[str, object] = {
        "description": tool.description or tool.name,
        "input_schema": tool.input_schema,
        "binding": {**given, "definition": digest_of(tool_form(tool))},
    }
    if tool.output_schema is not None:
        found["output_schema"] = tool.output_schema
    return found


def tool_form(tool: Tool) -> dict[str, object]:
    """Return everything a server says of a tool, as JSON: the thing that is pinned."""
    form: dict[str, object] = tool.model_dump(mode="json", by_alias=True, exclude_none=True)
    return form


def _as_found(approved: ToolDefinition, tool: Tool) -> ToolDefinition:
    """Return what the definition would be with what the server says now."""
    return replace(
        approved,
        description=tool.description or tool.name,
        input_schema=normalised(tool.input_schema),
        output_schema=normalised_output(tool.output_schema),
        binding={**approved.binding, "definition": digest_of(tool_form(tool))},
    )


async def _listed(client: Client, name: str) -> Tool:
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        for tool in page.tools:
            if tool.name == name:
                return tool
        cursor = page.next_cursor
        if cursor is None:
            break
    raise ToolFailedError("the server does not have this tool")


def _run(work: Callable[[], Awaitable[_T]], seconds: float) -> _T:
    """Return what a conversation comes to; whatever breaks it is told in one sentence."""

    async def bounded() -> _T:
        with anyio.fail_after(seconds):
            return await work()

    try:
        return anyio.run(bounded)
    except ToolError:
        raise
    except (TimeoutError, *_BROKEN) as error:
        raise _told(error, seconds) from None
    except BaseExceptionGroup as group:
        raise _first(group, seconds) from None


def _first(group: BaseExceptionGroup[BaseException], seconds: float) -> BaseException:
    """Return the first of what the library raised together, in our words if we have any."""
    inner: BaseException = group
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    if isinstance(inner, ToolError) or not isinstance(inner, (TimeoutError, *_BROKEN)):
        return inner
    return _told(inner, seconds)


def _told(error: BaseException, seconds: float) -> ToolError:
    if isinstance(error, TimeoutError):
        return ToolFailedError(f"the server did not answer within {seconds:g} seconds")
    if isinstance(error, TooMuchError):
        return ToolFailedError("the server answered more than it may")
    if isinstance(error, OSError | httpx2.TransportError):
        return RetryableToolError("the server cannot be reached")
    return ToolFailedError(f"the server broke the protocol ({type(error).__name__})")


def _content(found: CallToolResult) -> object:
    if found.structured_content is not None:
        return found.structured_content
    return [
        {"type": "text", "text": part.text}
        if isinstance(part, TextContent)
        else {"type": part.type, "text": ""}
        for part in found.content
    ]
