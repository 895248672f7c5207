"""Live addresses: WFS 1.1 and 2.0 and OGC API Features, read as if the office had sent the file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import shapely
from lxml import etree
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.reading import gdal, meaning, ogcapi, vector
from layers.reading.batch import Batch, Survey, Wanted
from layers.reading.fetching import Answer, fetch, query_of, with_query
from layers.reading.service import JSON, Collection, Page, box_around, too_many
from layers.reading.vector import Meant
from twin.errors import BadFile
from twin.projection import LONLAT, transformer

_A_PAGE = 10_000  # features; the server may give fewer
_OF_WFS = {"service", "request", "version", "typename", "typenames", "outputformat", "srsname", "bbox", "count"}
_OF_WFS |= {"maxfeatures", "startindex", "acceptversions", "resulttype"}


@dataclass
class Service:
    """What GetCapabilities tells. json: the output format that is GeoJSON, where there is one."""

    url: str
    version: str
    json: str | None
    types: list["FeatureType"]


@dataclass
class FeatureType:
    name: str
    title: str | None
    crs: str | None
    bounds: tuple[float, float, float, float] | None


def recognises(path: Path | str, head: bytes) -> bool:
    return str(path).startswith(("http:/", "https:/"))


def survey(path: Path | str, wanted: Wanted) -> Survey:
    kind, found = _offered(_address(path), wanted)
    counts = {_layer_by_name(collection): collection.count for collection in found}
    known = [collection.bounds for collection in found if collection.bounds is not None]
    together = None
    if known:
        west, south, east, north = zip(*known, strict=True)
        together = (min(west), min(south), max(east), max(north))
    return Survey(kind=kind, crs=wanted.crs, bounds=together, layers=counts)


def read(path: Path | str, wanted: Wanted) -> Iterator[Batch]:
    _, found = _offered(_address(path), wanted)
    for collection in found:
        yield from _batches(collection, wanted)


def _address(path: Path | str) -> str:
    """As the planner gave it: a Path has lost one of its two slashes."""
    return re.sub(r"^(https?):/+", r"\1://", str(path))


def _layer_by_name(collection: Collection) -> str:
    name = _short(collection.name)
    return meaning.layer_of([name, collection.title or ""], [], None) or meaning.plain(name)


def _short(name: str) -> str:
    return name.rpartition(":")[2]


def _offered(url: str, wanted: Wanted) -> tuple[str, list[Collection]]:
    """The kind of service, and those of its collections that are asked for."""
    answer = None
    if not re.search(r"service=wfs|/wfs[/?]?$|/wfs\?", url, re.IGNORECASE):
        answer = fetch(url, JSON)
    if answer is not None and ogcapi.is_json(answer):
        kind, found = "OGC API Features", ogcapi.collections(answer)
    else:
        service = _capabilities(url)
        kind, found = f"WFS {service.version}", [_of_type(service, one, url) for one in service.types]
    if not found:
        raise BadFile("it offers no layer with features. Ask the office which address does.")
    named = [one for one in found if wanted.layer and _layer_by_name(one) == wanted.layer]
    return kind, named or found


def _capabilities(url: str) -> Service:
    asked = with_query(url, _OF_WFS, service="WFS", request="GetCapabilities")
    answer = fetch(asked, "application/xml, text/xml")
    root = _xml(answer, "it is neither a WFS nor an OGC API")
    if etree.QName(root).localname != "WFS_Capabilities":
        raise BadFile(
            f"it is neither a WFS nor an OGC API: it answers with {etree.QName(root).localname}. Take the address that"
            " the office names for WFS, without the words after the question mark."
        )
    formats = root.xpath(
        "//*[local-name()='Operation'][@name='GetFeature']/*[local-name()='Parameter'][@name='outputFormat']"
        "//*[local-name()='Value']/text()"
    )
    json = [one for one in formats if "json" in one.lower() and not one.lower().endswith("jsonp")]
    json.sort(key=lambda one: "geo" not in one.lower())
    listed = root.xpath("//*[local-name()='FeatureTypeList']/*[local-name()='FeatureType']")
    types = [_feature_type(one) for one in listed]
    query = query_of(url)
    names = {name for name in (query.get("typenames") or query.get("typename") or "").split(",") if name}
    if names:
        types = [one for one in types if one.name in names or _short(one.name) in names]
        if not types:
            raise BadFile(f"it has no layer called {', '.join(sorted(names))}. Leave typeNames= out to see them all.")
    return Service(url, root.get("version") or "2.0.0", json[0] if json else None, types)


def _feature_type(element: Any) -> FeatureType:
    def words(*names: str) -> str | None:
        found = [
            child.text for child in element.iterchildren("*") if etree.QName(child).localname in names and child.text
        ]
        return found[0].strip() if found else None

    corners = element.xpath("*[local-name()='WGS84BoundingBox']/*/text()")
    try:
        west, south, east, north = (float(value) for corner in corners for value in corner.split())
        bounds = (west, south, east, north)
    except ValueError:
        bounds = None
    return FeatureType(words("Name") or "", words("Title"), words("DefaultCRS", "DefaultSRS"), bounds)


def _xml(answer: Answer, instead: str) -> Any:
    """The root of an XML answer; what the server complains of becomes our sentence."""
    start = answer.body.lstrip()[:200].lower()
    if not start.startswith((b"<", b"\xef\xbb\xbf<")) or b"<html" in start or b"<!doctype html" in start:
        raise BadFile(f"{instead}: it answers with a web page or text. Ask the office for the address of its service.")
    gdal.xml_root(answer.body[: 1 << 20])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError as error:
        raise BadFile(f"the answer of the server is damaged ({error}). Try again, or tell the office.") from error
    if "Exception" in etree.QName(root).localname:
        words = " ".join("".join(str(piece) for piece in root.itertext()).split())[:300]
        raise BadFile(f"the server refuses: “{words}”. Check the address, or ask the office.")
    return root


def _of_type(service: Service, one: FeatureType, url: str) -> Collection:
    """A feature type's collection. bbox and srsName that the planner put into the address are kept."""
    two = not service.version.startswith("1")
    asked = query_of(url)
    names: dict[str, Any] = {("typeNames" if two else "typeName"): one.name}
    base = with_query(
        service.url,
        _OF_WFS,
        service="WFS",
        version=service.version,
        request="GetFeature",
        srsName=asked.get("srsname") or one.crs,
        bbox=_lonlat_box(asked["bbox"]) if "bbox" in asked else None,
        **names,
    )
    pages = _pages_of(base, service.json, asked.get("srsname") or one.crs, two)
    return Collection(one.name, pages, one.title, one.bounds)


