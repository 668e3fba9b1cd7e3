"""A notice goes to a person who may know what it was made from."""

from pathlib import Path

import pytest

from tests.vault.homes import home, subject
from tests.vault.orchestrate.workshop import context
from vault.domain.errors import NotFoundError
from vault.domain.labels import Classification, Label
from vault.orchestrate.toolbox.notify import NotifyTool

ASKED = {"to": "bo", "text": "Look."}


def test_a_notice_is_left_once_and_not_above_a_clearance(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        tool, ana = NotifyTool(vault.tickets), subject(vault)
        first = tool(ASKED, context(ana)).content
        assert tool(ASKED, context(ana)).content == first
        with pytest.raises(NotFoundError):
            tool(ASKED, context(ana, label=Label(Classification.SECRET), key="another-key"))
        assert len(vault.tickets.notices(subject(vault, "bo"), limit=9)) == 1
