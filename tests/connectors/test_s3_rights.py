"""An S3 access list only allows; whom it does not name does not read."""

import json
from typing import Any

import pytest

from connectors.facts import EVERYONE
from connectors.s3_rights import hash_of, policy_denies, rights_of
from connectors.verdict import permits

GROUPS = "http://acs.amazonaws.com/groups/"


def acl(*grants: tuple[dict[str, str], str]) -> dict[str, Any]:
    return {"Grants": [{"Grantee": who, "Permission": what} for who, what in grants]}


ANNA = {"Type": "CanonicalUser", "ID": "anna"}


@pytest.mark.parametrize(
    ("grantee", "permission", "principal", "reads"),
    [
        (ANNA, "READ", "s3:anna", True),
        (ANNA, "FULL_CONTROL", "s3:anna", True),
        (ANNA, "FULL_CONTROL", "s3:bo", False),
        (ANNA, "WRITE", "s3:anna", False),
        (ANNA, "READ_ACP", "s3:anna", False),
        (ANNA, "WRITE_ACP", "s3:anna", False),
        ({"Type": "AmazonCustomerByEmail", "EmailAddress": "A@b.c"}, "READ", "mail:a@b.c", True),
        ({"Type": "Group", "URI": GROUPS + "global/AllUsers"}, "READ", "s3:bo", True),
        ({"Type": "Group", "URI": GROUPS + "global/AuthenticatedUsers"}, "READ", "s3:bo", True),
        ({"Type": "Group", "URI": GROUPS + "s3/LogDelivery"}, "READ", "s3:bo", False),
        ({"Type": "Robot", "ID": "r"}, "READ", "s3:r", False),
        ({"Type": "CanonicalUser"}, "READ", "s3:", False),
    ],
)
def test_who_reads(
    grantee: dict[str, str], permission: str, principal: str, *, reads: bool
) -> None:
    rights = rights_of("i", acl((grantee, permission)))
    assert permits(rights, frozenset({principal})) is reads


def test_no_grant_is_nobody_and_is_not_unknown() -> None:
    assert rights_of("i", acl()).entries == ()
    assert not permits(rights_of("i", {}), frozenset({EVERYONE, "s3:anna"}))


def test_the_hash_moves_with_every_grant() -> None:
    lists = [acl(), acl((ANNA, "READ")), acl((ANNA, "WRITE")), acl((ANNA, "READ"), (ANNA, "WRITE"))]
    assert len({hash_of(each) for each in lists}) == 4
    assert hash_of(lists[0]) == hash_of(lists[0] | {"ResponseMetadata": {"RequestId": "1"}})


@pytest.mark.parametrize(
    ("policy", "denies"),
    [
        (None, False),
        (json.dumps({"Statement": []}), False),
        (json.dumps({"Statement": {"Effect": "Allow"}}), False),
        (json.dumps({"Statement": [{"Effect": "Allow"}, {"Effect": "Deny"}]}), True),
        (json.dumps({"Statement": {"Effect": "Deny"}}), True),
        (json.dumps({"Statement": [{}]}), True),
        (json.dumps([]), True),
        ("", True),
        ("{", True),
    ],
)
def test_a_policy_that_may_deny_is_noticed(policy: str | None, *, denies: bool) -> None:
    assert policy_denies(policy) is denies
