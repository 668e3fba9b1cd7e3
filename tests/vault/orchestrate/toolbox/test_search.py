"""A label is read back from its public form; what has none is taken for the highest."""

from vault.domain.labels import Classification, Label
from vault.orchestrate.toolbox.search import label_of, labels_of

FORM = {"classification": "internal", "compartments": ["hr"]}


def test_a_label_is_what_its_form_says() -> None:
    assert label_of(FORM) == Label(Classification.INTERNAL, frozenset({"hr"}))
    assert list(labels_of([{"label": FORM}])) == [label_of(FORM)]


def test_a_missing_label_is_the_highest() -> None:
    assert label_of(None) == Label(Classification.SECRET)
