"""A document is read in parts, under its own label."""

from pathlib import Path

from tests.vault.homes import LEAVE, home, keep, subject
from tests.vault.orchestrate.workshop import context
from vault.domain.labels import Classification, Label
from vault.orchestrate.toolbox.read_document import ReadDocumentTool


def test_a_part_is_what_it_says_it_is(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        document_id = keep(vault, LEAVE)
        tool = ReadDocumentTool(vault.shelf)
        asked = {"document_id": document_id, "start": 10, "characters": 7}
        found = tool(asked, context(subject(vault), label=Label(Classification.SECRET)))
        assert found.content["text"] == LEAVE[10:17]
        assert (found.content["start"], found.content["length"]) == (10, len(LEAVE))
        assert found.label == Label(Classification.SECRET)
        revision = vault.shelf.history(document_id, subject(vault))[0].id
        whole = tool({"document_id": document_id, "revision": revision}, context(subject(vault)))
        assert whole.content["text"] == LEAVE
