"""Loading a model by its folder: manifest, then digests, then the backend it names."""

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from models import probe
from models.base import Embedder, Generator, Model, Reranker
from models.errors import ModelInvalidError
from models.files import check_files
from models.manifest import ModelKind, ModelManifest, load

GROUP = "strongroom.models"
"""Entry points of other packages: name of a backend to a callable like ours.

The callable takes the folder, the manifest and ``threads`` by keyword, and returns a model.
"""

BACKENDS = {
    (ModelKind.EMBEDDER, "sentence-transformers"): (
        "models.sentence_transformers_embedder:SentenceTransformersEmbedder"
    ),
    (ModelKind.GENERATOR, "llama-cpp"): "models.llama_generator:LlamaGenerator",
    (ModelKind.RERANKER, "cross-encoder"): "models.cross_encoder_reranker:CrossEncoderReranker",
}
"""Our own backends by name, imported when a model asks for them; no package replaces them."""


PROBED = "sentence-transformers"
"""The embedder backend that stands for several runtimes; the best here is found by a probe."""


def load_embedder(folder: Path, *, threads: int, prepared: Path | None = None) -> Embedder:
    """Return the embedder in ``folder``, its files checked.

    Args:
        folder: the model folder.
        threads: threads for computing; ``models.cores.physical_cores`` is a good number.
        prepared: where copies for faster runtimes are kept; None takes the reference.

    Raises:
        ModelMissingError: the folder, its manifest or a file is not there.
        ModelDigestError: a file was altered.
        ModelInvalidError: it is no embedder, or a rule is broken.
    """
    manifest = checked(folder, ModelKind.EMBEDDER)
    if prepared is not None and manifest.backend == PROBED:
        return probe.fastest_embedder(folder, manifest, threads=threads, root=prepared)
    embedder: Embedder = _backend(ModelKind.EMBEDDER, manifest.backend).load()(
        folder, manifest, threads=threads
    )
    return embedder


def load_reranker(folder: Path, *, threads: int) -> Reranker:
    """Return the reranker in ``folder``, its files checked; raises as ``load_embedder``."""
    reranker: Reranker = _load(folder, ModelKind.RERANKER, threads=threads)
    return reranker


def load_generator(
    folder: Path,
    *,
    threads: int,
    queue_limit: int = 8,
    wait_seconds: float = 60.0,
    temperature: float = 0.0,
) -> Generator:
    """Return the generator in ``folder``, its files checked; raises as ``load_embedder``.

    Args:
        folder: the model folder.
        threads: threads for computing; physical cores are best.
        queue_limit: callers that may wait besides the one who is served.
        wait_seconds: longest wait of one caller.
        temperature: 0 always takes the likeliest token; above, tokens are drawn by seed.
    """
    generator: Generator = _load(
        folder,
        ModelKind.GENERATOR,
        threads=threads,
        queue_limit=queue_limit,
        wait_seconds=wait_seconds,
        temperature=temperature,
    )
    return generator


def checked(folder: Path, kind: ModelKind) -> ModelManifest:
    """Return the manifest of a model of this kind, once its files and backend are known good.

    Raises:
        ModelError: as ``load_embedder``.
    """
    manifest = load(folder)
    if manifest.kind is not kind:
        raise ModelInvalidError(f"model {manifest.name!r} is of kind {manifest.kind}, not {kind}")
    _backend(kind, manifest.backend)
    check_files(folder, manifest)
    return manifest


def _load(folder: Path, kind: ModelKind, **options: float) -> Any:  # noqa: ANN401  (by kind)
    manifest = checked(folder, kind)
    model: Model = _backend(kind, manifest.backend).load()(folder, manifest, **options)
    return model


def _backend(kind: ModelKind, name: str) -> EntryPoint:
    if (kind, name) in BACKENDS:
        return EntryPoint(name=name, value=BACKENDS[kind, name], group=GROUP)
    ours = {known for _, known in BACKENDS}
    found = [] if name in ours else list(entry_points(group=GROUP, name=name))
    if len(found) != 1:
        raise ModelInvalidError(f"{len(found)} packages offer the {kind} backend {name!r}")
    return found[0]
