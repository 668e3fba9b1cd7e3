"""What a connector offers, as arrivals whose bytes are read only when they are asked for."""

from dataclasses import replace

from connectors.base import Connector
from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.facts import Failure, Item
from vault.domain.errors import SourceUnreachableError, UnsupportedDocumentError, VaultError
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake
from vault.ingest.pace import Pace
from vault.ingest.report import ItemOutcome
from vault.store.sources import DeadLetter


def offer(
    connector: Connector,
    item: Item,
    intake: Intake,
    *,
    pace: Pace | None = None,
    known: ItemOutcome | None = None,
) -> Arrival:
    """Return one item of a connector.

    Args:
        connector: reads its bytes.
        item: what it said of the item.
        intake: the rights and rules it is taken in under.
        pace: keeps the source from being read too fast.
        known: what became of it before, if reading it again would change nothing.
    """

    def read() -> Bytes:
        if pace is not None:
            pace.wait()
        try:
            found = connector.open(item.id, item.version)
        except SourceUnavailableError as error:
            raise SourceUnreachableError(str(error)) from error
        except SourceRejectedError as error:
            raise UnsupportedDocumentError(str(error)) from error
        return Bytes(found.content, found.modified_at, found.version, found.media_type, found.facts)

    return Arrival(item.uri, item.name, item.version or None, intake, read, known)


def refusal(failure: Failure, intake: Intake) -> Arrival:
    """Return an item that its connector could not even report: it goes to the dead letters."""
    kind: type[VaultError] = SourceUnreachableError if failure.retry else UnsupportedDocumentError

    def read() -> Bytes:
        raise kind(failure.reason)

    name = failure.id.rsplit("/", 1)[-1]
    return Arrival(failure.id, name, None, replace(intake, item_id=None), read)


def again(letter: DeadLetter, *, fresh: bool) -> Item:
    """Return the item that a dead letter is about.

    Args:
        letter: the letter.
        fresh: whether it is read whatever the vault holds of it.
    """
    version = "" if fresh or letter.version is None else letter.version
    name = letter.name or letter.uri.rsplit("/", 1)[-1]
    return Item(letter.item_id or letter.uri, letter.uri, version, name)
