"""OGC API Features: the collections of a server, page by page, and any GeoJSON that lies at an address."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import orjson
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.reading.fetching import Answer, fetch, query_of, with_query
from layers.reading.service import JSON, Collection, Page, box_around, too_many
from twin.errors import BadFile

_A_PAGE = 1000  # features; what most servers allow
_MOST_PAGES = 20_000
_DATA = ("data", "http://www.opengis.net/def/rel/ogc/1.0/data")


def is_json(answer: Answer) -> bool:
    return "json" in answer.kind or answer.body.lstrip()[:1] == b"{"


def collections(answer: Answer) -> list[Collection]:
    """What is offered at an address: a landing page, a list of collections, one collection, or its features."""
    document = parsed(answer)
    if "features" in document or document.get("type") == "Feature":
        return [Collection(name=_name_in(answer.url), pages=_pages_of(answer.url, None))]
    if "collections" not in document and _link(document, "items"):
        return [_collection(answer.url, document)]
    if "collections" not in document:
        link = next((found for found in (_link(document, rel) for rel in _DATA) if found), None)
        if link is None:
            raise BadFile(
                "it answers with JSON, but with neither collections nor features. Take the landing page of the OGC API,"
                " or the address of one collection."
            )
        answer = fetch(urljoin(answer.url, link), JSON)
        document = parsed(answer)
    listed = [one for one in _list(document, "collections") if one.get("itemType", "feature") == "feature"]
    return [_collection(answer.url, one) for one in listed if _link(one, "items") or one.get("id")]


def parsed(answer: Answer) -> dict[str, Any]:
    try:
        document = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        raise BadFile(f"its answer is not the JSON that it says ({error}). Tell the office.") from error
    if not isinstance(document, dict):
        raise BadFile("its answer is JSON, but no map. Check the address.")
    return document


def _collection(base: str, document: dict[str, Any]) -> Collection:
    name = str(document.get("id") or document.get("title") or "collection")
    items = urljoin(base, _link(document, "items") or f"{base.partition('?')[0].rstrip('/')}/{name}/items")
    bounds = _bounds(document)
    return Collection(name=name, title=document.get("title"), bounds=bounds, pages=_pages_of(items, _metric(document)))


def _metric(document: dict[str, Any]) -> tuple[str, CRS] | None:
    """The projection in which the office keeps the collection, if it is one in metres with east first."""
    name = document.get("storageCrs")
    if not isinstance(name, str) or not {name, "#/crs"} & set(map(str, document.get("crs") or ())):
        return None
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        return None
    return (name, crs) if crs.is_projected and crs.axis_info[0].direction == "east" else None


def _bounds(document: dict[str, Any]) -> tuple[float, float, float, float] | None:
    try:
        box = [float(value) for value in document["extent"]["spatial"]["bbox"][0]]
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return (box[0], box[1], box[-2], box[-1]) if len(box) == 4 else (box[0], box[1], box[3], box[4])


def _pages_of(items: str, metric: tuple[str, CRS] | None) -> Callable[..., Iterator[Page]]:
    """The features of a collection, page by page, by following its `next` links."""

    def pages(near: tuple[float, float] | None) -> Iterator[Page]:
        first = items if "limit" in query_of(items) else with_query(items, limit=_A_PAGE)
        url: str | None = with_query(first, crs=metric[0]) if metric else first
        seen: set[str] = set()
        read, matched, note = 0, None, None
        while url and url not in seen and len(seen) < _MOST_PAGES:
            seen.add(url)
            answer = fetch(url, JSON)
            document = parsed(answer)
            if not read and "bbox" not in query_of(url) and too_many(_count(document), near):
                note, url = _boxed(url, _count(document), near)
                continue
            features = _list(document, "features") or ([document] if document.get("type") == "Feature" else [])
            matched = _count(document)
            read += len(features)
            yield Page(features, _crs(answer, metric), note)
            link = _link(document, "next")
            url = urljoin(answer.url, link) if link and features else None
        if "limit" not in query_of(items) and matched is not None and read < matched:
            raise BadFile(f"the server says that {matched:,} features match, but gave {read:,}. Try again.")

    return pages


def _boxed(url: str, count: int | None, near: tuple[float, float] | None) -> tuple[str, str]:
    note, box = box_around(count, near)
    west, south, east, north = box
    return note, with_query(url, bbox=f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}")


def _count(document: dict[str, Any]) -> int | None:
    count = document.get("numberMatched")
    return count if isinstance(count, int) else None


def _crs(answer: Answer, metric: tuple[str, CRS] | None) -> CRS | None:
    """Metres only where the server says that it obeyed."""
    return metric[1] if metric and metric[0] in (answer.headers.get("Content-Crs") or "") else None


def _link(document: dict[str, Any], rel: str) -> str | None:
    """A link's address, that of the JSON form where there are several."""
    found = [link for link in _list(document, "links") if link.get("rel") == rel and isinstance(link.get("href"), str)]
    found.sort(
        key=lambda link: 0 if "geo+json" in str(link.get("type")) else 1 if "json" in str(link.get("type")) else 2
    )
    return found[0]["href"] if found else None


def _list(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    values = document.get(name)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _name_in(url: str) -> str:
    """`…/collections/trees/items?f=json` is named trees, `…/trees.geojson` too."""
    parts = [part for part in url.partition("?")[0].split("/") if part and part != "items"]
    return parts[-1].rpartition(".")[0] or parts[-1]
