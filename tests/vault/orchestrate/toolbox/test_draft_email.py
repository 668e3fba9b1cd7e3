"""A draft is a message that nobody has sent, and no argument adds a header to it."""

from email import message_from_bytes
from email.policy import default

import pytest

from tests.vault.orchestrate.workshop import Drawer, context
from vault.orchestrate.tool import RetryableToolError
from vault.orchestrate.toolbox.draft_email import DRAFT_EMAIL, draft_email
from vault.orchestrate.validation import check_of

ASKED = {"to": ["bo@firm.test"], "subject": "Leave", "body": "25 days"}


def test_a_draft_says_that_it_was_not_sent() -> None:
    drawer = Drawer()
    draft_email(ASKED | {"cc": ["ana@firm.test"]}, context(drawer=drawer))
    message = message_from_bytes(drawer.files["draft-call-1.eml"][0], policy=default)
    assert (message["To"], message["Cc"], message["X-Unsent"]) == (
        "bo@firm.test",
        "ana@firm.test",
        "1",
    )
    assert message.get_content().strip() == "25 days"


def test_a_subject_is_one_line() -> None:
    with pytest.raises(RetryableToolError, match="one line"):
        draft_email(ASKED | {"subject": "a\r\nBcc: eve@evil.test"}, context(drawer=Drawer()))


@pytest.mark.parametrize("to", ["eve", "a@b\r\nBcc: eve@evil.test", "a@b, eve@evil.test"])
def test_an_address_is_one_address(to: str) -> None:
    assert check_of(DRAFT_EMAIL.input_schema).problems(ASKED | {"to": [to]})
