"""Embeddings by sentence-transformers in float32, the reference that others are measured by."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import Purpose
from models.errors import ModelError, ModelInvalidError
from models.manifest import ModelManifest

BACKEND = "sentence-transformers/fp32"
_BATCH = 16
_PROMPT_NAMES = {
    Purpose.PASSAGE: ("document", "passage", "corpus"),
    Purpose.QUERY: ("query",),
}


class SentenceTransformersEmbedder:
    """An embedder over one sentence-transformers folder whose files were checked.

    It may be shared by threads: they take turns batch by batch, so a question waits for
    one batch of an ingest and not for all of it.

    Args:
        folder: the model folder.
        manifest: its manifest.
        threads: threads for matrix products; torch keeps one such number per process.

    Raises:
        ModelInvalidError: the folder cannot be loaded, or has another dimension or limit
            than the manifest states.
    """

    backend = BACKEND

    def __init__(self, folder: Path, manifest: ModelManifest, *, threads: int) -> None:
        import torch  # noqa: PLC0415  (seconds to import; only a loaded model needs it)
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  (as above)
        from tokenizers import Tokenizer  # noqa: PLC0415  (as above)

        torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, "dtype": torch.float32},
            )
            self._counter = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        except (AttributeError, ImportError, KeyError, OSError, RuntimeError, ValueError) as error:
            raise ModelInvalidError(f"model {manifest.name!r} cannot be loaded") from error
        self._counter.no_truncation()
        self._counter.no_padding()
        self.manifest = manifest
        self.fingerprint = f"{manifest.digest}+{BACKEND}"
        self.dimension = self._stated("dimension", self._model.get_embedding_dimension())
        self.max_tokens = self._stated("max_tokens", self._model.max_seq_length)
        self._prompts = {purpose: self._prompt_for(purpose) for purpose in Purpose}
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
                rows[batch] = self._model.encode(
                    [texts[n] for n in batch],
                    prompt=self._prompts[purpose],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        # A NaN fails this comparison too.
        if not np.all(np.abs(np.linalg.norm(rows, axis=1) - 1.0) < 1e-3):
            raise ModelError(f"model {self.manifest.name!r} made a row that is no unit vector")
        return rows

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text as ``embed`` would see it, uncut.

        The marks that the model puts around a text are included.
        """
        return [len(encoding.ids) for encoding in self._counter.encode_batch(list(texts))]

    def _stated(self, field: str, actual: int | None) -> int:
        stated = getattr(self.manifest, field)
        if not isinstance(actual, int) or actual != stated:
            raise ModelInvalidError(
                f"model {self.manifest.name!r} has {field} {actual}, its manifest says {stated}"
            )
        return actual

    def _prompt_for(self, purpose: Purpose) -> str | None:
        known = self._model.prompts
        return next((known[name] for name in _PROMPT_NAMES[purpose] if known.get(name)), None)
