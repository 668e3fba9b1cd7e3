"""Flat codes lose nothing and learn nothing."""

import faiss
import numpy as np

from tests.vault.index.reference import clustered
from vault.index.codec import FlatCodec


def test_codes_are_the_rows() -> None:
    rows = clustered(np.random.default_rng(0), 5, 6)
    assert FlatCodec(6).decode(rows.view(np.uint8)).tobytes() == rows.tobytes()


def test_an_index_is_ready_without_training_and_ranks_by_inner_product() -> None:
    index = FlatCodec(6).make_index(3)
    assert index.is_trained
    assert (index.nlist, index.ntotal, index.metric_type) == (3, 0, faiss.METRIC_INNER_PRODUCT)
    assert index.code_size == 24
