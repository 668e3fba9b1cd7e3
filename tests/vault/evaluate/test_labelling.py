"""Made-up labels lie as those of an organisation do: together, uneven, none left out."""

import numpy as np
import pytest

from vault.evaluate.labelling import label_rows


@pytest.mark.parametrize("labels", [1, 5, 23, 24, 300, 3_000])
def test_labels_are_numbered_without_a_gap_and_about_as_many_as_asked(labels: int) -> None:
    found = label_rows(50_000, labels, np.random.default_rng(0))
    count = int(found.max()) + 1
    assert len(found) == 50_000
    assert set(np.unique(found).tolist()) == set(range(count))
    assert 0.6 * labels <= count <= labels + 1


def test_a_few_labels_are_large_and_most_are_small() -> None:
    counts = np.bincount(label_rows(100_000, 300, np.random.default_rng(0)))
    assert counts.max() > 8 * np.median(counts)


def test_the_rows_of_one_document_carry_one_label() -> None:
    found = label_rows(12_000, 300, np.random.default_rng(0)).reshape(-1, 12)
    whole = (found == found[:, :1]).all(axis=1)
    # Only where one department ends and the next begins may a document be cut.
    assert whole.mean() > 0.95


def test_the_same_seed_gives_the_same_labels() -> None:
    first, second = (label_rows(500, 40, np.random.default_rng(3)) for _ in range(2))
    assert (first == second).all()
