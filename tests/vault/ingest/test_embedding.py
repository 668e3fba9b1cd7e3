"""Every word of a passage counts, however short the model's reach is."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.base import Purpose
from models.errors import ModelError
from vault.domain.errors import ModelUnavailableError
from vault.ingest.embedding import embed_passages


class LetterEmbedder:
    """Reads five words at most; a text's direction is how often it says a and b."""

    fingerprint = "letters+1"
    max_tokens = 5

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        self.seen.extend(texts)
        read = [text.split()[: self.max_tokens] for text in texts]
        rows = np.array([[words.count("a"), words.count("b")] for words in read], dtype=np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def test_texts_that_fit_are_embedded_as_they_are() -> None:
    embedder = LetterEmbedder()
    embedded = embed_passages(embedder, ["a a", "b"])
    assert embedder.seen == ["a a", "b"]
    assert embedded.rows.tolist() == [[1, 0], [0, 1]]
    assert embedded.stamp == "letters+1"
    assert embedded.part(1, 2).rows.tolist() == [[0, 1]]


def test_the_end_of_a_long_text_counts_as_much_as_its_beginning() -> None:
    embedder = LetterEmbedder()
    text = "a " * 8 + "b " * 8
    rows = embed_passages(embedder, ["a", text.strip(), "b"]).rows
    assert rows.shape == (3, 2)
    np.testing.assert_allclose(rows[1], [0.7071, 0.7071], atol=0.05)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)
    assert all(len(seen.split()) <= 5 for seen in embedder.seen)
    assert "".join(embedder.seen[1:-1]) == text.strip()


def test_a_long_text_without_spaces_is_cut_all_the_same() -> None:
    class Counting(LetterEmbedder):
        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            return [len(text) for text in texts]

    embedder = Counting()
    embed_passages(embedder, ["字" * 17])
    assert max(map(len, embedder.seen)) <= 5
    assert "".join(embedder.seen) == "字" * 17


def test_a_model_that_fails_is_a_problem_of_the_vault() -> None:
    class Failing(LetterEmbedder):
        def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
            raise ModelError("no unit vector")

    with pytest.raises(ModelUnavailableError, match="no unit vector"):
        embed_passages(Failing(), ["a"])
