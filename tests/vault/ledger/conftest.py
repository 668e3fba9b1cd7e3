"""An in-memory store of entries, and a log with a fixed key over it."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from vault.domain.errors import LedgerIntegrityError
from vault.domain.merkle import Node
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer

ORIGIN = "vault.example/ledger"


class MemoryEntries:
    """Keeps a log in lists; its fields are open so that tests can play the intruder."""

    def __init__(self) -> None:
        self.stored_bodies: list[bytes] = []
        self.hashes: dict[tuple[int, int], bytes] = {}
        self.notes: dict[int, str] = {}

    def size(self) -> int:
        return len(self.stored_bodies)

    def append(self, index: int, body: bytes, leaf_hash: bytes, nodes: Sequence[Node]) -> None:
        if index != len(self.stored_bodies):
            raise LedgerIntegrityError(f"entry {index} is not the next one")
        self.stored_bodies.append(body)
        self.hashes[0, index] = leaf_hash
        self.hashes.update({(level, position): digest for level, position, digest in nodes})

    def node(self, level: int, index: int) -> bytes:
        try:
            return self.hashes[level, index]
        except KeyError as error:
            raise LedgerIntegrityError(f"node {index} of level {level} is missing") from error

    def nodes(self, level: int, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        for index in range(start, stop):
            if (level, index) in self.hashes:
                yield index, self.hashes[level, index]

    def leaf(self, index: int) -> bytes:
        if not 0 <= index < len(self.stored_bodies):
            raise LedgerIntegrityError(f"entry {index} is missing")
        return self.stored_bodies[index]

    def bodies(self, start: int, stop: int) -> Iterator[bytes]:
        yield from self.stored_bodies[start:stop]

    def save_checkpoint(self, size: int, note: str) -> None:
        self.notes[size] = note

    def latest_checkpoint(self) -> tuple[int, str] | None:
        return max(self.notes.items(), default=None)

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        yield from sorted(self.notes.items())


@pytest.fixture
def entries() -> MemoryEntries:
    return MemoryEntries()


@pytest.fixture
def signer() -> Signer:
    return Signer.from_seed(bytes(range(32)), name=ORIGIN)


@pytest.fixture
def ledger(signer: Signer) -> Ledger:
    return Ledger(origin=ORIGIN, signer=signer)


@pytest.fixture
def event() -> Callable[..., dict[str, object]]:
    def make(number: int = 0, **facts: object) -> dict[str, object]:
        return {
            "type": "answer.given",
            "id": f"event-{number}",
            "time": "2026-01-02T03:04:05Z",
            "actor": "user:robin",
            "run_id": "run-1",
            "facts": {"count": number, **facts},
        }

    return make


@pytest.fixture
def grow(
    ledger: Ledger, entries: MemoryEntries, event: Callable[..., dict[str, object]]
) -> Callable[[int], None]:
    """Append so many more events to ``entries``."""

    def more(count: int) -> None:
        for _ in range(count):
            ledger.record(entries, event(entries.size()))

    return more
