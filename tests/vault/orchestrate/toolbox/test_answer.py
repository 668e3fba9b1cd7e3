"""Without evidence the tool abstains, as the API does."""

from pathlib import Path

from tests.vault.homes import QUESTION, TRAVEL, home, keep, subject
from tests.vault.orchestrate.workshop import context
from vault.orchestrate.toolbox.answer import AnswerTool


def test_hidden_evidence_is_missing_evidence(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        keep(vault, TRAVEL, "user:olga")
        found = AnswerTool(vault.answers)({"question": QUESTION}, context(subject(vault)))
        assert (found.content["abstained"], found.content["citations"]) == (True, [])
        assert found.sources == ()
