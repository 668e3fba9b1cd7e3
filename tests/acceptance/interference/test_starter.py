"""The sample organisation with the starter embedder, beside one that hides more."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.interference import asking
from tests.acceptance.interference.organisation import READ
from tests.acceptance.interference.pair import InterferenceError, Pair, paired
from tests.acceptance.interference.vaults import SteadyVault
from tests.acceptance.interference.wire import Request
from vault.bootstrap import Vault
from vault.cli.home import SAMPLE
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import AccessLabel, Classification, Label
from vault.domain.records import Governance
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake, access_label
from vault.settings import load

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.enable_socket]

READERS = ("lena.fischer", "amara.diallo")
SECRET_READER = "ruth.okafor"
HIDDEN = access_label(
    collection="hidden", classification="secret", readers=[f"user:{SECRET_READER}"]
)
NEAR_MISS = access_label(
    collection="clinical-policies",
    classification="secret",
    readers=[f"user:{reader}" for reader in READERS],
)
"""The readers are named here, but their clearance is too low."""
OPEN = access_label(
    collection="clinical-policies", classification="public", readers=["group:everyone"]
)
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (SAMPLE / "golden.jsonl").read_text().splitlines()
]
QUOTED = [row for row in ROWS if row.get("quote")][::3]
ASKED = ROWS[::2]
WRITTEN = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """The sample's home with a token for each reader."""

    folder: Path
    tokens: Mapping[str, str]


def offered(name: str, text: str, access: AccessLabel) -> Arrival:
    intake = Intake("hidden", access, Governance("daniel.moreau"))
    return Arrival(
        f"hidden:{name}", f"{name}.md", None, intake, lambda: Bytes(text.encode(), WRITTEN)
    )


def take_in(vault: Vault, *arrivals: Arrival) -> list[str]:
    outcomes = list(vault.reception().receive("hidden", arrivals))
    assert all(outcome.state.value == "ingested" for outcome in outcomes)
    return [str(outcome.document_id) for outcome in outcomes]


def twins() -> list[Arrival]:
    """Return hidden texts that say what the readers' own say, and ask what they will ask."""
    texts = [f"# {row['question']}\n\n{row['quote']} {row['quote']}\n" for row in QUOTED]
    hidden = [offered(f"twin-{n}", text, HIDDEN) for n, text in enumerate(texts)]
    return [*hidden, offered("near", texts[0], NEAR_MISS)]


def beside() -> list[Arrival]:
    """Return new texts that every reader may read, of many lengths."""
    return [
        offered(f"open-{n}", f"# Notice {n}\n\n" + f"{row['quote']} " * (1 + n % 4), OPEN)
        for n, row in enumerate(QUOTED[:12])
    ]


def mixed(visible: list[Arrival], hidden: list[Arrival]) -> list[Arrival]:
    """Return both, the visible ones in their order, with hidden ones between them."""
    step = len(hidden) // len(visible) + 1
    made: list[Arrival] = []
    for place, one in enumerate(visible):
        made += [*hidden[place * step : (place + 1) * step], one]
    return made + hidden[len(visible) * step :]


@pytest.fixture(scope="module")
def pair(
    sample_home: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAULT_MODELS_DIR", str(models_dir))
        patch.setenv("VAULT_GENERATOR", "")
        with Vault.open(sample_home, load(sample_home)) as vault:
            tokens = {
                reader: vault.authenticator.issue(reader, scopes=READ, ttl=timedelta(days=300))[0]
                for reader in READERS
            }
        base = Sample(sample_home, tokens)
        with paired(base, tmp_path_factory.mktemp("starter"), kind=SteadyVault) as made:
            visible = beside()
            take_in(made.open.vault, *visible)
            ids = take_in(made.hiding.vault, *mixed(visible, twins()))
            made.hidden(lambda vault: vault.keeper().remove(ids[0], reason="gone"))
            made.hidden(others)
            yield made


def others(vault: Vault) -> None:
    """Let a newcomer join, and let somebody who may read more search."""
    newcomer = Principal("newcomer", PrincipalKind.PERSON, Label(Classification.SECRET))
    vault.directory.add_principal(newcomer, name="", groups=["board-office"])
    secret = vault.authenticator.subject(SECRET_READER)
    for row in ROWS[:5]:
        vault.searches.search(row["question"], secret, limit=5)


def test_searches_answers_and_streams_are_alike(pair: Pair) -> None:
    for place, row in enumerate(ASKED):
        reader = READERS[place % len(READERS)]
        assert pair.ask(reader, asking.search(row["question"], limit=20)).status == 200
        if place % 6 == 0:
            stream = place % 12 == 0
            assert pair.ask(reader, asking.answer(row["question"], stream=stream)).status == 200
    for reader in READERS:
        listed = pair.ask(reader, Request("GET", "/v1/documents"))
        assert len(re.findall(rb'"source":"hidden"', listed.body)) == len(beside())


def refusals(pair: Pair, document_id: str) -> list[tuple[str, bytes]]:
    replies = [pair.ask("amara.diallo", one) for one in asking.of_document(document_id)]
    return [(one.start, one.body.replace(document_id.encode(), b"*")) for one in replies]


def test_a_hidden_document_and_a_guessed_one_get_the_same_refusal(pair: Pair) -> None:
    keeper = pair.hiding.vault.keeper()
    guessed = refusals(pair, asking.UNKNOWN_ID)
    assert {start for start, _ in guessed} == {"HTTP/1.1 404 Not Found"}
    for name in ("twin-1", "twin-2", "near"):
        assert refusals(pair, keeper.id_of("hidden", f"hidden:{name}")) == guessed


def test_one_more_document_that_a_reader_may_see_is_noticed(pair: Pair) -> None:
    text = "# Hand rub\n\nHow long should I rub my hands with the alcohol rub? Two hours.\n"
    pair.hidden(lambda vault: take_in(vault, offered("seen", text, OPEN)))
    with pytest.raises(InterferenceError):
        pair.ask("amara.diallo", asking.search("How long should I rub my hands with the rub?"))
