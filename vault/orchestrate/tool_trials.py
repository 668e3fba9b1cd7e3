"""A single call of a tool that changes nothing, to see what comes back."""

import uuid
from collections.abc import Mapping

from vault.domain.errors import InvalidRequestError, LimitExceededError, VaultError
from vault.domain.identity import Subject
from vault.domain.tools import Reversibility, ToolDefinition, digest_of
from vault.ledger.journal import Journal
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.secrets import SecretBroker
from vault.orchestrate.tool import ToolContext, ToolError
from vault.retrieve.forms import label_form
from vault.store.session import Store, UnitOfWork


class ToolTrials:
    """Calls read tools outside of any run; the ledger knows of each call before it is made.

    Args:
        store: the database.
        journal: the ledger.
        registry: gives out the tools.
        broker: keeps their secrets.
    """

    def __init__(
        self, store: Store, *, journal: Journal, registry: ToolRegistry, broker: SecretBroker
    ) -> None:
        self._store = store
        self._journal = journal
        self._registry = registry
        self._broker = broker

    def call(
        self, definition: ToolDefinition, arguments: dict[str, object], subject: Subject
    ) -> dict[str, object]:
        """Call a tool once with the rights of a subject and return what came of it.

        Raises:
            InvalidRequestError: the tool may change something.
            NotFoundError: it may not be called now.
            LimitExceededError: its rate is used up.
        """
        if definition.reversibility is not Reversibility.READ:
            raise InvalidRequestError("only tools that change nothing can be tried; others run")
        trial = str(uuid.uuid4())
        facts: dict[str, object] = {
            "tool": definition.name,
            "digest": definition.digest,
            "trial": trial,
        }
        with self._store.write() as unit:
            found = self._registry.definition(unit, definition.name, digest=definition.digest)
            try:
                self._registry.take(unit, found)
            except ToolError as error:
                raise LimitExceededError(error.detail) from None
            self._note(unit, "tool.tried", facts, subject)
        form = self._outcome(definition, arguments, subject, trial=trial)
        answered = facts | {"outcome": form["outcome"], "result": digest_of(form)}
        with self._store.write() as unit:
            self._note(unit, "tool.answered", answered, subject)
        return form

    def _outcome(
        self,
        definition: ToolDefinition,
        arguments: dict[str, object],
        subject: Subject,
        *,
        trial: str,
    ) -> dict[str, object]:
        context = ToolContext(
            subject=subject,
            run_id=trial,
            call_id=trial,
            idempotency_key=trial,
            seconds=definition.limits.timeout_seconds,
            secrets=self._broker.lend(definition.secrets),
        )
        try:
            result = self._registry.tool(definition).call(arguments, context)
        except ToolError as error:
            return {"outcome": error.kind, "detail": error.detail}
        except VaultError as error:
            return {"outcome": "failed", "detail": error.detail}
        return {
            "outcome": "succeeded",
            "content": result.content,
            "label": label_form(result.label),
            "trust": result.trust.value,
            "bytes": result.bytes,
            "findings": list(result.findings),
        }

    def _note(
        self, unit: UnitOfWork, event: str, facts: Mapping[str, object], subject: Subject
    ) -> None:
        self._journal.note(unit, event, subject=subject, about=f"tool:{facts['tool']}", facts=facts)
