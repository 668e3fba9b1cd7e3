"""What a tool returns before anybody sees it: bounded, as promised, without secrets, labelled."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from vault.domain.findings import Finding, FindingKind
from vault.domain.labels import join
from vault.domain.tools import ToolDefinition, ToolResult, Trust, canonical
from vault.ingest.screen.characters import hidden_text
from vault.ingest.screen.instructions import instructions
from vault.ingest.screen.personal import personal
from vault.ingest.screen.secrets import secrets
from vault.orchestrate.json_bounds import excess
from vault.orchestrate.tool import ToolFailedError
from vault.orchestrate.validation import check_of

MASK = "[{} removed]"
MOST_DEPTH = 32
MOST_VALUES = 200_000


def filtered(
    definition: ToolDefinition, result: ToolResult, *, masked: Callable[[str], str]
) -> ToolResult:
    """Return what may leave a call: data, never instructions.

    Its label is at least the definition's. Credentials are taken out, and the personal data
    that the definition says; what looks like a message to a model stays and is named in the
    findings, because taking words out of evidence would falsify it.

    Args:
        definition: the tool that made it.
        result: what it made.
        masked: takes the secrets of this call out of a text.

    Raises:
        ToolFailedError: it is too large, no JSON, or not what the definition promised.
    """
    limit = definition.limits.output_bytes
    fault = excess(result.content, most_bytes=limit, most_depth=MOST_DEPTH, most_values=MOST_VALUES)
    if fault is not None:
        raise ToolFailedError(f"the output of {definition.name} {fault}")
    _check_promise(definition, result.content)
    found: set[str] = set(result.findings)
    content = _cleaned(result.content, definition, found, masked)
    return replace(
        result,
        content=content,
        label=join(result.label, definition.output_label),
        trust=Trust.UNTRUSTED,
        bytes=len(canonical(content)),
        findings=tuple(sorted(found)),
    )


def _check_promise(definition: ToolDefinition, content: object) -> None:
    if definition.output_schema is None:
        return
    check = check_of(definition.output_schema)
    problems = check.problems(content, most_bytes=definition.limits.output_bytes)
    if problems:
        where = "; ".join(f"{one.field or 'it'} {one.sentence}" for one in problems[:3])
        raise ToolFailedError(
            f"the output of {definition.name} is not what its definition promises: {where}"
        )


def _cleaned(
    value: object, definition: ToolDefinition, found: set[str], masked: Callable[[str], str]
) -> object:
    if isinstance(value, str):
        return _clean_text(value, definition, found, masked)
    if isinstance(value, list):
        return [_cleaned(inner, definition, found, masked) for inner in value]
    if isinstance(value, dict):
        return {
            _clean_text(name, definition, found, masked): _cleaned(inner, definition, found, masked)
            for name, inner in value.items()
        }
    return value


def _clean_text(
    text: str, definition: ToolDefinition, found: set[str], masked: Callable[[str], str]
) -> str:
    own = masked(text)
    if own != text:
        found.add("credential.of-this-call")
    cuts: list[tuple[int, int, str]] = []
    for finding in _screened(own):
        found.add(f"{finding.kind.value}.{finding.rule}")
        if finding.kind is FindingKind.CREDENTIAL:
            cuts.append((finding.span.start, finding.span.end, "credential"))
    for finding in personal(own):
        found.add(f"{finding.kind.value}.{finding.rule}")
        if finding.rule in definition.redact:
            cuts.append((finding.span.start, finding.span.end, finding.rule))
    return _without(own, cuts)


def _screened(text: str) -> Iterator[Finding]:
    yield from secrets(text)
    yield from instructions(text)
    yield from hidden_text(text)


def _without(text: str, cuts: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, kind in sorted(cuts):
        if start >= at:
            parts += [text[at:start], MASK.format(kind)]
        at = max(at, end)
    return "".join([*parts, text[at:]])
