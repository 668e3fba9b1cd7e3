"""A source fails for now or for good, and a wrong setting is neither."""

import pytest

from connectors.errors import (
    ConnectorConfigError,
    SourceError,
    SourceRejectedError,
    SourceUnavailableError,
)


@pytest.mark.parametrize("kind", [SourceUnavailableError, SourceRejectedError])
def test_both_ways_to_fail_are_failures_of_the_source(kind: type[SourceError]) -> None:
    with pytest.raises(SourceError, match="the share is gone"):
        raise kind("the share is gone")


def test_for_now_and_for_good_are_never_mistaken_for_each_other() -> None:
    assert not issubclass(SourceUnavailableError, SourceRejectedError)
    assert not issubclass(SourceRejectedError, SourceUnavailableError)


def test_a_wrong_setting_is_not_a_failure_of_the_source() -> None:
    assert not issubclass(ConnectorConfigError, SourceError)
    assert issubclass(ConnectorConfigError, ValueError)
