"""Every failure has one problem type, one status and one exit code, and no two share a name."""

import re
from collections.abc import Iterator

import pytest

from vault.domain import errors
from vault.domain.errors import ERRORS, VaultError

PUBLISHED = {
    "invalid-request": (422, 65),
    "unauthenticated": (401, 77),
    "access-denied": (403, 77),
    "not-found": (404, 66),
    "revision-conflict": (409, 75),
    "hold-in-force": (409, 1),
    "run-state": (409, 1),
    "approval-refused": (403, 1),
    "document-too-large": (413, 65),
    "unsupported-document": (415, 65),
    "limit-exceeded": (429, 75),
    "model-unavailable": (503, 69),
    "source-unreachable": (503, 69),
    "home-unavailable": (503, 75),
    "ledger-integrity": (500, 70),
    "internal": (500, 70),
}
"""Slug, HTTP status and exit code as scripts and clients rely on them."""


def _all(base: type[VaultError]) -> Iterator[type[VaultError]]:
    yield base
    for child in base.__subclasses__():
        yield from _all(child)


def test_the_published_table_is_what_the_classes_say() -> None:
    assert {found.slug: (found.status, found.exit_code) for found in ERRORS} == PUBLISHED


def test_every_failure_of_the_vault_is_in_the_table() -> None:
    ours = {found for found in _all(VaultError) if found.__module__ == errors.__name__}
    assert set(ERRORS) == ours
    assert len(ERRORS) == len(ours)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.slug)
def test_a_failure_keeps_its_detail_and_says_what_happened(kind: type[VaultError]) -> None:
    error = kind("the detail")
    assert (error.detail, str(error)) == ("the detail", "the detail")
    assert isinstance(error, VaultError)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.slug)
    assert kind.title
    assert not kind.title.endswith(".")


def test_no_failure_is_told_as_success() -> None:
    for kind in ERRORS:
        assert 400 <= kind.status < 600
        assert 0 < kind.exit_code < 126
