"""A directory knows the number each chunk was given last."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vault.index.directory import Directory


@given(st.lists(st.sets(st.integers(-5, 60), min_size=1), max_size=12))
def test_it_finds_what_a_dictionary_would(batches: list[set[int]]) -> None:
    directory, expected, given_out = Directory(), {}, 0
    for batch in batches:
        chunks = np.array(list(batch), np.int64)
        numbers = given_out + np.arange(len(chunks))
        given_out += len(chunks)
        directory = directory.appended(chunks, numbers)
        expected |= dict(zip(chunks.tolist(), numbers.tolist(), strict=True))
    asked = np.arange(-8, 64)
    assert directory.find(asked).tolist() == [expected.get(chunk, -1) for chunk in asked.tolist()]


def test_an_older_directory_stays_as_it_was() -> None:
    older = Directory.of(np.array([7, 3]))
    older.appended(np.array([3, 9]), np.array([2, 3]))
    assert older.find(np.array([3, 7, 9])).tolist() == [1, 0, -1]
