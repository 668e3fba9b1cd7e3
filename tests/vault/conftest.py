"""An ingest over a real store, with a parser and an embedder that need no model."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from models.base import Purpose
from tests.conftest import Clock
from vault.domain.documents import CharSpan, Element, ElementKind, ParsedDocument
from vault.domain.errors import UnsupportedDocumentError, VaultError
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance
from vault.ingest.arrivals import Reception
from vault.ingest.intake import Intake, access_label
from vault.ingest.keeper import Keeper
from vault.ingest.parse.result import Attachment, Parsed
from vault.ingest.pipeline import Pipeline
from vault.ingest.rights import RightsDesk
from vault.ingest.survey import Surveyor
from vault.ingest.sync import SourceSync
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.store.session import Store


class PlainParser:
    """Takes every file for one paragraph; refuses those that say so."""

    def parse_many(self, files: Iterable[Attachment]) -> Iterator[Parsed | VaultError]:
        for file in files:
            text = file.content.decode()
            if text == "broken":
                yield UnsupportedDocumentError("the file is damaged")
                continue
            element = Element(ElementKind.PARAGRAPH, CharSpan(0, len(text)))
            yield Parsed(ParsedDocument(text, (element,), file.name, "text/plain", "plain", 1.0))


@dataclass
class CountingEmbedder:
    """Gives every text the same direction and counts what it was asked for."""

    fingerprint: str = "counting"
    max_tokens: int = 254
    embedded: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str], *, purpose: Purpose = Purpose.PASSAGE) -> np.ndarray:
        self.embedded.extend(texts)
        return np.tile(np.array([1, 0, 0, 0], dtype=np.float32), (len(texts), 1))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


@dataclass
class Plant:
    """Everything an ingest needs, joined."""

    store: Store
    embedder: CountingEmbedder
    keeper: Keeper
    reception: Reception
    sync: SourceSync

    def intake(self, *readers: str, source: str = "shelf") -> Intake:
        access = access_label(
            collection="papers", classification="internal", readers=readers or ["group:staff"]
        )
        return Intake(source, access, Governance("olga"))

    def states(self, source: str = "shelf") -> dict[str, str]:
        with self.store.read() as unit:
            held = unit.items.held(source)
        return {uri.rsplit("/", 1)[-1]: item.state.value for uri, item in held.items()}


@pytest.fixture
def plant(store: Store, clock: Clock) -> Plant:
    signer = Signer.from_seed(b"s" * 32, name="test.example/log")
    journal = Journal(Ledger(origin="test.example/log", signer=signer), now=clock)
    keeper = Keeper(store, journal=journal, now=clock, identifiers=b"i" * 32)
    embedder = CountingEmbedder()
    pipeline = Pipeline(
        store, parser=PlainParser(), embedder=lambda: embedder, keeper=keeper, now=clock
    )
    reception = Reception(store, pipeline=pipeline, keeper=keeper)
    with store.write() as unit:
        olga = Principal("olga", PrincipalKind.PERSON, Label(Classification.INTERNAL))
        unit.principals.add(olga, name="", now=clock())
        unit.principals.add_group("staff", now=clock())
    rights = RightsDesk(store, journal=journal, now=clock)
    surveyor = Surveyor(store, rights=rights, keeper=keeper, now=clock)
    sync = SourceSync(store, reception=reception, keeper=keeper, surveyor=surveyor, now=clock)
    return Plant(store, embedder, keeper, reception, sync)
