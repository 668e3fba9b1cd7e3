"""A home with people, documents and an embedder that needs no weights."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from models.manifest import ModelKind, ModelManifest
from tests.vault.answer.worlds import DIMENSION, WordEmbedder, gate_saying
from vault.answer.answerer import Answerer
from vault.answer.policy import AnswerPolicy
from vault.bootstrap import Vault
from vault.domain.documents import CharSpan, Chunk, ParsedDocument
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance
from vault.ingest.intake import Intake, access_label
from vault.ingest.prepared import Prepared, digest_of

LEAVE = "Employees receive 25 days of annual leave."
TRAVEL = "Hotels cost at most 90 euros a night."
QUESTION = "How many days of annual leave do employees receive?"


class HomeEmbedder(WordEmbedder):
    """The embedder of words, with all that a home asks of one."""

    backend = "words"
    dimension = DIMENSION
    max_tokens = 254
    manifest = ModelManifest(
        name="words",
        kind=ModelKind.EMBEDDER,
        backend="words",
        revision="1",
        licence="Apache-2.0",
        source="this test",
        dimension=DIMENSION,
        max_tokens=254,
        files={"words": "0" * 64},
    )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


@contextmanager
def home(folder: Path) -> Iterator[Vault]:
    """Make a home where ana, olga and bo are staff, and answer whatever has evidence."""
    with Vault.create(folder / "home", models_dir=folder / "none") as vault:
        embedder = HomeEmbedder()
        vault.__dict__["_embedder"] = embedder
        vault.__dict__["_made_answerer"] = Answerer(
            embedder, None, gate_saying(3.0), policy=AnswerPolicy()
        )
        for name in ("ana", "olga", "bo"):
            person = Principal(name, PrincipalKind.PERSON, Label(Classification.INTERNAL))
            vault.directory.add_principal(person, name="", groups=["staff"])
        yield vault


def subject(vault: Vault, name: str = "ana") -> Subject:
    return vault.authenticator.subject(name)


def intake(*readers: str) -> Intake:
    access = access_label(
        collection="rules", classification="internal", readers=readers or ["group:staff"]
    )
    return Intake("test", access, Governance("olga"))


def keep(vault: Vault, text: str, *readers: str) -> str:
    """Keep a text as one document of one chunk; return its id."""
    prepared = Prepared(
        uri=f"test:{text}",
        version=None,
        digest=digest_of(text.encode()),
        modified_at=datetime(2026, 11, 1, tzinfo=UTC),
        intake=intake(*readers),
        parsed=ParsedDocument(text, (), "", "text/plain", "plain", 1.0),
        chunks=(Chunk(0, CharSpan(0, len(text)), text),),
        vectors=vault.embedder.embed([text]),
    )
    return vault.keeper().keep(prepared, stamp=vault.embedder.fingerprint)
