"""What an embedder was made ready with for this machine: a copy for a faster runtime, and why.

It lies beside the model folder, which itself holds nothing but the files of its manifest.
"""

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelDigestError
from models.files import sha256
from models.manifest import ModelManifest

FOLDER = ".prepared"
"""Name of the folder among model folders; no model's name begins with a dot."""
RECORD = "prepared.json"
REFERENCE = "reference.npy"
_FORMAT = 1
_CPU = Path("/proc/cpuinfo")
_ARITHMETIC = ("avx", "amx", "fma", "sve", "asimd", "neon", "bf16")


@dataclass(frozen=True, slots=True)
class Prepared:
    """The outcome of one comparison of backends.

    Attributes:
        backend: the one that won, such as ``openvino/f32``.
        cosine: least cosine of its vectors to the reference's.
        speed: how many times as fast as the reference it was.
        pooling: how it turns token vectors into one.
        prefixes: words before a text, by purpose.
        files: name to SHA-256 of the files beside the record.
        reason: why faster backends were not taken, empty when none was left out.
    """

    backend: str
    cosine: float
    speed: float
    pooling: str
    prefixes: dict[str, str]
    files: dict[str, str]
    reason: str = ""


def place_of(root: Path, manifest: ModelManifest) -> Path:
    """Return the folder for this model on this machine with these libraries."""
    parts = [str(_FORMAT), manifest.digest, _arithmetic()]
    parts += [f"{name} {installed(name)}" for name in ("openvino", "torch", "transformers")]
    return root / hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def installed(package: str) -> str:
    """Return the version of an installed package, empty when it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def read(place: Path) -> tuple[Prepared, NDArray[np.float32]] | None:
    """Return the record and the reference's vectors, None when nothing was prepared.

    Raises:
        ModelDigestError: a file is not as it was written, or the record cannot be read.
    """
    try:
        record = Prepared(**json.loads((place / RECORD).read_bytes()))
        for name, expected in record.files.items():
            if sha256(place / name) != expected:
                raise ModelDigestError(f"prepared file {name!r} was altered")
        reference = np.load(place / REFERENCE, allow_pickle=False)
    except FileNotFoundError:
        return None
    except (OSError, TypeError, ValueError) as error:
        raise ModelDigestError("what was prepared beside the model cannot be read") from error
    return record, reference


def write(place: Path, record: Prepared) -> None:
    """Write the record of a folder whose other files are all there."""
    (place / RECORD).write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")


def digests(place: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in a folder, but for the record."""
    return {
        path.name: sha256(path)
        for path in sorted(place.iterdir())
        if path.is_file() and path.name != RECORD
    }


def _arithmetic() -> str:
    """Return what this processor can compute with: another one may need another backend."""
    try:
        lines = _CPU.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        lines = []
    found = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    words = sorted(word for word in found.split() if any(sign in word for sign in _ARITHMETIC))
    return " ".join([platform.machine(), *words])