def _lonlat_box(box: str) -> str:
    """The window of an address, as WFS wants it: a plain one is west, south, east, north in degrees."""
    values = box.split(",")
    if len(values) != 4:
        return box  # it names its projection
    west, south, east, north = values
    return f"{south},{west},{north},{east},urn:ogc:def:crs:EPSG::4326"


def _pages_of(base: str, json: str | None, srs: str | None, two: bool) -> Callable[..., Iterator[Page]]:
    def pages(near: tuple[float, float] | None) -> Iterator[Page]:
        url, note = base, None
        matched = _hits(url)
        if "bbox" not in query_of(url) and too_many(matched, near):
            note, (west, south, east, north) = box_around(matched, near)
            url = with_query(url, bbox=_lonlat_box(f"{west:.5f},{south:.5f},{east:.5f},{north:.5f}"))
            matched = _hits(url)
        read, before = 0, b""
        while True:
            size: dict[str, Any] = {"count": _A_PAGE, "startIndex": read or None} if two else {}
            answer = fetch(with_query(url, outputFormat=json, **size), JSON if json else "*/*")
            if answer.body == before:
                break  # it does not know startIndex: everything came with the first page
            before = answer.body
            page, found = _page(answer, srs)
            if found:
                yield replace(page, note=note)
            read += found
            if not two or not found or (matched is not None and read >= matched):
                break
        if matched is not None and read < matched:
            raise BadFile(f"{matched:,} features match, but the server gave {read:,}. Ask for a part with bbox=.")

    return pages


def _hits(url: str) -> int | None:
    """How many features match, where the server tells."""
    root = _xml(fetch(with_query(url, resultType="hits")), "it does not count its features")
    count = root.get("numberMatched") or root.get("numberOfFeatures") or ""
    return int(count) if count.isdigit() else None


