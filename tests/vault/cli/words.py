"""A model of another package: it needs no weights, and is found as any installed one is."""

import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.base import Purpose
from models.files import describe
from models.manifest import ModelManifest

DIMENSION = 64
METADATA = "Metadata-Version: 2.1\nName: words-model\nVersion: 1.0\n"
ENTRY_POINTS = "[strongroom.models]\nwords = tests.vault.cli.words:WordsEmbedder\n"


class WordsEmbedder:
    """Gives every word a direction by its checksum."""

    def __init__(self, folder: Path, manifest: ModelManifest, *, threads: int) -> None:
        self.manifest = manifest
        self.backend = "words/1"
        self.fingerprint = f"{manifest.digest}+{self.backend}"
        self.dimension = DIMENSION
        self.max_tokens = manifest.max_tokens or 0

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        rows = np.full((len(texts), DIMENSION), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % DIMENSION] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


def write_model(models: Path, *, name: str) -> None:
    """Write the model's folder."""
    folder = models / name
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("Words by their checksums.\n")
    describe(
        folder,
        name=name,
        kind="embedder",
        backend="words",
        revision="1",
        licence="Apache-2.0",
        source="made in a test",
        dimension=DIMENSION,
        max_tokens=256,
    )


def write_package(site: Path) -> None:
    """Write what an installer writes when the model's package is installed."""
    folder = site / "words_model-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(METADATA)
    (folder / "entry_points.txt").write_text(ENTRY_POINTS)
