"""``strongroom init``, ``doctor`` and ``index``: the home itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from vault.bootstrap import Vault
from vault.cli.console import opened, out, print_json, say, told
from vault.cli.ingest import tell
from vault.cli.progress import watch
from vault.doctor import examine
from vault.domain.errors import HomeUnavailableError
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.organisation import PlannedFile, plan, read_organisation
from vault.ingest.report import IngestReport
from vault.settings import home_folder, load
from vault.store.home import Home

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
SAMPLE_SOURCE = "sample"

index_app = typer.Typer(no_args_is_help=True, help="The index, a copy of the database.")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def init(
    sample: Annotated[
        bool, typer.Option("--sample", help="Load the sample organisation and its documents.")
    ] = False,
    models: Annotated[
        Path | None, typer.Option(help="Folder of model folders; home/models by default.")
    ] = None,
) -> None:
    """Create the home: keys, policy, settings and database. Safe to run again."""
    folder = home_folder()
    with told():
        if Home(folder).exists():
            _bring_up(folder)
        else:
            with Vault.create(folder, models_dir=models) as vault:
                say(f"A vault was made in {folder}.")
                say(f"Its public ledger key is {vault.signer.key.vkey}")
                say(f"Back up {vault.home.master_key.parent} apart from the rest.")
    if sample:
        tell(load_sample(), as_json=False)


def load_sample() -> IngestReport:
    """Load the sample organisation into the home; what is there already is left alone."""
    with opened() as vault:
        organisation = read_organisation(SAMPLE / "organisation.toml")
        vault.staff.enter(
            [(found.principal(), found.name, found.groups) for found in organisation.principal],
            [(found.id, found.members) for found in organisation.group],
        )
        planned = list(plan(organisation, SAMPLE, source_id=SAMPLE_SOURCE))
        arrivals = [_arrival(found) for found in planned]
        reception = vault.reception()
        report = watch(
            reception.receive(SAMPLE_SOURCE, arrivals), total=len(arrivals), title="sample"
        )
        for found in planned:
            if found.supersedes is not None:
                older, newer = _uri(found.supersedes), _uri(found.path)
                keeper = vault.keeper()
                vault.shelf.supersede(
                    keeper.id_of(SAMPLE_SOURCE, older), keeper.id_of(SAMPLE_SOURCE, newer), None
                )
        vault.refresh_index()
    return report


@index_app.command("rebuild")
def rebuild() -> None:
    """Build the index again from the database alone."""
    with opened() as vault:
        index = vault.follower.rebuild()
        say(f"{len(index)} chunks indexed at change {index.applied_sequence}")


def doctor(as_json: AsJson = False) -> None:
    """Look for what is wrong with this home and say what to do about it."""
    findings = list(examine(home_folder()))
    if as_json:
        print_json(
            {
                "healthy": all(found.ok for found in findings),
                "findings": [found.form() for found in findings],
            }
        )
    else:
        for found in findings:
            mark = "[green]ok[/]  " if found.ok else "[red]bad[/] "
            out.print(f"{mark}{escape(found.name):14} {escape(found.detail)}")
            if not found.ok:
                out.print(f"     [bold]{escape(found.remedy)}[/]")
    if not all(found.ok for found in findings):
        raise SystemExit(HomeUnavailableError.exit_code)


def _bring_up(folder: Path) -> None:
    with Vault.open(folder, load(folder), upgrade=True):
        say(f"There is a vault in {folder} already; it is at this release.")


def _uri(path: Path) -> str:
    return f"sample:{path.relative_to(SAMPLE / 'documents').as_posix()}"


def _arrival(found: PlannedFile) -> Arrival:
    def read() -> Bytes:
        status = found.path.stat()
        return Bytes(found.path.read_bytes(), datetime.fromtimestamp(status.st_mtime, UTC))

    return Arrival(_uri(found.path), found.path.name, None, found.intake, read)
