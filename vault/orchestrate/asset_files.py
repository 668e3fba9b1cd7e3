"""Reads what owners write about agents and workflows: bounded YAML against a published schema."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from vault.domain.assets import AssetKind
from vault.domain.errors import InvalidRequestError
from vault.orchestrate.validation import check_of

SCHEMAS = Path(__file__).parent / "schemas"
MOST_BYTES = 256 * 1024
"""No description of an agent is longer."""


class _StrictLoader(yaml.SafeLoader):  # type: ignore[misc]
    """Reads plain values alone: no tags, no aliases, no name twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # An alias can make a small file into a huge value.
        if self.check_event(yaml.AliasEvent):
            raise InvalidRequestError("the file uses an alias (*name), which is not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - the library's interface
    ) -> dict[Any, Any]:
        names = [self.construct_object(name, deep=True) for name, _ in node.value]
        if not all(isinstance(name, str) for name in names):
            raise InvalidRequestError("every name in the file must be text; quote it")
        if len(set(names)) != len(names):
            raise InvalidRequestError("the file repeats a name")
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


# A date would become a value that JSON does not have.
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_asset(content: bytes) -> dict[str, object]:
    """Return the one mapping in a YAML or JSON file.

    Raises:
        InvalidRequestError: it is too long, not YAML, or anything but one plain mapping.
    """
    if len(content) > MOST_BYTES:
        raise InvalidRequestError(f"the file has more than {MOST_BYTES} bytes")
    try:
        found = yaml.load(content, Loader=_StrictLoader)  # noqa: S506 - a stricter safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f" at line {mark.line + 1}"
        raise InvalidRequestError(f"the file is not YAML{where}") from None
    except RecursionError:
        raise InvalidRequestError("the file is nested too deeply") from None
    if not isinstance(found, dict):
        raise InvalidRequestError("the file must hold one mapping")
    return found


def schema_of(kind: AssetKind) -> dict[str, object]:
    """Return the published JSON Schema of a kind.

    Raises:
        InvalidRequestError: no schema is published for this kind.
    """
    file = SCHEMAS / f"{kind.value}.schema.json"
    if not file.is_file():
        raise InvalidRequestError(f"there is no schema of a {kind.value}")
    schema: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def check_body(kind: AssetKind, body: Mapping[str, object]) -> None:
    """Return only if a body fits the schema of its kind.

    Raises:
        InvalidRequestError: it does not; the message names the members.
    """
    problems = check_of(schema_of(kind)).problems(dict(body), most_bytes=MOST_BYTES)
    if problems:
        raise InvalidRequestError("; ".join(str(problem) for problem in problems))
