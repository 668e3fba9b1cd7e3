"""A source is built from text, and text that means nothing is refused."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors import registry
from connectors.errors import ConnectorConfigError
from connectors.filesystem import FilesystemConnector


@dataclass(frozen=True, slots=True)
class _Config:
    host: str
    port: int = 1
    secure: bool = True
    folders: tuple[Path, ...] = ()
    note: str | None = None


def test_settings_become_the_types_the_connector_declares() -> None:
    settings = {"host": "h", "port": "8", "secure": "No", "folders": "a\nb", "note": "n"}
    config = registry.parse(_Config, settings, kind="mail")
    assert config == _Config("h", 8, secure=False, folders=(Path("a"), Path("b")), note="n")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"host": "h", "prot": "8"}, "has no setting 'prot'; it has folders, host"),
        ({}, "needs the setting host"),
        ({"host": "h", "port": "x"}, "'port' of connector 'mail' must be a number"),
        ({"host": "h", "secure": "maybe"}, "must be true or false"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings: dict[str, str], message: str) -> None:
    with pytest.raises(ConnectorConfigError, match=message):
        registry.parse(_Config, settings, kind="mail")


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConnectorConfigError, match=r"'ftp' is not installed; installed: .*filesys"):
        registry.build("ftp", source_id="s", settings={})


def test_a_built_connector_carries_its_source(tmp_path: Path) -> None:
    built = registry.build("filesystem", source_id="share", settings={"root": str(tmp_path)})
    assert isinstance(built, FilesystemConnector)
    assert built.source_id == "share"


def test_a_missing_library_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.CONNECTORS, "odd", "no_such_library:Connector")
    with pytest.raises(ConnectorConfigError, match=r"needs the library 'no_such_library'"):
        registry.build("odd", source_id="s", settings={})
