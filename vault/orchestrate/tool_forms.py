"""The public JSON shape of tools, as every edge gives it out."""

from vault.domain.assets import AssetVersion, Difference
from vault.domain.tools import ToolDefinition
from vault.orchestrate.tool_desk import ToolStanding
from vault.retrieve.forms import moment_form


def standing_form(standing: ToolStanding) -> dict[str, object]:
    """Return one version of a tool in one row."""
    version, definition = standing.version, standing.definition
    return version_form(version) | {
        "stage": standing.stage,
        "callable": standing.is_callable,
        "owner": None if definition is None else definition.owner,
        "kind": None if definition is None else definition.kind.value,
        "reversibility": None if definition is None else definition.reversibility.word,
    }


def version_form(version: AssetVersion) -> dict[str, object]:
    """Return which version it is and how far it has come."""
    return {
        "name": version.name,
        "version": version.number,
        "digest": version.digest,
        "stage": version.state.value,
        "applied_by": version.applied_by,
        "applied_at": moment_form(version.applied_at),
        "approved_by": version.approved_by,
    }


def caller_form(definition: ToolDefinition) -> dict[str, object]:
    """Return what a caller has to know of a tool; how it is reached is not its business."""
    form = definition.form()
    shown = ("name", "version", "description", "kind", "owner", "input_schema", "output_schema")
    governed = ("reversibility", "approval", "scopes", "limits", "output_label", "idempotent")
    return {name: form[name] for name in (*shown, *governed)} | {"digest": definition.digest}


def difference_form(found: Difference) -> dict[str, object]:
    """Return one place in which two versions differ."""
    return {"pointer": found.pointer, "before": found.before, "after": found.after}
