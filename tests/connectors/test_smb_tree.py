"""Every folder is visited once, and what leads elsewhere is left alone."""

import pytest

from connectors.errors import SourceUnavailableError
from connectors.smb_share import SmbShare
from connectors.smb_tree import Refused, Visited, below, walk
from tests.connectors.servers.inline_smb import DENIED, LINK, InlineShare, Node


def seen(nodes: dict[str, Node], top: str = "", *, include_hidden: bool = False) -> list[str]:
    found: list[str] = []
    for visited in walk(SmbShare(InlineShare(nodes)), top, include_hidden=include_hidden):
        if isinstance(visited, Visited):
            found += [visited.path_of(file) for file in visited.files]
        else:
            found.append(f"refused {visited.path}")
    return found


def test_folders_come_ahead_of_those_in_them_and_names_in_order() -> None:
    nodes = {"": Node(), "b.txt": Node(b""), "a": Node(), "a\\z": Node(), "a\\z\\1.txt": Node(b"")}
    assert seen(nodes | {"a\\y.txt": Node(b"")}) == ["b.txt", "a\\y.txt", "a\\z\\1.txt"]
    assert seen(nodes, "a") == ["a\\z\\1.txt"]
    assert below("", "x") == "x"


def test_links_are_neither_files_nor_folders() -> None:
    nodes = {
        "": Node(),
        "to-file": Node(b"", tag=LINK),
        "to-folder": Node(tag=LINK),
        "to-folder\\a.txt": Node(b""),
        "b.txt": Node(b""),
    }
    assert seen(nodes) == ["b.txt"]


def test_a_folder_that_leads_back_up_is_passed_over() -> None:
    nodes = {"": Node(number=7), "a": Node(number=8), "a\\back": Node(number=7)}
    nodes |= {"a\\back\\b.txt": Node(b""), "b.txt": Node(b"", number=9)}
    assert seen(nodes) == ["b.txt"]


def test_folders_without_numbers_end_at_some_depth() -> None:
    path, nodes = "", {"": Node()}
    for _ in range(140):
        path = below(path, "d")
        nodes[path] = Node()
    (last,) = seen(nodes)
    assert last.startswith("refused d\\d\\")


def test_hidden_names_and_litter_are_left_out_unless_asked_for() -> None:
    nodes = {
        "": Node(),
        ".git": Node(),
        ".git\\config": Node(b""),
        "secret.txt": Node(b"", hidden=True),
        "~$open.docx": Node(b""),
        "Thumbs.db": Node(b""),
        "$RECYCLE.BIN": Node(),
        "$RECYCLE.BIN\\gone.txt": Node(b""),
        "kept.txt": Node(b""),
    }
    assert seen(nodes) == ["kept.txt"]
    assert seen(nodes, include_hidden=True) == ["kept.txt", "secret.txt", ".git\\config"]


def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_goes_on() -> None:
    nodes = {"": Node(), "a": Node(opens=DENIED), "b": Node(), "b\\1.txt": Node(b"")}
    assert seen(nodes) == ["refused a", "b\\1.txt"]
    (refused,) = [
        visited
        for visited in walk(SmbShare(InlineShare(nodes)), "", include_hidden=False)
        if isinstance(visited, Refused)
    ]
    assert "cannot be listed" in refused.reason


def test_a_listing_that_breaks_off_is_a_refusal_and_never_less() -> None:
    nodes = {"": Node(), "a": Node(lists=DENIED)} | {f"a\\{n}.txt": Node(b"") for n in range(7)}
    assert seen(nodes) == ["refused a"]


def test_the_top_must_be_listed() -> None:
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        seen({"": Node(opens=DENIED)})
    with pytest.raises(SourceUnavailableError, match="cannot be listed"):
        seen({"": Node()}, "gone")
