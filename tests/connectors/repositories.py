"""Repositories that tests make with the real git."""

import os
import shutil
import subprocess
from pathlib import Path

GIT = shutil.which("git") or "git"
WHO = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Ada Writer",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Cora Keeper",
    "GIT_COMMITTER_EMAIL": "cora@example.org",
}


class Repository:
    """A repository with a work tree, on the branch ``main``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str, at: int = 1_700_000_000) -> str:
        dates = {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"}
        told = subprocess.run(
            [GIT, *words],
            cwd=self.folder, env={"PATH": os.environ["PATH"], **WHO, **dates},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return told.stdout.strip()

    def commit(self, files: dict[str, str | bytes | None], *, at: int = 1_700_000_000) -> str:
        """Write or remove files and commit; return the name of the commit."""
        for name, content in files.items():
            path = self.folder / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change", at=at)
        return self.git("rev-parse", "HEAD")
