"""Questions are drawn from the home's own chunks, the same every time, or read from a file."""

import json
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.vault.conftest import Plant
from tests.vault.lifecycle.worlds import PAPERS, fill
from vault.domain.errors import InvalidRequestError
from vault.lifecycle.known_items import KnownItem, drawn, live_chunks, read_questions


def chunk_of(plant: Plant, document_id: str) -> int:
    with plant.store.read() as unit:
        [chunk_id] = [
            row.chunk_id
            for rows in live_chunks(unit)
            for row in rows
            if row.document_id == document_id
        ]
    return chunk_id


def test_a_question_is_every_second_telling_word_of_one_sentence(
    plant: Plant, clock: Clock
) -> None:
    kept = fill(plant, clock, {"leave.md": PAPERS["leave.md"]})
    chunk_id = chunk_of(plant, kept["leave.md"])
    [item] = drawn(plant.store, count=5)
    assert item == KnownItem("Annual thirty everyone here year", frozenset({chunk_id}))


def test_the_same_seed_draws_the_same_questions(plant: Plant, clock: Clock) -> None:
    fill(plant, clock)
    assert drawn(plant.store, count=3) == drawn(plant.store, count=3)
    assert len(drawn(plant.store, count=2)) == 2
    assert len({tuple(drawn(plant.store, count=1, seed=seed)) for seed in range(8)}) > 1


def test_a_script_without_spaces_gives_the_middle_of_its_sentence(
    plant: Plant, clock: Clock
) -> None:
    sentence = "紧急出口在走廊的尽头并且任何时候都必须保持畅通无阻不得堆放杂物。"
    fill(plant, clock, {"cn.md": sentence})
    [item] = drawn(plant.store, count=1)
    assert 0 < len(item.question) < 20
    assert item.question in sentence


def test_sentences_too_short_to_know_a_place_by_give_no_question(
    plant: Plant, clock: Clock
) -> None:
    fill(plant, clock, {"short.md": "Yes. No. Perhaps."})
    assert drawn(plant.store, count=5) == []


def test_a_file_names_documents_by_id_or_by_the_end_of_their_address(
    plant: Plant, clock: Clock, tmp_path: Path
) -> None:
    kept = fill(plant, clock)
    lines = [
        {"question": "Who gets leave?", "document": kept["leave.md"], "kind": "fact"},
        {"question": "Trains?", "document": "travel.md"},
        {"question": "What is not held?", "document": "absent.md"},
        {"question": "No document?", "document": ""},
        {"question": "A part of a name?", "document": "eave.md"},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n")
    assert read_questions(plant.store, path) == [
        KnownItem("Who gets leave?", frozenset({chunk_of(plant, kept["leave.md"])})),
        KnownItem("Trains?", frozenset({chunk_of(plant, kept["travel.md"])})),
    ]


@pytest.mark.parametrize("content", [b"not json", b"[1]", b"{}", b"3", b"\xff"])
def test_a_file_of_another_kind_is_refused(plant: Plant, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    with pytest.raises(InvalidRequestError):
        read_questions(plant.store, path)
    with pytest.raises(InvalidRequestError):
        read_questions(plant.store, tmp_path / "absent")
