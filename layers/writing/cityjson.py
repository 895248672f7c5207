"""CityJSON 2.0: buildings with their surfaces and attributes."""

from pathlib import Path
from typing import Any

import orjson

from layers.writing.bodies import DIGITS, Body, Ring, bodies
from layers.writing.delivery import Delivery, Table, licences

SURFACES = {
    "G": "GroundSurface", "W": "WallSurface", "R": "RoofSurface", "C": "ClosureSurface", "F": "OuterFloorSurface",
    "L": "OuterCeilingSurface",
}  # fmt: skip
# What CityGML calls our fields; all others are attributes under our own names.
NAMED = {
    "name": "name", "function": "function", "roof_type": "roofType", "height": "measuredHeight",
    "storeys": "storeysAboveGround", "storeys_below": "storeysBelowGround", "year": "yearOfConstruction",
}  # fmt: skip


class Vertices:
    """Each corner once, in millimetres from the lowest one."""

    def __init__(self, origin: tuple[float, ...]):
        self.origin = origin
        self.numbers: dict[tuple[int, ...], int] = {}

    def of(self, ring: Ring) -> list[int]:
        """Without the last point, which CityJSON leaves out."""
        return [self._of(point) for point in ring[:-1]]

    def _of(self, point: tuple[float, float, float]) -> int:
        millimetres = tuple(round((value - low) * 10**DIGITS) for value, low in zip(point, self.origin, strict=True))
        return self.numbers.setdefault(millimetres, len(self.numbers))


def cityjson(delivery: Delivery, path: Path) -> None:
    table = delivery.needed("buildings", "CityJSON")
    found = bodies(delivery, table)
    corners = [point for body in found for _, rings in body.faces for ring in rings for point in ring]
    low, high = ([float(pick(axis)) for axis in zip(*corners, strict=True)] for pick in (min, max))
    vertices = Vertices(tuple(low))
    things = {str(table.columns["uid"][body.row]): _building(table, body, vertices) for body in found}
    told = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [10**-DIGITS] * 3, "translate": low},
        "metadata": {
            "title": f"{delivery.city}: {delivery.title}",
            "referenceSystem": f"https://www.opengis.net/def/crs/EPSG/0/{delivery.epsg}",
            "geographicalExtent": [*low, *high],
        },
        "CityObjects": things,
        "vertices": list(vertices.numbers),
    }
    rights = licences(table)
    if rights:
        told["+licences"] = rights
    path.write_bytes(orjson.dumps(told))


def attributes(table: Table, row: int) -> dict[str, Any]:
    """What is known of a building, CityGML's names first."""
    found: dict[str, Any] = {}
    for column in table.fields():
        value = table.columns[column.name][row]
        if value is not None:
            found[NAMED.get(column.name, column.name)] = value
    return found


def _building(table: Table, body: Body, vertices: Vertices) -> dict[str, Any]:
    boundaries, kinds = [], []
    for letter, rings in body.faces:
        drawn = [corners for ring in rings if len(set(corners := vertices.of(ring))) > 2]
        if drawn:
            boundaries.append(drawn)
            kinds.append(letter)
    used = sorted(set(kinds) & SURFACES.keys())
    values = [used.index(kind) if kind in used else None for kind in kinds]
    semantics = {"surfaces": [{"type": SURFACES[kind]} for kind in used], "values": values}
    closed = body.is_closed()
    geometry = {
        "type": "Solid" if closed else "MultiSurface",
        "lod": "2" if body.surveyed else "1",
        "boundaries": [boundaries] if closed else boundaries,
        "semantics": {**semantics, "values": [values]} if closed else semantics,
    }
    told = attributes(table, body.row)
    address = told.pop("address", None)
    return {"type": "Building", "attributes": told, "geometry": [geometry], **_address(address)}


def _address(address: str | None) -> dict[str, Any]:
    return {"address": [{"ThoroughfareName": one} for one in address.split("; ")]} if address else {}
