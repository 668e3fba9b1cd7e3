"""Embeddings by sentence-transformers in float32, the reference that others are measured by."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.base import Purpose
from models.errors import ModelError, ModelInvalidError
from models.manifest import ModelManifest
from models.token_vectors import unit_rows

BACKEND = "sentence-transformers/fp32"
GPU_BACKEND = "sentence-transformers/cuda-fp32"
_BATCH = 16
_PROMPT_NAMES = {
    Purpose.PASSAGE: ("document", "passage", "corpus"),
    Purpose.QUERY: ("query",),
}
_FAULTS = (AttributeError, ImportError, KeyError, OSError, RuntimeError, ValueError)
"""What the library raises over a folder that it cannot use."""


class SentenceTransformersEmbedder:
    """An embedder over one sentence-transformers folder whose files were checked.

    It may be shared by threads: they take turns batch by batch, so a question waits for
    one batch of an ingest and not for all of it.

    Args:
        folder: the model folder.
        manifest: its manifest.
        threads: threads for matrix products; torch keeps one such number per process.
        device: where torch computes, ``cpu`` or ``cuda``.

    Raises:
        ModelInvalidError: the folder cannot be loaded, or has another dimension or limit
            than the manifest states.
    """

    def __init__(
        self, folder: Path, manifest: ModelManifest, *, threads: int, device: str = "cpu"
    ) -> None:
        import torch  # noqa: PLC0415  (seconds to import; only a loaded model needs it)
        from tokenizers import Tokenizer  # noqa: PLC0415  (as above)

        torch.set_num_threads(threads)
        try:
            self.model: Any = _opened(folder, device)
            self.tokenizer = self.model.tokenizer.backend_tokenizer.to_str()
            self._counter = Tokenizer.from_str(self.tokenizer)
        except _FAULTS as error:
            raise ModelInvalidError(f"model {manifest.name!r} cannot be loaded") from error
        self._counter.no_truncation()
        self._counter.no_padding()
        self.manifest = manifest
        self.backend = BACKEND if device == "cpu" else GPU_BACKEND
        self.fingerprint = f"{manifest.digest}+{self.backend}"
        self._pool_as_stated()
        self.dimension = self._stated("dimension", self.model.get_embedding_dimension())
        self.max_tokens = self._stated("max_tokens", self.model.max_seq_length)
        self.prefixes = {purpose: self._prefix_for(purpose) for purpose in Purpose}
        self._turn = threading.Lock()

    def embed(
        self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE
    ) -> NDArray[np.float32]:
        """Return one row per text: (n, dimension) float32, rows unit-norm.

        Words beyond ``max_tokens`` do not count; the caller cuts its texts to fit. A row
        depends on its neighbours only through rounding, below 1e-5.

        Raises:
            ModelError: the model produced something that is not a unit vector.
        """
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]), reverse=True)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            with self._turn:
                rows[batch] = self.model.encode(
                    [texts[n] for n in batch],
                    prompt=self.prefixes[purpose],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        # A NaN fails this comparison too.
        if not np.all(np.abs(np.linalg.norm(rows, axis=1) - 1.0) < 1e-3):
            raise ModelError(f"model {self.manifest.name!r} made a row that is no unit vector")
        return rows

    def token_vectors(
        self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE
    ) -> list[NDArray[np.float32]]:
        """Return one matrix per text: (tokens, width) float32, rows unit-norm.

        The marks that the model puts around a text have rows too.
        """
        with self._turn:
            found = self.model.encode(
                list(texts),
                prompt=self.prefixes[purpose],
                output_value="token_embeddings",
                batch_size=_BATCH,
                show_progress_bar=False,
            )
        return [unit_rows(states.cpu().numpy()) for states in found]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text as ``embed`` would see it, uncut.

        The marks that the model puts around a passage, and words before it, are included.
        """
        before = self.prefixes[Purpose.PASSAGE]
        encoded = self._counter.encode_batch([before + text for text in texts])
        return [len(encoding.ids) for encoding in encoded]

    def sees_gpu(self) -> bool:
        """Tell whether torch could compute on a GPU here."""
        import torch  # noqa: PLC0415  (as above)

        return torch.cuda.is_available()

    def _stated(self, field: str, actual: int | None) -> int:
        stated = getattr(self.manifest, field)
        if not isinstance(actual, int) or actual != stated:
            raise ModelInvalidError(
                f"model {self.manifest.name!r} has {field} {actual}, its manifest says {stated}"
            )
        return actual

    def _pool_as_stated(self) -> None:
        pooling = self.manifest.pooling
        if pooling is None:
            return
        from sentence_transformers.sentence_transformer.modules import (  # noqa: PLC0415 (as above)
            Pooling,
        )

        for place, module in enumerate(self.model):
            if isinstance(module, Pooling):
                size = module.embedding_dimension
                self.model[place] = Pooling(size, pooling_mode=pooling.value)
                return
        raise ModelInvalidError(f"model {self.manifest.name!r} does not pool, its manifest says so")

    def _prefix_for(self, purpose: Purpose) -> str:
        stated = getattr(self.manifest, f"{purpose}_prefix")
        if stated is not None:
            return str(stated)
        known = self.model.prompts
        return next((known[name] for name in _PROMPT_NAMES[purpose] if known.get(name)), "")


def sizes_of(folder: Path) -> tuple[int, int]:
    """Return the dimension and the longest input, in tokens, of a model that has no manifest.

    Raises:
        ModelInvalidError: the folder cannot be loaded, or does not say its limit.
    """
    try:
        model = _opened(folder, "cpu")
        sizes = model.get_embedding_dimension(), model.max_seq_length
    except _FAULTS as error:
        raise ModelInvalidError("the folder cannot be loaded by sentence-transformers") from error
    if not all(isinstance(size, int) and size > 0 for size in sizes):
        raise ModelInvalidError("the model does not say how many tokens it reads")
    return sizes


def _opened(folder: Path, device: str) -> Any:  # noqa: ANN401 - the library is not typed
    import torch  # noqa: PLC0415  (as above)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  (as above)

    return SentenceTransformer(
        str(folder),
        device=device,
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True, "dtype": torch.float32},
    )
