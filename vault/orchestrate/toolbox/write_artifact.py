"""The tool ``write_artifact``: a file of the run, content-addressed and labelled."""

from vault.domain.tools import Reversibility, ToolResult
from vault.orchestrate.tool import ArtifactSink, ToolContext, ToolFailedError
from vault.orchestrate.toolbox.builtin import ship, text

MOST_CHARACTERS = 200_000
FILE_NAME = r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,119}$"
MEDIA_TYPES = ["text/plain", "text/markdown", "text/csv", "application/json"]

WRITE_ARTIFACT = ship(
    "write_artifact",
    "Keep a text as a file of this run.",
    takes={
        "name": {"type": "string", "pattern": FILE_NAME, "description": "Name of the file."},
        "content": text("What it holds.", most=MOST_CHARACTERS, least=0),
        "media_type": {"type": "string", "enum": MEDIA_TYPES},
    },
    needs=["name", "content"],
    gives={
        "name": {"type": "string"},
        "digest": {"type": "string"},
        "bytes": {"type": "integer"},
    },
    reversibility=Reversibility.REVERSIBLE,
)


def write_artifact(arguments: dict[str, object], context: ToolContext) -> ToolResult:
    """Keep the file under the label of what it was made from; return its digest.

    Raises:
        ToolFailedError: this run keeps no files.
    """
    name, content = str(arguments["name"]), str(arguments["content"]).encode()
    media_type = str(arguments.get("media_type", MEDIA_TYPES[0]))
    digest = sink_of(context).put(name, content, media_type=media_type, label=context.label)
    form: dict[str, object] = {"name": name, "digest": digest, "bytes": len(content)}
    return ToolResult(form, context.label)


def sink_of(context: ToolContext) -> ArtifactSink:
    """Return where the files of a run go.

    Raises:
        ToolFailedError: this run keeps no files.
    """
    if context.artifacts is None:
        raise ToolFailedError("this run keeps no artifacts")
    return context.artifacts
