"""Measure answers on public question sets: quotes, refusals, evidence held, and time."""

import argparse
import json
from pathlib import Path

import numpy as np
from llama_cpp import Llama

from models.registry import load_embedder, load_generator
from scripts.bench.answers_cases import World, vectors_path
from scripts.bench.answers_embedder import RememberingEmbedder
from scripts.bench.answers_measures import (
    Texts,
    first_sentence,
    outcomes,
    quality,
    question_embedding,
    span_overhead,
)
from scripts.bench.answers_sets import Question, load_set
from vault.answer.answerer import Answerer
from vault.answer.gate import Gate

CORES = 1


def main() -> None:
    """Print one table per set, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--retrieval", type=Path, required=True, help="folder of question sets")
    parser.add_argument("--models", type=Path, required=True, help="folder of model folders")
    parser.add_argument("--cache", type=Path, required=True, help="where vectors are kept")
    parser.add_argument("--set", action="append", dest="sets", help="clapnq and xquad-en if absent")
    parser.add_argument("--limit", type=int, default=600, help="questions of each set")
    parser.add_argument("--timed", type=int, default=0, help="questions that are also timed")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = {name: _measured(name, options) for name in options.sets or ["clapnq", "xquad-en"]}
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for name, figures in found.items():
        print(f"\n| {name} | |\n|---|---|")
        print("\n".join(f"| {key} | {value:.4g} |" for key, value in figures.items()))


def _measured(name: str, options: argparse.Namespace) -> dict[str, float]:
    model = load_embedder(options.models / "all-minilm-l6-v2", threads=CORES)
    embedder = RememberingEmbedder(model, vectors_path(options.cache, name))
    world = World(load_set(options.retrieval / name), embedder)
    draws = np.random.default_rng(11).permutation(len(world.questions.questions))
    asked = [world.questions.questions[n] for n in draws[: options.limit]]
    # A set without hopeless questions gets them by taking the evidence away.
    delete = all(one.answerable for one in world.questions.questions)
    answerer = Answerer(embedder, None, Gate.load())
    figures = quality(outcomes(world, answerer, asked, delete=delete), world)
    embedder.save()
    if options.timed:
        some = [one for one in asked if one.answerable][: options.timed]
        figures |= _timed(world, some, options.models)
    return figures


def _timed(world: World, asked: list[Question], models: Path) -> dict[str, float]:
    embedder = load_embedder(models / "all-minilm-l6-v2", threads=CORES)
    folder = models / "smollm2-135m-instruct"
    generator = load_generator(folder, threads=CORES)
    weights = next(folder.glob("*.gguf"))
    raw = Llama(
        str(weights), n_ctx=2048, n_threads=CORES, n_threads_batch=CORES, flash_attn=True,
        verbose=False,
    )  # fmt: skip
    retrievals = [world.retrieve(one.text)[0] for one in asked]
    texts = Texts(world)
    embedder.embed(["warm"])
    figures = {
        "question embedding, ms p50": question_embedding(embedder, [r.question for r in retrievals])
    }
    figures |= first_sentence(Answerer(embedder, None, Gate.load()), retrievals, texts)
    answerer = Answerer(embedder, generator, Gate.load())
    for retrieval in retrievals:
        next(answerer.stream(retrieval, prefix_scope="bench", read_span=texts))
    return figures | span_overhead(answerer, generator, raw, retrievals, texts)


if __name__ == "__main__":
    main()
