"""A listing is understood whole, or it is none."""

import pytest

from connectors.errors import SourceUnavailableError
from connectors.remote_tree import FolderUnreadableError
from connectors.webdav_listing import Resource, resources

HEAD = '<?xml version="1.0"?>'


def listing(inner: str, head: str = HEAD) -> bytes:
    return f'{head}<D:multistatus xmlns:D="DAV:">{inner}</D:multistatus>'.encode()


FILE = """
<D:response><D:href>https://elsewhere/dav/a%20b%FF.txt</D:href>
  <D:propstat><D:prop><D:resourcetype/><D:getetag>"1"</D:getetag>
    <D:getlastmodified>Mon, 23 Nov 2026 08:00:00 GMT</D:getlastmodified>
    <D:getcontentlength>12</D:getcontentlength></D:prop>
    <D:status>HTTP/1.1 200 OK</D:status></D:propstat>
  <D:propstat><D:prop><D:getcontenttype>no/such</D:getcontenttype></D:prop>
    <D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>
</D:response>"""


def test_a_file_is_what_the_server_found_of_it() -> None:
    [found] = resources(listing(FILE))
    assert found == Resource(
        b"/dav/a b\xff.txt", False, '"1"', "Mon, 23 Nov 2026 08:00:00 GMT", 12, None
    )
    assert found.name == b"a b\xff.txt"
    assert found.is_traceable
    assert found.lies_in(b"/dav")
    assert not found.lies_in(b"/da")


def test_a_folder_is_told_from_a_file() -> None:
    folder = FILE.replace("<D:resourcetype/>", "<D:resourcetype><D:collection/></D:resourcetype>")
    assert next(resources(listing(folder))).is_folder


@pytest.mark.parametrize("name", ["%2e%2e", ".", "", "a%2Fb", "a%00b"])
def test_a_name_that_leads_elsewhere_lies_nowhere(name: str) -> None:
    [found] = resources(listing(FILE.replace("a%20b%FF.txt", name)))
    assert not found.lies_in(b"/dav")


def test_what_tells_no_version_cannot_be_traced() -> None:
    bare = "<D:response><D:href>/a</D:href></D:response>"
    [found] = resources(listing(bare))
    assert (found.is_traceable, found.size) == (False, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sign in</html>",
        listing(FILE)[:-40],
        listing(FILE, '<!DOCTYPE D:multistatus [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    ],
)
def test_half_a_listing_is_none(body: bytes) -> None:
    with pytest.raises(SourceUnavailableError):
        list(resources(body))


@pytest.mark.parametrize("status", ["HTTP/1.1 403 Forbidden", "HTTP/1.1 507 Too many", "odd", ""])
def test_an_entry_that_is_left_out_makes_the_folder_unreadable(status: str) -> None:
    left_out = f"<D:response><D:href>/b</D:href><D:status>{status}</D:status></D:response>"
    with pytest.raises(FolderUnreadableError, match="leaves an entry out"):
        list(resources(listing(FILE + left_out)))
