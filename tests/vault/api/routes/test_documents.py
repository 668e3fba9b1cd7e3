"""GET /v1/documents: what a caller may not read does not exist."""

import base64
import hashlib
import uuid

import pytest
from starlette.testclient import TestClient

from tests.vault.api.conftest import LEAVE, Kept, TokenFor

SUFFIXES = ["", "/text", "/revisions", "/text?revision=any"]


def test_a_reader_sees_its_own_documents_by_title(
    client: TestClient, token_for: TokenFor, kept: Kept
) -> None:
    def listed(principal: str) -> list[str]:
        response = client.get("/v1/documents", headers=token_for(principal))
        return [found["document_id"] for found in response.json()["documents"]]

    assert listed("ana") == [kept.leave, kept.old_travel]
    assert listed("bo") == []
    assert set(listed("olga")) == {kept.leave, kept.merger, kept.old_travel, kept.new_travel}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_hidden_document_is_answered_like_one_that_never_was(
    client: TestClient, ana: dict[str, str], kept: Kept, suffix: str
) -> None:
    def answer(document_id: str) -> tuple[int, bytes, dict[str, str]]:
        response = client.get(f"/v1/documents/{document_id}{suffix}", headers=ana)
        headers = dict(response.headers)
        headers.pop("x-request-id")
        return response.status_code, response.content.replace(document_id.encode(), b"ID"), headers

    hidden, absent = answer(kept.merger), answer(str(uuid.uuid4()))
    assert hidden == absent
    assert hidden[0] == 404


def test_text_is_canonical_to_the_last_code_point_and_carries_its_digest(
    client: TestClient, ana: dict[str, str], kept: Kept
) -> None:
    document = client.get(f"/v1/documents/{kept.leave}", headers=ana).json()
    response = client.get(f"/v1/documents/{kept.leave}/text", headers=ana)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == LEAVE
    digest = hashlib.sha256(LEAVE.encode())
    assert document["revision"]["text_digest"] == f"sha256:{digest.hexdigest()}"
    assert response.headers["content-digest"] == (
        f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    )


def test_a_revision_can_be_named_and_is_listed(
    client: TestClient, ana: dict[str, str], kept: Kept
) -> None:
    (revision,) = client.get(f"/v1/documents/{kept.leave}/revisions", headers=ana).json()[
        "revisions"
    ]
    path = f"/v1/documents/{kept.leave}/text?revision={revision['revision']}"
    assert client.get(path, headers=ana).content.decode() == LEAVE


def test_another_documents_revision_does_not_open_through_ones_own(
    client: TestClient, token_for: TokenFor, kept: Kept
) -> None:
    (revision,) = client.get(
        f"/v1/documents/{kept.merger}/revisions", headers=token_for("cleo")
    ).json()["revisions"]
    path = f"/v1/documents/{kept.leave}/text?revision={revision['revision']}"
    assert client.get(path, headers=token_for("ana")).status_code == 404


def test_a_successor_exists_only_for_those_who_may_read_it(
    client: TestClient, token_for: TokenFor, kept: Kept
) -> None:
    def shown(principal: str) -> dict[str, object]:
        path = f"/v1/documents/{kept.old_travel}"
        found: dict[str, object] = client.get(path, headers=token_for(principal)).json()
        return found

    ana, olga = shown("ana"), shown("olga")
    assert (ana["state"], ana["superseded_by"]) == ("current", None)
    assert (olga["state"], olga["superseded_by"]) == ("superseded", kept.new_travel)


def test_the_list_can_be_cut_short(client: TestClient, ana: dict[str, str], kept: Kept) -> None:
    response = client.get("/v1/documents?limit=1", headers=ana)
    assert [found["document_id"] for found in response.json()["documents"]] == [kept.leave]
    assert client.get("/v1/documents?limit=0", headers=ana).status_code == 422


def test_a_list_goes_on_where_a_page_ended(
    client: TestClient, ana: dict[str, str], kept: Kept
) -> None:
    first = client.get("/v1/documents?limit=1", headers=ana).json()
    after = first["next"]
    second = client.get("/v1/documents", params={"limit": 1, "after": after}, headers=ana).json()
    assert [found["document_id"] for found in second["documents"]] == [kept.old_travel]
    assert second["next"] is None


def test_a_page_tells_nothing_of_what_the_reader_may_not_know(
    client: TestClient, token_for: TokenFor, kept: Kept
) -> None:
    # The merger lies between the two documents that ana may read.
    whole = client.get("/v1/documents?limit=2", headers=token_for("ana")).json()
    assert [found["document_id"] for found in whole["documents"]] == [kept.leave, kept.old_travel]
    assert whole["next"] is None
    assert set(whole) == {"documents", "next"}


def test_the_next_of_someone_elses_page_opens_nothing(
    client: TestClient, token_for: TokenFor, kept: Kept
) -> None:
    theirs = client.get("/v1/documents?limit=1", headers=token_for("olga")).json()["next"]
    params = {"after": theirs}
    assert client.get("/v1/documents", params=params, headers=token_for("bo")).json() == {
        "documents": [],
        "next": None,
    }


def test_an_invented_next_is_refused(client: TestClient, ana: dict[str, str]) -> None:
    response = client.get("/v1/documents?after=invented", headers=ana)
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/invalid-request"


def test_a_misspelt_parameter_is_refused_and_not_overlooked(
    client: TestClient, ana: dict[str, str], kept: Kept
) -> None:
    path = f"/v1/documents/{kept.leave}/text?revison=older"
    assert client.get(path, headers=ana).status_code == 422
