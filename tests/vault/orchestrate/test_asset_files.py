"""A file is read as plain bounded values, and whatever does not fit is named."""

import pytest

from tests.vault.orchestrate.bureau import charter
from vault.domain.assets import AssetKind
from vault.domain.errors import InvalidRequestError
from vault.orchestrate.asset_files import MOST_BYTES, check_body, read_asset, schema_of


def test_yaml_and_json_are_read_alike_and_dates_stay_text() -> None:
    assert read_asset(b"a: 1\nb: [x, 2026-01-01]") == {"a": 1, "b": ["x", "2026-01-01"]}
    assert read_asset(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a: &x [1]\nb: *x", "alias"),
        (b"a: 1\na: 2", "repeats a name"),
        (b"1: 2", "must be text"),
        (b"- 1", "one mapping"),
        (b"a: [", "not YAML at line"),
        (b"\xff\xfe\x00", "not YAML"),
        (b"a: !!python/object/apply:os.getcwd []", "not YAML"),
        (b"a: 1\n---\nb: 2", "not YAML"),
        (b"x" * (MOST_BYTES + 1), "more than"),
        (b"a: " + b"[" * 3000 + b"]" * 3000, "nested too deeply"),
    ],
)
def test_anything_else_is_refused_with_its_reason(content: bytes, said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        read_asset(content)


def test_a_charter_fits_its_schema() -> None:
    check_body(AssetKind.AGENT, charter())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wishes": 1}, "wishes"),
        ({"autonomy": "A9"}, "autonomy"),
        ({"owners": {}}, "owners.business"),
        ({"open_to": []}, "open_to"),
        ({"name": "Not A Name"}, "name"),
        ({"limits": {"steps": 0}}, "limits.steps"),
        ({"budgets": {"run": {"wishes": 1}}}, "budgets.run.wishes"),
        ({"tools": [{"name": "x", "digest": "md5:1"}]}, r"tools\[0\]"),
    ],
)
def test_a_member_that_does_not_fit_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRequestError, match=field):
        check_body(AssetKind.AGENT, charter(**changes))


def test_only_kinds_with_a_schema_can_be_read() -> None:
    assert schema_of(AssetKind.AGENT)["title"] == "Agent charter"
    with pytest.raises(InvalidRequestError, match="no schema of a rubric"):
        schema_of(AssetKind.RUBRIC)
