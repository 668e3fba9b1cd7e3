"""A path and its URI name the same file, whatever bytes it is made of."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceRejectedError
from connectors.local_files import path_of, shown_name, step_of, uri_of

NAMES = st.binary(min_size=1, max_size=40).filter(
    lambda name: not set(name) & {0, ord("/")} and name not in (b".", b"..")
)


@given(NAMES)
def test_a_path_survives_its_uri(name: bytes) -> None:
    path = os.fsdecode(b"/share/" + name)
    uri = uri_of(type(path_of("file:///x"))(path))
    assert uri.isascii()
    assert os.fsencode(path_of(uri)) == b"/share/" + name


@given(NAMES)
def test_a_shown_name_can_be_printed(name: bytes) -> None:
    assert shown_name(os.fsdecode(name)).encode()


def test_only_local_absolute_files_are_paths() -> None:
    for uri in ("file://host/x", "file:x", "http://host/x", "/x"):
        with pytest.raises(SourceRejectedError):
            path_of(uri)


def test_a_name_with_a_zero_byte_is_no_file() -> None:
    for uri in ("file:///a%00b", "file:///%00"):
        with pytest.raises(SourceRejectedError):
            path_of(uri)


@pytest.mark.parametrize("name", ["", ".", "..", "a%2Fb", "..%2Fa", "a%00"])
def test_a_step_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(SourceRejectedError):
        step_of(name)


def test_a_step_keeps_its_bytes() -> None:
    assert os.fsencode(step_of("caf%E9%20x.txt")) == b"caf\xe9 x.txt"