def _page(answer: Answer, srs: str | None) -> tuple[Page, int]:
    if ogcapi.is_json(answer):
        document = ogcapi.parsed(answer)
        features = [one for one in document.get("features") or () if isinstance(one, dict)]
        return Page(features, _crs_of(document, features, srs)), len(features)
    root = _xml(answer, "instead of features")
    containers = ("member", "featureMember", "featureMembers")
    members = sum(len(child) for child in root.iter("*") if etree.QName(child).localname in containers)
    return Page(answer.body), members


def _crs_of(document: dict[str, Any], features: list[dict[str, Any]], srs: str | None) -> CRS | None:
    """The old `crs` member where there is one; else degrees, unless the numbers are too large for that."""
    member = document.get("crs")
    name = (member.get("properties") or {}).get("name") if isinstance(member, dict) else None
    if name is None and not any(_beyond_degrees(one.get("geometry")) for one in features[:20]):
        return None
    try:
        return CRS.from_user_input(name or srs)
    except CRSError as error:
        raise BadFile(f"its projection {name or srs} is not known. Name it: --crs 25832, for example.") from error


def _beyond_degrees(geometry: Any) -> bool:
    values: Any = geometry.get("coordinates") if isinstance(geometry, dict) else None
    while isinstance(values, list) and values and isinstance(values[0], list):
        values = values[0]
    return bool(values) and isinstance(values[0], (int, float)) and max(abs(values[0]), abs(values[1])) > 180


def _batches(collection: Collection, wanted: Wanted) -> Iterator[Batch]:
    """The pages of a collection, put down as files and read as these."""
    name = _short(collection.name)
    with TemporaryDirectory(prefix="twin-") as folder:
        lines, crs, notes, documents = Path(folder) / "data.geojsonl", None, [], 0
        for page in collection.pages(wanted.near):
            notes += [page.note] if page.note and page.note not in notes else []
            if isinstance(page.features, bytes):
                documents += 1
                (Path(folder) / f"{documents:06d}.gml").write_bytes(page.features)
            else:
                crs = crs or page.crs
                with lines.open("ab") as file:
                    file.writelines(orjson.dumps(feature) + b"\n" for feature in page.features)
        if lines.exists() and lines.stat().st_size:
            (part,) = gdal.parts_of(lines, "GeoJSON")
            part.crs, part.notes = crs or LONLAT, tuple(notes)
            yield from _turned(vector.what_is(part, name, alone=True, wanted=wanted), collection, wanted)
        yield from _documents(sorted(Path(folder).glob("*.gml")), name, wanted, notes)


def _documents(files: list[Path], name: str, wanted: Wanted, notes: list[str]) -> Iterator[Batch]:
    start = 0
    for file in files:
        for part in gdal.parts_of(file, "GML"):
            part.notes = tuple(notes)
            meant = vector.what_is(part, name, alone=True, wanted=wanted)
            yield from vector.batches(meant, wanted, start)
            start += part.count or 0


def _turned(meant: Meant, collection: Collection, wanted: Wanted) -> Iterator[Batch]:
    """Some servers give latitude first: then the collection lies where the server says only if it is turned."""
    turn = _is_turned(meant.part, collection.bounds)
    for batch in vector.batches(meant, wanted):
        if turn:
            batch.shapes = shapely.transform(batch.shapes, lambda xy: xy[:, ::-1])
        yield batch


def _is_turned(part: gdal.Part, expected: tuple[float, float, float, float] | None) -> bool:
    if part.bounds is None or part.crs is None or expected is None:
        return False
    west, south, east, north = part.bounds
    change = transformer(part.crs, LONLAT)
    as_it_is = change.transform((west + east) / 2, (south + north) / 2)
    turned = change.transform((south + north) / 2, (west + east) / 2)
    return not _within(as_it_is, expected) and _within(turned, expected)


def _within(point: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    slack = 0.05  # degrees: the boxes of servers are rounded
    return box[0] - slack <= point[0] <= box[2] + slack and box[1] - slack <= point[1] <= box[3] + slack
