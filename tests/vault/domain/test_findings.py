"""Findings sort by kind and place, and their kinds are words for people."""

from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind


def test_equal_findings_are_one() -> None:
    one, same = (Finding(FindingKind.LOOKALIKES, CharSpan(1, 2), "mixed-script") for _ in range(2))
    assert {one, same} == {one}
    assert sorted([Finding(one.kind, CharSpan(3, 4), one.rule), one])[0] is one


def test_kinds_are_plain_words() -> None:
    assert all(kind.value.replace("-", "").isalpha() for kind in FindingKind)
