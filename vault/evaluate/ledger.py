"""What writing, proving and checking the ledger costs."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from vault.domain.errors import InvalidRequestError, LedgerIntegrityError
from vault.evaluate.scratch import scratch_store
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.ledger.verifier import verify_proof
from vault.store.session import Store

PROOFS = 200
"""Entries that are proved and checked, at most."""
_ORIGIN = "comparison.example/ledger"
_BATCH = 500
_SEED = 3


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """What a ledger of one size costs, on the disk that holds the scratch folder.

    Attributes:
        events: entries in the ledger.
        committed_per_second: events a second, each in a transaction of its own, on disk.
        batched_per_second: the same with 500 events a transaction.
        event_ms: processor time of one event in a batch.
        checkpoint_ms: processor time of signing the whole ledger.
        prove_ms_p50: median processor time of one proof file.
        verify_ms_p50: median processor time of checking one with the public key alone.
        proof_bytes: median size of a proof file.
        audit_seconds: processor time of recomputing the whole ledger.
        database_mb: size of the database file.
    """

    events: int
    committed_per_second: float
    batched_per_second: float
    event_ms: float
    checkpoint_ms: float
    prove_ms_p50: float
    verify_ms_p50: float
    proof_bytes: int
    audit_seconds: float
    database_mb: float

    def form(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self)


def measure_ledger(events: int, *, advance: Callable[[str, int, int], None]) -> LedgerFigures:
    """Return what a ledger of ``events`` entries costs; it is removed afterwards.

    A tenth of them, at most 500, are committed one by one, as the events of requests are.

    Args:
        events: at least 10.
        advance: told what is done, how much of it, and of how much.

    Raises:
        InvalidRequestError: there are too few events.
        LedgerIntegrityError: the ledger does not verify.
    """
    if events < 10:
        raise InvalidRequestError("a ledger is measured on 10 events at least")
    signer = Signer.from_seed(bytes(32), name=_ORIGIN)
    journal = Journal(Ledger(origin=_ORIGIN, signer=signer), now=lambda: datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="strongroom-bench-") as name:
        folder = Path(name)
        with scratch_store(folder) as store:
            single = min(_BATCH, events // 10)
            busy = time.thread_time()
            batched = _written(store, journal, events - single, batch=_BATCH, advance=advance)
            busy = time.thread_time() - busy
            committed = _written(store, journal, single, batch=1, advance=advance)
            proofs = _proved(store, journal.ledger)
        size = (folder / "vault.db").stat().st_size
    return LedgerFigures(
        events=events,
        committed_per_second=round(committed, 1),
        batched_per_second=round(batched, 1),
        event_ms=round(busy * 1e3 / (events - single), 4),
        database_mb=round(size / 2**20, 2),
        **proofs,
    )


def _written(
    store: Store,
    journal: Journal,
    events: int,
    *,
    batch: int,
    advance: Callable[[str, int, int], None],
) -> float:
    """Return how many events a second were written, ``batch`` in a transaction."""
    facts = {"query": "sha256:" + "0" * 64, "hits": 10, "index_sequence": 1}
    started = time.perf_counter()
    for first in range(0, events, batch):
        with store.write() as unit:
            for number in range(first, min(first + batch, events)):
                journal.note(
                    unit, "search.completed", subject=None, about=f"run-{number}", facts=facts
                )
        advance(f"events, {batch} in a transaction", min(first + batch, events), events)
    return events / (time.perf_counter() - started)


def _proved(store: Store, ledger: Ledger) -> dict[str, Any]:
    started = time.thread_time()
    with store.write() as unit:
        ledger.checkpoint(unit.ledger)
        size = unit.ledger.size()
    checkpoint = time.thread_time() - started
    chosen = np.random.default_rng(_SEED).choice(size, min(PROOFS, size), replace=False)
    proving, verifying, lengths = [], [], []
    with store.write() as unit:
        for index in chosen.tolist():
            started = time.thread_time()
            proof = ledger.prove(unit.ledger, index)
            proved = time.thread_time()
            verify_proof(proof, ledger.keys)
            proving.append(proved - started)
            verifying.append(time.thread_time() - proved)
            lengths.append(len(proof.encode()))
    started = time.thread_time()
    with store.read() as unit:
        result = ledger.verify_all(unit.ledger)
    if not result.ok:
        raise LedgerIntegrityError("the ledger that was just written does not verify")
    return {
        "checkpoint_ms": round(checkpoint * 1e3, 3),
        "prove_ms_p50": round(float(np.median(proving)) * 1e3, 3),
        "verify_ms_p50": round(float(np.median(verifying)) * 1e3, 3),
        "proof_bytes": int(np.median(lengths)),
        "audit_seconds": round(time.thread_time() - started, 3),
    }
