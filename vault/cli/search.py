"""``strongroom search`` and ``strongroom ask``."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from vault.cli import narrowing
from vault.cli.console import opened, out, print_json, say
from vault.domain.errors import InvalidRequestError
from vault.domain.questions import MOST_NEIGHBOURS, Rerank, SearchOptions

AsPrincipal = Annotated[str, typer.Option("--as", help="Principal whose rights count.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def search(  # noqa: PLR0913 - one argument per option
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    as_principal: AsPrincipal,
    limit: Annotated[int, typer.Option(help="Most hits to show.")] = 10,
    explain: Annotated[bool, typer.Option(help="Show every term of every score.")] = False,
    context: Annotated[int, typer.Option(help="Neighbours of each hit, at most 3.")] = 0,
    source: narrowing.Source = None,
    collection: narrowing.Collection = None,
    type_: narrowing.Type = None,
    classification_at_most: narrowing.AtMost = None,
    owner: narrowing.Owner = None,
    language: narrowing.Language = None,
    modified_after: narrowing.After = None,
    modified_before: narrowing.Before = None,
    fresh_only: narrowing.FreshOnly = False,
    literal: narrowing.Literal = False,
    rerank: narrowing.Again = Rerank.NONE,
    exact: narrowing.Exact = False,
    at: narrowing.Then = None,
    expired: narrowing.Expired = False,
    as_json: AsJson = False,
) -> None:
    """Find passages that a principal may read."""
    with opened() as vault:
        if not 0 <= context <= MOST_NEIGHBOURS:
            raise InvalidRequestError(f"--context must be between 0 and {MOST_NEIGHBOURS}")
        options = SearchOptions(
            filters=narrowing.filters_of(
                source=source,
                collection=collection,
                type_=type_,
                at_most=classification_at_most,
                owner=owner,
                language=language,
                after=modified_after,
                before=modified_before,
                fresh_only=fresh_only,
            ),
            interpret=not literal,
            rerank=rerank,
            exact=exact,
            explain=explain,
            context=context,
            at=narrowing.moment_of(at),
            expired=expired,
        )
        subject = vault.authenticator.subject(as_principal)
        found: Any = vault.searches.search(query, subject, limit=limit, options=options)
    if as_json:
        print_json(found)
    else:
        show_hits(found)


def show_hits(found: Any) -> None:  # noqa: ANN401 - the public JSON form
    """Print what a search found, and what was made of its words, for a person."""
    _show_understanding(found)
    if not found["hits"]:
        say("Nothing was found that this principal may read.")
    for place, hit in enumerate(found["hits"], start=1):
        page = f", page {hit['page']}" if hit["page"] else ""
        copies = f"  [dim]and {hit['folded']} like it[/]" if hit["folded"] else ""
        out.print(f"[bold]{place}. {escape(hit['title'])}[/]{page}  [dim]{_marks(hit)}[/]{copies}")
        around = hit["context"] or {"before": [], "after": []}
        for text in (*around["before"], hit, *around["after"]):
            say(f"   {' '.join(text['text'].split())[:280]}")
        if hit["explanation"]:
            _show_explanation(hit)


def _show_understanding(found: Any) -> None:  # noqa: ANN401 - the public JSON form
    if found["understood"]:
        filters = ", ".join(
            f"{name} {value}" for name, value in found["understood"]["filters"].items()
        )
        out.print(f"[dim]understood: {escape(filters)}; use --literal to search the words alone[/]")
    for change in found["spelling"]:
        out.print(f"[dim]also searched {escape(change['to'])} for {escape(change['from'])}[/]")


def _show_explanation(hit: Any) -> None:  # noqa: ANN401 - the public JSON form
    terms = ", ".join(
        f"{term['name']} {term['contribution']:+.3f} ({term['weight']:g} x {term['value']:.3f})"
        for term in hit["explanation"]["terms"]
    )
    found_by = " and ".join(hit["explanation"]["found_by"])
    out.print(f"   [dim]score {hit['score']:.3f} = {escape(terms)}; found by {found_by}[/]")


def ask(  # noqa: PLR0913 - one argument per option
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    as_principal: AsPrincipal,
    source: narrowing.Source = None,
    collection: narrowing.Collection = None,
    type_: narrowing.Type = None,
    classification_at_most: narrowing.AtMost = None,
    owner: narrowing.Owner = None,
    language: narrowing.Language = None,
    modified_after: narrowing.After = None,
    modified_before: narrowing.Before = None,
    fresh_only: narrowing.FreshOnly = False,
    literal: narrowing.Literal = False,
    rerank: narrowing.Again = Rerank.NONE,
    exact: narrowing.Exact = False,
    at: narrowing.Then = None,
    expired: narrowing.Expired = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from what a principal may read, every sentence cited, or abstain."""
    with opened() as vault:
        filters = narrowing.filters_of(
            source=source,
            collection=collection,
            type_=type_,
            at_most=classification_at_most,
            owner=owner,
            language=language,
            after=modified_after,
            before=modified_before,
            fresh_only=fresh_only,
        )
        options = SearchOptions(
            filters=filters,
            interpret=not literal,
            rerank=rerank,
            exact=exact,
            at=narrowing.moment_of(at),
            expired=expired,
        )
        subject = vault.authenticator.subject(as_principal)
        answer: Any = vault.answers.answer(question, subject, options=options)
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
        words.append(f"stale, last verified {form['verified_at'][:10]}")
    return escape(", ".join(words))
