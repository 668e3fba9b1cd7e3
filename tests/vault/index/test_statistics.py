"""The inverse document frequency."""

from vault.index.statistics import rarity


def test_rarity_falls_with_frequency_and_stays_positive() -> None:
    values = [rarity(100, frequency) for frequency in range(101)]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0
