"""Findings come back in the order of the text, and only the newest of a document."""

from tests.conftest import Clock
from tests.vault.store.rows import shelve
from vault.domain.documents import CharSpan
from vault.domain.findings import Finding, FindingKind
from vault.store.session import Store

LATE = Finding(FindingKind.CREDENTIAL, CharSpan(50, 60), "private-key")
EARLY = Finding(FindingKind.INSTRUCTIONS, CharSpan(5, 9), "override")


def test_findings_come_back_in_the_order_of_the_text(store: Store, clock: Clock) -> None:
    for name in "ab":
        shelve(store, name, clock())
    with store.write() as unit:
        unit.findings.replace("a", [LATE, EARLY, EARLY])
        unit.findings.replace("b", [LATE])
    with store.write() as unit:
        assert unit.findings.of("a") == [EARLY, LATE]
        unit.findings.replace("a", [])
        assert unit.findings.of("a") == []
        assert unit.findings.of("b") == [LATE]


def test_what_was_let_through_is_known_by_its_digest(store: Store, clock: Clock) -> None:
    shelve(store, "a", clock())
    with store.write() as unit:
        assert unit.findings.let_through("a") is None
        unit.documents.change("a", released_text="sha256:1")
        assert unit.findings.let_through("a") == "sha256:1"
        assert unit.findings.let_through("b") is None
