"""The machine that drives two vaults and compares all that one reader gets from them.

What the reader may know of happens in both vaults; what she may not know of happens in one.
Rules take plain numbers, so that a test can also walk a path of its own through them.
"""

import json
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.acceptance.interference import asking, hiding
from tests.acceptance.interference.hiding import Shelves
from tests.acceptance.interference.organisation import (
    FACES,
    ODD,
    OTHERS,
    READERS,
    VISIBLE,
    Organisation,
    arrival,
    question_of,
    receive,
    text_of,
)
from tests.acceptance.interference.pair import Leak, Pair, paired
from tests.acceptance.interference.wire import Reply, Request
from vault.bootstrap import Vault

number = st.integers(min_value=0, max_value=7)
reader = st.sampled_from(READERS)
face = st.sampled_from(FACES)
other = st.sampled_from(OTHERS)


class Interference(RuleBasedStateMachine):
    """Two vaults, one reader.

    Attributes:
        base: the home that both begin as.
        leak: a fault put into both, or None.
    """

    base: Organisation
    leak: Leak | None = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = ExitStack()
        self.stack.callback(shutil.rmtree, self.folder)
        opened = paired(self.base, self.folder, leak=self.leak)
        self.pair: Pair = self.stack.enter_context(opened)
        self.shelves = Shelves.of(self.base)
        self.runs: list[str] = []
        contract = json.loads(self.ask("nobody", Request("GET", "/openapi.json")).body)
        self.looks = asking.looks(contract)
        members = asking.Members(contract)
        self.search_members = members.of("SearchIn", "query", "conversation")
        self.answer_members = members.of("QuestionIn", "question", "conversation")

    def teardown(self) -> None:
        """Look once more at what shows most, and close both vaults."""
        with self.stack:
            for each in READERS[:2]:
                self.ask(each, Request("GET", "/v1/documents"))
                self.ask(each, asking.search(question_of(0), limit=50))

    def close(self) -> None:
        """Close both vaults without another look."""
        self.stack.close()

    def ask(self, who: str, request: Request) -> Reply:
        return self.pair.ask(who, request)

    # What the reader may know of.

    @rule(topic=number, variant=number, label=number)
    def add(self, topic: int, variant: int, label: int) -> None:
        name = self.shelves.new_name()
        access = VISIBLE[label % len(VISIBLE)]
        offered = arrival(name, text_of(topic, variant), access)
        self.pair.both(lambda vault: self.shelves.keep(name, access, receive(vault, offered)))

    @rule(topic=number, label=number)
    def add_beside_hidden(self, topic: int, label: int) -> None:
        """Take in one visible text; in one vault it comes among hidden ones."""
        name, access = self.shelves.new_name(), VISIBLE[label % len(VISIBLE)]
        offered = arrival(name, text_of(topic, label), access)
        twins = hiding.twins(self.shelves, topic)
        receive(self.pair.open.vault, offered)
        found = receive(self.pair.hiding.vault, twins[0], offered, *twins[1:])
        self.shelves.keep(name, access, found[1:2])

    @rule(place=number, topic=number, variant=number)
    def revise(self, place: int, topic: int, variant: int) -> None:
        kept = self.shelves.visible_at(place)
        offered = arrival(kept.name, text_of(topic, variant), kept.access)
        self.pair.both(lambda vault: receive(vault, offered))

    @rule(place=number, label=number)
    def relabel(self, place: int, label: int) -> None:
        kept = self.shelves.visible_at(place)
        kept.access = VISIBLE[label % len(VISIBLE)]
        intake = arrival(kept.name, "", kept.access).intake
        self.pair.both(lambda vault: vault.keeper().relabel(kept.document_id, intake, version=None))

    @rule(place=number)
    def withdraw(self, place: int) -> None:
        kept = self.shelves.take_visible(place)
        if kept is not None:
            self.pair.both(lambda vault: vault.keeper().remove(kept.document_id, reason="gone"))

    @rule(place=number)
    def erase(self, place: int) -> None:
        kept = self.shelves.take_visible(place)
        if kept is not None:
            self.pair.both(
                lambda vault: vault.erasure.erase(kept.document_id, None, reason="asked")
            )

    @rule(older=number, newer=number)
    def supersede(self, older: int, newer: int) -> None:
        one, two = self.shelves.visible_at(older), self.shelves.visible_at(newer)
        if self.shelves.link(one, two):
            self.pair.both(
                lambda vault: vault.shelf.supersede(one.document_id, two.document_id, None)
            )

    @rule(days=st.integers(min_value=1, max_value=40))
    def wait(self, days: int) -> None:
        self.pair.clock.forward(hiding.days(min(days, self.shelves.days_left(days))))

    # What the reader may not know of.

    @rule(topic=number, variant=number, label=number)
    def hide(self, topic: int, variant: int, label: int) -> None:
        offered = hiding.hidden_arrival(self.shelves, topic, variant, label)
        self.pair.hidden(lambda vault: self.shelves.hide(offered, receive(vault, offered)))

    @rule(place=number, act=st.sampled_from(sorted(hiding.ENDS)), number=number)
    def change_hidden(self, place: int, act: str, number: int) -> None:
        kept = self.shelves.hidden_at(place)
        if kept is not None:
            self.pair.hidden(lambda vault: hiding.ENDS[act](vault, self.shelves, kept, number))

    @rule(place=number, newer=number)
    def supersede_by_hidden(self, place: int, newer: int) -> None:
        one, two = self.shelves.visible_at(place), self.shelves.hidden_at(newer)
        if two is not None and self.shelves.link_hidden(one):
            self.pair.hidden(
                lambda vault: vault.shelf.supersede(one.document_id, two.document_id, None)
            )

    @rule(who=other, topic=number, stream=st.booleans())
    def ask_elsewhere(self, who: str, topic: int, stream: bool) -> None:
        """Let somebody else search and ask; their runs are theirs."""
        question = question_of(topic)
        self.pair.elsewhere(who, asking.answer(question, stream=stream))
        found = self.pair.elsewhere(who, asking.search(question, limit=20))
        self.shelves.foreign_runs.append(json.loads(found.body)["run_id"])

    @rule(act=st.sampled_from(sorted(hiding.ACTS)), number=number)
    def act_elsewhere(self, act: str, number: int) -> None:
        self.pair.hidden(lambda vault: hiding.ACTS[act](vault, self.shelves, number))

    # What the reader does.

    @rule(who=reader, topic=number, limit=st.sampled_from([1, 3, 50]), extra=st.integers(0, 60))
    def search(self, who: str, topic: int, limit: int, extra: int) -> None:
        members = self._chosen(self.search_members, extra)
        reply = self.ask(who, asking.search(question_of(topic), **{"limit": limit, **members}))
        self._remember(reply)

    @rule(who=reader, topic=number, extra=st.integers(0, 60))
    def answer(self, who: str, topic: int, extra: int) -> None:
        members = self._chosen(self.answer_members, extra)
        self._remember(self.ask(who, asking.answer(question_of(topic), **members)))

    @rule(who=reader, place=st.integers(0, len(ODD) - 1), whole=st.booleans())
    def ask_oddly(self, who: str, place: int, whole: bool) -> None:
        self.ask(who, asking.answer(ODD[place]) if whole else asking.search(ODD[place]))

    @rule(who=reader, topic=number, place=st.integers(-2, 7))
    def follow_up(self, who: str, topic: int, place: int) -> None:
        """Go on from a run of the reader's own, of somebody else's, or of nobody's."""
        known = [*self.runs, *self.shelves.foreign_runs[-2:]]
        run = known[place % len(known)] if known else asking.UNKNOWN_ID
        earlier = [{"question": question_of(topic), "run_id": run}]
        self.ask(who, asking.search("and for how long", conversation=earlier))

    @rule(who=reader, topic=number)
    def stream(self, who: str, topic: int) -> None:
        reply = self.ask(who, asking.answer(question_of(topic), stream=True))
        assert len(reply.parts) >= 2, "a stream comes in parts"

    @rule(who=st.sampled_from(["pia", "bot for pia"]), topic=number)
    def fill_in_the_form(self, who: str, topic: int) -> None:
        question = question_of(topic).replace(" ", "+")
        body = f"question={question}&token={self.base.tokens[who]}".encode()
        kind = ("Content-Type", "application/x-www-form-urlencoded")
        self.ask("nobody", Request("POST", "/ask", (kind,), body))

    @rule(who=reader, place=number, limit=st.sampled_from(["", "?limit=1", "?limit=3"]))
    def browse(self, who: str, place: int, limit: str) -> None:
        page = json.loads(self.ask(who, Request("GET", f"/v1/documents{limit}")).body)
        if page["next"] is not None:
            self.ask(who, Request("GET", f"/v1/documents?limit=3&after={page['next']}"))
        for request in asking.of_document(self.shelves.visible_at(place).document_id):
            self.ask(who, request)

    @rule(who=reader, place=number)
    def knock(self, who: str, place: int) -> None:
        """Ask for what exists in one vault only, or in none, and for the runs of others."""
        kept = self.shelves.hidden_at(place)
        wanted = asking.UNKNOWN_ID if kept is None else kept.document_id
        for request in asking.of_document(wanted, revision=self.shelves.visible_at(0).document_id):
            assert self.ask(who, request).status == 404
        own = self.shelves.visible_at(place).document_id
        if kept is not None and kept.revision:
            path = f"/v1/documents/{own}/text?revision={kept.revision}"
            assert self.ask(who, Request("GET", path)).status == 404
        for run in self.shelves.foreign_runs[-2:]:
            reply = self.ask(who, Request("GET", f"/v1/runs/{run}/proof"))
            assert reply.status in {403, 404}

    @rule(who=face, place=st.integers(0, 40))
    def misuse(self, who: str, place: int) -> None:
        self.ask(who, asking.MISUSES[place % len(asking.MISUSES)])

    @rule(who=face, place=st.integers(0, 40))
    def look(self, who: str, place: int) -> None:
        self.ask(who, self.looks[place % len(self.looks)])

    @rule(who=reader, place=number)
    def prove(self, who: str, place: int) -> None:
        if self.runs:
            run = self.runs[place % len(self.runs)]
            self.ask(who, Request("GET", f"/v1/runs/{run}/proof"))

    def _chosen(self, members: list[dict[str, object]], extra: int) -> dict[str, object]:
        return members[extra] if extra < len(members) else {}

    def _remember(self, reply: Reply) -> None:
        if reply.status == 200:
            self.runs.append(json.loads(reply.body)["run_id"])


def machine(base: Organisation, leak: Leak | None = None) -> type[Interference]:
    """Return the machine for copies of one home."""
    return type("PairedVaults", (Interference,), {"base": base, "leak": leak})


__all__ = ["Interference", "Vault", "machine"]
