"""Documents go over the wire with what a reader may know."""

from tests.vault.api.conftest import LEAVE, Kept
from vault.api.document_schemas import DocumentOut, label_out
from vault.bootstrap import Vault
from vault.domain.labels import Classification, Label


def test_a_document_says_who_may_decide_over_it_but_not_who_may_read_it(
    vault: Vault, kept: Kept
) -> None:
    found = vault.shelf.show(kept.leave, vault.authenticator.subject("ana"))
    form = DocumentOut.of(found, fresh=True)
    assert form.owner == "olga"
    assert form.revision is not None
    assert form.revision.characters == len(LEAVE)
    assert "staff" not in form.model_dump_json()


def test_a_label_is_written_in_words() -> None:
    label = label_out(Label(Classification.SECRET, frozenset({"legal", "deal"})))
    assert label.model_dump() == {"classification": "secret", "compartments": ["deal", "legal"]}
