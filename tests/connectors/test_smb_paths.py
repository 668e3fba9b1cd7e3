"""Identifiers of files name what is in the followed folder and nothing else."""

import pytest

from connectors.errors import SourceRejectedError
from connectors.smb_paths import SmbPaths, folders_above, shown_name

TOP = SmbPaths("files.corp", 445, "docs", "")
INNER = SmbPaths("files.corp", 445, "docs", "hr\\open")


@pytest.mark.parametrize(
    "path", ["notice.txt", "hr\\leave.md", "a b\\100% #1ä.txt", "\ud800half.txt", "~x'!().txt"]
)
def test_a_path_comes_back_from_its_identifier(path: str) -> None:
    uri = TOP.uri_of(path)
    uri.encode("ascii")
    assert TOP.path_of(uri) == path


def test_an_identifier_reads_like_an_address() -> None:
    assert TOP.uri_of("hr\\leave 1.md") == "smb://files.corp/docs/hr/leave%201.md"
    assert SmbPaths("::1", 1445, "docs", "").uri_of("") == "smb://[::1]:1445/docs"
    assert INNER.path_of("smb://files.corp/docs/hr/open/a.txt") == "hr\\open\\a.txt"


@pytest.mark.parametrize(
    "uri",
    [
        "no-such-item",
        "smb://files.corp/docs",
        "smb://files.corp/docs/hr/open",
        "smb://files.corp/docs/hr/openly/a.txt",
        "smb://files.corp/docs/hr/closed.txt",
        "smb://other.corp/docs/hr/open/a.txt",
        "smb://files.corp/docs/hr/open/../closed.txt",
        "smb://files.corp/docs/hr/open/%2E%2E/closed.txt",
        "smb://files.corp/docs/hr/open/a%5C..%5C..%5Cclosed.txt",
        "smb://files.corp/docs/hr/open/a%2Fb",
        "smb://files.corp/docs/hr/open//a.txt",
        "smb://files.corp/docs/hr/open/a.txt%3Astream",
        "smb://files.corp/docs/hr/open/a%00.txt",
        "smb://files.corp/docs/hr/open/%FF.txt",
    ],
)
def test_what_is_not_in_the_folder_is_rejected(uri: str) -> None:
    with pytest.raises(SourceRejectedError):
        INNER.path_of(uri)


def test_the_folders_above_a_file_start_at_the_top() -> None:
    assert folders_above("a.txt") == ("",)
    assert folders_above("hr\\open\\a.txt") == ("", "hr", "hr\\open")


def test_a_shown_name_can_be_written() -> None:
    assert shown_name("leave.md") == "leave.md"
    assert shown_name("\ud800x") == "\ufffdx"
