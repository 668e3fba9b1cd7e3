"""Items come in whole or not at all, in order, and a broken one stops no other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
import pytest

from models.base import ModelError, Purpose
from tests.conftest import Clock
from tests.vault.conftest import CountingEmbedder, PlainParser, Plant
from vault.domain.documents import CharSpan, Element, ElementKind, ParsedDocument
from vault.domain.errors import ModelUnavailableError, UnsupportedDocumentError, VaultError
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.pipeline import CHUNKS_AT_ONCE, DEEPEST_ATTACHMENT, Incoming, Pipeline
from vault.ingest.report import ItemOutcome, ItemState


class Nesting:
    """Takes ``outer>inner`` for a text with one attachment, whose text is ``inner``."""

    def parse_many(self, files: Iterable[Attachment]) -> Iterator[Parsed | VaultError]:
        for file in files:
            text, _, inside = file.content.decode().partition(">")
            element = Element(ElementKind.PARAGRAPH, CharSpan(0, len(text)))
            document = ParsedDocument(text, (element,), "", "text/plain", "plain", 1.0)
            inner = (Attachment(f"{inside}.txt", inside.encode(), None),) if inside else ()
            notes = ("an image holds no text",) if text == "noted" else ()
            yield Parsed(document, inner, notes)


@dataclass
class BatchingEmbedder(CountingEmbedder):
    """Remembers how many texts came at once."""

    batches: list[int] = field(default_factory=list)

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        self.batches.append(len(texts))
        return super().embed(texts, purpose=purpose)


class FailingEmbedder(CountingEmbedder):
    """Runs out of memory."""

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        raise ModelError("out of memory")


def pipeline(plant: Plant, clock: Clock, *, parser: object, embedder: object) -> Pipeline:
    return Pipeline(
        plant.store, parser=parser, embedder=lambda: embedder, keeper=plant.keeper, now=clock
    )


def incoming(plant: Plant, *texts: str) -> list[Incoming]:
    return [
        Incoming(
            uri=f"file:///{place}.txt",
            name=f"{place}.txt",
            content=text.encode(),
            version="1",
            modified_at=datetime(2026, 11, 1, tzinfo=UTC),
            intake=plant.intake(),
        )
        for place, text in enumerate(texts)
    ]


def states(outcomes: Iterable[ItemOutcome]) -> list[str]:
    return [outcome.state.value for outcome in outcomes]


def test_a_broken_item_is_set_aside_and_the_others_come_in(plant: Plant, clock: Clock) -> None:
    found = pipeline(plant, clock, parser=PlainParser(), embedder=plant.embedder)
    outcomes = list(found.run(incoming(plant, "One.", "broken", "Three.")))
    assert sorted(states(outcomes)) == ["ingested", "ingested", "quarantined"]
    [aside] = [each for each in outcomes if each.state is ItemState.QUARANTINED]
    assert (aside.uri, aside.problem) == ("file:///1.txt", "unsupported-document")
    assert aside.reason == "the file is damaged"
    with plant.store.read() as unit:
        [letter] = unit.sources.dead_letters("shelf")
        assert letter.owner == "olga"
        assert unit.items.held("shelf").keys() == {"file:///0.txt", "file:///2.txt"}


def test_each_text_goes_to_its_own_document(plant: Plant, clock: Clock) -> None:
    found = pipeline(plant, clock, parser=PlainParser(), embedder=plant.embedder)
    outcomes = list(found.run(incoming(plant, "One.", "Two words.", "Three little words.")))
    with plant.store.read() as unit:
        for outcome, text in zip(
            outcomes, ("One.", "Two words.", "Three little words."), strict=True
        ):
            kept = unit.documents.get(outcome.document_id or "")
            assert kept is not None
            assert kept.document.revision is not None
            assert unit.content.text(kept.document.revision.id) == text
            assert outcome.characters == len(text)
            assert outcome.chunks == 1


def test_without_items_no_model_is_loaded(plant: Plant, clock: Clock) -> None:
    def load() -> CountingEmbedder:
        raise AssertionError("nothing needed a vector")

    found = Pipeline(
        plant.store, parser=PlainParser(), embedder=load, keeper=plant.keeper, now=clock
    )
    assert list(found.run([])) == []
    assert states(found.run(incoming(plant, "broken"))) == ["quarantined"]


def test_texts_of_several_documents_are_embedded_together(plant: Plant, clock: Clock) -> None:
    embedder = BatchingEmbedder()
    found = pipeline(plant, clock, parser=PlainParser(), embedder=embedder)
    long = ("word " * 99 + "End. ") * CHUNKS_AT_ONCE
    chunks = [each.chunks for each in found.run(incoming(plant, long, long, "Short.", long))]
    assert chunks[0] < CHUNKS_AT_ONCE <= chunks[0] + chunks[1]
    assert embedder.batches == [chunks[0] + chunks[1], chunks[2] + chunks[3]]


def test_texts_under_another_label_are_never_in_the_same_batch(plant: Plant, clock: Clock) -> None:
    embedder = BatchingEmbedder()
    found = pipeline(plant, clock, parser=PlainParser(), embedder=embedder)
    items = incoming(plant, "One.", "Two.", "Three.", "Four.", "Five.")
    for place in (1, 3):
        items[place] = replace(items[place], intake=plant.intake("user:olga"))
    assert states(found.run(items)) == ["ingested"] * 5
    assert embedder.batches == [3, 2]


def test_what_waits_under_many_labels_is_bounded(plant: Plant, clock: Clock) -> None:
    embedder = BatchingEmbedder()
    found = Pipeline(
        plant.store,
        parser=PlainParser(),
        embedder=lambda: embedder,
        keeper=plant.keeper,
        now=clock,
        most_waiting=3,
    )
    items = [
        replace(item, intake=plant.intake("group:staff", f"user:p{place}"))
        for place, item in enumerate(incoming(plant, "One.", "Two.", "Three.", "Four."))
    ]
    outcomes = found.run(iter(items))
    assert next(outcomes).uri == "file:///0.txt"
    assert len(embedder.embedded) == 1
    assert states(outcomes) == ["ingested"] * 3
    assert embedder.batches == [1, 1, 1, 1]


def test_what_is_embedded_is_kept_before_more_is_read(plant: Plant, clock: Clock) -> None:
    found = pipeline(plant, clock, parser=PlainParser(), embedder=plant.embedder)
    long = ("word " * 99 + "End. ") * (2 * CHUNKS_AT_ONCE)
    read: list[str] = []

    def items() -> Iterator[Incoming]:
        for item in incoming(plant, long, long, long):
            read.append(item.uri)
            yield item

    next(found.run(items()))
    assert read == ["file:///0.txt"]
    assert plant.states() == {"0.txt": "current"}


def test_texts_under_different_labels_are_never_embedded_together(
    plant: Plant, clock: Clock
) -> None:
    embedder = BatchingEmbedder()
    found = pipeline(plant, clock, parser=PlainParser(), embedder=embedder)
    items = incoming(plant, *(f"Paper {number}." for number in range(8)))
    hidden = plant.intake("user:olga")
    mixed = [
        replace(item, intake=hidden) if place % 2 else item for place, item in enumerate(items)
    ]
    assert len(list(found.run(mixed))) == len(items)
    assert embedder.batches == [4, 4]
    assert [text[-2] for text in embedder.embedded] == list("02461357")


def test_a_model_that_fails_stops_the_run_and_leaves_no_half_document(
    plant: Plant, clock: Clock
) -> None:
    found = pipeline(plant, clock, parser=PlainParser(), embedder=FailingEmbedder())
    with pytest.raises(ModelUnavailableError, match="the embedder failed"):
        list(found.run(incoming(plant, "One.")))
    assert plant.states() == {}


def test_an_attachment_comes_in_under_the_rights_of_what_it_is_inside(
    plant: Plant, clock: Clock
) -> None:
    found = pipeline(plant, clock, parser=Nesting(), embedder=plant.embedder)
    outer, inner = found.run(incoming(plant, "letter>table"))
    assert inner.uri == f"{outer.uri}#attachment-1"
    with plant.store.read() as unit:
        parent = unit.documents.get(outer.document_id or "")
        [child] = unit.documents.children(outer.document_id or "")
    assert parent is not None
    assert child.document.id == inner.document_id
    assert child.document.title == "table.txt"
    assert child.access_label_id == parent.access_label_id
    assert child.document.governance == parent.document.governance


def test_nesting_ends_at_the_deepest_level(plant: Plant, clock: Clock) -> None:
    class Endless(Nesting):
        def parse_many(self, files: Iterable[Attachment]) -> Iterator[Parsed | VaultError]:
            for file in files:
                [parsed] = super().parse_many([Attachment(file.name, b"more>more", None)])
                yield parsed

    found = pipeline(plant, clock, parser=Endless(), embedder=plant.embedder)
    outcomes = list(found.run(incoming(plant, "more>more")))
    assert [each.uri.count("#") for each in outcomes] == list(range(DEEPEST_ATTACHMENT + 1))


def test_what_a_parser_notes_is_told(plant: Plant, clock: Clock) -> None:
    found = pipeline(plant, clock, parser=Nesting(), embedder=plant.embedder)
    noted, plain = found.run(incoming(plant, "noted", "plain"))
    assert noted.reason == "an image holds no text"
    assert plain.reason is None


def test_a_letter_keeps_the_rights_of_the_item_that_failed(plant: Plant, clock: Clock) -> None:
    found = pipeline(plant, clock, parser=PlainParser(), embedder=plant.embedder)
    with plant.store.read() as unit:
        epoch = unit.epoch()
    found.bury("file:///x", "v1", plant.intake("user:olga"), UnsupportedDocumentError("no"))
    with plant.store.read() as unit:
        [letter] = unit.sources.dead_letters("shelf")
        label = unit.labels.all()[letter.access_label_id]
        assert unit.epoch() == epoch + 1
    assert label.readers == {"user:olga"}
    assert (letter.version, letter.failed_at) == ("v1", clock())
