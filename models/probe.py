"""Which backend runs an embedder on this machine: the fastest that agrees with the reference."""

import fcntl
import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.base import Embedder
from models.contest import LEAST_COSINE, Source, agreement, compare, gpu_may_be_there, load
from models.errors import ModelDigestError, ModelError
from models.manifest import ModelManifest
from models.prepared import Prepared, installed, place_of, read

LOG = logging.getLogger(__name__)


def fastest_embedder(
    folder: Path, manifest: ModelManifest, *, threads: int, root: Path
) -> Embedder:
    """Return the embedder of a checked sentence-transformers folder on its best backend.

    The first call on a machine compares the backends, which takes some seconds, and keeps
    the outcome under ``root``. Later calls load what won and look again whether it still
    agrees. Whatever goes wrong with a faster backend, the reference is returned.

    Args:
        folder: the model folder.
        manifest: its manifest.
        threads: threads for computing.
        root: where prepared copies are kept; it is made if need be.

    Raises:
        ModelInvalidError: the reference itself cannot load the folder.
    """
    source = Source(folder, manifest, threads)
    if not (installed("openvino") or gpu_may_be_there()):
        return source.reference()
    place = place_of(root, manifest)
    try:
        with _locked(root):
            embedder = _known(source, place)
            if embedder is not None:
                return embedder
            record, embedder = compare(source, place)
    except OSError as error:
        LOG.warning("embedder_not_prepared", extra={"reason": type(error).__name__})
        return source.reference()
    LOG.info("embedder_prepared", extra={"backend": record.backend, "speed": record.speed})
    return embedder


def outcome(manifest: ModelManifest, root: Path) -> Prepared | None:
    """Return what an earlier comparison on this machine found, without loading a model.

    Raises:
        ModelDigestError: what was prepared is damaged.
    """
    known = read(place_of(root, manifest))
    return None if known is None else known[0]


def _known(source: Source, place: Path) -> Embedder | None:
    """Return what won before if it still agrees; None when backends must be compared anew."""
    try:
        known = read(place)
        if known is None:
            return None
        record, rows = known
        embedder = load(record, source, place)
        found = agreement(embedder, rows)
    except ModelDigestError:
        LOG.warning("prepared_model_altered")
        shutil.rmtree(place)
        return None
    except ModelError as error:
        LOG.warning("embedder_backend_failed", extra={"reason": type(error).__name__})
        return source.reference()
    if found >= LEAST_COSINE:
        return embedder
    LOG.warning("embedder_disagrees", extra={"backend": record.backend})
    return source.reference()


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Let one process at a time prepare models under ``root``."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
