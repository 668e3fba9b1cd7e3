"""An MCP server of the tests' own, made with the reference library; run as a program."""

import os
import sys
import time
from pathlib import Path

from mcp.server import MCPServer


def server() -> MCPServer:
    """Return the server; what it says of its tools is in a file that a test may rewrite."""
    made = MCPServer("stock")
    words = Path(os.environ.get("STOCK_WORDS", "/nowhere"))
    said = words.read_text() if words.exists() else "Count the items of a name."

    @made.tool(description=said)
    def count(name: str) -> dict[str, int]:
        return {"count": len(name)}

    @made.tool()
    def hang(seconds: float) -> str:
        """Wait for a long time."""
        time.sleep(seconds)
        return "late"

    @made.tool()
    def fail() -> str:
        """Fail at every call."""
        raise ValueError("tulip-7 is out")

    @made.tool()
    def flood(size: int) -> str:
        """Say far too much."""
        return "x" * size

    @made.tool()
    def reveal() -> str:
        """Give away the credential it was started with."""
        return os.environ.get("STOCK_TOKEN", "none")

    return made


if __name__ == "__main__":
    if sys.argv[1:] == ["stdio"]:
        server().run("stdio")
    else:
        server().run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
