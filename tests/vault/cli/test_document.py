"""Documents as one principal sees them; whoever may not read one never learns of it."""

import json

import pytest

from tests.vault.cli.conftest import LEAVE, MERGER, Kept, Strongroom

NOWHERE = "00000000-0000-8000-8000-000000000000"


def listed(strongroom: Strongroom, principal: str) -> set[str]:
    result = strongroom("document", "list", "--as", principal, "--json")
    assert result.exit_code == 0, result.output
    return {found["document_id"] for found in json.loads(result.stdout)["documents"]}


def test_each_principal_sees_its_own_documents(strongroom: Strongroom, kept: Kept) -> None:
    assert listed(strongroom, "ana") == {kept.leave}
    assert listed(strongroom, "olga") == {kept.leave, kept.merger}
    assert listed(strongroom, "bo") == set()


def test_the_list_for_people_has_one_line_a_document(strongroom: Strongroom, kept: Kept) -> None:
    [line] = strongroom("document", "list", "--as", "ana").stdout.splitlines()
    assert line.split() == [kept.leave, "current", "internal", "Leave", "policy"]
    assert strongroom("document", "list", "--as", "bo").stdout == ""


def test_a_document_is_shown_with_its_rules(strongroom: Strongroom, kept: Kept) -> None:
    form = json.loads(strongroom("document", "show", kept.leave, "--as", "ana").stdout)
    assert (form["document_id"], form["title"]) == (kept.leave, "Leave policy")
    assert (form["owner"], form["retention"]) == ("olga", "7y")
    assert form["revision"]["number"] == 1


def test_the_text_is_printed_exactly(strongroom: Strongroom, kept: Kept) -> None:
    form = json.loads(strongroom("document", "show", kept.leave, "--as", "ana").stdout)
    for words in ([], ["--revision", form["revision"]["revision"]]):
        shown = strongroom("document", "show", kept.leave, "--as", "ana", "--text", *words)
        assert shown.stdout == LEAVE


def test_the_history_starts_with_the_first_revision(strongroom: Strongroom, kept: Kept) -> None:
    form = json.loads(strongroom("document", "history", kept.leave, "--as", "ana").stdout)
    assert form["document_id"] == kept.leave
    assert [found["number"] for found in form["revisions"]] == [1]


@pytest.mark.parametrize(
    "words",
    [
        ["show", "{}", "--as", "ana"],
        ["show", "{}", "--as", "ana", "--text"],
        ["history", "{}", "--as", "ana"],
        ["supersede", "{}", "--by", "{leave}", "--as", "ana"],
        ["erase", "{}", "--reason", "because", "--as", "ana"],
    ],
    ids=lambda words: " ".join(words[:1] + words[4:]),
)
def test_what_may_not_be_known_and_what_does_not_exist_are_refused_alike(
    strongroom: Strongroom, kept: Kept, words: list[str]
) -> None:
    said = set()
    for found in (kept.merger, NOWHERE):
        result = strongroom("document", *[word.format(found, leave=kept.leave) for word in words])
        assert result.exit_code == 66
        assert result.stdout == ""
        said.add(result.stderr)
    assert len(said) == 1
    assert listed(strongroom, "olga") == {kept.leave, kept.merger}


def test_an_owner_lets_a_document_give_way(strongroom: Strongroom, kept: Kept) -> None:
    words = ["document", "supersede", kept.leave, "--by", kept.merger, "--as"]
    assert strongroom(*words, "ana").exit_code == 66
    result = strongroom(*words, "olga")
    assert (result.exit_code, result.stdout) == (0, f"{kept.leave} gives way to {kept.merger}\n")
    form = json.loads(strongroom("document", "show", kept.leave, "--as", "olga").stdout)
    assert (form["state"], form["superseded_by"]) == ("superseded", kept.merger)
    form = json.loads(strongroom("document", "show", kept.leave, "--as", "ana").stdout)
    assert (form["state"], form["superseded_by"]) == ("current", None)


def test_an_owner_erases_for_good(strongroom: Strongroom, kept: Kept) -> None:
    words = ["document", "erase", kept.merger, "--as", "olga", "--reason"]
    assert strongroom(*words, "  ").exit_code == 65
    result = strongroom(*words, "request 12")
    assert result.exit_code == 0, result.output
    certificate = json.loads(result.stdout)["certificate"]
    assert certificate["documents"] == [kept.merger]
    assert listed(strongroom, "olga") == {kept.leave}
    found = json.loads(strongroom("search", "Halyard offer", "--as", "olga", "--json").stdout)
    assert MERGER not in {hit["text"] for hit in found["hits"]}


def test_nobody_is_asked_to_act_as_a_stranger(strongroom: Strongroom) -> None:
    result = strongroom("document", "list", "--as", "ghost")
    assert (result.exit_code, result.stdout) == (66, "")
