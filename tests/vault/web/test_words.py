"""Every reason not to answer has its plain words."""

from vault.domain.evidence import AbstentionReason
from vault.web.words import REASONS, reason_words


def test_no_two_reasons_sound_alike() -> None:
    assert len({reason_words(reason) for reason in REASONS}) == len(AbstentionReason)


def test_a_reason_of_a_later_release_is_still_told() -> None:
    assert reason_words("not_yet_known").startswith("There is not enough")
