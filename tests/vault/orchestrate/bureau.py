"""Everything that runs need, over an empty store, with tools that do what a test says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from tests.conftest import Clock
from tests.vault.orchestrate.workshop import EchoTool, broker, definition
from vault.domain.approvals import Approval
from vault.domain.assets import AssetKind, AssetState, AssetVersion
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label
from vault.domain.runs import RunState
from vault.domain.tools import Reversibility, ToolDefinition, ToolKind
from vault.ledger.journal import Journal
from vault.ledger.log import Ledger
from vault.ledger.signing import Signer
from vault.orchestrate.agent_desk import AgentDesk
from vault.orchestrate.approvals import ApprovalDesk
from vault.orchestrate.autonomy import Ladder
from vault.orchestrate.beginnings import Beginnings
from vault.orchestrate.endings import Endings
from vault.orchestrate.governor import Governor
from vault.orchestrate.loop import Kernel, Runner
from vault.orchestrate.outcomes import Outcomes
from vault.orchestrate.planner import FixedSteps, Planner
from vault.orchestrate.registry import ToolRegistry
from vault.orchestrate.run_desk import RunDesk
from vault.orchestrate.run_starts import RunStarts
from vault.orchestrate.subjects import Subjects
from vault.orchestrate.tool import Tool
from vault.orchestrate.write_path import LoadedRun, WritePath
from vault.policy.conduct import Conduct
from vault.policy.engine import DEFAULT_FOLDER, PolicyEngine
from vault.store.session import Store

POLICY = PolicyEngine.from_folder(DEFAULT_FOLDER)
INTERNAL = Label(Classification.INTERNAL)
PEOPLE = ("ana", "olga", "bo")
Acts = Callable[[Mapping[str, object], object], object]


def charter(**changes: object) -> dict[str, object]:
    """Return a charter that looks something up and then does it."""
    body: dict[str, object] = {
        "name": "helper",
        "purpose": "Looks something up and does it.",
        "owners": {"business": "olga", "technical": "bo"},
        "autonomy": "A3",
        "label_ceiling": "internal",
        "groups": ["staff"],
        "open_to": ["group:staff"],
        "tools": ["look", "do"],
        "steps": [
            {"tool": "look", "arguments": {"words": "{input}"}},
            {"tool": "do", "arguments": {"words": "do it"}},
        ],
        "result": "{steps.2.content}",
    }
    return {**body, **changes}


def one_step(tool: str = "do", **changes: object) -> dict[str, object]:
    """Return a charter of one step."""
    steps = [{"tool": tool, "arguments": {"words": "do it"}}]
    return charter(tools=[tool], steps=steps, result="{steps.1.content}", **changes)


@dataclass
class Bureau:
    """A store with people in it, and all that governs agents."""

    store: Store
    clock: Clock
    decoy_every: int = 0
    planner: Planner | None = None
    tools: dict[str, EchoTool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        signer = Signer.from_seed(b"s" * 32, name="test.example/log")
        self.signer = signer
        self.journal = Journal(Ledger(origin="test.example/log", signer=signer), now=self.clock)
        self.conduct = Conduct(POLICY)
        self.registry = ToolRegistry(
            dict.fromkeys(ToolKind, self._bind), broker=broker(), now=self.clock
        )
        self.ladder = Ladder()
        self.agents = AgentDesk(
            self.store,
            journal=self.journal,
            conduct=self.conduct,
            registry=self.registry,
            ladder=self.ladder,
            now=self.clock,
        )
        self.approvals = ApprovalDesk(
            self.store,
            journal=self.journal,
            conduct=self.conduct,
            now=self.clock,
            decoy_every=self.decoy_every,
        )
        self.writes = WritePath(self.store, journal=self.journal, now=self.clock)
        self.governor = Governor(conduct=self.conduct, registry=self.registry, ladder=self.ladder)
        ticks = count()
        self.kernel = Kernel(
            writes=self.writes,
            beginnings=Beginnings(
                self.writes,
                governor=self.governor,
                approvals=self.approvals,
                registry=self.registry,
            ),
            outcomes=Outcomes(
                self.writes,
                registry=self.registry,
                broker=broker(),
                elapsed=lambda: next(ticks) / 1000,
            ),
            endings=Endings(self.writes, conduct=self.conduct),
            registry=self.registry,
            subjects=Subjects(),
        )
        self.desk = RunDesk(
            self.writes,
            conduct=self.conduct,
            endings=self.kernel.endings,
            outcomes=self.kernel.outcomes,
        )
        self.starts = RunStarts(self.writes, conduct=self.conduct, ladder=self.ladder)
        self.runner = Runner(self.kernel, planner_for=self.planner_for)

    def planner_for(self, loaded: LoadedRun) -> Planner:
        return self.planner or FixedSteps(loaded.charter)

    def enter(self) -> None:
        """Enter ana, olga and bo as staff, and rik who is not."""
        with self.store.write() as unit:
            unit.principals.add_group("staff", now=self.clock())
            for name in (*PEOPLE, "rik"):
                person = Principal(name, PrincipalKind.PERSON, INTERNAL)
                unit.principals.add(person, name="", now=self.clock())
                if name in PEOPLE:
                    unit.principals.add_member("staff", f"user:{name}")
            unit.raise_epoch()

    def subject(self, name: str) -> Subject:
        with self.store.read() as unit:
            found = unit.principals.get(name)
        assert found is not None
        return Subject(found)

    def tool(self, name: str, act: Acts | None = None, **changes: object) -> ToolDefinition:
        """Let a tool be called that does what ``act`` says; by default it repeats its words."""
        made = definition(name, **changes)
        self.tools[name] = EchoTool(made, act)
        with self.store.write() as unit:
            kept = unit.assets.add(
                AssetKind.TOOL, name, made.form(), by="operator", now=self.clock()
            )
            if kept.state is AssetState.DRAFT:
                unit.assets.move(kept, AssetState.APPROVED, by="operator")
        return made

    def agent(
        self, body: Mapping[str, object] | None = None, *, active: bool = False
    ) -> AssetVersion:
        """Bring an agent in and let it run."""
        found = charter() if body is None else body
        self.agents.apply(found, None)
        kept = self.agents.approve(str(found["name"]), self.subject("olga"))
        return self.agents.promote(kept.name, self.subject("olga")) if active else kept

    def usual(
        self, body: Mapping[str, object] | None = None, *, active: bool = False
    ) -> AssetVersion:
        """Bring in an agent with a tool that reads and one that acts and can be taken back."""
        self.tool("look")
        self.tool("do", reversibility=Reversibility.REVERSIBLE)
        return self.agent(body, active=active)

    def run(
        self, name: str = "ana", text: str = "the question", agent: str = "helper"
    ) -> tuple[str, RunState]:
        """Start a run and work on it until it ends or waits."""
        run_id = self.starts.start(agent, text, self.subject(name))
        return run_id, self.runner.advance(run_id)

    def decide(self, name: str = "olga", *, granted: bool = True) -> Approval:
        """Let somebody decide on what has waited longest."""
        subject = self.subject(name)
        found = self.approvals.waiting(subject)[0]
        shown = self.approvals.show(found.id, subject)
        self.clock.forward(timedelta(seconds=5))
        return self.approvals.decide(
            found.id, subject, granted=granted, view_digest=shown.approval.view_digest
        )

    def events(self, run_id: str) -> list[str]:
        """Return the types of a run's events, in order."""
        return [each.type.value for each in self.desk.show(run_id, None).events]

    def _bind(self, made: ToolDefinition) -> Tool:
        return self.tools[made.name]
