"""Zip archives with the files that a test names."""

import zipfile
from collections.abc import Mapping
from pathlib import Path


def zip_of(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write a zip archive, or in place of one, and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, (2024, 3, 5, 10, 0, 0))
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return path


def folder_of(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write the files to a folder and return its path."""
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
