"""Two vaults that differ only in what a reader may not see answer that reader alike over HTTP."""

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vault.api.background import serving
from vault.bootstrap import Vault
from vault.cli.home import SAMPLE
from vault.domain.identity import READER_SCOPES, Principal, PrincipalKind
from vault.domain.labels import Classification, Label
from vault.domain.records import Governance, parse_period
from vault.ingest.arrivals import Arrival, Bytes
from vault.ingest.intake import Intake, access_label
from vault.settings import load

pytestmark = [
    pytest.mark.model,
    pytest.mark.slow,
    pytest.mark.enable_socket,
]
READERS = ("lena.fischer", "amara.diallo")
SECRET_READER = "ruth.okafor"
VOLATILE = {"run_id", "answer_id", "seconds", "joules"}


@dataclass
class World:
    """One vault behind a server, and a token for each reader."""

    vault: Vault
    host: str
    port: int
    tokens: dict[str, str]

    def send(
        self, reader: str, method: str, path: str, body: object = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        headers = {"Authorization": f"Bearer {self.tokens[reader]}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        reply = connection.getresponse()
        content = reply.read()
        connection.close()
        kept = {
            name.lower(): value
            for name, value in reply.getheaders()
            if name.lower() not in {"date", "content-length", "x-request-id"}
        }
        return reply.status, kept, content


def settled(value: Any) -> Any:
    """Return a response without what differs between any two runs: ids of runs, and time."""
    if isinstance(value, dict):
        return {
            name: "*" if name in VOLATILE else settled(member) for name, member in value.items()
        }
    return [settled(member) for member in value] if isinstance(value, list) else value


def hide_more(vault: Vault) -> None:
    """Add what the readers may not see: documents like theirs, people, runs, a deletion."""
    access = access_label(
        collection="hidden",
        classification="secret",
        readers=[f"user:{SECRET_READER}"],
    )
    intake = Intake("hidden", access, Governance("daniel.moreau"))
    rows = [json.loads(line) for line in (SAMPLE / "golden.jsonl").read_text().splitlines()]
    now = datetime(2026, 11, 20, tzinfo=UTC)

    def arrival(name: str, text: str, rights: Intake = intake) -> Arrival:
        return Arrival(
            f"hidden:{name}", f"{name}.md", None, rights, lambda: Bytes(text.encode(), now)
        )

    twins = [
        arrival(f"twin-{place}", f"# {row['question']}\n\n{row['quote']} {row['quote']}\n")
        for place, row in enumerate(rows)
        if row.get("quote")
    ]
    # The readers are named here, but their clearance is too low: a near miss.
    near = intake.with_changes(
        access=access_label(
            collection="clinical-policies",
            classification="secret",
            readers=[f"user:{reader}" for reader in READERS],
        )
    )
    twins.append(arrival("near", f"# Near miss\n\n{rows[0]['quote']}", near))
    outcomes = list(vault.reception().receive("hidden", twins))
    assert all(outcome.state.value == "ingested" for outcome in outcomes)
    first = outcomes[0].document_id
    assert first is not None
    vault.keeper().remove(first, reason="test")
    newcomer = Principal("newcomer", PrincipalKind.PERSON, Label(Classification.SECRET))
    vault.directory.add_principal(newcomer, name="", groups=["board-office"])
    secret = vault.authenticator.subject(SECRET_READER)
    for row in rows[:5]:
        vault.searches.search(row["question"], secret, limit=5)


@pytest.fixture(scope="module")
def worlds(
    sample_home: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[World]]:
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("VAULT_MODELS_DIR", str(models_dir))
        patch.setenv("VAULT_GENERATOR", "")
        made = []
        for name in ("open", "hiding"):
            home = tmp_path_factory.mktemp(name) / "home"
            shutil.copytree(sample_home, home)
            vault = stack.enter_context(Vault.open(home, load(home)))
            if name == "hiding":
                hide_more(vault)
            tokens = {
                reader: vault.authenticator.issue(
                    reader, scopes=READER_SCOPES, ttl=parse_period("1d")
                )[0]
                for reader in READERS
            }
            host, port = stack.enter_context(serving(vault))
            made.append(World(vault, host, port, tokens))
        yield made


def alike(worlds: list[World], reader: str, method: str, path: str, body: object = None) -> int:
    one, two = (world.send(reader, method, path, body) for world in worlds)
    assert one[:2] == two[:2], (reader, path, body)
    if one[1].get("content-type", "").endswith("json"):
        assert settled(json.loads(one[2])) == settled(json.loads(two[2])), (reader, path, body)
    else:
        assert one[2] == two[2], (reader, path, body)
    return one[0]


def test_three_hundred_paired_requests_are_alike(worlds: list[World]) -> None:
    rows = [json.loads(line) for line in (SAMPLE / "golden.jsonl").read_text().splitlines()]
    sent = 0
    for reader in READERS:
        for row in rows[:120]:
            body = {"query": row["question"], "limit": 10}
            assert alike(worlds, reader, "POST", "/v1/search", body) == 200
            sent += 1
        for row in rows[::4]:
            body = {"question": row["question"]}
            assert alike(worlds, reader, "POST", "/v1/answers", body) == 200
            sent += 1
        assert alike(worlds, reader, "GET", "/v1/documents") == 200
        assert alike(worlds, reader, "POST", "/v1/search", {"query": ""}) == 422
        sent += 2
    assert sent >= 300


def test_a_hidden_document_and_a_random_id_get_the_same_refusal(worlds: list[World]) -> None:
    hiding = worlds[1]
    secret = hiding.vault.authenticator.subject(SECRET_READER)
    hidden = [
        kept.document.id
        for kept in hiding.vault.shelf.all(secret)
        if kept.document.source_id == "hidden"
    ]
    assert hidden
    for path in ("/v1/documents/{}", "/v1/documents/{}/text", "/v1/documents/{}/revisions"):
        for found in hidden[:5]:
            real, random = (
                hiding.send("amara.diallo", "GET", path.format(document_id))
                for document_id in (found, "00000000-0000-8000-8000-000000000000")
            )
            assert real[0] == random[0] == 404
            assert real[1] == random[1]
            blank = b"00000000-0000-8000-8000-000000000000"
            assert real[2].replace(found.encode(), blank) == random[2]


def test_the_comparison_would_notice_a_document_the_reader_may_see(worlds: list[World]) -> None:
    """The test bites: one more visible document makes the two vaults differ."""
    hiding = worlds[1]
    access = access_label(
        collection="clinical-policies", classification="public", readers=["group:everyone"]
    )
    intake = Intake("hidden", access, Governance("daniel.moreau"))
    text = b"# Hand rub\n\nHow long should I rub my hands with the alcohol rub? Two hours.\n"
    seen = Arrival(
        "hidden:seen",
        "seen.md",
        None,
        intake,
        lambda: Bytes(text, datetime(2026, 11, 1, tzinfo=UTC)),
    )
    list(hiding.vault.reception().receive("hidden", [seen]))
    body = {"query": "How long should I rub my hands with the alcohol rub?", "limit": 10}
    with pytest.raises(AssertionError):
        alike(worlds, "amara.diallo", "POST", "/v1/search", body)
