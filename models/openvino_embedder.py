"""Embeddings by OpenVINO on the processor, from a network that was exported beforehand."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.base import Purpose
from models.errors import ModelError, ModelInvalidError
from models.manifest import ModelManifest, Pooling
from models.openvino_export import NETWORK, TOKENIZER
from models.token_vectors import unit_rows

Rows = NDArray[np.float32]
_AT_ONCE = 32
"""Texts between two turns: a question waits for no more of an ingest than these."""


class OpenVinoEmbedder:
    """An embedder that computes every text on its own, several side by side.

    Texts are never padded to the length of their neighbours, so a row depends on its text
    alone, to the last bit: what else is taken in at the same time leaves no trace in it.
    It may be shared by threads.

    Args:
        folder: holds the exported network and its tokenizer, their digests checked.
        manifest: manifest of the model it was exported from.
        precision: ``f32`` or ``bf16``.
        pooling: how token vectors become one.
        prefixes: words before a text, by purpose.
        threads: texts computed side by side, one thread each.

    Raises:
        ModelInvalidError: the network cannot be loaded on this machine.
    """

    def __init__(
        self,
        folder: Path,
        manifest: ModelManifest,
        *,
        precision: str,
        pooling: Pooling,
        prefixes: dict[Purpose, str],
        threads: int,
    ) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415  (only a loaded model needs it)

        self.manifest = manifest
        self.backend = f"openvino/{precision}"
        self.fingerprint = f"{manifest.digest}+{self.backend}"
        self.dimension = int(manifest.dimension or 0)
        self.max_tokens = int(manifest.max_tokens or 0)
        self.prefixes = prefixes
        self._pooling = pooling
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cutter = Tokenizer.from_file(str(folder / TOKENIZER))
        self._cutter.no_padding()
        self._cutter.enable_truncation(self.max_tokens)
        self._network = _compiled(folder / NETWORK, precision, threads)
        self._queue = _queue(self._network, threads)
        self._turn = threading.Lock()
        self._own = threading.local()

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> Rows:
        """Return one row per text: (n, dimension) float32, rows unit-norm.

        Words beyond ``max_tokens`` do not count; the caller cuts its texts to fit.

        Raises:
            ModelError: the model produced something that is not a unit vector.
        """
        before = self.prefixes[purpose]
        encoded = self._cutter.encode_batch([before + text for text in texts])
        tokens = [np.array([found.ids or [0]], dtype=np.int64) for found in encoded]
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if len(tokens) == 1:
            rows[0] = self._alone(tokens[0])
        else:
            self._side_by_side(tokens, rows)
        # A NaN fails this comparison too.
        if not np.all(np.abs(np.linalg.norm(rows, axis=1) - 1.0) < 1e-3):
            raise ModelError(f"model {self.manifest.name!r} made a row that is no unit vector")
        return rows

    def token_vectors(
        self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE
    ) -> list[Rows]:
        """Return one matrix per text: (tokens, width) float32, rows unit-norm.

        The marks that the model puts around a text have rows too.
        """
        before = self.prefixes[purpose]
        encoded = self._cutter.encode_batch([before + text for text in texts])
        tokens = (np.array([found.ids or [0]], dtype=np.int64) for found in encoded)
        return [unit_rows(self._states(one)) for one in tokens]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text as ``embed`` would see it, uncut.

        The marks that the model puts around a passage, and words before it, are included.
        """
        before = self.prefixes[Purpose.PASSAGE]
        encoded = self._tokenizer.encode_batch([before + text for text in texts])
        return [len(found.ids) for found in encoded]

    def _alone(self, tokens: NDArray[np.int64]) -> Rows:
        return self._pooled(self._states(tokens))

    def _states(self, tokens: NDArray[np.int64]) -> NDArray[Any]:
        """Return the state of every token; it holds until this thread computes the next."""
        # A question does not stand in the line of an ingest: each thread has its own request.
        request = getattr(self._own, "request", None)
        if request is None:
            request = self._own.request = self._network.create_infer_request()
        request.infer({0: tokens})
        states: NDArray[Any] = request.get_output_tensor(0).data[0]
        return states

    def _side_by_side(self, tokens: list[NDArray[np.int64]], rows: Rows) -> None:
        def take(request: Any, place: int) -> None:  # noqa: ANN401 - OpenVINO's request
            rows[place] = self._pooled(request.get_output_tensor(0).data[0])

        # The longest go first, so that no stream is left alone with one at the end.
        order = sorted(range(len(tokens)), key=lambda place: -tokens[place].shape[1])
        for start in range(0, len(order), _AT_ONCE):
            with self._turn:
                self._queue.set_callback(take)
                for place in order[start : start + _AT_ONCE]:
                    self._queue.start_async({0: tokens[place]}, place)
                self._queue.wait_all()

    def _pooled(self, states: NDArray[Any]) -> Rows:
        vectors = states.astype(np.float32, copy=False)
        if self._pooling is Pooling.MEAN:
            pooled = vectors.mean(axis=0)
        elif self._pooling is Pooling.MAX:
            pooled = vectors.max(axis=0)
        else:
            pooled = vectors[0 if self._pooling is Pooling.FIRST else -1]
        norm = float(np.linalg.norm(pooled))
        row: Rows = pooled / norm if norm > 0 else pooled
        return row


def _compiled(path: Path, precision: str, threads: int) -> Any:  # noqa: ANN401 - has no type
    import openvino  # noqa: PLC0415  (an extra)

    config = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": threads,
        "INFERENCE_PRECISION_HINT": precision,
    }
    try:
        return openvino.Core().compile_model(str(path), "CPU", config)
    except RuntimeError as error:
        raise ModelInvalidError("the exported network cannot be loaded here") from error


def _queue(network: Any, jobs: int) -> Any:  # noqa: ANN401 - has no type
    import openvino  # noqa: PLC0415  (an extra)

    return openvino.AsyncInferQueue(network, jobs)
