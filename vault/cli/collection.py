"""``strongroom collection``: what collections demand of the descriptions of their documents."""

from pathlib import Path
from typing import Annotated

import typer

from vault.cli.console import opened, print_json, say
from vault.domain.errors import InvalidRequestError
from vault.lifecycle.collections import read_schema

app = typer.Typer(no_args_is_help=True, help="Collections and what they demand.")


@app.command("schema")
def schema(
    collection: Annotated[str, typer.Argument(metavar="COLLECTION")],
    file: Annotated[Path | None, typer.Argument(help="TOML or JSON; without it, show.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Demand nothing any more.")] = False,
) -> None:
    """Show, set or remove what a collection demands of descriptions.

    A schema has required fields, allowed values, names that its sources use (renamed), and
    defaults. A document that does not fit is held back with its reason.
    """
    if file is not None and remove:
        raise InvalidRequestError("give a file or --remove, not both")
    with opened() as vault:
        if remove:
            vault.collections.drop_schema(collection)
            say(f"{collection} demands nothing")
        elif file is not None:
            vault.collections.set_schema(collection, read_schema(file))
            say(f"{collection} demands what {file.name} says of documents from now on")
        else:
            found = vault.collections.schemas().get(collection)
            print_json(
                {"collection": collection, "schema": None if found is None else found.form()}
            )
