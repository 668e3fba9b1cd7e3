"""Searches are complete or fail, and values are read for what they are."""

import ssl
from dataclasses import dataclass, field
from typing import Any

import pytest
from ldap3.core.exceptions import LDAPSocketOpenError, LDAPSocketReceiveError

from connectors import ldap_client
from connectors.errors import SourceUnavailableError
from connectors.ldap_client import Entry, LdapClient, LdapLogin

PAGED = "1.2.840.113556.1.4.319"
LOGIN = LdapLogin("ldap", 636, "cn=reader", "Secret-Words")


def answer(dn: str, **values: list[bytes]) -> dict[str, Any]:
    return {"type": "searchResEntry", "dn": dn, "raw_attributes": values}


@dataclass
class Socket:
    closed: bool = False

    def close(self) -> None:
        self.closed = True


@dataclass
class Connection:
    """The library's connection as the client sees it: pages are prepared."""

    pages: list[list[dict[str, Any]]] = field(default_factory=list)
    code: int = 0
    fails_with: Exception | None = None
    encrypts: bool = True
    bound: bool = True
    asked: list[dict[str, Any]] = field(default_factory=list)
    response: list[dict[str, Any]] = field(default_factory=list)
    socket: Socket = field(default_factory=Socket)
    done: list[str] = field(default_factory=list)

    @property
    def result(self) -> dict[str, Any]:
        cookie = b"more" if self.pages else b""
        return {"result": self.code, "controls": {PAGED: {"value": {"cookie": cookie}}}}

    def search(self, base: str, wanted: str, **options: Any) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        self.asked.append({"base": base, "wanted": wanted} | options)
        self.response = self.pages.pop(0) if self.pages else []

    def open(self, *, read_server_info: bool) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        self.done.append("open")

    def start_tls(self, *, read_server_info: bool) -> bool:
        self.done.append("start_tls")
        return self.encrypts

    def bind(self, *, read_server_info: bool) -> bool:
        self.done.append("bind")
        return self.bound

    def unbind(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        self.done.append("unbind")


def test_every_page_is_asked_for() -> None:
    referral = {"type": "searchResRef", "uri": ["ldap://elsewhere"]}
    pages = [[answer("cn=a", cn=[b"a"]), referral], [answer("cn=b")], [answer("cn=c")]]
    connection = Connection(pages)
    found = LdapClient(connection).search("dc=x", "(cn=*)", ("cn",))
    assert [entry.dn for entry in found] == ["cn=a", "cn=b", "cn=c"]
    assert [asked["paged_cookie"] for asked in connection.asked] == [None, b"more", b"more"]
    assert {asked["base"] for asked in connection.asked} == {"dc=x"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [(4, "size limit"), (3, "time limit"), (11, "administrative"), (32, "no such base"),
     (50, "may not search"), (80, "answered 80")],
)  # fmt: skip
def test_a_search_that_is_not_complete_is_an_outage(code: int, reason: str) -> None:
    client = LdapClient(Connection([[answer("cn=a")]], code=code))
    with pytest.raises(SourceUnavailableError, match=reason):
        list(client.search("dc=x", "(cn=*)", ()))
    with pytest.raises(SourceUnavailableError, match=reason):
        client.entry("dc=x", ())


def test_a_server_without_pages_answers_at_once() -> None:
    class Plain(Connection):
        @property
        def result(self) -> dict[str, Any]:
            return {"result": 0}

    assert len(list(LdapClient(Plain([[answer("cn=a")]])).search("dc=x", "(cn=*)", ()))) == 1


def test_one_entry_is_one_entry() -> None:
    assert LdapClient(Connection([[answer("cn=a")]])).entry("cn=a", ()).dn == "cn=a"
    with pytest.raises(SourceUnavailableError, match="does not show"):
        LdapClient(Connection([[]])).entry("cn=a", ())


@pytest.mark.parametrize("error", [LDAPSocketReceiveError("cut"), OSError("cut"), ValueError()])
def test_a_server_that_stops_answering_is_an_outage(error: Exception) -> None:
    connection = Connection(fails_with=error)
    client = LdapClient(connection)
    with pytest.raises(SourceUnavailableError, match="stopped answering"):
        list(client.search("dc=x", "(cn=*)", ()))
    if not isinstance(error, ValueError):
        client.close()
    assert connection.done == []


def test_values_are_read_for_what_they_are() -> None:
    entry = Entry("cn=a", {"cn": (b" ", b" A ", b"\xff"), "n": (b"-12",), "odd": ("²".encode(),)})
    assert entry.all("CN") == (b" ", b" A ", b"\xff")
    assert entry.texts("cn") == ("A", "\ufffd")
    assert entry.text("cn") == "A"
    assert entry.text("missing") == ""
    assert (entry.number("n"), entry.number("odd"), entry.number("cn")) == (-12, None, None)


@dataclass
class Dialled:
    """What the library was asked to build."""

    server: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


def dialling(monkeypatch: pytest.MonkeyPatch, connection: Connection) -> Dialled:
    dialled = Dialled()

    def server(host: str, **options: Any) -> str:
        dialled.server = {"host": host} | options
        return "server"

    def connect(server: str, **options: Any) -> Connection:
        dialled.options = options
        return connection

    monkeypatch.setattr(ldap_client.ldap3, "Server", server)
    monkeypatch.setattr(ldap_client.ldap3, "Connection", connect)
    return dialled


def test_a_connection_is_encrypted_checked_and_follows_no_referral(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = Connection()
    dialled = dialling(monkeypatch, connection)
    ldap_client.connect(LOGIN).close()
    assert connection.done == ["open", "bind", "unbind"]
    assert dialled.server["use_ssl"]
    context = dialled.server["tls"]._checked
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert dialled.options["auto_referrals"] is False
    assert "Secret" not in repr(LOGIN)


def test_encryption_can_start_later_or_be_left_out_on_purpose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = Connection()
    dialled = dialling(monkeypatch, connection)
    ldap_client.connect(LdapLogin("ldap", 389, "a", "b", tls="starttls"))
    assert connection.done == ["open", "start_tls", "bind"]
    assert not dialled.server["use_ssl"]
    assert dialled.server["tls"] is not None
    ldap_client.connect(LdapLogin("ldap", 389, "a", "b", tls="none"))
    assert dialled.server["tls"] is None


@pytest.mark.parametrize(
    ("connection", "reason"),
    [
        (Connection(bound=False, code=49), "refused the name or the password"),
        (Connection(bound=False, code=8), "sign-in with 8"),
        (Connection(encrypts=False), "cannot encrypt"),
        (Connection(fails_with=LDAPSocketOpenError("no")), "cannot be reached"),
    ],
)
def test_what_keeps_us_out_is_told_and_the_socket_is_closed(
    monkeypatch: pytest.MonkeyPatch, connection: Connection, reason: str
) -> None:
    dialling(monkeypatch, connection)
    with pytest.raises(SourceUnavailableError, match=reason):
        ldap_client.connect(LdapLogin("ldap", 389, "a", "b", tls="starttls"))
    assert connection.socket.closed


def test_a_socket_is_wrapped_under_the_name_that_the_certificate_must_bear() -> None:
    @dataclass
    class Context:
        asked: list[str] = field(default_factory=list)

        def wrap_socket(self, socket: object, *, server_hostname: str) -> str:
            self.asked.append(server_hostname)
            return "encrypted"

    context, connection = Context(), Connection()
    checked = ldap_client._tls(LdapLogin("ldap", 636, "a", "b", server_name="dc.vault.test"))
    checked._checked = context  # type: ignore[assignment]
    checked.wrap_socket(connection)
    assert (connection.socket, context.asked) == ("encrypted", ["dc.vault.test"])
