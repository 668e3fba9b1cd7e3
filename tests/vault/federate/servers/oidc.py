"""A real issuer, run by node in a process of its own, and a person who signs in with it."""

import html
import json
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx2
from joserfc.jwk import RSAKey

HERE = Path(__file__).resolve().parent
MODULES = Path(__file__).resolve().parents[4] / ".cache" / "oidc-provider" / "node_modules"
CLIENT = "strongroom"
SECRET = "a secret of this test"
PEOPLE = {
    "ana": {"preferred_username": "Ana", "groups": ["auditors", "unheard-of"]},
    "nemo": {"preferred_username": "nemo", "groups": ["auditors"]},
}
_FORM = re.compile(r'<form[^>]*action="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class RunningIssuer:
    """Where the issuer listens, and its process."""

    url: str
    folder: Path
    redirect_uri: str
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Run the issuer with a key that nobody has seen before."""
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        client = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [self.redirect_uri],
            "id_token_signed_response_alg": "RS256",
        }
        terms = {
            "issuer": self.url,
            "jwks": {"keys": [key.as_dict(private=True)]},
            "clients": [client],
            "people": PEOPLE,
        }
        file = self.folder / "issuer.json"
        file.write_text(json.dumps(terms))
        self.process = subprocess.Popen(
            ["node", str(HERE / "op.mjs"), str(MODULES), str(file)],  # noqa: S607
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        raise AssertionError("the issuer did not start; is oidc-provider installed?")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


@contextmanager
def running_issuer(folder: Path, *, redirect_uri: str) -> Iterator[RunningIssuer]:
    """Run an issuer until the block ends."""
    issuer = RunningIssuer(f"http://127.0.0.1:{free_port()}", folder, redirect_uri)
    issuer.start()
    try:
        yield issuer
    finally:
        issuer.stop()


def signs_in(place: str, who: str, *, back_to: str) -> str:
    """Be the browser of a person at the issuer; return the address that it sends back to."""
    with httpx2.Client(follow_redirects=False) as browser:
        response = browser.get(place)
        for _ in range(20):
            if response.is_redirect:
                place = urljoin(str(response.url), response.headers["location"])
                if place.startswith(back_to):
                    return place
                response = browser.get(place)
                continue
            address, fields = _filled(response, who)
            response = browser.post(address, data=fields)
    raise AssertionError(f"the issuer answers {response.status_code}: {response.text[:500]}")


def _filled(response: httpx2.Response, who: str) -> tuple[str, Mapping[str, str]]:
    found = _FORM.search(response.text)
    assert found is not None, response.text[:500]
    fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(response.text)}
    if fields.get("prompt") == "login":
        fields |= {"login": who, "password": "any"}
    return urljoin(str(response.url), html.unescape(found[1])), fields
