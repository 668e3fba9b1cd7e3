"""The exported network keeps the contract, and a row depends on nothing but its text."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.base import Purpose
from models.contest import Source
from models.errors import ModelInvalidError
from models.manifest import Pooling, load
from models.openvino_embedder import OpenVinoEmbedder
from models.openvino_export import NETWORK, export
from models.sentence_transformers_embedder import SentenceTransformersEmbedder
from tests.models import tiny
from tests.models.contract import TEXTS, check_embedder

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def reference(tiny_embedder_folder: Path) -> SentenceTransformersEmbedder:
    return Source(tiny_embedder_folder, load(tiny_embedder_folder), 1).reference()


@pytest.fixture(scope="module")
def exported(
    reference: SentenceTransformersEmbedder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    assert export(reference, folder) is Pooling.MEAN
    return folder


def opened(
    folder: Path,
    reference: SentenceTransformersEmbedder,
    *,
    threads: int = 2,
    pooling: Pooling = Pooling.MEAN,
) -> OpenVinoEmbedder:
    return OpenVinoEmbedder(
        folder,
        reference.manifest,
        precision="f32",
        pooling=pooling,
        prefixes=reference.prefixes,
        threads=threads,
    )


@pytest.fixture(scope="module")
def embedder(exported: Path, reference: SentenceTransformersEmbedder) -> OpenVinoEmbedder:
    return opened(exported, reference)


def test_it_keeps_the_contract(embedder: OpenVinoEmbedder) -> None:
    check_embedder(embedder)
    assert embedder.backend == "openvino/f32"


def test_it_agrees_with_the_reference(
    embedder: OpenVinoEmbedder, reference: SentenceTransformersEmbedder
) -> None:
    ours, theirs = embedder.embed(TEXTS), reference.embed(TEXTS)
    np.testing.assert_allclose((ours * theirs).sum(axis=1), 1.0, atol=1e-5)
    assert embedder.count_tokens(TEXTS) == reference.count_tokens(TEXTS)


def test_a_row_is_the_same_to_the_last_bit_whatever_stands_beside_it(
    embedder: OpenVinoEmbedder, exported: Path, reference: SentenceTransformersEmbedder
) -> None:
    texts = ["blue " * (n * 7 % 20) + "red" for n in range(45)]
    rows = embedder.embed(texts)
    alone = np.vstack([embedder.embed([text]) for text in texts])
    other = opened(exported, reference, threads=1).embed(texts[::-1])[::-1]
    assert rows.tobytes() == alone.tobytes() == other.tobytes()


def test_threads_that_share_it_get_their_own_rows(embedder: OpenVinoEmbedder) -> None:
    texts = ["red", "blue bridge", "who built the bridge", "salary"] * 12
    expected = embedder.embed(texts)
    results: list[NDArray[np.float32]] = []

    def work(count: int) -> None:
        results.append(np.vstack([embedder.embed(texts[:count]), embedder.embed(texts[count:])]))

    threads = [threading.Thread(target=work, args=(count,)) for count in (1, 7, 24, 47)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [np.array_equal(rows, expected) for rows in results] == [True] * 4


@pytest.mark.parametrize("pooling", list(Pooling))
def test_it_pools_as_the_model_does(
    tmp_path: Path, exported: Path, reference: SentenceTransformersEmbedder, pooling: Pooling
) -> None:
    folder = tmp_path / "pooled"
    manifest = tiny.write_embedder(folder, pooling=pooling.value)
    theirs = Source(folder, manifest, 1).reference()
    if pooling is not Pooling.MAX:
        copy = tmp_path / "copy"
        copy.mkdir()
        assert export(theirs, copy) is pooling
    ours = opened(exported, reference, pooling=pooling).embed(TEXTS)
    np.testing.assert_allclose((ours * theirs.embed(TEXTS)).sum(axis=1), 1.0, atol=1e-5)


def test_words_before_a_text_are_put_there_by_purpose(
    exported: Path, reference: SentenceTransformersEmbedder
) -> None:
    embedder = opened(exported, reference)
    plain = embedder.embed(["who built", "the built"])
    embedder.prefixes = {Purpose.QUERY: "who ", Purpose.PASSAGE: "the "}
    assert np.array_equal(embedder.embed(["built"], purpose=Purpose.QUERY)[0], plain[0])
    assert np.array_equal(embedder.embed(["built"])[0], plain[1])
    assert embedder.count_tokens(["built"])[0] == 4


def test_a_network_that_is_damaged_is_refused(
    tmp_path: Path, exported: Path, reference: SentenceTransformersEmbedder
) -> None:
    for path in exported.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / NETWORK).write_bytes(b"<net")
    with pytest.raises(ModelInvalidError, match="cannot be loaded here"):
        opened(tmp_path, reference)


def test_loading_openvino_calls_nobody() -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('a connection was opened')\n"
        "socket.socket.connect = socket.create_connection = refuse\n"
        "import models, openvino\n"
        "import openvino.tools.ovc.telemetry_utils as used\n"
        "print(used.tm.__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "openvino.tools.ovc.telemetry_stub"
