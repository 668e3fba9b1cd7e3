"""Vaults whose clock is turned by hand; one kind also needs no weights and counts its work."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Self

from tests.acceptance.interference.meter import (
    CountingKeyRing,
    Meter,
    PlainEmbedder,
    PlainGenerator,
)
from tests.conftest import Clock
from vault.answer.answerer import Answerer
from vault.answer.answerer import Clock as Stopwatch
from vault.bootstrap import Vault
from vault.domain.documents import CharSpan, Element, ElementKind, ParsedDocument
from vault.domain.errors import UnsupportedDocumentError, VaultError
from vault.ingest.parse.result import Attachment, Parsed
from vault.settings import load
from vault.store.home import Home, open_keys
from vault.store.session import Store

BROKEN = "broken"
STOPPED = Stopwatch(wall=lambda: 0.0, busy=lambda: 0.0)


class PlainParser:
    """Takes the first line of a text for its title; refuses the text that says so."""

    def parse_many(self, files: Iterable[Attachment]) -> Iterator[Parsed | VaultError]:
        for file in files:
            text = file.content.decode()
            if text == BROKEN:
                yield UnsupportedDocumentError("the file is damaged")
                continue
            title = text.partition("\n")[0]
            spans = (CharSpan(0, len(title)), CharSpan(len(title) + 2, len(text)))
            elements = (
                Element(ElementKind.TITLE, spans[0]),
                Element(ElementKind.PARAGRAPH, spans[1], headings=(title,)),
            )
            yield Parsed(ParsedDocument(text, elements, title, "text/plain", "plain", 1.0))

    def close(self) -> None:
        """Nothing runs."""


class SteadyVault(Vault):
    """A vault in which no time passes but what a test lets pass."""

    @classmethod
    def steady(cls, folder: Path, *, clock: Clock) -> Self:
        """Open the vault of a home with a clock of the caller's."""
        home = Home(folder)
        return cls(home, load(folder), open_keys(home, passphrase=None), now=clock)

    @cached_property
    def _made_answerer(self) -> Answerer:
        answerer = super()._made_answerer
        # What an answer cost is real time, the one thing that no two runs share.
        answerer._clock = STOPPED
        return answerer


class PlainVault(SteadyVault):
    """A steady vault that needs no weights and counts the work it does."""

    @classmethod
    def steady(cls, folder: Path, *, clock: Clock) -> Self:
        """Open the vault of a home with a clock of the caller's."""
        vault = super().steady(folder, clock=clock)
        ring = CountingKeyRing(vault._key_database, master=vault._keys.master)
        ring.meter = vault.meter
        vault.key_ring = ring
        vault.store = Store(vault._database, keys=ring)
        return vault

    @cached_property
    def meter(self) -> Meter:
        """The work of this vault."""
        return Meter()

    @cached_property
    def parser(self) -> PlainParser:
        """Reads plain text."""
        return PlainParser()

    @cached_property
    def _embedder(self) -> PlainEmbedder:
        return PlainEmbedder(self.meter)

    @cached_property
    def _generator(self) -> PlainGenerator:
        return PlainGenerator(self.meter)
