"""``strongroom document duplicates``: copies and spills, for those who answer for them."""

from typing import Annotated

import typer

from vault.cli.console import acting, opened, print_json, say
from vault.lifecycle.duplicates import copies_form

AsAnyone = Annotated[
    str | None, typer.Option("--as", help="Their owner; the operator at the home by default.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def duplicates(
    as_principal: AsAnyone = None,
    owner: Annotated[str | None, typer.Option(help="Only copies of this owner.")] = None,
    as_json: AsJson = False,
) -> None:
    """List documents that say the same, and texts that are held under two levels."""
    with opened() as vault:
        found = vault.duplicates.report(acting(vault, as_principal), owner=owner)
    if as_json:
        print_json({"duplicates": [copies_form(each) for each in found]})
        return
    for copies in found:
        kind = "same text" if copies.exact else "nearly the same"
        say(f"{kind}{', also under another level' if copies.spill else ''}:")
        for kept in copies.documents:
            level = kept.document.access.label.classification.word
            say(f"  {kept.document.id}  {level:13} {kept.document.title}  {kept.document.uri}")
    if not found:
        say("No document is a copy of another.")
