"""The services around tools: the registry, its desk, the secrets and the tracker."""

import os
from collections.abc import Mapping
from functools import cached_property, partial

from vault.bootstrap.recording import Recording
from vault.domain.errors import InvalidRequestError
from vault.domain.tools import ToolDefinition, ToolKind
from vault.orchestrate.kinds.destinations import Destinations
from vault.orchestrate.kinds.http_tools import HttpTool, system_resolver
from vault.orchestrate.kinds.openapi import describe as describe_operation
from vault.orchestrate.kinds.python_tools import PythonRunner, PythonTool
from vault.orchestrate.kinds.python_tools import describe as describe_python
from vault.orchestrate.kinds.sql_tools import SqlTool
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.secrets import (
    EnvironmentSecrets,
    FileSecrets,
    KeyringSecrets,
    SecretBroker,
)
from vault.orchestrate.tool import Tool, ToolError
from vault.orchestrate.tool_desk import ToolDesk
from vault.orchestrate.tool_files import Describer, definition_from
from vault.orchestrate.tool_trials import ToolTrials
from vault.orchestrate.toolbox.toolbox import Services, Toolbox
from vault.orchestrate.tracker.desk import TicketDesk
from vault.policy.conduct import Conduct
from vault.store.database import Database
from vault.store.tickets import TicketStore


class Tooling(Recording):
    """A home with tools that agents may call."""

    def close(self) -> None:
        """Close the tracker and everything else."""
        if "_tickets" in self.__dict__:
            self._tickets.close()
        super().close()

    @cached_property
    def _tickets(self) -> TicketStore:
        database = Database(
            self.home.tracker, key=self._keys.tracker, busy_seconds=self.settings.busy_seconds
        )
        return TicketStore(database)

    @cached_property
    def tickets(self) -> TicketDesk:
        """Makes, shows and moves tickets."""
        return TicketDesk(self._tickets, store=self.store, policy=self.policy, now=self.now)

    @cached_property
    def secret_broker(self) -> SecretBroker:
        """Finds the credentials of tools: in the home, the environment, then the keyring."""
        keepers = (FileSecrets(self.home.secrets), EnvironmentSecrets(os.environ), KeyringSecrets())
        return SecretBroker(keepers)

    @cached_property
    def toolbox(self) -> Toolbox:
        """Makes the built-in tools."""
        return Toolbox(
            Services(
                searches=self.searches,
                shelf=self.shelf,
                answers=self.answers,
                desk=self.tickets,
                store=self.store,
            )
        )

    @cached_property
    def tool_destinations(self) -> Destinations:
        """Where tools may dial: the hosts that the operator named."""
        return Destinations(self.settings.tool_hosts, resolve=system_resolver)

    @cached_property
    def python_runner(self) -> PythonRunner:
        """Runs Python functions in children to which this home does not exist."""
        return PythonRunner(hidden=[self.home.folder])

    @cached_property
    def tool_registry(self) -> ToolRegistry:
        """Gives out the tools that may be called."""
        return ToolRegistry(
            {
                ToolKind.BUILTIN: self.toolbox.bind,
                ToolKind.PYTHON: partial(PythonTool, runner=self.python_runner),
                ToolKind.HTTP: partial(HttpTool, destinations=self.tool_destinations),
                ToolKind.SQL: SqlTool,
                ToolKind.MCP: self._mcp_tool,
            },
            broker=self.secret_broker,
            now=self.now,
        )

    def _mcp_tool(self, definition: ToolDefinition) -> Tool:
        # The client of the protocol is of an extra, and slow to load.
        from vault.orchestrate.kinds.mcp_tools import McpTool  # noqa: PLC0415 - see above

        return McpTool(
            definition, destinations=self.tool_destinations, changed=self.tool_desk.changed
        )

    @cached_property
    def tool_desk(self) -> ToolDesk:
        """Brings tools in, lets them be used, and stops them."""
        return ToolDesk(
            self.store,
            journal=self.journal,
            conduct=Conduct(self.policy),
            registry=self.tool_registry,
            now=self.now,
        )

    def tool_definition(self, body: Mapping[str, object]) -> ToolDefinition:
        """Return the definition that a tool's file stands for.

        Raises:
            InvalidRequestError: it describes no tool, or what it names cannot be reached.
        """
        describers: dict[ToolKind, Describer] = {
            ToolKind.PYTHON: partial(describe_python, runner=self.python_runner),
            ToolKind.HTTP: describe_operation,
            ToolKind.MCP: self._describe_mcp,
        }
        try:
            return definition_from(body, describers)
        except ToolError as error:
            raise InvalidRequestError(error.detail) from None

    def _describe_mcp(self, body: Mapping[str, object]) -> Mapping[str, object]:
        from vault.orchestrate.kinds.mcp_tools import describe  # noqa: PLC0415 - of an extra

        named = body.get("secrets")
        names = frozenset(map(str, named)) if isinstance(named, list) else frozenset()
        return describe(
            body, destinations=self.tool_destinations, secrets=self.secret_broker.lend(names)
        )

    @cached_property
    def tool_trials(self) -> ToolTrials:
        """Calls read tools once, outside of any run."""
        return ToolTrials(
            self.store,
            journal=self.journal,
            registry=self.tool_registry,
            broker=self.secret_broker,
        )
