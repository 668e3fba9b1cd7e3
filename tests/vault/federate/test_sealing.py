"""What a browser keeps can neither be read nor changed by it, and ends."""

from datetime import timedelta

import pytest

from tests.conftest import Clock
from vault.domain.errors import UnauthenticatedError
from vault.federate.sealing import LONGEST, Sealing

HOUR = timedelta(hours=1)


@pytest.fixture
def sealing(clock: Clock) -> Sealing:
    return Sealing(b"k" * 32, now=clock)


def test_a_value_comes_back_for_its_purpose_until_it_ends(sealing: Sealing, clock: Clock) -> None:
    sealed = sealing.seal({"state": "secret"}, purpose="sign-in", lasts=HOUR)
    assert "secret" not in sealed
    assert "=" not in sealed
    assert sealing.open(sealed, purpose="sign-in") == {"state": "secret"}
    with pytest.raises(UnauthenticatedError):
        sealing.open(sealed, purpose="session")
    clock.forward(HOUR)
    with pytest.raises(UnauthenticatedError):
        sealing.open(sealed, purpose="sign-in")


def test_what_was_not_sealed_here_is_refused(sealing: Sealing, clock: Clock) -> None:
    sealed = sealing.seal({}, purpose="session", lasts=HOUR)
    foreign = Sealing(b"x" * 32, now=clock).seal({}, purpose="session", lasts=HOUR)
    changed = ("A" if sealed[20] != "A" else "B").join((sealed[:20], sealed[21:]))
    for text in ("", "A", "!!", "AAAA", foreign, changed, sealed[:-4], "A" * (LONGEST + 1), "é"):
        with pytest.raises(UnauthenticatedError):
            sealing.open(text, purpose="session")
