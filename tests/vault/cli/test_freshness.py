"""Freshness by command: a work list, and an owner's word."""

import json

from tests.vault.cli.conftest import Kept, Strongroom


def test_nothing_is_stale_without_a_rule(strongroom: Strongroom) -> None:
    assert "Nothing is stale" in strongroom("freshness", "report").stdout
    assert json.loads(strongroom("freshness", "report", "--json").stdout) == {"documents": []}


def test_the_owner_attests_and_nobody_else(strongroom: Strongroom, kept: Kept) -> None:
    attested = strongroom("document", "attest", kept.leave, "--as", "olga")
    assert attested.exit_code == 0, attested.output
    form = json.loads(strongroom("document", "show", kept.leave, "--as", "ana").stdout)
    assert form["verified_at"] is not None
    assert strongroom("document", "attest", kept.leave, "--as", "ana").exit_code == 66
