"""Twins are live documents that have one text now."""

from tests.conftest import Clock
from tests.vault.store.rows import shelve
from vault.domain.documents import DocumentState
from vault.domain.labels import Classification
from vault.store.session import Store


def test_live_documents_with_a_text_are_found_by_its_digest(store: Store, clock: Clock) -> None:
    for name in ("a", "b", "c"):
        shelve(store, name, clock())
    with store.write() as unit:
        first = unit.documents.get("a")
        assert first is not None
        assert first.document.revision is not None
        digest = first.document.revision.text_digest
        unit.documents.change("b", state=DocumentState.DELETED.value)
        found = unit.twins.of(digest)
        assert "b" not in {twin.document_id for twin in found}
        assert "a" in {twin.document_id for twin in found}
        assert {twin.owner for twin in found} == {first.document.governance.owner}
        assert found[0].classification in Classification
        assert unit.twins.of("sha256:none") == []
