"""Where the rows of a register lie: by their coordinates, or by the building, parcel or block that they name."""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from layers.reading.batch import LeftOut, Wanted
from layers.reading.columns import Columns
from layers.reading.coordinates import guess_crs, looks_swapped
from layers.reading.crs_names import crs_of_name
from layers.reading.joining import Joiner, NotJoined, Partner, address_keys
from layers.reading.sheets import Sheet
from layers.reading.values import decimal_mark, number
from twin.projection import LONLAT, transform

_PAIR = re.compile(
    r"\s*[\[(]?\s*([-+]?\d+(?:[.,]\d+)?)\s*(?:[;/\s]|,\s|(?<=\.\d),|,(?=\s*[-+]?\d+\.))\s*([-+]?\d+(?:[.,]\d+)?)\s*[\])]?\s*"
)


@dataclass
class Places:
    """shapes: (n,) one a row, None where it is not known where the row lies; then `missing` says why."""

    shapes: np.ndarray
    crs: CRS | None = None
    partners: dict[int, Partner] = field(default_factory=dict)  # row -> what it was joined to
    missing: dict[int, str] = field(default_factory=dict)  # row -> reason
    notes: list[str] = field(default_factory=list)


def places_of(sheet: Sheet, columns: Columns, wanted: Wanted) -> Places:
    """The shapes of a table with coordinates. Without any, all shapes are None. Raises BadFile."""
    if "wkt" in columns.places and _has_wkt(sheet.column(columns.places["wkt"])):
        return _by_wkt(sheet, columns.places["wkt"], wanted)
    pair = _coordinates(sheet, columns, wanted)
    if pair is None:
        return Places(np.full(len(sheet.rows), None, object))
    return _by_numbers(sheet, *pair, wanted)


def join(sheet: Sheet, columns: Columns, places: Places, joiner: Joiner | None, layer: str | None) -> None:
    """Give the rows without coordinates the shapes of what they name."""
    ways = _ways(columns.places, layer)
    if not ways:
        return
    for i in np.flatnonzero(shapely.is_missing(places.shapes)).tolist():
        if i in places.missing:
            continue
        if joiner is None:
            places.missing[i] = "it has no coordinates, and there is no city yet to look for what it names."
            continue
        try:
            places.partners[i] = _partner(sheet.rows[i], columns.places, ways, joiner, layer)
        except NotJoined as reason:
            places.missing[i] = str(reason)


def _ways(places: dict[str, int], layer: str | None) -> list[str]:
    """What to look for, the most exact first."""
    addressed = ["address"] if "address" in places or {"street", "house"} <= set(places) else []
    parcels: list[str] = [way for way in ("parcel_key", "parcel") if way in places]
    blocks = ["block"] if "block" in places else []
    if layer == "blocks":
        return blocks
    if layer == "parcels":
        return parcels
    if layer == "buildings":
        return addressed
    return addressed + parcels + blocks


def _partner(row: list, places: dict[str, int], ways: list[str], joiner: Joiner, layer: str | None) -> Partner:
    def cell(role: str) -> Any:
        return row[places[role]] if role in places else None

    reasons = []
    for way in ways:
        try:
            if way == "block" and cell("block") is not None:
                return joiner.by_block(cell("block"))
            if way == "parcel_key" and cell("parcel_key") is not None:
                return joiner.by_parcel_key(cell("parcel_key"))
            if way == "parcel" and cell("parcel") is not None:
                return joiner.by_parcel(cell("parcel"), cell("district"), cell("section"))
            if way == "address":
                keys, shown = _address(cell)
                if shown:
                    return joiner.by_address(keys, shown, buildings_only=layer == "buildings")
        except NotJoined as reason:
            reasons.append(str(reason))
    raise NotJoined(" ".join(reasons) or f"it has no {' and no '.join(way.replace('_', ' ') for way in ways)}.")


def _address(cell: Any) -> tuple[list[str], str]:
    """The keys of a row's address, and how it is shown."""
    if cell("street") is not None and (cell("house") is not None or cell("address") is None):
        shown = " ".join(str(part) for part in (cell("street"), cell("house"), cell("suffix")) if part is not None)
        return address_keys(cell("street"), cell("house"), cell("suffix")), shown
    if cell("address") is None:
        return [], ""
    shown = str(cell("address"))
    several = [key for part in shown.split(";") for key in address_keys(part)]
    return several or address_keys(shown, cell("house"), cell("suffix")), shown


def _has_wkt(values: list) -> bool:
    return any(isinstance(value, str) and re.match(r"(SRID=\d+;)?[A-Za-z]+\s*Z?M?\s*\(", value) for value in values)


def _by_wkt(sheet: Sheet, column: int, wanted: Wanted) -> Places:
    texts = [str(value or "") for value in sheet.column(column)]
    srids = {found[1] for words in texts if (found := re.match(r"SRID=(\d+);", words))}
    shapes = shapely.from_wkt([re.sub(r"^SRID=\d+;", "", words) or None for words in texts], on_invalid="ignore")
    places = Places(np.asarray(shapes, object))
    for i in np.flatnonzero(shapely.is_missing(places.shapes)).tolist():
        if texts[i]:
            places.missing[i] = f"its shape is no WKT: “{texts[i][:30]}”. Export it again."
    centres = shapely.centroid(places.shapes)
    places.crs = crs_of_name(f"EPSG:{srids.pop()}") if len(srids) == 1 else wanted.crs
    if places.crs is None:
        places.crs, how = guess_crs(shapely.get_x(centres), shapely.get_y(centres), wanted.near)
        places.notes.append(f"projection: {how}")
    return places


