"""A filter finds exactly what it names, and one that is not understood finds nothing."""

import pytest

from vault.api.scim.failures import ScimError
from vault.api.scim.filters import LONGEST, parse_filter

ANN = {"id": "user-ann", "userName": "Ann", "externalId": "Ab", "active": True}
STAFF = {"id": "group-staff", "displayName": "Staff", "members": [{"value": "user-ann"}]}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('userName eq "ann"', True),
        ('USERNAME EQ "ANN"', True),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann"', True),
        ('userName eq "anna"', False),
        ('externalId eq "Ab"', True),
        ('externalId eq "ab"', False),
        ("active eq true", True),
        ("active eq True", True),
        ("active eq false", False),
        ('active eq "true"', False),
        ('userName eq "ann" and active eq true', True),
        ('userName eq "ann" and active eq false', False),
        ('displayName eq "Ann"', False),
        ("displayName eq null", True),
        ("userName eq 7", False),
    ],
)
def test_a_person_fits_or_does_not(text: str, fits: bool) -> None:
    assert parse_filter(text)(ANN) is fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('members eq "user-ann"', True),
        ('members.value eq "user-ann"', True),
        ('members eq "USER-ANN"', False),
        ('id eq "group-staff" and members eq "user-bo"', False),
    ],
)
def test_a_group_fits_by_its_members(text: str, fits: bool) -> None:
    assert parse_filter(text)(STAFF) is fits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "userName",
        'userName co "a"',
        'userName eq "a" or active eq true',
        '(userName eq "a")',
        'not userName eq "a"',
        'emails.value eq "a"',
        'userName eq "a" and',
        "userName eq a",
        'userName eq "a',
        'userName eq "a"' + " " * LONGEST,
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ScimError) as refusal:
        parse_filter(text)
    assert (refusal.value.status, refusal.value.kind) == (400, "invalidFilter")
