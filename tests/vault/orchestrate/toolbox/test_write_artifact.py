"""A file carries the label of what it was made from."""

import pytest

from tests.vault.orchestrate.workshop import Drawer, context
from vault.domain.labels import Classification, Label
from vault.orchestrate.tool import ToolFailedError
from vault.orchestrate.toolbox.write_artifact import WRITE_ARTIFACT, write_artifact
from vault.orchestrate.validation import check_of

SECRET = Label(Classification.SECRET)


def test_a_file_is_kept_under_its_digest_and_label() -> None:
    drawer = Drawer()
    asked = {"name": "a.csv", "content": "a,b", "media_type": "text/csv"}
    found = write_artifact(asked, context(label=SECRET, drawer=drawer))
    assert drawer.files == {"a.csv": (b"a,b", "text/csv", SECRET)}
    assert found.content["digest"].startswith("sha256:")


@pytest.mark.parametrize("name", ["../a", "a/b", ".hidden", "", "a\n"])
def test_a_name_of_a_file_is_no_path(name: str) -> None:
    asked = {"name": name, "content": ""}
    assert check_of(WRITE_ARTIFACT.input_schema).problems(asked)


def test_a_run_without_a_drawer_keeps_nothing() -> None:
    with pytest.raises(ToolFailedError, match="keeps no artifacts"):
        write_artifact({"name": "a", "content": ""}, context())
