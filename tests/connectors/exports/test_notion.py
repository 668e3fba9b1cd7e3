"""Every page and file of a Notion export is read under the name that people gave it."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from connectors import registry
from connectors.errors import SourceRejectedError
from connectors.exports.audience import AudienceConfig
from connectors.exports.notion import NotionConnector
from connectors.facts import Item
from tests.connectors import contract

ID = "0123456789abcdef" * 2
PAGE = f"Team {ID}/Rota {ID}.md"
PAGES = {
    PAGE: "# Rota\n\nBob takes Monday.",
    f"Team {ID}/Tools {ID}_all.csv": "Name,Count\nSpade,3\n",
    f"Team {ID}/Rota {ID}/shed.png": "no real picture",
    f"Team {ID}/ {ID}.md": "A page without a title.",
    f" {ID}": "A file without any.",
    "LICENCE": "Ours.",
    f"Team {ID}/.hidden": "left out",
}


def export(path: Path) -> Path:
    """Write an export, packed if its name says so, and return its path."""
    if path.suffix == ".zip":
        with ZipFile(path, "w") as archive:
            for name, text in PAGES.items():
                archive.writestr(name, text)
    else:
        for name, text in PAGES.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text)
    return path


def connect(path: Path, **settings: int) -> NotionConnector:
    config = AudienceConfig(path, "mail:ann@example.org", ("group:staff",), **settings)
    return NotionConnector(source_id="wiki", config=config)


@pytest.mark.parametrize("name", ["export.zip", "export"])
def test_an_archive_and_a_folder_keep_the_contract(name: str, tmp_path: Path) -> None:
    settings = {
        "path": str(export(tmp_path / name)),
        "owner": "mail:ann@example.org",
        "audience": "nobody",
    }
    connector = registry.build("notion", source_id="wiki", settings=settings)
    assert isinstance(connector, NotionConnector)
    contract.keeps_the_contract(connector)


def test_names_lose_the_ids_that_the_export_put_into_them(tmp_path: Path) -> None:
    found = connect(export(tmp_path / "export.zip")).scan(None)
    assert sorted(item.name for item in found if isinstance(item, Item)) == [
        f" {ID}",
        f" {ID}.md",
        "LICENCE",
        "Rota.md",
        "Tools_all.csv",
        "shed.png",
    ]


@pytest.mark.parametrize(
    ("name", "media_type", "title"),
    [
        (PAGE, "text/markdown", "Rota"),
        (f"Team {ID}/Tools {ID}_all.csv", "text/csv", "Tools_all"),
        (f"Team {ID}/Rota {ID}/shed.png", "image/png", "shed"),
        ("LICENCE", None, "LICENCE"),
    ],
)
def test_a_page_comes_with_its_kind_and_title(
    name: str, media_type: str | None, title: str, tmp_path: Path
) -> None:
    where = f"notion://wiki/{name.replace(' ', '%20')}"
    content = connect(export(tmp_path / "export.zip")).open(where, "")
    assert content.content.decode() == PAGES[name]
    assert content.media_type == media_type
    assert dict(content.facts) == {"title": title}


def test_every_page_is_for_the_owner_and_the_audience_alone(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "export.zip"))
    rights = list(connector.acl(item.id for item in connector.list_ids(None)))
    assert len(rights) == 6
    for right in rights:
        assert right.entries is not None
        assert [entry.principal for entry in right.entries] == [
            "mail:ann@example.org",
            "group:staff",
        ]


def test_a_page_above_the_limit_is_not_read(tmp_path: Path) -> None:
    connector = connect(export(tmp_path / "export.zip"), max_bytes=20)
    contract.goes_on_past_a_failure(connector)
    with pytest.raises(SourceRejectedError, match="larger than 20"):
        connector.open(f"notion://wiki/{PAGE.replace(' ', '%20')}", "")
