"""Only a person who is known here and may sign in is let in by an issuer."""

import pytest

from tests.conftest import Clock
from vault.domain.errors import UnauthenticatedError
from vault.federate.persons import person_named, with_groups
from vault.store.session import Store


def test_a_person_is_found_by_the_sign_in_name(peopled: Store, clock: Clock) -> None:
    with peopled.write() as unit:
        assert person_named(unit, "ana", exact=True).id == "ana"
        assert person_named(unit, "ANA", exact=False).id == "ana"
        unit.provisioned.note("user:bo", name="bo@x.org", external_id=None, now=clock())
        assert person_named(unit, "Bo@X.org", exact=False).id == "bo"


@pytest.mark.parametrize("name", ["nobody", "bot", "ANA", "", "%", "an_"])
def test_nobody_else_is(name: str, peopled: Store) -> None:
    with peopled.read() as unit, pytest.raises(UnauthenticatedError):
        person_named(unit, name, exact=True)


def test_a_person_who_is_inactive_gone_or_not_the_only_one_is_refused(
    peopled: Store, clock: Clock
) -> None:
    with peopled.write() as unit:
        unit.provisioned.note("user:bo", name="ana", external_id=None, now=clock())
        with pytest.raises(UnauthenticatedError):
            person_named(unit, "ana", exact=True)
        unit.provisioned.set_person("ana", display_name="", active=False)
        with pytest.raises(UnauthenticatedError):
            person_named(unit, "ana", exact=True)
        unit.provisioned.note("user:ana", name="x", external_id=None, now=clock())
        assert person_named(unit, "ana", exact=True).id == "bo"
        unit.provisioned.note("user:bo", name="ana", external_id=None, now=clock(), gone=True)
        with pytest.raises(UnauthenticatedError):
            person_named(unit, "ana", exact=True)


def test_groups_that_exist_are_added_with_those_around_them(peopled: Store) -> None:
    with peopled.read() as unit:
        ana = person_named(unit, "ana", exact=True)
        more = with_groups(unit, ana, frozenset({"board", "unheard-of"}))
        assert more.groups == {"everyone", "staff", "board", "owners"}
        assert more.clearance == ana.clearance
        assert with_groups(unit, ana, frozenset({"unheard-of"})) is ana
