"""An HTTP tool reaches the one address that was allowed, and believes nothing it is told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.vault.orchestrate.kinds.services import DOCUMENT, Service, service
from tests.vault.orchestrate.workshop import broker, context, definition
from vault.domain.errors import InvalidRequestError
from vault.domain.tools import Reversibility, ToolDefinition, ToolKind, ToolLimits
from vault.orchestrate.kinds.destinations import Destinations
from vault.orchestrate.kinds.http_tools import HttpTool, system_resolver
from vault.orchestrate.kinds.openapi import describe
from vault.orchestrate.tool import RetryableToolError, ToolFailedError
from vault.orchestrate.tool_files import definition_from

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]
Running = tuple[str, type[Service]]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with service() as found:
        yield found


@pytest.fixture
def places(running: Running) -> Destinations:
    host = running[0].removeprefix("http://")
    return Destinations({host: ["127.0.0.0/8"]}, resolve=lambda *_: ["127.0.0.1"])


def made(running: Running, path: str, **more: object) -> ToolDefinition:
    binding = {"base_url": running[0], "method": "GET", "path": path, "places": {}}
    binding |= more.pop("binding", {})  # type: ignore[arg-type]
    return definition("http", kind=ToolKind.HTTP, binding=binding, **more)


def test_an_operation_of_a_document_is_a_tool(
    running: Running, places: Destinations, tmp_path: Path
) -> None:
    file = tmp_path / "stock.json"
    file.write_text(json.dumps(DOCUMENT))
    body = {
        "name": "stock.show",
        "kind": "http",
        "owner": "olga",
        "reversibility": "read",
        "secrets": ["stock"],
        "binding": {
            "openapi": str(file),
            "operation": "showItem",
            "base_url": running[0],
            "secret": "stock",
            "secret_prefix": "Bearer ",
        },
    }
    tool = HttpTool(definition_from(body, {ToolKind.HTTP: describe}), destinations=places)
    given = context(secrets=broker(stock="tulip-7"), names=frozenset({"stock"}))
    found = tool.call({"number": "a/../b c", "detail": True, "X-Trace": "t1"}, given)
    assert found.content == {
        "number": "a%2F..%2Fb%20c",
        "path": "/items/a%2F..%2Fb%20c?detail=true",
    }
    headers = running[1].asked[-1][2]
    assert (headers["Authorization"], headers["X-Trace"]) == ("Bearer tulip-7", "t1")


def test_a_body_and_an_idempotency_key_travel_along(
    running: Running, places: Destinations, tmp_path: Path
) -> None:
    file = tmp_path / "stock.yaml"
    file.write_text(json.dumps(DOCUMENT))
    binding = {
        "openapi": str(file),
        "operation": "addItem",
        "base_url": running[0],
        "key_header": "Idempotency-Key",
    }
    body = {"name": "stock.add", "kind": "http", "owner": "olga", "binding": binding}
    tool = HttpTool(definition_from(body, {ToolKind.HTTP: describe}), destinations=places)
    tool.call({"body": {"name": "bolt", "parts": [{"name": None}]}}, context(key="the-key-of-it"))
    method, path, headers, content = running[1].asked[-1]
    assert (method, path) == ("POST", "/items")
    assert headers["Idempotency-Key"] == "the-key-of-it"
    assert json.loads(content) == {"name": "bolt", "parts": [{"name": None}]}


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/redirect", "redirect, which is not followed"),
        ("/flood", "more than 1048576 bytes"),
        ("/bomb", "compressed"),
        ("/junk", "not application/json"),
        ("/image", "which no model reads"),
        ("/broken", "answered 500"),
    ],
)
def test_what_a_service_must_not_answer_fails(
    running: Running, places: Destinations, path: str, reason: str
) -> None:
    with pytest.raises(ToolFailedError, match=reason):
        HttpTool(made(running, path), destinations=places).call({}, context())


def test_a_service_that_drips_is_cut_off(running: Running, places: Destinations) -> None:
    drip = made(running, "/drip", reversibility=Reversibility.REVERSIBLE)
    with pytest.raises(ToolFailedError) as caught:
        HttpTool(drip, destinations=places).call({}, context(seconds=0.6))
    assert caught.value.effect_unknown


def test_a_busy_service_may_be_asked_again(running: Running, places: Destinations) -> None:
    with pytest.raises(RetryableToolError, match="503"):
        HttpTool(made(running, "/busy"), destinations=places).call({}, context())


def test_a_service_that_is_gone_may_come_back(places: Destinations) -> None:
    nowhere = Destinations({"gone.test:9": ["127.0.0.0/8"]}, resolve=lambda *_: ["127.0.0.1"])
    tool = HttpTool(made(("http://gone.test:9", Service), "/items"), destinations=nowhere)
    with pytest.raises(RetryableToolError, match="does not answer") as caught:
        tool.call({}, context())
    assert not caught.value.effect_unknown


def test_a_name_that_leads_elsewhere_at_the_call_is_not_followed(running: Running) -> None:
    host = running[0].removeprefix("http://")
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    places = Destinations({host: ["127.0.0.0/8"]}, resolve=lambda *_: next(answers))
    tool = HttpTool(made(running, "/items/1"), destinations=places)
    tool.call({}, context())
    with pytest.raises(ToolFailedError, match="address that is not allowed"):
        tool.call({}, context())


def test_a_host_that_nobody_allowed_makes_no_tool(running: Running) -> None:
    nothing = Destinations({}, resolve=system_resolver)
    with pytest.raises(InvalidRequestError, match="not among the tool_hosts"):
        HttpTool(made(running, "/items"), destinations=nothing)


def test_a_secret_that_the_definition_does_not_name_makes_no_tool(
    running: Running, places: Destinations
) -> None:
    sly = made(running, "/items", binding={"secret": "stock"})
    with pytest.raises(InvalidRequestError, match="does not name the secret"):
        HttpTool(sly, destinations=places)


@pytest.mark.parametrize("value", ["a\r\nHost: evil.test", "ä"])
def test_no_argument_breaks_out_of_its_header(
    running: Running, places: Destinations, value: str
) -> None:
    tool = HttpTool(
        made(running, "/items", binding={"places": {"X-Trace": "header"}}), destinations=places
    )
    with pytest.raises(RetryableToolError, match="printable ASCII"):
        tool.call({"X-Trace": value}, context())


@pytest.mark.parametrize("value", ["..", ".", ""])
def test_no_argument_climbs_out_of_its_path(
    running: Running, places: Destinations, value: str
) -> None:
    tool = HttpTool(
        made(running, "/items/{n}", binding={"places": {"n": "path"}}), destinations=places
    )
    with pytest.raises(RetryableToolError, match="part of a path"):
        tool.call({"n": value}, context())


def test_an_answer_is_no_longer_than_its_owner_allows(
    running: Running, places: Destinations
) -> None:
    small = replace(made(running, "/items/1"), limits=ToolLimits(output_bytes=8))
    with pytest.raises(ToolFailedError, match="more than 8 bytes"):
        HttpTool(small, destinations=places).call({}, context())


def test_the_machine_resolves_its_own_name() -> None:
    assert "127.0.0.1" in list(system_resolver("127.0.0.1", 80))
