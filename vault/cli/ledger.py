"""``strongroom ledger`` and ``strongroom verify``: what can be proved."""

from pathlib import Path
from typing import Annotated

import typer

from vault.cli.console import opened, out, print_json, say, told, writing
from vault.domain.errors import InvalidRequestError, LedgerIntegrityError
from vault.ledger.tiles import export_tiles
from vault.ledger.verifier import verify_bundle

ledger_app = typer.Typer(no_args_is_help=True, help="The append-only record of what happened.")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@ledger_app.command("status")
def status(as_json: AsJson = False) -> None:
    """Show the size of the ledger and its latest checkpoint."""
    with opened() as vault, vault.store.read() as unit:
        latest = unit.ledger.latest_checkpoint()
        form = {
            "origin": vault.ledger.origin,
            "size": unit.ledger.size(),
            "checkpoint_size": None if latest is None else latest[0],
            "vkey": vault.signer.key.vkey,
        }
    if as_json:
        print_json(form)
        return
    for name, value in form.items():
        say(f"{name:16} {value}")


@ledger_app.command("checkpoint")
def checkpoint() -> None:
    """Sign the ledger as it is now and print the signed note; keep it outside the vault."""
    with opened() as vault, vault.store.write() as unit:
        note = vault.ledger.checkpoint(unit.ledger)
    typer.echo(note, nl=False)


@ledger_app.command("verify")
def verify_ledger(
    held: Annotated[
        list[Path] | None, typer.Option(help="Checkpoint kept outside the vault, repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute the whole ledger and compare it with every signed checkpoint."""
    with opened() as vault:
        notes = [_read(path).decode(errors="replace") for path in held or ()]
        with vault.store.read() as unit:
            result = vault.ledger.verify_all(unit.ledger, held=notes)
        problems = [str(problem) for problem in result.problems]
        form = {"size": result.size, "root": result.root.hex(), "problems": problems}
        if as_json:
            print_json(form)
        else:
            say(f"{result.size} entries, root {result.root.hex()}")
        if problems:
            raise LedgerIntegrityError("; ".join(problems))
    if not as_json:
        say("every entry, node and checkpoint verifies")


@ledger_app.command("prove")
def prove(
    index: Annotated[int, typer.Argument(min=0, help="Number of the entry.")],
    output: Annotated[Path, typer.Option(help="Proof file to write.")],
) -> None:
    """Write the proof file of one entry, in C2SP tlog-proof form."""
    with opened() as vault, vault.store.write() as unit:
        proof_file = vault.ledger.prove(unit.ledger, index)
        with writing(output):
            output.write_text(proof_file, encoding="utf-8")
    say(f"wrote {output}")


@ledger_app.command("export")
def export(output: Annotated[Path, typer.Argument(help="Folder to write tiles into.")]) -> None:
    """Write the whole ledger as C2SP tlog-tiles."""
    with opened() as vault, vault.store.write() as unit:
        note = vault.ledger.checkpoint(unit.ledger)
        with writing(output):
            export_tiles(unit.ledger, note=note, directory=output)
    say(f"wrote {output}")


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Proof file of a run.")],
    key: Annotated[
        list[str] | None,
        typer.Option(help="Trusted public key, or a file with one; repeatable."),
    ] = None,
) -> None:
    """Verify a proof offline, with public keys alone; no home is needed."""
    with told():
        keys = [_key(found) for found in key or ()]
        report = verify_bundle(_read(file), keys)
    for line in report.lines:
        say(line)
    mark = "verified" if report.pinned else "verified, with the key that the file itself names"
    out.print(f"[bold green]{mark}[/]")


def _key(text: str) -> str:
    path = Path(text)
    return _read(path).decode(errors="replace").strip() if path.exists() else text


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidRequestError(f"{path.name} cannot be read") from error
