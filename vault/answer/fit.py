"""Logistic regression with a ridge, fitted by Newton's method."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A fitted model over standardised features.

    Attributes:
        means: (d,) mean of each feature in training.
        scales: (d,) standard deviation of each, 1 where a feature never varied.
        coefficients: (d,) weight of each standardised feature.
        intercept: log-odds at the means.
    """

    means: Floats
    scales: Floats
    coefficients: Floats
    intercept: float

    def log_odds(self, features: Floats) -> Floats:
        """Return the log-odds of each row of (n, d) features: (n,) float64."""
        standard = (features - self.means) / self.scales
        odds: Floats = standard @ self.coefficients + self.intercept
        return odds

    def probability(self, features: Floats) -> Floats:
        """Return the probability of each row of (n, d) features: (n,) float64 in (0, 1)."""
        return sigmoid(self.log_odds(features))


def sigmoid(log_odds: Floats) -> Floats:
    """Return the probabilities that belong to log-odds, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * log_odds))


def fit(
    features: Floats,
    labels: NDArray[np.bool_],
    *,
    weights: Floats | None = None,
    ridge: float = 1.0,
    rounds: int = 50,
) -> Logistic:
    """Return the logistic model of least penalised loss; equal input gives equal output.

    Args:
        features: (n, d), finite.
        labels: (n,), true where the question is answered.
        weights: (n,) weight of each row, or None for equal ones; scaled to sum to n.
        ridge: penalty on squared coefficients, not on the intercept.
        rounds: most Newton steps.

    Raises:
        ValueError: a value is not finite, or all labels are alike.

    Source:
        Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd edition,
        section 4.4.1 (iteratively reweighted least squares).
    """
    if not np.isfinite(features).all() or labels.all() or not labels.any():
        raise ValueError("fitting needs finite features and both kinds of labels")
    scale = np.ones(len(labels)) if weights is None else weights * len(labels) / weights.sum()
    means = np.average(features, axis=0, weights=scale)
    spread = np.sqrt(np.average((features - means) ** 2, axis=0, weights=scale))
    scales = np.where(spread > 1e-9, spread, 1.0)
    design = np.column_stack([np.ones(len(labels)), (features - means) / scales])
    penalty = np.diag([0.0, *[ridge] * features.shape[1]])
    beta = np.zeros(design.shape[1])
    for _ in range(rounds):
        step = _newton_step(design, labels, scale, penalty, beta)
        beta += step
        if np.abs(step).max() < 1e-10:
            break
    return Logistic(means, scales, beta[1:], float(beta[0]))


def _newton_step(
    design: Floats, labels: NDArray[np.bool_], scale: Floats, penalty: Floats, beta: Floats
) -> Floats:
    odds = sigmoid(design @ beta)
    gradient = np.matmul(design.T, scale * (labels - odds)) - penalty @ beta
    curvature = (design * (scale * np.maximum(odds * (1 - odds), 1e-6))[:, None]).T @ design
    step: Floats = np.linalg.solve(curvature + penalty, gradient)
    return step


def auroc(scores: Floats, labels: NDArray[np.bool_]) -> float:
    """Return the chance that an answered question scores above an unanswered one; ties half.

    Source:
        Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982.
    """
    order = np.argsort(scores, kind="stable")
    _, first, counts = np.unique(scores[order], return_index=True, return_counts=True)
    ranks = np.empty(len(scores))
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    positive = int(labels.sum())
    area = ranks[labels].sum() - positive * (positive + 1) / 2
    return float(area / (positive * (len(labels) - positive)))
