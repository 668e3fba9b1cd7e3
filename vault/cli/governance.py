"""The options by which a data owner says who may read, who answers for it, and how long."""

from typing import Annotated

import typer

from vault.domain.errors import InvalidRequestError
from vault.domain.records import Governance
from vault.ingest.intake import Intake, access_label

Collection = Annotated[str | None, typer.Option("--collection", help="Collection they go into.")]
Level = Annotated[
    str | None,
    typer.Option("--classification", help="public, internal, confidential or secret."),
]
Compartments = Annotated[
    list[str] | None, typer.Option("--compartment", help="Need-to-know, repeatable.")
]
Readers = Annotated[
    list[str] | None, typer.Option("--reader", help="group:G or user:U, repeatable.")
]
Denied = Annotated[
    list[str] | None, typer.Option("--deny", help="group:G or user:U, repeatable; deny wins.")
]
Owner = Annotated[str | None, typer.Option("--owner", help="Principal answerable for them.")]
Retention = Annotated[str | None, typer.Option("--retention", help="How long kept: 7y.")]
ReviewEvery = Annotated[str | None, typer.Option("--review-every", help="How often: 180d.")]
FreshFor = Annotated[str | None, typer.Option("--fresh-for", help="Counts as fresh: 30d.")]
RecordClass = Annotated[
    str | None, typer.Option("--record-class", help="Retention schedule they are kept under.")
]

ValidUntil = Annotated[
    str | None, typer.Option("--valid-until", help="First day they no longer hold: 2027-01-31.")
]


def intake_of(  # noqa: PLR0913 - one argument per option
    source_id: str,
    *,
    collection: str | None,
    classification: str | None,
    compartments: list[str] | None,
    readers: list[str] | None,
    denied: list[str] | None,
    owner: str | None,
    retention: str | None,
    review_every: str | None,
    fresh_for: str | None,
    record_class: str | None,
    valid_until: str | None = None,
    native: bool = False,
) -> Intake:
    """Return the rights and rules these options name; a source with rights needs no readers.

    Raises:
        InvalidRequestError: one that must be said is missing; nothing is assumed.
    """
    needed = {
        "--collection": collection,
        "--classification": classification,
        "--reader": readers or native,
        "--owner": owner,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise InvalidRequestError(f"{', '.join(missing)} must be said; rights are never assumed")
    access = access_label(
        collection=collection or "",
        classification=classification or "",
        compartments=compartments or (),
        readers=readers or (),
        denied=denied or (),
    )
    governance = Governance(
        owner or "", retention, review_every, fresh_for, record_class, valid_until
    )
    return Intake(source_id, access, governance, native=native)