def _coordinates(
    sheet: Sheet, columns: Columns, wanted: Wanted
) -> tuple[np.ndarray, np.ndarray, dict[int, str]] | None:
    """East and north of each row as numbers, NaN where there are none, and what could not be read."""
    found = columns.places
    for east, north in (("east", "north"), ("longitude", "latitude"), ("length", "breadth")):
        if east in found and north in found:
            unread: dict[int, str] = {}
            x, y = (_numbers(sheet, found[role], unread, in_degrees=east != "east") for role in (east, north))
            if np.isfinite(x + y).any() and (east != "length" or _on_earth(x, y, wanted)):
                return x, y, unread
    return _pairs(sheet, found["coordinates"], wanted) if "coordinates" in found else None


def _on_earth(x: np.ndarray, y: np.ndarray, wanted: Wanted) -> bool:
    """Länge and Breite may be those of a thing, too."""
    east, north = float(np.nanmedian(x)), float(np.nanmedian(y))
    if wanted.near:
        return abs(east - wanted.near[0]) < 1 and abs(north - wanted.near[1]) < 1
    return 5 < east < 16 and 47 < north < 56


def _numbers(sheet: Sheet, column: int, unread: dict[int, str], *, in_degrees: bool) -> np.ndarray:
    values = sheet.column(column)
    decimal = decimal_mark(values) or sheet.decimal
    if in_degrees:  # no thousands in them: 12,141 is twelve and a bit
        values = [value.replace(",", ".") if isinstance(value, str) else value for value in values]
        decimal = "."
    numbers = np.full(len(values), np.nan)
    for i, value in enumerate(values):
        try:
            numbers[i] = np.nan if value is None else number(value, decimal)
        except ValueError:
            unread[i] = f"{sheet.header[column]} is “{value}”, which is no number. Correct it."
    return numbers


def _pairs(sheet: Sheet, column: int, wanted: Wanted) -> tuple[np.ndarray, np.ndarray, dict[int, str]] | None:
    """Both in one column, in either order: in degrees people write latitude first."""
    values = sheet.column(column)
    x, y = np.full(len(values), np.nan), np.full(len(values), np.nan)
    unread = {}
    for i, value in enumerate(values):
        found = _PAIR.fullmatch(str(value)) if value is not None else None
        if found:
            x[i], y[i] = (float(one.replace(",", ".")) for one in found.groups())
        elif value is not None:
            unread[i] = f"{sheet.header[column]} is “{value}”, which are no two numbers. Write them as 51.0481 12.1369."
    if not np.isfinite(x).any():
        return None
    degrees = np.nanmedian(np.abs(x)) <= 90 and np.nanmedian(np.abs(y)) <= 180
    lonlat = "lonlat" in sheet.header[column].lower().replace(" ", "")
    turned = looks_swapped(x, y, wanted.near) if wanted.near or not degrees else not lonlat
    return (y, x, unread) if turned else (x, y, unread)


def _by_numbers(sheet: Sheet, x: np.ndarray, y: np.ndarray, unread: dict[int, str], wanted: Wanted) -> Places:
    crs, how = (wanted.crs, "") if wanted.crs is not None else guess_crs(x, y, wanted.near)
    known = np.isfinite(x) & np.isfinite(y)
    known &= ~((x == 0) & (y == 0))  # what programs write for nothing
    places = Places(np.full(len(x), None, object), crs, missing=unread)
    swapped = known & _strays(x, y)
    for i in np.flatnonzero(swapped).tolist():
        places.missing[i] = (
            f"east and north are swapped: {x[i]:.10g}, {y[i]:.10g} lies far from the other rows, the other way round it"
            " lies among them. Exchange the two values."
        )
    known &= ~swapped
    places.shapes[known] = shapely.points(x[known], y[known])
    if how:
        places.notes.append(f"projection: {how}")
    return places


def _strays(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Rows far from all others that would lie among them if east and north changed places."""
    known = np.isfinite(x) & np.isfinite(y)
    if known.sum() < 3:
        return np.zeros(len(x), bool)
    east, north = np.median(x[known]), np.median(y[known])
    away = np.hypot(x - east, y - north)
    least = 0.01 if max(abs(east), abs(north)) <= 180 else 1000.0  # a village in degrees, and in metres
    usual = max(float(np.percentile(away[known], 75)), least)
    with np.errstate(invalid="ignore"):
        return (away > 5 * usual) & (np.hypot(y - east, x - north) < 3 * usual)


def bounds_of(places: Places) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees."""
    there = places.shapes[~shapely.is_missing(places.shapes)]
    if places.crs is None or not len(there):
        return None
    west, south, east, north = shapely.total_bounds(transform(there, places.crs, LONLAT)).tolist()
    return (west, south, east, north) if np.isfinite([west, south, east, north]).all() else None


def left_out(sheet: Sheet, places: Places) -> list[LeftOut]:
    return [LeftOut(sheet.place(i), places.missing[i]) for i in sorted(places.missing)]
