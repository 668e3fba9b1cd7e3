"""Fit the abstention gate on public question sets and report how it does on sets left out."""

import argparse
from pathlib import Path

from models.manifest import load
from models.sentence_transformers_embedder import SentenceTransformersEmbedder
from scripts.bench.answers_cases import Cases, World, vectors_path
from scripts.bench.answers_embedder import RememberingEmbedder
from scripts.bench.answers_gate import fitted, held_out
from scripts.bench.answers_sets import QuestionSet, load_set, sample
from vault.answer.gate import SHIPPED, Bands, Gate

TRAINING = ("clapnq", "conflictnq", "scifact", "xquad-en")
BANDS = Bands(answer=0.52, related=0.25)


def main() -> None:
    """Write the gate and print a table of what it does on each set when left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--retrieval", type=Path, required=True, help="folder of question sets")
    parser.add_argument("--model", type=Path, required=True, help="folder of the embedder")
    parser.add_argument("--cache", type=Path, required=True, help="where vectors are kept")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")
    options = parser.parse_args()
    model = SentenceTransformersEmbedder(options.model, load(options.model), threads=1)
    sets = {name: _set(options.retrieval / name) for name in TRAINING}
    found: list[Cases] = []
    for name, questions in sets.items():
        embedder = RememberingEmbedder(model, vectors_path(options.cache, name))
        found += World(questions, embedder).cases(_foreign(sets, name))
        embedder.save()
    figures = held_out(found, BANDS)
    if not options.dry_run:
        gate = Gate(fitted(found), BANDS, trained_on=TRAINING, figures=figures)
        gate.save(options.output)


def _set(folder: Path) -> QuestionSet:
    questions = load_set(folder)
    large = len(questions.texts) > 5000
    return sample(questions, answered=150, others=1000, seed=5) if large else questions


def _foreign(sets: dict[str, QuestionSet], name: str) -> list[str]:
    # Two of the sets ask about the same encyclopaedia, so neither is foreign to the other.
    alike = {"clapnq", "conflictnq"} if name in {"clapnq", "conflictnq"} else {name}
    return [
        one.text
        for other, questions in sets.items()
        if other not in alike
        for one in questions.questions[:60]
    ]


if __name__ == "__main__":
    main()
