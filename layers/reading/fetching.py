"""What lies at an address on the net, fetched with limits; what goes wrong is said in sentences."""

import http.client
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from twin import __version__
from twin.errors import BadFile

TIMEOUT = 60.0  # s without a byte
LONGEST = 900.0  # s for one answer: a server that trickles is a dead one
LARGEST = 512 << 20  # bytes in one answer
_CHUNK = 1 << 18
_SENTENCES = {
    401: "it asks for a password. Ask the office for an address that is open, or for the key that belongs in it.",
    403: "it refuses access. Ask the office for an address that is open, or for the key that belongs in it.",
    404: "there is nothing at this address. Check its spelling, or ask the office for the present one.",
    410: "there is nothing at this address any more. Ask the office for the present one.",
    429: "it was asked too often. Wait a little, and try again.",
}


@dataclass
class Answer:
    url: str  # where it came from in the end
    kind: str  # "application/geo+json"
    headers: Message
    body: bytes


class _OnlyTheWeb(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to http and https, never to files or to other services."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise BadFile(f"it sends us on to {newurl[:80]}, which is no web address. Ask for the right one.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, accept: str = "*/*", largest: int = LARGEST) -> Answer:
    """Raises BadFile."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise BadFile(f"{url[:80]} is no web address. It must begin with https:// or http://.")
    headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": f"Twin/{__version__}"}
    opener = urllib.request.build_opener(_OnlyTheWeb())
    try:
        request = urllib.request.Request(url.replace(" ", "%20"), headers=headers)  # noqa: S310
        with opener.open(request, timeout=TIMEOUT) as response:
            body = _body(response, largest)
            return Answer(response.url, response.headers.get_content_type(), response.headers, body)
    except urllib.error.HTTPError as error:
        with error:
            raise BadFile(_of_status(error, url)) from error
    except TimeoutError as error:
        raise BadFile(f"{_host(url)} does not answer within {TIMEOUT:.0f} s. Try again later.") from error
    except urllib.error.URLError as error:
        raise BadFile(_not_reached(url, error.reason)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise BadFile(f"the answer of {_host(url)} broke off or makes no sense ({error!r}). Try again.") from error


def _body(response: http.client.HTTPResponse, largest: int) -> bytes:
    """Read piece by piece, so that neither size nor time runs away."""
    pieces, size, until = [], 0, time.monotonic() + LONGEST
    while piece := response.read1(_CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise BadFile(f"one answer is larger than {largest >> 20} MB. Ask for a part of the layer with bbox=.")
        if time.monotonic() > until:
            raise BadFile(f"one answer took longer than {LONGEST / 60:.0f} minutes. Ask for a part with bbox=.")
    expected = response.headers.get("Content-Length")
    if expected is not None and expected.isdigit() and size < int(expected):
        raise BadFile(f"the answer broke off after {size:,} of {int(expected):,} bytes. Try again.")
    return b"".join(pieces)


def _of_status(error: urllib.error.HTTPError, url: str) -> str:
    if error.code in _SENTENCES:
        return _SENTENCES[error.code]
    if 300 <= error.code < 400:
        return f"{_host(url)} sends us on to what is no web address. Ask the office for the right one."
    if error.code >= 500:
        return f"{_host(url)} has trouble of its own (HTTP {error.code}). Try again later, or tell the office."
    return f"{_host(url)} does not accept what we ask (HTTP {error.code}). Check the address."


def _not_reached(url: str, reason: object) -> str:
    if isinstance(reason, ssl.SSLError):
        return f"the certificate of {_host(url)} cannot be trusted ({reason.reason}). Tell the office."
    if isinstance(reason, TimeoutError):
        return f"{_host(url)} does not answer within {TIMEOUT:.0f} s. Try again later."
    return (
        f"{_host(url)} is not reached ({getattr(reason, 'strerror', None) or reason}). Check the address and the net."
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2] or url[:80]


def with_query(url: str, without: frozenset[str] | set[str] = frozenset(), **values: str | int | None) -> str:
    """The address with these values in its query; `without`, in small letters, are taken out."""
    scheme, host, path, query, _ = urlsplit(url)
    replaced = {name.lower() for name in values} | without
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name.lower() not in replaced]
    pairs += [(name, str(value)) for name, value in values.items() if value is not None]
    return urlunsplit((scheme, host, path, urlencode(pairs, safe=":,/"), ""))


def query_of(url: str) -> dict[str, str]:
    """The values of an address' query, by their names in small letters."""
    return {name.lower(): value for name, value in parse_qsl(urlsplit(url).query)}
