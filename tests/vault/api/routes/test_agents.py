"""GET /v1/agents."""

from pathlib import Path

from tests.vault.api.routes.agents_at_work import office
from vault.domain.identity import Principal, PrincipalKind
from vault.domain.labels import LOWEST


def test_an_agent_is_listed_and_shown_to_those_it_is_open_to(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        rik = Principal("rik", PrincipalKind.PERSON, LOWEST)
        found.vault.directory.add_principal(rik, name="", groups=[])
        ana, stranger = found.headers("ana"), found.headers("rik")
        (listed,) = found.client.get("/v1/agents", headers=ana).json()["agents"]
        assert (listed["name"], listed["stage"]) == ("clerk", "pilot")
        assert listed["autonomy"]["effective"] == "A3"
        assert found.client.get("/v1/agents/clerk", headers=ana).json() == listed
        assert found.client.get("/v1/agents", headers=stranger).json() == {"agents": []}
        hidden = found.client.get("/v1/agents/clerk", headers=stranger)
        absent = found.client.get("/v1/agents/nobody", headers=stranger)
        assert hidden.status_code == absent.status_code == 404
        assert hidden.json()["detail"] == absent.json()["detail"]
