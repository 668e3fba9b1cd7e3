"""Every installed connector keeps the contract."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors import registry
from connectors.base import Connector
from tests.connectors import contract


def _filesystem(folder: Path) -> Connector:
    (folder / "hr").mkdir()
    (folder / "notice.txt").write_text("The office closes at noon.")
    (folder / "hr" / "leave.md").write_text("# Leave\n\nThirty days a year.")
    return registry.build("filesystem", source_id="share", settings={"root": str(folder)})


SOURCES: dict[str, Callable[[Path], Connector]] = {"filesystem": _filesystem}


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_installed_connector_keeps_the_contract(kind: str, tmp_path: Path) -> None:
    contract.keeps_the_contract(SOURCES[kind](tmp_path))


def test_the_filesystem_is_always_installed() -> None:
    assert "filesystem" in registry.kinds()
