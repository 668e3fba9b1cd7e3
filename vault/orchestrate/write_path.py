"""The one way in which anything about a run is written: event, ledger and state together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from vault.domain.assets import AssetKind, AssetVersion
from vault.domain.charters import Charter
from vault.domain.errors import NotFoundError, RunStateError
from vault.domain.identity import Subject
from vault.domain.runs import EventType, RunEvent, RunState, apply, fold
from vault.ledger.journal import Journal
from vault.store.run_events import GovernedRun, SealedEvent, key_of
from vault.store.session import Store, UnitOfWork


@dataclass(slots=True)
class LoadedRun:
    """A run as one worker has it in hand; ``state`` follows what is written.

    Attributes:
        key: id and bytes of the key that seals its events.
        version: the agent version that it executes, whatever is newest.
    """

    run: GovernedRun
    version: AssetVersion
    charter: Charter
    key: tuple[str, bytes]
    state: RunState


class WritePath:
    """Reads runs and appends to them.

    Args:
        store: the database.
        journal: the ledger.
        now: the clock.
    """

    def __init__(self, store: Store, *, journal: Journal, now: Callable[[], datetime]) -> None:
        self.store = store
        self.journal = journal
        self.now = now

    def load(self, unit: UnitOfWork, run_id: str) -> LoadedRun:
        """Return a run with its state.

        Raises:
            NotFoundError: there is none, or its content was erased.
        """
        found = unit.run_events.get(run_id)
        if found is None:
            raise NotFoundError("there is no such run")
        version = unit.assets.get(AssetKind.AGENT, found.agent, found.version)
        if version is None or version.digest != found.digest:
            raise NotFoundError("the agent version of this run does not exist any more")
        key = key_of(self.store.keys.open([found.key_id]), found)
        state = fold(unit.run_events.of(run_id, key=key))
        return LoadedRun(found, version, Charter.parse(version.body), (found.key_id, key), state)

    def refresh(self, unit: UnitOfWork, loaded: LoadedRun) -> None:
        """Bring a run in hand up to what others wrote about it meanwhile."""
        for event in unit.run_events.of(
            loaded.run.run_id, key=loaded.key[1], after=loaded.state.sequence
        ):
            loaded.state = apply(loaded.state, event)

    def append(
        self,
        unit: UnitOfWork,
        loaded: LoadedRun,
        kind: EventType,
        body: Mapping[str, object],
        *,
        subject: Subject | None,
        facts: Mapping[str, object],
    ) -> RunState:
        """Write one event in the caller's transaction and return the state that follows.

        The ledger keeps a commitment to the body and the facts given; the body is sealed. The
        caller takes the state over once its transaction is committed.

        Raises:
            RunStateError: the run has ended, so that only an outcome may still be added.
        """
        if loaded.state.status.final and kind not in _OUTCOMES:
            raise RunStateError(f"the run is {loaded.state.status.value} already")
        sealed = SealedEvent.of(body)
        entry = self.journal.note(
            unit,
            kind.value,
            subject=subject,
            about=loaded.run.run_id,
            run_id=loaded.run.run_id,
            facts={"payload": sealed.commitment, **facts},
        )
        event = RunEvent(loaded.state.sequence + 1, kind, self.now(), body, entry)
        unit.run_events.append(loaded.run.run_id, event, sealed, key=loaded.key)
        state = apply(loaded.state, event)
        if state.status is not loaded.state.status:
            unit.run_events.set_state(loaded.run.run_id, state.status.value)
        return state


_OUTCOMES = frozenset({EventType.SUCCEEDED, EventType.FAILED, EventType.UNKNOWN})
