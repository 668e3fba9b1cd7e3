"""Model folders with random weights, small enough to make in a test."""

from pathlib import Path
from typing import ClassVar, Self

import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

from models.files import describe
from models.manifest import ModelManifest

WORDS = (
    "the",
    "a",
    "bridge",
    "was",
    "built",
    "in",
    "by",
    "who",
    "salary",
    "holiday",
    "red",
    "blue",
)


class Payload(Normalize):
    """A module that a hostile model folder would have imported and run."""

    loads: ClassVar[list[str]] = []

    @classmethod
    def load(cls, model_name_or_path: str, *args: object, **kwargs: object) -> Self:
        cls.loads.append(model_name_or_path)
        return cls()


def write_embedder(folder: Path, *, hidden: int = 24, **changes: object) -> ModelManifest:
    bert = folder.with_name(f"{folder.name}-bert")
    _save_bert(bert, BertModel, hidden_size=hidden)
    transformer = Transformer(str(bert), max_seq_length=32)
    pooling = Pooling(transformer.get_embedding_dimension())
    SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu").save(
        str(folder), create_model_card=False
    )
    return _describe(
        folder, kind="embedder", backend="sentence-transformers", dimension=hidden, **changes
    )


def write_reranker(folder: Path, *, labels: int = 1, **changes: object) -> ModelManifest:
    bert = folder.with_name(f"{folder.name}-bert")
    _save_bert(bert, BertForSequenceClassification, num_labels=labels)
    CrossEncoder(str(bert), device="cpu").save_pretrained(str(folder), create_model_card=False)
    return _describe(folder, kind="reranker", backend="cross-encoder", **changes)


def _save_bert(folder: Path, architecture: type, **config: int) -> None:
    folder.mkdir(parents=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    vocabulary += [chr(c) for c in range(97, 123)] + [f"##{chr(c)}" for c in range(97, 123)]
    vocabulary = list(dict.fromkeys(vocabulary))
    (folder / "words.txt").write_text("\n".join(vocabulary))
    BertTokenizerFast(str(folder / "words.txt"), model_max_length=32).save_pretrained(folder)
    torch.manual_seed(7)
    architecture(
        BertConfig(
            vocab_size=len(vocabulary),
            **({"hidden_size": 24} | config),
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=48,
            max_position_embeddings=32,
        )
    ).save_pretrained(folder, safe_serialization=True)


def _describe(folder: Path, **fields: object) -> ModelManifest:
    stated = {
        "name": "tiny",
        "revision": "1",
        "licence": "Apache-2.0",
        "source": "made in a test",
        "max_tokens": 32,
    }
    return describe(folder, **(stated | fields))
