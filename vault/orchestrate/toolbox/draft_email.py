"""The tool ``draft_email``: a message for a person to look at; nothing is sent from here."""

from email.message import EmailMessage
from email.policy import SMTP

from vault.domain.tools import Reversibility, ToolResult
from vault.orchestrate.tool import RetryableToolError, ToolContext
from vault.orchestrate.toolbox.builtin import ship, text
from vault.orchestrate.toolbox.write_artifact import sink_of

_ADDRESS = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,189}$"
_ADDRESSES = {
    "type": "array",
    "items": {"type": "string", "pattern": _ADDRESS},
    "maxItems": 50,
    "uniqueItems": True,
}

DRAFT_EMAIL = ship(
    "draft_email",
    "Draft an e-mail and keep it as a file of this run. It is not sent.",
    takes={
        "to": {**_ADDRESSES, "minItems": 1, "description": "Addresses of the receivers."},
        "cc": {**_ADDRESSES, "description": "Addresses of those who get a copy."},
        "subject": text("Its subject, one line.", most=200),
        "body": text("Its text.", most=50_000),
    },
    needs=["to", "subject", "body"],
    gives={"name": {"type": "string"}, "digest": {"type": "string"}},
    reversibility=Reversibility.REVERSIBLE,
)


def draft_email(arguments: dict[str, object], context: ToolContext) -> ToolResult:
    """Keep the draft as a message file; return its name and digest.

    Raises:
        RetryableToolError: the subject is more than one line.
        ToolFailedError: this run keeps no files.

    Source:
        RFC 5322; ``X-Unsent`` is what mail programs take for a draft.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["To"] = ", ".join(_addresses(arguments["to"]))
        if arguments.get("cc"):
            message["Cc"] = ", ".join(_addresses(arguments["cc"]))
        message["Subject"] = str(arguments["subject"])
    except ValueError:
        raise RetryableToolError("the subject of a message is one line") from None
    message["X-Unsent"] = "1"
    message.set_content(str(arguments["body"]))
    name = f"draft-{context.call_id}.eml"
    digest = sink_of(context).put(
        name, message.as_bytes(), media_type="message/rfc822", label=context.label
    )
    return ToolResult({"name": name, "digest": digest}, context.label)


def _addresses(found: object) -> list[str]:
    return [str(address) for address in found] if isinstance(found, list) else []
