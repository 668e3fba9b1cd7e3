"""GET /problems: every type can be looked up where it happened."""

import pytest
from starlette.testclient import TestClient

from vault.domain.errors import ERRORS, VaultError

PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.slug)
def test_every_type_is_explained_to_programs_and_people(
    client: TestClient, error: type[VaultError]
) -> None:
    form = client.get(f"/problems/{error.slug}").json()
    assert (form["title"], form["status"]) == (error.title, error.status)
    assert len(form["description"]) > 20
    page = client.get(f"/problems/{error.slug}", headers=PAGE)
    assert page.headers["content-type"].startswith("text/html")
    assert form["description"].replace("'", "&#39;") in page.text


def test_all_of_them_are_listed(client: TestClient) -> None:
    listed = client.get("/problems").json()["problems"]
    assert [found["type"] for found in listed] == [f"/problems/{error.slug}" for error in ERRORS]
    assert client.get("/problems", headers=PAGE).text.count("<dt>") == len(ERRORS)


def test_an_unknown_type_is_a_problem_itself(client: TestClient) -> None:
    assert client.get("/problems/none").json()["type"] == "/problems/not-found"
