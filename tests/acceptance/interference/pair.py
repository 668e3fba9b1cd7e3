"""Two vaults behind real servers, and the comparison of all that one reader gets from them."""

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.acceptance.interference.naming import Names
from tests.acceptance.interference.places import without_places
from tests.acceptance.interference.vaults import PlainVault, SteadyVault
from tests.acceptance.interference.wire import Reply, Request, send
from tests.conftest import Clock
from vault.api.background import serving
from vault.bootstrap import Vault

NOBODY = "nobody"
_LONGEST_START_SECONDS = 60.0


class InterferenceError(AssertionError):
    """A reader could tell one vault from the other."""


class Home(Protocol):
    """A home to be copied, and its tokens."""

    folder: Path
    tokens: Mapping[str, str]


class Leak(Protocol):
    """A fault put into a vault on purpose."""

    def spoil(self, vault: SteadyVault) -> None:
        """Replace collaborators of a vault before it is served."""
        ...

    def serving(self) -> ExitStack:
        """Return what must be in force while vaults are put behind their servers."""
        ...


@dataclass
class World:
    """One vault behind its server.

    Attributes:
        tokens: face to bearer token; the same in both worlds.
    """

    vault: Vault
    host: str
    port: int
    tokens: Mapping[str, str]
    names: Names = field(default_factory=Names)

    def send(self, face: str, request: Request) -> Reply:
        """Return the reply to a request of one face, with its random ids renamed."""
        actual = self.names.actual(request)
        if face != NOBODY:
            bearer = ("Authorization", f"Bearer {self.tokens[face]}")
            actual = Request(actual.method, actual.path, (bearer, *actual.headers), actual.body)
        reply = without_places(actual.path, send(self.host, self.port, actual))
        return self.names.settled(reply)

    def settle(self) -> None:
        """Bring the index up to the database, so that nobody's request pays for a change."""
        with self.vault.store.read() as unit:
            self.vault.follower.current(unit)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _LONGEST_START_SECONDS
        while send(self.host, self.port, Request("GET", "/readyz")).status != 200:
            assert time.monotonic() < deadline, "the vault did not become ready"
            time.sleep(0.01)


@dataclass
class Pair:
    """The two worlds: ``open`` and ``hiding``, which also holds what the reader may not see.

    Attributes:
        asked: requests compared so far.
    """

    open: World
    hiding: World
    clock: Clock
    asked: int = 0

    @property
    def worlds(self) -> tuple[World, World]:
        return self.open, self.hiding

    def ask(self, face: str, request: Request) -> Reply:
        """Return the reply that both worlds give.

        Raises:
            InterferenceError: they differ in a byte, or in the work that was done for it.
        """
        replies, works = [], []
        for world in self.worlds:
            world.settle()
            _reading(world.vault)
            replies.append(world.send(face, request))
            works.append(_reading(world.vault))
        self.asked += 1
        difference = differing(*replies) or _named("work", *works)
        if difference is not None:
            raise InterferenceError(f"{face}: {request}\n{difference}")
        return replies[0]

    def both(self, act: Callable[[Vault], object]) -> None:
        """Do in both worlds what the reader may know of."""
        for world in self.worlds:
            act(world.vault)

    def hidden(self, act: Callable[[Vault], object]) -> None:
        """Do in one world what the reader may not know of."""
        act(self.hiding.vault)

    def elsewhere(self, face: str, request: Request) -> Reply:
        """Let somebody else ask in one world; what they get is their own affair."""
        return send(
            self.hiding.host,
            self.hiding.port,
            Request(
                request.method,
                request.path,
                (("Authorization", f"Bearer {self.hiding.tokens[face]}"), *request.headers),
                request.body,
            ),
        )


def differing(one: Reply, two: Reply) -> str | None:
    """Return where two replies differ, or None."""
    return (
        _named("status", one.start, two.start)
        or _named("headers", one.headers, two.headers)
        or _named("body", _parts(one), _parts(two))
    )


def _parts(reply: Reply) -> list[str]:
    return [part.decode("utf-8", "replace") for part in reply.parts]


def _named(what: str, one: object, two: object) -> str | None:
    return None if one == two else f"the {what} differs:\n  open:   {one!r}\n  hiding: {two!r}"


def _reading(vault: Vault) -> object:
    return vault.meter.reading() if isinstance(vault, PlainVault) else None


@contextmanager
def paired(
    base: Home,
    folder: Path,
    *,
    kind: type[SteadyVault] = PlainVault,
    leak: Leak | None = None,
) -> Iterator[Pair]:
    """Serve two copies of a home on loopback for the length of the block."""
    clock = Clock()
    with ExitStack() as stack:
        made = []
        if leak is not None:
            stack.enter_context(leak.serving())
        for name in ("open", "hiding"):
            home = folder / name
            shutil.copytree(base.folder, home)
            vault = stack.enter_context(kind.steady(home, clock=clock))
            if leak is not None:
                leak.spoil(vault)
            host, port = stack.enter_context(serving(vault))
            made.append(World(vault, host, port, base.tokens))
        for world in made:
            world.wait_until_ready()
        yield Pair(made[0], made[1], clock)


def json_request(method: str, path: str, body: object, **headers: str) -> Request:
    """Return a request with a JSON body."""
    sent = (("Content-Type", "application/json"), *headers.items())
    return Request(method, path, sent, json.dumps(body).encode())
