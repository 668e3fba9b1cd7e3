"""``strongroom search`` and ``strongroom ask``."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from vault.cli.console import opened, out, print_json, say

AsPrincipal = Annotated[str, typer.Option("--as", help="Principal whose rights count.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    as_principal: AsPrincipal,
    limit: Annotated[int, typer.Option(help="Most hits to show.")] = 10,
    explain: Annotated[bool, typer.Option(help="Show every term of every score.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find passages that a principal may read."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        found: Any = vault.searches.search(query, subject, limit=limit)
    if as_json:
        print_json(found)
        return
    if not found["hits"]:
        say("Nothing was found that this principal may read.")
    for place, hit in enumerate(found["hits"], start=1):
        page = f", page {hit['page']}" if hit["page"] else ""
        out.print(f"[bold]{place}. {escape(hit['title'])}[/]{page}  [dim]{_marks(hit)}[/]")
        say(f"   {' '.join(hit['text'].split())[:280]}")
        if explain:
            terms = ", ".join(f"{name} {value:+.3f}" for name, value in hit["scores"].items())
            out.print(f"   [dim]score {hit['score']:.3f} = {escape(terms)}[/]")


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    as_principal: AsPrincipal,
    as_json: AsJson = False,
) -> None:
    """Answer a question from what a principal may read, every sentence cited, or abstain."""
    with opened() as vault:
        subject = vault.authenticator.subject(as_principal)
        answer: Any = vault.answers.answer(question, subject)
    if as_json:
        print_json(answer)
    else:
        show_answer(answer)


def show_answer(answer: Any) -> None:  # noqa: ANN401 - the public JSON form
    """Print an answer, or why there is none, for a person."""
    if answer["abstained"]:
        out.print(f"[bold yellow]No answer[/] [dim]({escape(answer['reason'])})[/]")
        if answer["note"]:
            say(answer["note"])
        for hit in answer["related"]:
            out.print(f"  [dim]related:[/] {escape(hit['title'])}")
        return
    if answer["short"]:
        out.print(f"[bold green]{escape(answer['short'])}[/]")
    out.print(escape(answer["text"]))
    for found in answer["conflicts"]:
        out.print(f"[yellow]conflict:[/] {escape(found['explanation'])}")
    for citation in answer["citations"]:
        span = citation["span"]
        page = f", page {citation['page']}" if citation["page"] else ""
        out.print(
            f"  [bold]\\[{citation['n']}][/] {escape(citation['title'])}{page}, characters "
            f"{span['start']}-{span['end']}  [dim]{_marks(citation)}[/]"
        )
    if answer["note"]:
        out.print(f"[dim]{escape(answer['note'])}[/]")
    out.print(f"[dim]label {answer['label']['classification']}; run {answer['run_id']}[/]")


def _marks(form: Any) -> str:  # noqa: ANN401 - the public JSON form
    label = form["label"]
    words = [label["classification"], *label["compartments"], form["modified_at"][:10]]
    if not form["fresh"]:
        words.append("stale")
    return escape(", ".join(words))
