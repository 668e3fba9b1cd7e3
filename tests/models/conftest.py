"""Models for tests: the starter weights where they lie, and tiny random ones made here."""

from pathlib import Path

import pytest

from models.base import Embedder, Generator, Reranker
from models.registry import load_embedder, load_generator, load_reranker
from tests.models import tiny


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    return load_embedder(models_dir / "all-minilm-l6-v2", threads=1)


@pytest.fixture(scope="session")
def generator(models_dir: Path) -> Generator:
    return load_generator(models_dir / "smollm2-135m-instruct", threads=1)


@pytest.fixture(scope="session")
def tiny_embedder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "embedder"
    tiny.write_embedder(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_reranker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "reranker"
    tiny.write_reranker(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_embedder(tiny_embedder_folder: Path) -> Embedder:
    return load_embedder(tiny_embedder_folder, threads=1)


@pytest.fixture(scope="session")
def tiny_reranker(tiny_reranker_folder: Path) -> Reranker:
    return load_reranker(tiny_reranker_folder, threads=1)
