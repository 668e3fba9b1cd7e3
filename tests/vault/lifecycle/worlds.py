"""A home whose second embedder knows other words than its first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.base import Purpose
from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.index.test_follower import keep

PAPERS = {
    "leave.md": "Annual leave is thirty days for everyone who works here the whole year.",
    "travel.md": "Trains go before planes whenever the journey takes less than six hours.",
    "keys.md": "Lost keys are reported to the porter before the evening of the same day.",
}


@dataclass
class HashingEmbedder:
    """Gives a text a direction by its words; another seed is another model."""

    seed: int = 1
    dimension: int = 16
    max_tokens: int = 254
    backend: str = "hash"
    seen: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        return f"sha256:{self.seed}+{self.backend}"

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        self.seen.extend(texts)
        rows = np.array([self._row(text) for text in texts], dtype=np.float32)
        return rows.reshape(len(texts), self.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _row(self, text: str) -> np.ndarray:
        words = [word.strip(".,").casefold().encode() for word in text.split()] or [b"nothing"]
        drawn = [
            np.random.default_rng([self.seed, *word]).standard_normal(self.dimension)
            for word in words
        ]
        row = np.sum(drawn, axis=0)
        return row / np.linalg.norm(row)


def fill(plant: Plant, clock: Clock, papers: dict[str, str] = PAPERS) -> dict[str, str]:
    """Keep the papers; return their ids by name."""
    return {name: keep(plant, clock, name, text) for name, text in papers.items()}
