"""What a text turns out to need: a level, and a description that its collection accepts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vault.domain.description import Description, DescriptionSchema
from vault.domain.documents import CharSpan, ParsedDocument
from vault.domain.findings import Finding, FindingKind
from vault.domain.labels import Classification
from vault.ingest.describe import Stated, describe
from vault.ingest.intake import Intake
from vault.ingest.prepared import digest_of, title_of
from vault.ingest.screen.levels import Levels
from vault.store.floors import Floor
from vault.store.session import Store


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was made of one parsed document before it is embedded.

    Attributes:
        intake: the rights it is taken in under, raised where its text needs it.
        description: its description.
        misfits: what its collection does not accept of it.
        floor: the level its text needs, or None.
        raised: whether the owner's own level lay below the floor.
    """

    intake: Intake
    description: Description
    misfits: tuple[Finding, ...] = ()
    floor: Floor | None = None
    raised: bool = False

    def note(self) -> str:
        """Return what to tell the owner, without any of the text; empty if nothing changed."""
        if not self.raised or self.floor is None:
            return ""
        names = ", ".join(name for name, _ in self.description.found) or "its source says so"
        return f"raised to {self.floor.level.word}: {names}"


class Assessor:
    """Assesses parsed documents, one after the other, under the rules of one home.

    Args:
        store: the database.
        levels: which finding needs which level.
    """

    def __init__(self, store: Store, *, levels: Levels) -> None:
        self._store = store
        self._levels = levels

    def assess(
        self,
        uri: str,
        parsed: ParsedDocument,
        intake: Intake,
        *,
        modified_at: datetime,
        facts: Mapping[str, str],
    ) -> Assessment:
        """Return what a document needs; its level is raised where it must be, never lowered.

        Args:
            uri: where its source keeps it.
            parsed: its text.
            intake: the rights and rules its owner states.
            modified_at: when it last changed, as its source says.
            facts: what else its source says; its ``classification`` raises as the text does,
                and one that nobody can read holds the document back.
        """
        found = self._levels.of(parsed.text)
        word = facts.get("classification", "").strip()
        stated_level = self._levels.named(word) if word else None
        needed = max(filter(None, (found.floor, stated_level)), default=None)
        floor = self._floor(uri, parsed, intake, needed)
        access = intake.access if floor is None else floor.under(intake.access)
        stated = Stated(
            facts,
            intake.source_id,
            title_of(intake.title, parsed.title, uri),
            intake.modified_at or modified_at,
            intake.governance.record_class,
        )
        schema = self._schema(intake.access.collection)
        description, misfits = describe(stated, parsed, schema, found=found.found)
        if word and stated_level is None:
            misfits = (*misfits, _unreadable_level())
        return Assessment(
            intake=intake.with_changes(access=access),
            description=description,
            misfits=misfits,
            floor=floor,
            raised=access is not intake.access,
        )

    def _floor(
        self, uri: str, parsed: ParsedDocument, intake: Intake, needed: Classification | None
    ) -> Floor | None:
        if needed is None:
            return None
        digest = digest_of(parsed.text.encode())
        with self._store.read() as unit:
            held = unit.documents.find(intake.source_id, uri)
            before = None if held is None else unit.floors.of(held.document.id)
        if before is not None and before.lowered_text == digest:
            # Two persons agreed on less for this very text.
            return before
        return Floor(needed, digest)

    def _schema(self, collection: str) -> DescriptionSchema:
        with self._store.read() as unit:
            body = unit.description_schemas.of(collection)
        return DescriptionSchema() if body is None else DescriptionSchema.of(body)


def _unreadable_level() -> Finding:
    return Finding(FindingKind.DESCRIPTION, CharSpan(0, 0), "unreadable:classification")
