"""Of several identifiers the most specific decides, and among equals the one that withholds."""

import pytest

from connectors.imap_rights import hash_of, rights_of
from connectors.verdict import permits

BOB = frozenset({"name:bob", "group:staff", "group:legal"})


@pytest.mark.parametrize(
    ("acl", "reads"),
    [
        ([("bob", "lr")], True),
        ([("bob", "lswipkxtea")], False),
        ([("user=bob", "r")], True),
        ([("carl", "lr")], False),
        ([("anyone", "lr")], True),
        ([("authenticated", "r")], True),
        ([("anyone", "lr"), ("bob", "l")], False),
        ([("anyone", "l"), ("bob", "lr")], True),
        ([("group=staff", "lr")], True),
        ([("$staff", "lr")], True),
        ([("group=staff", "l"), ("anyone", "lr")], False),
        ([("group=legal", "lr"), ("group=staff", "l")], False),
        ([("group=staff", "l"), ("bob", "lr")], True),
        ([("group-override=staff", "l"), ("bob", "lr")], False),
        ([("bob", "lr"), ("-bob", "r")], False),
        ([("bob", "lr"), ("-bob", "w")], True),
        ([("anyone", "lr"), ("-group=staff", "r")], False),
        ([("owner", "lr")], False),
        ([], False),
    ],
)
def test_who_reads(acl: list[tuple[str, str]], *, reads: bool) -> None:
    assert permits(rights_of("i", acl), BOB) is reads


def test_nobody_is_told_from_unknown() -> None:
    assert rights_of("i", []).entries == ()
    assert rights_of("i", None).entries is None
    assert hash_of(None) != hash_of([])
    assert hash_of([("bob", "lr")]) != hash_of([("bob", "l")])
