"""From one operation in an OpenAPI document to a tool's schemas and binding."""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from vault.domain.errors import InvalidRequestError
from vault.domain.tools import digest_of
from vault.orchestrate.closing import resolved
from vault.orchestrate.json_bounds import excess

MOST_BYTES = 8 * 2**20
_METHODS = ("get", "head", "post", "put", "patch", "delete")
_JSON = "application/json"
_SCHEMAS = "#/components/schemas/"
_TAKEN = ("secret", "secret_header", "secret_prefix", "key_header")


def describe(body: Mapping[str, object]) -> dict[str, object]:
    """Return what a document says of an operation, with the digest of what was read pinned.

    The body's binding names the file of the document (``openapi``), the ``operation`` by its
    operationId and the ``base_url``; a binding without a document is returned as it is.

    Raises:
        InvalidRequestError: there is no such operation, or it is described in a way that no
            tool can be made from.

    Source:
        OpenAPI Specification 3.1.
    """
    binding = body.get("binding")
    if not isinstance(binding, Mapping) or "openapi" not in binding:
        return {}
    document = _read(Path(str(binding["openapi"])))
    method, path, operation = _find(document, str(binding.get("operation", "")))
    properties, required, places = _arguments(document, path, operation)
    schema: dict[str, object] = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    found: dict[str, object] = {
        "description": str(operation.get("summary") or operation.get("description") or path),
        "input_schema": _with_definitions(schema, document),
        "binding": {
            "base_url": str(binding.get("base_url", "")),
            "method": method.upper(),
            "path": path,
            "places": places,
            "document": digest_of(operation),
            **{name: binding[name] for name in _TAKEN if name in binding},
        },
    }
    answer = _answer(document, operation)
    if answer is not None:
        found["output_schema"] = _with_definitions(answer, document)
    return found


def _read(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        text = content.decode()
        found = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        raise InvalidRequestError("the OpenAPI document cannot be read") from None
    fault = excess(found, most_bytes=MOST_BYTES, most_depth=64, most_values=10**6)
    if fault is not None or not isinstance(found, dict):
        raise InvalidRequestError(f"the OpenAPI document {fault or 'is no object'}")
    return found


def _find(document: Mapping[str, object], wanted: str) -> tuple[str, str, dict[str, object]]:
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, Mapping) else ():
        for method in _METHODS:
            operation = item.get(method) if isinstance(item, Mapping) else None
            if isinstance(operation, Mapping) and operation.get("operationId") == wanted:
                shared = item.get("parameters", [])
                own = operation.get("parameters", [])
                return method, str(path), {**operation, "parameters": [*shared, *own]}
    raise InvalidRequestError(f"the document has no operation {wanted[:60]!r}")


def _arguments(
    document: Mapping[str, object], path: str, operation: Mapping[str, object]
) -> tuple[dict[str, object], list[str], dict[str, str]]:
    properties: dict[str, object] = {}
    places: dict[str, str] = {}
    required: list[str] = []
    parameters = operation.get("parameters")
    for given in parameters if isinstance(parameters, list) else []:
        parameter = _looked_up(given, document)
        name, place = str(parameter.get("name")), str(parameter.get("in"))
        if place == "cookie":
            raise InvalidRequestError("an operation that wants a cookie is no tool")
        schema = _looked_up(parameter.get("schema") or {}, None)
        note = parameter.get("description")
        properties[name] = schema | ({"description": note} if note else {})
        places[name] = place
        if parameter.get("required") or place == "path":
            required.append(name)
    body = _looked_up(operation.get("requestBody") or {}, document)
    taken = _media(body)
    if body and taken is None:
        raise InvalidRequestError(f"the operation {path} takes a body that is not JSON")
    if taken is not None:
        properties["body"], places["body"] = taken, "body"
        if body.get("required"):
            required.append("body")
    return properties, list(dict.fromkeys(required)), places


def _answer(
    document: Mapping[str, object], operation: Mapping[str, object]
) -> dict[str, object] | None:
    responses = operation.get("responses")
    if not isinstance(responses, Mapping):
        return None
    good = [responses[code] for code in responses if str(code).startswith("2")]
    # With several good answers none of their schemas holds for all.
    return _media(_looked_up(good[0], document)) if len(good) == 1 else None


def _media(holder: Mapping[str, object]) -> dict[str, object] | None:
    content = holder.get("content")
    media = content.get(_JSON) if isinstance(content, Mapping) else None
    schema = media.get("schema") if isinstance(media, Mapping) else None
    return dict(schema) if isinstance(schema, Mapping) else None


def _looked_up(given: object, document: Mapping[str, object] | None) -> dict[str, object]:
    if not isinstance(given, Mapping):
        raise InvalidRequestError("the OpenAPI document is malformed")
    target = given.get("$ref")
    if document is None or not isinstance(target, str):
        return dict(given)
    found = resolved(target, document) if target.startswith("#/") else None
    if not isinstance(found, Mapping):
        raise InvalidRequestError(f"the reference {target[:100]!r} leads nowhere")
    return dict(found)


def _with_definitions(
    schema: dict[str, object], document: Mapping[str, object]
) -> dict[str, object]:
    """Return a schema that holds every component it refers to."""
    needed: dict[str, object] = {}
    moved = _moved(schema, needed, document)
    whole = dict(moved) if isinstance(moved, dict) else {}
    if needed:
        whole["$defs"] = needed
    return whole


def _moved(value: object, needed: dict[str, object], document: Mapping[str, object]) -> object:
    if isinstance(value, list):
        return [_moved(each, needed, document) for each in value]
    if not isinstance(value, Mapping):
        return value
    made = {name: _moved(each, needed, document) for name, each in value.items()}
    target = value.get("$ref")
    if isinstance(target, str):
        if not target.startswith(_SCHEMAS):
            raise InvalidRequestError(f"the reference {target[:100]!r} is not to a schema")
        name = target.removeprefix(_SCHEMAS)
        if name not in needed:
            needed[name] = {}
            needed[name] = _moved(_looked_up(value, document), needed, document)
        made["$ref"] = f"#/$defs/{name}"
    return made
