"""A share lists to the end, tells descriptors, and reads files that stay as they are."""

import struct
from collections.abc import Iterator, Sequence

import pytest

from connectors.errors import SourceRejectedError, SourceUnavailableError
from connectors.smb_share import FolderRefusedError, SmbShare
from connectors.smb_wire import Chain, Reply, Sendable
from tests.connectors.descriptors import allow, descriptor
from tests.connectors.servers.inline_smb import DENIED, LINK, InlineShare, Node

OPEN = descriptor(allow("S-1-1-0", 0x1F01FF))
NODES = {
    "": Node(number=1),
    "hr": Node(number=2),
    "hr\\leave.md": Node(b"Thirty days."),
    "notice.txt": Node(b"Closed."),
}


def share(**others: Node) -> tuple[SmbShare, InlineShare]:
    server = InlineShare(NODES | others)
    return SmbShare(server), server


def test_a_listing_has_every_page_and_the_folders_own_number() -> None:
    nodes = {"": Node(number=5)} | {f"{n}.txt": Node(b"") for n in range(10)}
    folder = SmbShare(InlineShare(nodes)).listing("")
    assert folder.number == 5
    assert [found.name for found in folder.found] == [f"{n}.txt" for n in range(10)]


def test_descriptors_come_in_order_and_what_cannot_be_had_is_none() -> None:
    asked, _ = share(shut=Node(b"", rights=None))
    paths = ["notice.txt", "gone.txt", "shut", "", *["hr"] * 70]
    assert list(asked.descriptors(paths)) == [OPEN, None, None, OPEN, *[OPEN] * 70]


def test_a_file_is_read_with_its_stamp() -> None:
    asked, server = share()
    content, stamp = asked.read("hr\\leave.md", max_bytes=12)
    assert content == b"Thirty days."
    assert stamp.size == 12
    assert server.asked == ["hr", "hr\\leave.md", "hr\\leave.md"]
    large = bytes(range(256)) * 5_000
    asked, _ = share(large=Node(large))
    assert asked.read("large", max_bytes=2**21)[0] == large
    asked, _ = share(empty=Node(b""))
    assert asked.read("empty", max_bytes=1)[0] == b""


@pytest.mark.parametrize(
    ("path", "node", "reason"),
    [
        pytest.param("x", Node(b"1234"), "larger than 3", id="too large"),
        pytest.param("x", Node(), "no regular file", id="a folder"),
        pytest.param("x", Node(b"", opens=DENIED), "may not be read", id="not ours to read"),
        pytest.param("x", Node(b"", tag=LINK), "symbolic link", id="a link"),
        pytest.param("x", Node(b"", opens=0x8000002D), "symbolic link", id="stopped at a link"),
        pytest.param("x", Node(b"", opens=0xC0000257), "symbolic link", id="on another server"),
    ],
)
def test_what_no_later_try_can_read_is_rejected(path: str, node: Node, reason: str) -> None:
    asked, _ = share(**{path: node})
    with pytest.raises(SourceRejectedError, match=reason):
        asked.read(path, max_bytes=3)


def test_a_link_on_the_way_is_never_gone_through() -> None:
    nodes = NODES | {"out": Node(tag=LINK), "out\\secret.txt": Node(b"not yours")}
    server = InlineShare(nodes)
    with pytest.raises(SourceRejectedError, match="symbolic link"):
        SmbShare(server).read("out\\secret.txt", max_bytes=100)


@pytest.mark.parametrize("status", [0xC0000034, 0xC0000043, 0xC000003A])
def test_what_a_later_try_may_read_is_an_outage(status: int) -> None:
    asked, _ = share(x=Node(b"", opens=status))
    with pytest.raises(SourceUnavailableError, match="at the moment"):
        asked.read("x", max_bytes=3)
    with pytest.raises(SourceUnavailableError, match="at the moment"):
        asked.read("gone", max_bytes=3)


def test_a_file_that_changes_while_it_is_read_is_noticed() -> None:
    def touch(server: InlineShare) -> None:
        server.nodes["notice.txt"] = Node(b"Closed.", changed=135_000_000_000_000_000)

    def cut(server: InlineShare) -> None:
        server.nodes["notice.txt"] = Node(b"")

    for change in (touch, cut):
        server = InlineShare(dict(NODES), while_read=change)
        with pytest.raises(SourceUnavailableError, match="changed while it was read"):
            SmbShare(server).read("notice.txt", max_bytes=100)


class Broken(InlineShare):
    """Answers one kind of request with bytes of its own."""

    command = 0
    reply = Reply(0, b"")

    def exchange(self, chains: Sequence[Chain]) -> Iterator[list[Reply]]:
        for chain, replies in zip(chains, super().exchange(chains), strict=True):
            yield [
                self.reply if int(message.COMMAND) == self.command else reply
                for message, reply in zip(chain, replies, strict=True)
            ]

    def ask(self, *chain: Sendable) -> list[Reply]:
        (replies,) = self.exchange([chain])
        return replies


def broken(command: int, reply: Reply) -> SmbShare:
    server = Broken(dict(NODES))
    server.command, server.reply = command, reply
    return SmbShare(server)


def test_answers_cut_short_are_no_answers() -> None:
    cut = Reply(0, struct.pack("<HHI", 9, 72, 99) + b"cut")
    assert list(broken(16, cut).descriptors(["hr"])) == [None]
    with pytest.raises(SourceUnavailableError, match="cut short"):
        broken(14, cut).listing("")
    with pytest.raises(SourceUnavailableError, match="cut short"):
        broken(16, Reply(0, b"")).read("notice.txt", max_bytes=100)
    with pytest.raises(SourceUnavailableError, match="cut short"):
        broken(5, Reply(0, b"")).listing("")
    with pytest.raises(SourceUnavailableError, match="stopped being read"):
        broken(8, Reply(0xC000009C, b"")).read("notice.txt", max_bytes=100)
    nothing = Reply(0, struct.pack("<HBBIII", 17, 80, 0, 0, 0, 0))
    with pytest.raises(SourceUnavailableError, match="changed"):
        broken(8, nothing).read("notice.txt", max_bytes=100)
    with pytest.raises(FolderRefusedError, match="broke off"):
        broken(14, Reply(DENIED, b"")).listing("")
