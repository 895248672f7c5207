"""Maps of others under the city: WMS, WMTS and XYZ services as the city's configuration names them."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, current_app

from twin.feature import Words
from web.language import said

KINDS = ("xyz", "wms", "wmts")
KNOWN = {
    "title", "kind", "address", "layer", "attribution", "min_zoom", "max_zoom", "version", "crs", "format", "style",
    "matrix_set", "matrix",
}  # fmt: skip
# Of WMS: what the browser fills in, in the order of the axes.
EAST_FIRST, NORTH_FIRST = "{west},{south},{east},{north}", "{south},{west},{north},{east}"
IN_METRES = ("EPSG:3857", "EPSG:900913")
IN_DEGREES = ("EPSG:4326", "CRS:84")
ZOOMS = (0, 22)


class BadBasemap(ValueError):
    """An entry of BASEMAPS cannot be used; said when the server starts."""


@dataclass
class Basemap:
    """address: with {z}, {x}, {y}, or of a WMS with {west} … and {size}. degrees: whether a WMS counts in them."""

    title: Words
    kind: str
    address: str
    attribution: str
    min_zoom: int
    max_zoom: int
    degrees: bool


def basemap(entry: dict[str, Any]) -> Basemap:
    """What the browser needs of an entry of BASEMAPS. Raises BadBasemap."""
    if not isinstance(entry, dict):
        raise BadBasemap(f"Each entry of BASEMAPS is in braces, {{…}}; this one is not: {entry!r}.")
    name = entry.get("address", "an entry without an address")
    if strange := set(entry) - KNOWN:
        raise BadBasemap(f"BASEMAPS, {name}: there is no setting {', '.join(sorted(strange))}.")
    kind = entry.get("kind")
    if kind not in KINDS:
        raise BadBasemap(f"BASEMAPS, {name}: kind has to be one of {', '.join(KINDS)}.")
    if not entry.get("attribution"):
        raise BadBasemap(f"BASEMAPS, {name}: attribution is missing. Say whose map it is and under which licence.")
    parts = urlsplit(str(name))
    if parts.scheme not in ("https", "http") or not parts.hostname or {*" ;,'\"{}"} & set(parts.netloc):
        raise BadBasemap(f"BASEMAPS, {name}: address has to begin with https:// and the name of a host.")
    low, high = (entry.get(key, usual) for key, usual in zip(("min_zoom", "max_zoom"), ZOOMS, strict=True))
    if not all(isinstance(zoom, int) for zoom in (low, high)) or not ZOOMS[0] <= low <= high <= ZOOMS[1]:
        raise BadBasemap(f"BASEMAPS, {name}: min_zoom and max_zoom are whole numbers from {ZOOMS[0]} to {ZOOMS[1]}.")
    address = {"xyz": _xyz, "wms": _wms, "wmts": _wmts}[kind](entry)
    degrees = kind == "wms" and entry.get("crs") in IN_DEGREES
    return Basemap(_title(entry), kind, address, entry["attribution"], low, high, degrees)


def host_of(address: str) -> str:
    """As a Content-Security-Policy names it: scheme, host and port."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))


def hosts() -> list[str]:
    """Every host that the pages may ask, beside our own."""
    return sorted({host_of(found.address) for found in basemaps()})


def basemaps() -> list[Basemap]:
    return current_app.extensions["twin_basemaps"]


def offered() -> list[dict[str, Any]]:
    """For the page: in this reader's language."""
    return [{**asdict(found), "title": said(found.title)} for found in basemaps()]


def init_app(app: Flask) -> None:
    app.extensions["twin_basemaps"] = [basemap(entry) for entry in app.config["BASEMAPS"]]
    app.jinja_env.globals.update(basemaps=offered)


def _title(entry: dict[str, Any]) -> Words:
    title = entry.get("title")
    if isinstance(title, str) and title:
        return Words(title, title)
    if isinstance(title, dict) and set(title) == {"de", "en"}:
        return Words(**title)
    raise BadBasemap(f"BASEMAPS, {entry['address']}: title has to be a text, or {{'de': …, 'en': …}}.")


def _xyz(entry: dict[str, Any]) -> str:
    address = str(entry["address"])
    if missing := [part for part in ("{z}", "{x}", "{y}") if part not in address]:
        raise BadBasemap(f"BASEMAPS, {address}: {', '.join(missing)} is missing in the address.")
    return address


def _wms(entry: dict[str, Any]) -> str:
    version, crs = entry.get("version", "1.3.0"), entry.get("crs", "EPSG:3857")
    if version not in ("1.1.1", "1.3.0"):
        raise BadBasemap(f"BASEMAPS, {entry['address']}: version of a WMS is 1.1.1 or 1.3.0, not {version}.")
    if crs not in IN_METRES + IN_DEGREES:
        raise BadBasemap(
            f"BASEMAPS, {entry['address']}: crs has to be one of {', '.join(IN_METRES + IN_DEGREES)}, not {crs}."
        )
    if not entry.get("layer"):
        raise BadBasemap(f"BASEMAPS, {entry['address']}: layer is missing; the service's capabilities list them.")
    north_first = version == "1.3.0" and crs == "EPSG:4326"  # WMS 1.3.0 keeps the order that EPSG gives to a CRS
    asked = {
        "SERVICE": "WMS",
        "VERSION": version,
        "REQUEST": "GetMap",
        "LAYERS": entry["layer"],
        "STYLES": entry.get("style", ""),
        "CRS" if version == "1.3.0" else "SRS": crs,
        "BBOX": NORTH_FIRST if north_first else EAST_FIRST,
        "WIDTH": "{size}",
        "HEIGHT": "{size}",
        "FORMAT": entry.get("format", "image/png"),
    }
    return _asking(str(entry["address"]), asked)


def _wmts(entry: dict[str, Any]) -> str:
    """By the template of its REST interface where the address is one, else by keys and values."""
    address, matrix = str(entry["address"]), entry.get("matrix", "{z}")
    if "{z}" not in matrix:
        raise BadBasemap(f"BASEMAPS, {address}: matrix names the zoom with {{z}}, such as EPSG:3857:{{z}}.")
    if not entry.get("layer"):
        raise BadBasemap(f"BASEMAPS, {address}: layer is missing; the service's capabilities list them.")
    matrix_set, style = entry.get("matrix_set", "WebMercatorQuad"), entry.get("style", "default")
    template = {
        "Layer": entry["layer"], "Style": style, "TileMatrixSet": matrix_set, "TileMatrix": matrix,
        "TileRow": "{y}", "TileCol": "{x}",
    }  # fmt: skip
    if "{TileMatrix}" in address:
        for key, value in template.items():
            address = address.replace(f"{{{key}}}", value)
        return _xyz({"address": address.replace("{style}", style)})
    asked = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "FORMAT": entry.get("format", "image/png")}
    return _asking(address, {**asked, **{key.upper(): value for key, value in template.items()}})


def _asking(address: str, asked: dict[str, str]) -> str:
    """The address with these questions, which stand for those of the same name that it has, in whatever case."""
    parts = urlsplit(address)
    own = [(key, value) for key, value in parse_qsl(parts.query) if key.upper() not in asked]
    return urlunsplit(parts._replace(query=urlencode([*own, *asked.items()], safe="{},:/")))
