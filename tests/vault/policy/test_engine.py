"""The default policy, as a table, and what happens when a policy is missing or broken."""

from pathlib import Path

import pytest

from tests.conftest import Clock
from vault.domain.errors import HomeUnavailableError
from vault.domain.identity import Credential, Principal, PrincipalKind, Scope, Subject
from vault.domain.labels import AccessLabel, Classification, Label
from vault.policy.engine import DEFAULT_FOLDER, SCHEMA_FILE, PolicyEngine

OPEN = {"clinic": frozenset({"group:everyone"})}
NURSE = Principal(
    "amara",
    PrincipalKind.PERSON,
    Label(Classification.INTERNAL, frozenset({"outbreak"})),
    frozenset({"nurses", "staff", "everyone"}),
)

KEEPER = Principal("ruth", PrincipalKind.PERSON, NURSE.clearance, frozenset({"records"}))
KEEPING_AGENT = Principal("bot", PrincipalKind.AGENT, NURSE.clearance, frozenset({"records"}))


@pytest.fixture(scope="module")
def engine() -> PolicyEngine:
    return PolicyEngine.from_folder(DEFAULT_FOLDER)


def _label(
    level: str = "internal",
    compartments: tuple[str, ...] = (),
    readers: tuple[str, ...] = ("group:nurses",),
    denied: tuple[str, ...] = (),
) -> AccessLabel:
    return AccessLabel(
        "clinic",
        Label(Classification.of(level), frozenset(compartments)),
        frozenset(readers),
        frozenset(denied),
    )


@pytest.mark.parametrize(
    ("label", "readable"),
    [
        pytest.param(_label(), True, id="cleared and named by group"),
        pytest.param(_label("public"), True, id="below the clearance"),
        pytest.param(_label("confidential"), False, id="above the clearance"),
        pytest.param(_label(readers=("user:amara",)), True, id="named in person"),
        pytest.param(_label(readers=("group:staff",)), True, id="named through a nested group"),
        pytest.param(_label(readers=("group:everyone",)), True, id="named as everyone"),
        pytest.param(_label(readers=()), False, id="no readers is nobody"),
        pytest.param(_label(readers=("group:surgeons",)), False, id="not a member"),
        pytest.param(_label(readers=("user:amar",)), False, id="a name's prefix is not the name"),
        pytest.param(_label(readers=("group:amara",)), False, id="a group is not a user"),
        pytest.param(_label(compartments=("outbreak",)), True, id="holds the compartment"),
        pytest.param(_label(compartments=("outbreak", "hr")), False, id="lacks one compartment"),
        pytest.param(_label("public", ("hr",)), False, id="a level never buys a compartment"),
        pytest.param(_label(denied=("user:amara",)), False, id="denied in person"),
        pytest.param(_label(denied=("group:staff",)), False, id="denied through a nested group"),
        pytest.param(_label(denied=("user:other",)), True, id="another one is denied"),
    ],
)
def test_who_may_read(engine: PolicyEngine, label: AccessLabel, readable: bool) -> None:
    assert (7 in engine.readable(NURSE, {7: label}, OPEN)) is readable


def test_a_closed_collection_opens_to_no_one_else(engine: PolicyEngine) -> None:
    labels = {1: _label()}
    assert engine.readable(NURSE, labels, {"clinic": frozenset({"group:surgeons"})}) == frozenset()
    assert engine.readable(NURSE, labels, {"clinic": frozenset({"group:nurses"})}) == {1}
    assert engine.readable(NURSE, labels, {}) == frozenset()


@pytest.mark.parametrize(
    ("principal", "owner", "permitted"),
    [
        (NURSE, "amara", True),
        (NURSE, "bob", False),
        (Principal("amara", PrincipalKind.AGENT, NURSE.clearance), "amara", False),
        (Principal("amara", PrincipalKind.SERVICE, NURSE.clearance), "amara", False),
    ],
)
def test_only_a_person_who_owns_a_document_governs_it(
    engine: PolicyEngine, principal: Principal, owner: str, permitted: bool
) -> None:
    decision = engine.decide_govern(principal, document_id="d", owner=owner, collection="clinic")
    assert decision.permitted is permitted
    assert decision.reasons == (("owner-governs",) if permitted else ())


@pytest.mark.parametrize("act", ["hold", "release"])
@pytest.mark.parametrize(
    ("principal", "permitted"), [(KEEPER, True), (NURSE, False), (KEEPING_AGENT, False)]
)
def test_only_people_who_keep_records_place_and_release_holds(
    engine: PolicyEngine, act: str, principal: Principal, permitted: bool
) -> None:
    decision = engine.decide_hold(principal, act, placed_by="user:ruth")
    assert decision.permitted is permitted
    assert decision.reasons == (("records-managers-hold",) if permitted else ())


@pytest.mark.parametrize(
    ("principal", "act", "kind", "requested_by", "permitted"),
    [
        (KEEPER, "request", "disposition", "", True),
        (NURSE, "request", "disposition", "", False),
        (KEEPING_AGENT, "request", "disposition", "", False),
        (KEEPER, "approve", "disposition", "user:robin", True),
        (KEEPER, "approve", "disposition", "user:ruth", False),
        (NURSE, "approve", "disposition", "user:robin", False),
        (NURSE, "request", "release", "", True),
        (KEEPING_AGENT, "request", "release", "", False),
        (KEEPER, "approve", "release", "user:amara", True),
        (KEEPER, "approve", "release", "user:ruth", False),
        (NURSE, "approve", "release", "user:ruth", False),
        (KEEPER, "request", "promotion", "", False),
        (KEEPER, "approve", "promotion", "user:robin", False),
    ],
)
def test_what_takes_two_persons_is_asked_by_one_and_approved_by_another(
    engine: PolicyEngine,
    principal: Principal,
    act: str,
    kind: str,
    requested_by: str,
    permitted: bool,
) -> None:
    decision = engine.decide_request(principal, act, kind=kind, requested_by=requested_by)
    assert decision.permitted is permitted


def test_a_credential_permits_its_scopes_alone(engine: PolicyEngine, clock: Clock) -> None:
    held = frozenset({Scope.DOCUMENT_SEARCH})
    credential = Credential("t", Subject(NURSE), held, clock())
    assert engine.decide_call(credential, Scope.DOCUMENT_SEARCH).permitted
    for scope in set(Scope) - held:
        assert not engine.decide_call(credential, scope).permitted


def test_no_policy_means_no_service(tmp_path: Path) -> None:
    with pytest.raises(HomeUnavailableError, match="no policy"):
        PolicyEngine.from_folder(tmp_path)


@pytest.mark.parametrize(
    "policies",
    [
        "permit (principal",
        'permit (principal, action == Action::"fly", resource);',
        'permit (principal, action == Action::"read", resource) when { principal.shoe == 44 };',
        "",
        "// nothing but a remark",
    ],
)
def test_a_policy_that_does_not_fit_the_schema_serves_nobody(policies: str) -> None:
    schema = (DEFAULT_FOLDER / SCHEMA_FILE).read_text()
    with pytest.raises(HomeUnavailableError, match="policy"):
        PolicyEngine(policies=policies, schema=schema)


def test_the_digest_follows_every_change_of_the_policy() -> None:
    schema = (DEFAULT_FOLDER / SCHEMA_FILE).read_text()
    policies = (DEFAULT_FOLDER / "default.cedar").read_text()
    one = PolicyEngine(policies=policies, schema=schema).digest
    two = PolicyEngine(policies=policies + "\n// a remark", schema=schema).digest
    assert one != two
