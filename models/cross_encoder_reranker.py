"""Reranking by a cross-encoder that the operator brought; none is shipped."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError, ModelInvalidError
from models.manifest import ModelManifest

BACKEND = "cross-encoder/fp32"
_BATCH = 16


class CrossEncoderReranker:
    """A reranker over one cross-encoder folder whose files were checked.

    Args:
        folder: the model folder, with one output label.
        manifest: its manifest; pairs are cut at its ``max_tokens``.
        threads: threads for matrix products; torch keeps one such number per process.

    Raises:
        ModelInvalidError: the folder cannot be loaded or has more than one output label.
    """

    backend = BACKEND

    def __init__(self, folder: Path, manifest: ModelManifest, *, threads: int) -> None:
        import torch  # noqa: PLC0415  (seconds to import; only a loaded model needs it)
        from sentence_transformers import CrossEncoder  # noqa: PLC0415  (as above)

        torch.set_num_threads(threads)
        try:
            self._model = CrossEncoder(
                str(folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, "dtype": torch.float32},
                max_length=manifest.max_tokens,
            )
        except (AttributeError, ImportError, KeyError, OSError, RuntimeError, ValueError) as error:
            raise ModelInvalidError(f"model {manifest.name!r} cannot be loaded") from error
        if self._model.num_labels != 1:
            raise ModelInvalidError(f"model {manifest.name!r} gives more than one score a pair")
        self.manifest = manifest
        self.fingerprint = f"{manifest.digest}+{BACKEND}"
        self._turn = threading.Lock()

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return one finite score per passage: (n,) float32, higher is better.

        Raises:
            ModelError: the model produced a score that is not a number.
        """
        if not passages:
            return np.zeros(0, dtype=np.float32)
        pairs = [(question, passage) for passage in passages]
        with self._turn:
            scores = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
        result = np.asarray(scores, dtype=np.float32)
        if result.shape != (len(passages),) or not np.all(np.isfinite(result)):
            raise ModelError(f"model {self.manifest.name!r} made a score that is no number")
        return result
