"""Dead letters: items set aside, tried again when that may help or when someone asks."""

from collections.abc import Callable
from datetime import datetime, timedelta

from vault.domain.errors import SourceUnreachableError, VaultError
from vault.domain.following import retry_wait_minutes
from vault.ingest.intake import Intake
from vault.ingest.report import ItemOutcome, ItemState
from vault.store.session import Store
from vault.store.sources import DeadLetter

RETRIED = frozenset({SourceUnreachableError.slug})
"""Problems that pass by themselves; others stay until the item changes or a person replays it."""


def bury(  # noqa: PLR0913 - each is one fact of the letter
    store: Store,
    uri: str,
    intake: Intake,
    problem: VaultError,
    *,
    version: str | None,
    now: Callable[[], datetime],
    name: str | None = None,
) -> ItemOutcome:
    """Set an item aside with its reason and count the attempt; what is held of it stays as it was.

    Args:
        store: the database.
        uri: where a person finds the item.
        intake: the rights and rules it would have had.
        problem: why it could not be taken in.
        version: the source's token for the state that failed.
        now: the clock.
        name: its file name or title.
    """
    moment = now()
    with store.write() as unit:
        before = unit.sources.letter(intake.source_id, uri)
        attempts = 1
        if before is not None and before.version == version:
            attempts = before.attempts + 1
        label_id, new = unit.labels.intern(intake.access, now=moment)
        if new:
            unit.raise_epoch()
        retry_at = None
        if problem.slug in RETRIED:
            retry_at = moment + timedelta(minutes=retry_wait_minutes(attempts))
        unit.sources.bury(
            DeadLetter(
                source_id=intake.source_id,
                uri=uri,
                version=version,
                problem=problem.slug,
                reason=problem.detail,
                access_label_id=label_id,
                owner=intake.governance.owner,
                failed_at=moment,
                item_id=intake.item_id,
                name=name or (None if before is None else before.name),
                attempts=attempts,
                retry_at=retry_at,
            )
        )
    return ItemOutcome(uri, ItemState.QUARANTINED, reason=problem.detail, problem=problem.slug)


def waits(letter: DeadLetter, *, version: str | None, now: datetime) -> bool:
    """Tell whether an item is better left alone: nothing changed, and its time has not come."""
    if version is None or version != letter.version:
        return False
    return letter.retry_at is None or letter.retry_at > now


def outcome_of(letter: DeadLetter) -> ItemOutcome:
    """Return what is still true of an item that was set aside before."""
    return ItemOutcome(
        letter.uri, ItemState.QUARANTINED, reason=letter.reason, problem=letter.problem
    )
