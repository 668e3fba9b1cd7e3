"""Stems follow the published rules for English."""

import pytest

from vault.index.stemming import stem


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("consistency", "consist"), ("consignment", "consign"), ("consolingly", "consol"),
        ("knackeries", "knackeri"), ("knightly", "knight"), ("knots", "knot"),
        ("policies", "polici"), ("policy", "polici"), ("ties", "tie"), ("cries", "cri"),
        ("gas", "gas"), ("kiwis", "kiwi"), ("gaps", "gap"), ("stresses", "stress"),
        ("agreed", "agre"), ("hopped", "hop"), ("hoping", "hope"), ("luxuriated", "luxuri"),
        ("by", "by"), ("say", "say"), ("cry", "cri"), ("generously", "generous"),
        ("generation", "generat"), ("communism", "communism"), ("rational", "ration"),
        ("relational", "relat"), ("conditional", "condit"), ("apologist", "apologist"),
        ("hopefulness", "hope"), ("replacement", "replac"), ("adoption", "adopt"),
        ("controllable", "control"), ("controlling", "control"), ("rate", "rate"),
        ("skies", "sky"), ("dying", "die"), ("news", "news"), ("proceed", "proceed"),
        ("herrings", "herring"), ("employee's", "employe"), ("yes", "yes"), ("toys", "toy"),
        ("approved", "approv"), ("approval", "approv"), ("approvals", "approv"),
    ],
)  # fmt: skip
def test_known_words(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    "family",
    [
        "connect connected connecting connection connections",
        "retain retained retaining retains",
        "expire expired expires expiring",
        "encrypt encrypted encrypting encryption",
        "employ employed employing employs",
    ],
)
def test_inflections_share_a_stem(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1
