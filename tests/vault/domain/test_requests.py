"""A request is decided once, in time, and as the thing that was shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vault.domain.errors import InvalidRequestError
from vault.domain.requests import Request, Verdict

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=14)
REQUEST = Request("r1", "disposition", {}, "sha256:1", "user:ruth", START, END)


def test_an_open_request_may_be_decided_until_it_expires() -> None:
    REQUEST.check_open(digest="sha256:1", now=END - timedelta(microseconds=1))
    with pytest.raises(InvalidRequestError, match="expired"):
        REQUEST.check_open(digest="sha256:1", now=END)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_decided_request_stays_decided(verdict: Verdict) -> None:
    decided = replace(REQUEST, verdict=verdict)
    with pytest.raises(InvalidRequestError, match=f"{verdict.value} before"):
        decided.check_open(digest="sha256:1", now=START)


def test_another_digest_is_another_request() -> None:
    with pytest.raises(InvalidRequestError, match="not the one"):
        REQUEST.check_open(digest="sha256:2", now=START)
