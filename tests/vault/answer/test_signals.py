"""Features are finite, say more when evidence is better, and see only what the caller sees."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.answer.worlds import WordEmbedder, passage, retrieval
from vault.answer.candidates import candidates
from vault.answer.signals import FEATURES, features
from vault.answer.vectors import SentenceVectors
from vault.domain.evidence import Retrieval

ASKED = "How many days of leave do porters get in Harrow?"
GOOD = passage("Porters in Harrow get 28 days of leave. They wear blue.", document="good")
BAD = passage("Keys are at the desk. The clerk is there at nine.", document="bad")


def row(found: Retrieval) -> dict[str, float]:
    vectors = SentenceVectors(WordEmbedder())
    ranked = candidates(found, vectors.question(found.question), vectors)
    return dict(zip(FEATURES, features(found, ranked).tolist(), strict=True))


@given(st.text(max_size=80), st.text(max_size=200), st.integers(1, 10**9))
def test_features_are_finite_whatever_the_text(question: str, text: str, visible: int) -> None:
    found = retrieval(question, passage(text + " A plain end."), visible=visible)
    assert all(np.isfinite(value) for value in row(found).values())


def test_better_evidence_moves_each_feature_the_right_way() -> None:
    good, bad = row(retrieval(ASKED, GOOD, BAD)), row(retrieval(ASKED, BAD))
    falling = {"missing_names"}
    for name in FEATURES:
        if name == "log_terms":
            assert good[name] == bad[name]
        elif name in falling:
            assert good[name] < bad[name]
        else:
            assert good[name] >= bad[name], name
    assert good["sentence_coverage"] > bad["sentence_coverage"]


def test_empty_signals_are_zeros_not_errors() -> None:
    found = retrieval(ASKED, GOOD)
    bare = replace(found.signals, dense_top=(), lexical_top=(), dense_ids=(), lexical_ids=())
    assert row(replace(found, signals=bare))["dense_top"] == 0.0
    assert row(replace(found, signals=bare))["lexical_gap"] == 0.0


def test_the_number_of_visible_chunks_alone_decides_nothing() -> None:
    found = retrieval(ASKED, GOOD, BAD)
    more = replace(found, signals=replace(found.signals, visible_chunks=10**6))
    assert row(found) == row(more)
