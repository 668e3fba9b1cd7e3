"""A Windows share is followed with its own rights, and people come from the domain's directory."""

import json
from collections.abc import Iterator

import pytest

from connectors.smb_wire import Wire
from tests.acceptance.conftest import Command
from tests.connectors.descriptors import FULL, READ, Ace, allow, deny, descriptor
from tests.connectors.servers.samba import BASE, REALM, Domain, samba_domain
from tests.connectors.servers.shares import set_list, signed_in, write_file

pytestmark = [pytest.mark.enable_socket, pytest.mark.model, pytest.mark.slow]
TEXTS = {
    "legal.md": "The harbour contract asks for form H-7.",
    "audit.md": "The night audit asks for form N-3.",
    "denied.md": "The pay table asks for form P-9.",
    "order.md": "The ferry rota asks for form R-2.",
}


@pytest.fixture(scope="module")
def domain() -> Iterator[Domain]:
    with samba_domain() as running:
        yield running


@pytest.fixture
def wire(domain: Domain) -> Iterator[Wire]:
    opened = signed_in(domain, "administrator", "docs")
    yield opened
    opened.close()


def give(domain: Domain, wire: Wire, name: str, *aces: Ace) -> None:
    """Put exactly these entries on a file, and let the account that follows it read the list."""
    mine = allow(domain.sids["Administrator"], FULL)
    set_list(wire, name, descriptor(*aces, mine))


def follow(ward: Command, domain: Domain) -> None:
    """Add the directory and the share, as the README says."""
    account = {"username": f"administrator@{REALM}", "password_file": str(domain.password_file)}
    people = {"host": domain.host, "base": BASE, "ca_file": str(domain.ca_file)}
    people |= account | {"server_name": "VAULTDC.vault.test"}
    shares = {"host": domain.host, "share": "docs", "traverse": "false"} | account
    ward.well("source", "add", "people", "--connector", "ldap", *said(people))
    rules = ["--collection", "shares", "--classification", "internal", "--owner", "owner"]
    more = ["--identities", "people", "--schedule", "every 15m", *rules]
    ward.well("source", "add", "shares", "--connector", "smb", *said(shares), *more)
    ward.well("identity", "sync", "--all")
    ward.well("sync", "--all")


def said(settings: dict[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("--config", f"{name}={value}")]


def found(ward: Command, person: str) -> set[str]:
    hits = json.loads(ward.well("search", "asks for form", "--as", person, "--json"))["hits"]
    return {hit["uri"].rsplit("/", 1)[-1] for hit in hits}


def test_a_search_goes_by_windows_lists_and_the_domains_groups(
    ward: Command, domain: Domain, wire: Wire
) -> None:
    sids = domain.sids
    for name in ("alice", "bob", "dave"):
        ward.well("principal", "add", name, "--clearance", "internal")
    for name, text in TEXTS.items():
        write_file(wire, name, text.encode())
    give(domain, wire, "legal.md", allow(sids["Outermost"], READ))
    give(domain, wire, "audit.md", allow(sids["Audit"], READ))
    give(domain, wire, "denied.md", deny(sids["Legal"], READ), allow(sids["Crowd"], READ))
    # Against the usual order: the first entry that fits decides, so alice reads in spite of it.
    give(domain, wire, "order.md", allow(sids["alice"], READ), deny(sids["Crowd"], READ))
    follow(ward, domain)
    assert found(ward, "alice") == {"legal.md", "order.md"}
    assert found(ward, "bob") == {"audit.md", "denied.md"}
    assert found(ward, "dave") == {"denied.md"}
    assert found(ward, "amara") == set()

    # The list of a file moves no time of change, and a sync sees it all the same.
    give(domain, wire, "order.md", allow(sids["dave"], READ))
    report = json.loads(ward.well("sync", "shares", "--json"))
    assert (report["ingested"], report["relabelled"]) == (0, 1)
    assert found(ward, "alice") == {"legal.md"}
    assert found(ward, "dave") == {"denied.md", "order.md"}

    domain.tool("group", "removemembers", "Audit", "bob")
    ward.well("identity", "sync", "--all")
    assert found(ward, "bob") == {"denied.md"}
    assert "every entry" in ward.well("ledger", "verify")
