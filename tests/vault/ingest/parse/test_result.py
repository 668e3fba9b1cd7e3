"""What is parsed cannot be changed afterwards."""

import dataclasses

import pytest

from vault.ingest.parse.result import Attachment


def test_an_attachment_is_a_value() -> None:
    attachment = Attachment("a.txt", b"x")
    assert attachment == Attachment("a.txt", b"x", None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        attachment.name = "b.txt"  # type: ignore[misc]
