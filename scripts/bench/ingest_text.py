"""What screening of text costs and finds, and how fast near copies are found."""

import argparse
import time
from collections import Counter
from pathlib import Path

import numpy as np

from vault.ingest.duplicates import groups, sketches
from vault.ingest.screen.levels import SHIPPED, read_levels, sensitive
from vault.ingest.screen.screening import screen

EDITED = 10
"""One text in so many is an edited copy of another."""


def show_screening(options: argparse.Namespace) -> None:
    """Print MB a second, hits by rule, and how many texts would be raised."""
    texts = [text for path in sorted(options.data.rglob("*")) if (text := _text(path))]
    size = sum(map(len, texts)) / 1e6
    levels = read_levels(SHIPPED)
    hits: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    started = time.thread_time()
    for text in texts:
        hits.update(f"{found.kind.value}:{found.rule}" for found in sensitive(text))
    seconds = time.thread_time() - started
    for text in texts:
        floor = levels.of(text).floor
        raised["no" if floor is None else floor.word] += 1
    held = time.thread_time()
    suspicious = sum(bool(screen(text)) for text in texts)
    held = time.thread_time() - held
    print(f"{len(texts)} texts, {size:.1f} M characters")
    print(f"sensitivity {size / seconds:.1f} M characters/s, suspicion {size / held:.1f}")
    print(f"raised: {dict(raised)}; held back: {suspicious}; hits: {dict(hits)}")


def show_duplicates(options: argparse.Namespace) -> None:
    """Print recall, wrong groups and seconds over texts of which some are edited copies."""
    chance = np.random.default_rng(5)
    vocabulary = np.array([f"w{place}" for place in range(30_000)])
    copies = options.size // EDITED
    first = chance.integers(0, len(vocabulary), (options.size - copies, 200))
    chosen = chance.integers(0, len(first), copies)
    second = first[chosen].copy()
    for row in second:
        edited = chance.permutation(200)[: chance.integers(4, 21)]
        row[edited] = chance.integers(0, len(vocabulary), len(edited))
    texts = [" ".join(vocabulary[row]) for row in np.concatenate((first, second))]
    started = time.thread_time()
    made = sketches(texts)
    middle = time.thread_time()
    found = groups(made)
    ended = time.thread_time()
    where = {member: place for place, members in enumerate(found) for member in members}
    met = sum(
        where.get(int(origin), -1) == where.get(len(first) + place, -2)
        for place, origin in enumerate(chosen)
    )
    roots = {len(first) + place: int(origin) for place, origin in enumerate(chosen)}
    wrong = sum(len({roots.get(each, each) for each in members}) > 1 for members in found)
    print(
        f"{options.size} texts: sketches {middle - started:.1f} s, groups {ended - middle:.1f} s, "
        f"recall {met / copies:.4f}, wrong groups {wrong}"
    )


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
