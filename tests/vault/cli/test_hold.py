"""Legal holds by command: placed, listed, released; and what they hold stays."""

import json

from tests.vault.cli.conftest import Kept, Strongroom

WORDS = ("--matter", "Case 12", "--authority", "court", "--reason", "evidence")


def test_a_hold_stops_an_erasure_until_it_is_released(strongroom: Strongroom, kept: Kept) -> None:
    placed = strongroom("document", "hold", kept.leave, *WORDS, "--json")
    assert placed.exit_code == 0, placed.output
    hold = json.loads(placed.stdout)
    assert (hold["documents"], hold["released_at"]) == (1, None)
    erase = ("document", "erase", kept.leave, "--reason", "request 4", "--as", "olga")
    refused = strongroom(*erase)
    assert refused.exit_code == 1
    assert "hold-in-force" in refused.output
    released = strongroom("document", "release", hold["hold_id"], "--reason", "settled")
    assert released.exit_code == 0
    assert strongroom(*erase).exit_code == 0


def test_a_query_holds_what_fits_it(strongroom: Strongroom) -> None:
    placed = strongroom("document", "hold", "--title-contains", "leave", *WORDS, "--json")
    assert json.loads(placed.stdout)["query"]["title_contains"] == "leave"
    listed = json.loads(strongroom("document", "holds", "--json").stdout)["holds"]
    assert [one["documents"] for one in listed] == [1]
    [line] = strongroom("document", "holds").stdout.splitlines()
    assert "in force" in line
    assert "Case 12" in line


def test_a_hold_on_nothing_and_a_hold_by_a_reader_are_refused(
    strongroom: Strongroom, kept: Kept
) -> None:
    assert strongroom("document", "hold", *WORDS).exit_code == 65
    assert strongroom("document", "hold", kept.leave, *WORDS, "--as", "ana").exit_code == 77
    assert strongroom("document", "holds", "--as", "ana").exit_code == 77
    assert strongroom("document", "release", "no-such", "--reason", "x").exit_code == 66
