"""Copies of documents, and spills among them, reported to those who answer for them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vault.domain.identity import Subject
from vault.ingest.duplicates import SKETCH, groups
from vault.lifecycle.authority import decides_over
from vault.policy.engine import PolicyEngine
from vault.retrieve.forms import label_form
from vault.retrieve.permissions import Permissions
from vault.store.documents import LIVE, KeptDocument
from vault.store.session import Store, UnitOfWork

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Copies:
    """Documents that say the same, as one subject may see them.

    Attributes:
        documents: those the subject owns or may read, oldest first.
        exact: whether their texts are equal to the letter.
        spill: whether the same text is held under another level too; by whom and where is
            shown only to a subject that owns or may read that side as well.
    """

    documents: tuple[KeptDocument, ...]
    exact: bool
    spill: bool


def copies_form(copies: Copies) -> dict[str, object]:
    """Return the public JSON form of documents that say the same."""
    return {
        "exact": copies.exact,
        "spill": copies.spill,
        "documents": [
            {
                "document_id": kept.document.id,
                "title": kept.document.title,
                "uri": kept.document.uri,
                "owner": kept.document.governance.owner,
                "label": label_form(kept.document.access.label),
            }
            for kept in copies.documents
        ],
    }


class DuplicateDesk:
    """Finds copies over the whole vault and shows each subject its own part of them.

    Args:
        store: the database.
        policy: decides whose documents they are.
        permissions: tells what a subject may read.
    """

    def __init__(self, store: Store, *, policy: PolicyEngine, permissions: Permissions) -> None:
        self._store = store
        self._policy = policy
        self._permissions = permissions

    def report(self, subject: Subject | None, *, owner: str | None = None) -> list[Copies]:
        """Return the copies among which the subject owns a document, spills first.

        A copy that the subject neither owns nor may read is left out, and so is a group of
        which nothing but one document remains, unless that one spilled: then its owner has to
        know, and learns nothing of the other side.

        Args:
            subject: who asks; None is the operator at the home, who sees all.
            owner: only groups with a document of this owner.
        """
        with self._store.read() as unit:
            live = [kept for kept in unit.documents.everything() if _is_live(kept)]
            readable = self._readable(unit, subject, live)
            texts = _by_text(live)
            exact = [_Group(tuple(each), exact=True) for each in texts.values() if len(each) > 1]
            found = [*exact, *_near(unit, texts)]
        shown = (self._shown(each, subject, readable, owner) for each in found)
        return sorted(
            (copies for copies in shown if copies is not None),
            key=lambda copies: (
                not copies.spill,
                not copies.exact,
                copies.documents[0].document.id,
            ),
        )

    def _readable(
        self, unit: UnitOfWork, subject: Subject | None, live: Sequence[KeptDocument]
    ) -> frozenset[str]:
        if subject is None:
            return frozenset(kept.document.id for kept in live)
        labels = frozenset(self._permissions.visible(unit, subject).label_ids)
        return frozenset(kept.document.id for kept in live if kept.access_label_id in labels)

    def _shown(
        self,
        found: "_Group",
        subject: Subject | None,
        readable: frozenset[str],
        owner: str | None,
    ) -> Copies | None:
        own = [kept for kept in found.members if self._owns(kept, subject)]
        if owner is not None:
            own = [kept for kept in own if kept.document.governance.owner == owner]
        if not own:
            return None
        mine = {kept.document.id for kept in own}
        seen = [
            kept
            for kept in found.members
            if kept.document.id in mine or kept.document.id in readable
        ]
        spill = found.exact and any(found.spilled(kept) for kept in own)
        if len(seen) < 2 and not spill:
            return None
        seen.sort(key=lambda kept: (kept.document.captured_at, kept.document.id))
        return Copies(tuple(seen), found.exact, spill)

    def _owns(self, kept: KeptDocument, subject: Subject | None) -> bool:
        return subject is None or decides_over(self._policy, kept, subject)


@dataclass(frozen=True, slots=True)
class _Group:
    """Documents that say the same, whoever may see them."""

    members: tuple[KeptDocument, ...]
    exact: bool

    def spilled(self, kept: KeptDocument) -> bool:
        level = kept.document.access.label.classification
        return any(each.document.access.label.classification != level for each in self.members)


def _is_live(kept: KeptDocument) -> bool:
    return kept.document.revision is not None and kept.document.state.value in LIVE


def _digest(kept: KeptDocument) -> str:
    return "" if kept.document.revision is None else kept.document.revision.text_digest


def _by_text(live: Iterable[KeptDocument]) -> dict[str, list[KeptDocument]]:
    texts: dict[str, list[KeptDocument]] = defaultdict(list)
    for kept in live:
        texts[_digest(kept)].append(kept)
    return texts


def _near(unit: UnitOfWork, texts: Mapping[str, Sequence[KeptDocument]]) -> Iterator[_Group]:
    """Yield groups of near copies; one sketch stands for all texts equal to the letter."""
    classes = list(texts.values())
    revisions = [first.document.revision.id for first, *_ in classes if first.document.revision]
    sketches: dict[str, bytes] = {}
    for start in range(0, len(revisions), _AT_ONCE):
        sketches |= unit.blobs.get_many(revisions[start : start + _AT_ONCE], SKETCH)
    for places in groups([sketches.get(revision, b"") for revision in revisions]):
        yield _Group(tuple(kept for place in places for kept in classes[place]), exact=False)
