"""Built-in tools act with the rights of their subject and say what they do."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.vault.homes import LEAVE, QUESTION, home, keep, subject
from tests.vault.orchestrate.workshop import Drawer, context
from vault.domain.errors import InvalidRequestError
from vault.domain.labels import Classification
from vault.domain.tools import Reversibility
from vault.orchestrate.tool import ToolFailedError
from vault.orchestrate.toolbox.toolbox import SHIPPED
from vault.orchestrate.validation import check_of


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_schema_is_one_that_the_registry_takes(name: str) -> None:
    shipped = SHIPPED[name]
    assert shipped.output_schema is not None
    check_of(shipped.input_schema)
    check_of(shipped.output_schema)
    assert shipped.sink_ceiling is None


def test_the_tools_of_a_home_read_and_write_as_promised(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        document_id = keep(vault, LEAVE)
        ana, drawer = subject(vault), Drawer()
        call = context(ana, drawer=drawer)

        def use(name: str, /, **arguments: object) -> dict[str, object]:
            tool = vault.tool_registry.tool(SHIPPED[name].owned_by("olga"))
            result = tool.call(arguments, replace(call, idempotency_key=f"key-of-{name}"))
            assert isinstance(result.content, dict)
            return result.content

        hits = use("search", query=QUESTION)["hits"]
        assert [hit["document_id"] for hit in hits] == [document_id]
        assert use("read_document", document_id=document_id)["text"] == LEAVE
        assert use("answer", question=QUESTION)["citations"][0]["quote"] == LEAVE
        assert use("calculator", expression="25 * 8")["value"] == "200"
        use("write_artifact", name="leave.txt", content="25 days")
        use("draft_email", to=["bo@firm.test"], subject="Leave", body="25 days")
        assert set(drawer.files) == {"leave.txt", "draft-call-1.eml"}
        assert use("create_ticket", title="Leave", body="", queue="staff")["number"] == 1
        use("notify", to="bo", text="25 days")
        assert [one.text for one in vault.tickets.notices(subject(vault, "bo"), limit=5)] == [
            "25 days"
        ]


def test_a_tool_reads_only_what_its_subject_may_read(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        hidden = keep(vault, LEAVE, "user:olga")
        ana = context(subject(vault))
        search = vault.tool_registry.tool(SHIPPED["search"].owned_by("olga"))
        reader = vault.tool_registry.tool(SHIPPED["read_document"].owned_by("olga"))
        assert search.call({"query": QUESTION}, ana).content == {"hits": []}
        with pytest.raises(ToolFailedError, match="no such document"):
            reader.call({"document_id": hidden}, ana)
        olga = context(subject(vault, "olga"))
        assert search.call({"query": QUESTION}, olga).label.classification is (
            Classification.INTERNAL
        )
        assert reader.call({"document_id": hidden}, olga).sources == (hidden,)


def test_a_definition_that_is_not_what_ships_makes_no_tool(tmp_path: Path) -> None:
    with home(tmp_path) as vault:
        ticket = SHIPPED["create_ticket"]
        for altered in (
            replace(ticket, reversibility=Reversibility.READ),
            replace(ticket, input_schema={"type": "object"}),
            replace(ticket, binding={"builtin": "shell"}),
        ):
            with pytest.raises(InvalidRequestError, match="release"):
                vault.toolbox.bind(altered)
