"""The fit finds the model that made the data."""

import numpy as np
import pytest

from vault.answer.fit import auroc, fit, sigmoid


def sample(count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    draws = np.random.default_rng(3)
    rows = draws.normal([5.0, -2.0, 0.0], [2.0, 0.5, 1.0], size=(count, 3))
    odds = 1.5 * (rows[:, 0] - 5) / 2 - 1.0 * (rows[:, 1] + 2) / 0.5 - 0.5
    return rows, draws.random(count) < sigmoid(odds)


def test_the_fit_recovers_what_made_the_labels() -> None:
    rows, labels = sample()
    model = fit(rows, labels)
    assert model.coefficients == pytest.approx([1.5, -1.0, 0.0], abs=0.15)
    assert model.intercept == pytest.approx(-0.5, abs=0.15)
    assert float(model.probability(rows).mean()) == pytest.approx(float(labels.mean()), abs=1e-6)


def test_equal_input_gives_equal_output() -> None:
    rows, labels = sample(300)
    assert np.array_equal(fit(rows, labels).coefficients, fit(rows, labels).coefficients)


def test_the_ridge_shrinks_and_separable_data_stay_finite() -> None:
    rows = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    labels = np.array([False, False, True, True])
    loose, tight = fit(rows, labels, ridge=0.01), fit(rows, labels, ridge=10.0)
    assert 0 < tight.coefficients[0] < loose.coefficients[0] < np.inf


def test_a_row_of_weight_two_counts_like_two_rows() -> None:
    rows, labels = sample(200)
    doubled = fit(np.vstack([rows, rows[:50]]), np.append(labels, labels[:50]), ridge=1e-9)
    weights = np.ones(200)
    weights[:50] = 2
    weighted = fit(rows, labels, weights=weights, ridge=1e-9)
    assert weighted.log_odds(rows) == pytest.approx(doubled.log_odds(rows), abs=1e-6)


def test_a_feature_that_never_varies_does_no_harm() -> None:
    rows, labels = sample(200)
    rows[:, 2] = 7.0
    assert fit(rows, labels).coefficients[2] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        (np.array([[np.nan], [1.0]]), np.array([True, False])),
        (np.array([[0.0], [1.0]]), np.array([True, True])),
        (np.array([[0.0], [1.0]]), np.array([False, False])),
    ],
)
def test_what_cannot_be_fitted_is_refused(rows: np.ndarray, labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="fitting needs"):
        fit(rows, labels)


@pytest.mark.parametrize(
    ("scores", "area"),
    [([0.1, 0.2, 0.8, 0.9], 1.0), ([0.9, 0.8, 0.2, 0.1], 0.0), ([0.5] * 4, 0.5)],
)
def test_auroc_of_known_orders(scores: list[float], area: float) -> None:
    assert auroc(np.array(scores), np.array([False, False, True, True])) == area


def test_extreme_log_odds_stay_probabilities() -> None:
    assert sigmoid(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]
