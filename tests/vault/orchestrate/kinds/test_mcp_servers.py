"""A server is named once, and a client of it reaches its one address."""

import anyio
import httpx2
import pytest

from tests.vault.orchestrate.kinds.services import service
from vault.domain.errors import InvalidRequestError
from vault.orchestrate.kinds.destinations import Destination
from vault.orchestrate.kinds.mcp_servers import McpServer, TooMuchError, pinned_client


@pytest.mark.parametrize(
    "binding",
    [
        {},
        {"url": "http://a", "command": ["b"], "tool": "t"},
        {"url": "http://a"},
        {"command": "rm -rf /", "tool": "t"},
        {"command": [], "tool": "t"},
        {"command": [1], "tool": "t"},
        {"url": "http://a", "tool": "t", "headers": "x"},
        {"url": "http://a", "tool": "t", "shell": True},
    ],
)
def test_a_binding_names_one_server_and_one_tool(binding: dict) -> None:
    with pytest.raises(InvalidRequestError):
        McpServer.parse(binding)


def test_the_secrets_of_a_server_are_known() -> None:
    found = McpServer.parse(
        {"command": ["x", "y"], "tool": "t", "environment": {"A": "one"}, "headers": {"B": "two"}}
    )
    assert (found.secrets, found.command, found.url) == ({"one", "two"}, ("x", "y"), None)


@pytest.mark.enable_socket
@pytest.mark.slow
def test_a_request_goes_to_the_pinned_address_and_no_further() -> None:
    with service() as (url, asked):
        port = int(url.rsplit(":", 1)[1])
        place = Destination("http", "name.test", port, "127.0.0.1", "")

        async def talk() -> list[object]:
            async with pinned_client(place, headers={"X-Key": "k"}, most_bytes=1000) as client:
                found: list[object] = [
                    (await client.get(f"http://name.test:{port}/items/1")).status_code,
                    (await client.get(f"http://name.test:{port}/redirect")).status_code,
                ]
                for wrong in (f"http://other.test:{port}/", f"https://name.test:{port}/"):
                    with pytest.raises(httpx2.UnsupportedProtocol):
                        await client.get(wrong)
                with pytest.raises(TooMuchError):
                    await client.get(f"http://name.test:{port}/flood")
                return found

        assert anyio.run(talk) == [200, 302]
        assert asked.asked[0][2]["Host"] == f"name.test:{port}"
