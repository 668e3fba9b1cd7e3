"""Reasons become errors of the right kind, and never repeat the file."""

import pytest

from vault.domain.errors import DocumentTooLargeError, UnsupportedDocumentError
from vault.ingest.parse.failures import Failure, problem
from vault.ingest.parse.limits import ParseLimits


def detail(failure: Failure, name: str = "salaries of Jo.docx", kind: str = "") -> str:
    return problem(failure, name=name, kind=kind, limits=ParseLimits()).detail


@pytest.mark.parametrize("failure", Failure)
def test_every_reason_has_words_that_repeat_no_name(failure: Failure) -> None:
    assert "salaries" not in detail(failure)
    assert "{" not in detail(failure)


def test_the_words_are_plain() -> None:
    assert detail(Failure.PASSWORD, kind="PDF") == "the PDF is protected by a password"
    assert detail(Failure.TIMEOUT) == "parsing took longer than 60 s"
    assert detail(Failure.MISMATCH) == "the file is not a DOCX although its name says so"
    assert detail(Failure.MISMATCH, "x.a b'c") == (
        "the file is not a document although its name says so"
    )


def test_limits_and_kinds_are_different_problems() -> None:
    limits = ParseLimits()
    large = problem(Failure.EXPANDS, name="a.zip", kind="", limits=limits)
    unknown = problem(Failure.UNSUPPORTED, name="a.x", kind="", limits=limits)
    assert isinstance(large, DocumentTooLargeError)
    assert isinstance(unknown, UnsupportedDocumentError)
