"""The texts that backends are compared by are different enough to show a difference."""

from models.base import Embedder
from models.probe_texts import PROBE_TEXTS


def test_they_are_short_and_long_and_in_several_scripts(tiny_embedder: Embedder) -> None:
    assert len(set(PROBE_TEXTS)) == len(PROBE_TEXTS) >= 8
    counts = tiny_embedder.count_tokens(PROBE_TEXTS)
    assert min(counts) < 16
    assert max(counts) > 256
    assert any(not text.isascii() for text in PROBE_TEXTS)
