"""Bundles made by the script that customers run, for the tests of what reads them."""

import json
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from connectors.bundle import BundleConfig, BundleConnector

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "build_bundle"
NAME = "finance-share"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)


def _script() -> ModuleType:
    loader = SourceFileLoader("build_bundle", str(SCRIPT))
    module = module_from_spec(spec_from_loader("build_bundle", loader))
    loader.exec_module(module)
    return module


script = _script()
VKEY: str = script.public_key(NAME, KEY)

LINES: list[dict[str, object]] = [
    {
        "path": "hr/leave.md",
        "acl": [
            {"effect": "deny", "principal": "name:bob"},
            {"effect": "allow", "principal": "name:staff"},
        ],
        "title": "Leave",
        "uri": "smb://files/hr/leave.md",
        "classification": "internal",
    },
    {"path": "notice.txt"},
]


def folder_of_files(root: Path) -> Path:
    """Return a folder with the two files that LINES name."""
    (root / "hr").mkdir(parents=True)
    (root / "hr" / "leave.md").write_text("# Leave\n\nThirty days a year.")
    (root / "notice.txt").write_text("The office closes at noon.")
    return root


def manifest_of(folder: Path, lines: list[dict[str, object]]) -> bytes:
    """Return a manifest of these lines, completed from the files."""
    return "".join(
        json.dumps(script.complete_line(folder, dict(line))) + "\n" for line in lines
    ).encode()


def note_of(
    manifest: bytes,
    *,
    sequence: int = 1,
    complete: bool = True,
    name: str = NAME,
    key: Ed25519PrivateKey = KEY,
) -> bytes:
    """Return the signed note of a manifest."""
    note: bytes = script.make_note(
        manifest, sequence=sequence, complete=complete, name=name, key=key
    )
    return note


def write_bundle(
    target: Path,
    manifest: bytes,
    note: bytes,
    *,
    files: Path,
    carried: tuple[str, ...] = ("hr/leave.md", "notice.txt"),
) -> Path:
    """Write a bundle, as an archive if the name of the target ends in .tar."""
    write = script.write_tar if target.suffix == ".tar" else script.write_folder
    write(target, files, {"manifest.note": note, "manifest.jsonl": manifest}, carried)
    return target


def bundle(root: Path, *, name: str = "bundle", **note: object) -> Path:
    """Return a good bundle of the two files."""
    files = folder_of_files(root / f"files-of-{name}")
    manifest = manifest_of(files, LINES)
    return write_bundle(root / name, manifest, note_of(manifest, **note), files=files)


def connect(path: Path, **settings: object) -> BundleConnector:
    """Return a connector to a bundle that trusts the maker's key."""
    return BundleConnector(source_id="share", config=BundleConfig(path, VKEY, **settings))
