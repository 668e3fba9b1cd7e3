"""What holds for a site holds over the network too, names and certificates included."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import SourceUnavailableError
from connectors.web import WebConfig, WebConnector
from tests.connectors import contract
from tests.connectors.servers.webdav import certificate
from tests.connectors.servers.website import Website, serving

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

LOOPBACK = ("127.0.0.0/8", "::1/128")


@pytest.fixture
def site() -> Website:
    written = Website()
    written.page("/handbook/", "leave")
    written.page("/handbook/leave", text="Thirty days.")
    return written


@pytest.fixture
def plain(site: Website) -> Iterator[str]:
    with serving(site):
        yield f"http://127.0.0.1:{site.port}/handbook/"


def connect(prefix: str, **settings: object) -> WebConnector:
    wanted = {"prefixes": (prefix,), "networks": LOOPBACK, "per_second": 0} | settings
    return WebConnector(source_id="site", config=WebConfig(**wanted))


def test_a_real_site_keeps_the_contract(plain: str) -> None:
    contract.keeps_the_contract(connect(plain))


def test_a_name_is_looked_up_and_its_address_has_to_be_allowed(plain: str) -> None:
    named = plain.replace("127.0.0.1", "localhost")
    refused = connect(named, networks=("10.0.0.0/8",))
    assert "outside the allowed networks" in refused.check().detail
    unknown = connect("http://no-such-host.invalid/").check()
    assert "cannot be looked up" in unknown.detail


def test_a_server_that_is_gone_is_an_outage(site: Website) -> None:
    with serving(site):
        pass
    with pytest.raises(SourceUnavailableError):
        list(connect(f"http://127.0.0.1:{site.port}/handbook/").list_ids(None))


def test_a_certificate_has_to_be_trusted(site: Website, tmp_path: Path) -> None:
    ca_file, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key)
    with serving(site, tls=context):
        prefix = f"https://127.0.0.1:{site.port}/handbook/"
        contract.keeps_the_contract(connect(prefix, ca_file=ca_file))
        assert not connect(prefix).check().ok
