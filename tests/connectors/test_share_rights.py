"""The service of a server tells a share's rights, or nothing is known of them."""

import pytest

from connectors.errors import SourceUnavailableError
from connectors.share_rights import share_descriptor
from tests.connectors.descriptors import READ, allow, descriptor
from tests.connectors.servers.inline_smb import InlinePipe

RIGHTS = descriptor(*(allow(f"S-1-5-21-1-2-3-{n}", READ) for n in range(9)), owner=None)
LONG = descriptor(*(allow(f"S-1-5-21-1-2-3-{n}", READ) for n in range(900)), owner=None)


def test_the_rights_are_what_the_service_says() -> None:
    assert share_descriptor(InlinePipe(RIGHTS), "docs") == RIGHTS


@pytest.mark.parametrize("fragment", [10, 100, 4_000])
def test_an_answer_in_many_fragments_is_put_together(fragment: int) -> None:
    assert share_descriptor(InlinePipe(LONG, fragment=fragment), "docs") == LONG


@pytest.mark.parametrize(
    "pipe",
    [
        pytest.param(InlinePipe(None), id="no rights at all"),
        pytest.param(InlinePipe(RIGHTS, code=5), id="not for this account"),
        pytest.param(InlinePipe(None, code=0x906), id="no such share"),
        pytest.param(InlinePipe(RIGHTS, opens=0xC0000022), id="no such service"),
        pytest.param(InlinePipe(RIGHTS, refuses=0xC00000B0), id="the service hung up"),
        pytest.param(InlinePipe(RIGHTS, bind_ack=13), id="another service"),
    ],
)
def test_what_the_service_does_not_tell_is_unknown(pipe: InlinePipe) -> None:
    assert share_descriptor(pipe, "docs") is None


class Cut(InlinePipe):
    """Tells less than it says."""

    keep = 0

    def _told(self) -> bytes:
        return super()._told()[: self.keep]


@pytest.mark.parametrize("keep", [3, 10, 30, 90])
def test_an_answer_cut_short_is_unknown(keep: int) -> None:
    pipe = Cut(RIGHTS)
    pipe.keep = keep
    assert share_descriptor(pipe, "docs") is None


class Endless(InlinePipe):
    """Never says which fragment is the last."""

    def _told(self) -> bytes:
        head = bytes((5, 0, 2, 0)) + b"\x10\0\0\0" + (4_000).to_bytes(2, "little") + bytes(6)
        return (head + bytes(3_984)) * 300


def test_an_answer_without_end_is_refused() -> None:
    with pytest.raises(SourceUnavailableError, match="larger than"):
        share_descriptor(Endless(RIGHTS), "docs")
