"""Documents go over the wire with what a reader may know."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.vault.api.conftest import LEAVE, Kept
from vault.api.document_schemas import DocumentOut, DocumentsQuery, RevisionOut
from vault.bootstrap import Vault
from vault.lifecycle.forms import document_form


def test_a_document_says_who_may_decide_over_it_but_not_who_may_read_it(
    vault: Vault, kept: Kept
) -> None:
    found = vault.shelf.show(kept.leave, vault.authenticator.subject("ana"))
    form = DocumentOut.of(found, now=vault.now())
    assert form.owner == "olga"
    assert form.revision is not None
    assert form.revision.characters == len(LEAVE)
    assert "staff" not in form.model_dump_json()


def test_the_wire_says_what_every_other_edge_says(vault: Vault, kept: Kept) -> None:
    subject = vault.authenticator.subject("ana")
    found = vault.shelf.show(kept.leave, subject)
    for moment in (vault.now(), vault.now() + timedelta(days=400)):
        sent = DocumentOut.of(found, now=moment).model_dump()
        assert sent == document_form(found, now=moment)
    [revision] = vault.shelf.history(kept.leave, subject)
    assert RevisionOut.of(revision).model_dump() == sent["revision"]


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 1001}, {"after": ""}, {"after": "x" * 9000}, {"befor": "x"}]
)
def test_a_list_has_bounds(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DocumentsQuery.model_validate(asked)
    assert DocumentsQuery().after is None
