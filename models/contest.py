"""Compares the backends that can run one embedder here, and keeps what the best one needs."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import Embedder, Purpose
from models.errors import ModelError
from models.manifest import ModelManifest, Pooling
from models.openvino_embedder import OpenVinoEmbedder
from models.openvino_export import export
from models.prepared import REFERENCE, Prepared, digests, installed, write
from models.probe_texts import PROBE_TEXTS
from models.sentence_transformers_embedder import GPU_BACKEND, SentenceTransformersEmbedder

LEAST_COSINE = 0.999
"""Vectors that agree with the reference to this are of one space."""
OPENVINO = ("openvino/bf16", "openvino/f32")
_REPEATS = 3
_NVIDIA = Path("/dev/nvidiactl")

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Source:
    """A model folder whose files were checked, and the threads its embedder may use."""

    folder: Path
    manifest: ModelManifest
    threads: int

    def reference(self, *, device: str = "cpu") -> SentenceTransformersEmbedder:
        """Return the reference embedder of the folder."""
        return SentenceTransformersEmbedder(
            self.folder, self.manifest, threads=self.threads, device=device
        )


@dataclass
class Contest:
    """What is known while backends are compared.

    Attributes:
        best: fastest so far of those that agree.
        cosine: its least cosine to the reference.
        speed: times it was as fast as the reference.
        pooling: of the exported network, empty when there is none.
        faults: why other backends were left out.
    """

    best: Embedder
    cosine: float = 1.0
    speed: float = 1.0
    pooling: str = ""
    faults: list[str] = field(default_factory=list)


def gpu_may_be_there() -> bool:
    """Tell whether torch is worth asking for a GPU, without importing it."""
    return not installed("torch").endswith("+cpu") and _NVIDIA.exists()


def agreement(embedder: Embedder, reference: Rows) -> float:
    """Return the least cosine of an embedder's vectors of the probe texts to the reference's.

    Raises:
        ModelError: it made something that is not a unit vector.
    """
    rows = embedder.embed(PROBE_TEXTS)
    if rows.shape != reference.shape:
        return 0.0
    return float((rows * reference).sum(axis=1).min())


def compare(source: Source, place: Path) -> tuple[Prepared, Embedder]:
    """Return the outcome and the winner; both lie whole at ``place``, or nothing does.

    Raises:
        ModelInvalidError: the reference cannot load the folder.
        OSError: the outcome cannot be kept.
    """
    reference = source.reference()
    rows = reference.embed(PROBE_TEXTS)
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=place.parent))
    try:
        np.save(work / REFERENCE, rows)
        contest = _held(source, reference, rows, work)
        if contest.best.backend not in OPENVINO:
            _keep_only(work, [REFERENCE])
        prefixes = {purpose.value: words for purpose, words in reference.prefixes.items()}
        record = Prepared(
            backend=contest.best.backend,
            cosine=round(contest.cosine, 7),
            speed=round(contest.speed, 3),
            pooling=contest.pooling,
            prefixes=prefixes,
            files=digests(work),
            reason="; ".join(contest.faults),
        )
        write(work, record)
        shutil.rmtree(place, ignore_errors=True)
        work.rename(place)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return record, contest.best


def load(record: Prepared, source: Source, place: Path) -> Embedder:
    """Return the embedder on the backend that a record names.

    Raises:
        ModelInvalidError: the backend cannot load it here.
    """
    if record.backend not in OPENVINO:
        return source.reference(device="cuda" if record.backend == GPU_BACKEND else "cpu")
    return OpenVinoEmbedder(
        place,
        source.manifest,
        precision=record.backend.partition("/")[2],
        pooling=Pooling(record.pooling),
        prefixes={Purpose(name): words for name, words in record.prefixes.items()},
        threads=source.threads,
    )


def _held(
    source: Source, reference: SentenceTransformersEmbedder, rows: Rows, work: Path
) -> Contest:
    contest = Contest(reference)
    usual = _seconds(reference)
    for backend in _candidates(reference, work, contest):
        words = {purpose.value: before for purpose, before in reference.prefixes.items()}
        entrant = Prepared(backend, 0.0, 0.0, contest.pooling, words, {})
        try:
            embedder = load(entrant, source, work)
            cosine = agreement(embedder, rows)
        except ModelError as error:
            contest.faults.append(f"{backend}: {error}")
            continue
        speed = usual / _seconds(embedder)
        if cosine < LEAST_COSINE:
            contest.faults.append(f"{backend}: cosine {cosine:.4f}")
        elif speed > contest.speed:
            contest.best, contest.cosine, contest.speed = embedder, cosine, speed
        else:
            contest.faults.append(f"{backend}: {speed:.2f} times as fast")
    return contest


def _candidates(
    reference: SentenceTransformersEmbedder, work: Path, contest: Contest
) -> Iterator[str]:
    if gpu_may_be_there() and reference.sees_gpu():
        yield GPU_BACKEND
    if not installed("openvino"):
        contest.faults.append("openvino: not installed")
        return
    try:
        contest.pooling = export(reference, work).value
    except ModelError as error:
        contest.faults.append(f"openvino: {error}")
        return
    yield from OPENVINO


def _seconds(embedder: Embedder) -> float:
    """Return the shortest of some runs over the probe texts, in seconds."""
    runs = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        embedder.embed(PROBE_TEXTS)
        runs.append(time.perf_counter() - started)
    return max(min(runs), 1e-9)


def _keep_only(folder: Path, names: Sequence[str]) -> None:
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()
