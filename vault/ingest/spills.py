"""Spill alarms: the same text under two classifications means that one of them is wrong."""

import uuid

from vault.domain.documents import Revision
from vault.domain.identity import Subject
from vault.ledger.journal import Journal
from vault.store.session import UnitOfWork
from vault.store.twins import Twin

SPILL = "document.spilled"
"""What the ledger says of each document whose text is held under another level too."""
FEWEST_CHARACTERS = 100
"""A shorter text is a form's or a cover's, and its like says nothing."""


def note_spills(
    unit: UnitOfWork, journal: Journal, revision: Revision, *, subject: Subject | None
) -> int:
    """Record an alarm about each document that shares a text with one under another level.

    Each alarm is about one document and names no other; both bear the same random id, by which
    an auditor finds them together.

    Returns:
        How many documents there was an alarm about.
    """
    if revision.characters < FEWEST_CHARACTERS:
        return 0
    twins = unit.twins.of(revision.text_digest)
    if len({twin.classification for twin in twins}) < 2:
        return 0
    alarm = str(uuid.uuid4())
    for twin in twins:
        _note(unit, journal, twin, alarm, subject)
    return len(twins)


def _note(
    unit: UnitOfWork, journal: Journal, twin: Twin, alarm: str, subject: Subject | None
) -> None:
    journal.note(
        unit,
        SPILL,
        subject=subject,
        about=twin.document_id,
        facts={
            "document_id": twin.document_id,
            "classification": twin.classification.word,
            "alarm": alarm,
        },
    )
