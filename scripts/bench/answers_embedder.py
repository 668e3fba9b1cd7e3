"""The local embedder with every vector it ever made kept in one file."""

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import Embedder, Purpose


class RememberingEmbedder:
    """Embeds each text once, whatever it is asked for later.

    Args:
        embedder: the model.
        path: file of the vectors; read now, written by ``save``.
    """

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self._embedder, self._path = embedder, path
        self.fingerprint = embedder.fingerprint
        self._rows: dict[str, NDArray[np.float32]] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as arrays:
                keys = [key.tobytes().hex() for key in arrays["keys"]]
                self._rows = dict(zip(keys, arrays["rows"], strict=True))

    def embed(
        self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE
    ) -> NDArray[np.float32]:
        """Return one unit row per text."""
        keys = [_key(text, purpose) for text in texts]
        missing = {
            key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows
        }
        if missing:
            rows = self._embedder.embed(list(missing.values()), purpose=purpose)
            self._rows.update(zip(missing, rows, strict=True))
        return np.stack([self._rows[key] for key in keys])

    def save(self) -> None:
        """Write every vector to the file."""
        keys = np.stack([np.frombuffer(bytes.fromhex(key), np.uint8) for key in self._rows])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._path, keys=keys, rows=np.stack(list(self._rows.values())))


def _key(text: str, purpose: Purpose) -> str:
    return blake2b(f"{purpose}\n{text}".encode(), digest_size=16).hexdigest()
