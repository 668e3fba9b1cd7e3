"""From what an owner wrote about a tool to its definition."""

from collections.abc import Callable, Mapping

from vault.domain.assets import AssetKind
from vault.domain.errors import InvalidRequestError
from vault.domain.tools import ToolDefinition, ToolKind
from vault.orchestrate.asset_files import check_body
from vault.orchestrate.dialects import normalised, normalised_output
from vault.orchestrate.validation import check_of

Describer = Callable[[Mapping[str, object]], Mapping[str, object]]
"""Finds out what is behind a body's binding: description, schemas, and the pinned binding."""

_FOUND = ("description", "input_schema", "output_schema", "binding")


def definition_from(
    body: Mapping[str, object], describers: Mapping[ToolKind, Describer]
) -> ToolDefinition:
    """Return the definition that a file stands for.

    What the owner wrote holds; what is left out and can be found out behind the binding is
    found out now, once, and pinned. Schemas are told in JSON Schema 2020-12.

    Args:
        body: what the file holds.
        describers: for the kinds that have one, what finds the rest out.

    Raises:
        InvalidRequestError: it fits no published schema, or its schemas cannot be checked with.
        ToolFailedError: what is behind the binding cannot be reached.
    """
    check_body(AssetKind.TOOL, body)
    whole: dict[str, object] = {"version": "1", **body}
    describer = describers.get(ToolKind(str(body["kind"])))
    if describer is not None:
        found = describer(whole)
        whole |= {
            name: found[name]
            for name in _FOUND
            if name in found and (name == "binding" or name not in body)
        }
    for name in ("description", "input_schema"):
        if name not in whole:
            raise InvalidRequestError(f"the tool has no {name}, and its kind tells none")
    whole["input_schema"] = normalised(whole["input_schema"])
    whole["output_schema"] = normalised_output(whole.get("output_schema"))
    made = ToolDefinition.parse(whole)
    check_of(made.input_schema)
    if made.output_schema is not None:
        check_of(made.output_schema)
    return made
