"""Prints what an IFC file says of its buildings, as JSON; run as a program of its own by scenarios/designs/ifc.py."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from scenarios.designs.ifc import BELOW, MOST_PARTS, PARTS, SHAFT

LIVED_IN = ("IfcWall", "IfcSpace", "IfcCurtainWall", "IfcColumn")  # a storey without any is a level, no storey
DEFAULT_STOREY = 3.0  # metres


def told_by(path: str) -> dict[str, Any]:
    """buildings: with footprint in metres of the model; map: [x, y, degrees, projection]; site: [lon, lat, degrees]."""
    import ifcopenshell
    from ifcopenshell.util.unit import calculate_unit_scale

    model = ifcopenshell.open(path)
    unit = calculate_unit_scale(model)
    parts = [part for kind in PARTS for part in model.by_type(kind) if part.Representation]
    if len(parts) > MOST_PARTS:
        return {"buildings": [], "parts": len(parts), "map": None, "site": None}
    owners = _owners(model)
    solids: dict[int, list] = {}
    for part, points, corners in _solids(model, parts):
        solids.setdefault(owners.get(part.id(), 0), []).append((part, points, corners))
    names = {building.id(): building.Name for building in model.by_type("IfcBuilding")}
    storeys = {building.id(): _storeys(building, unit) for building in model.by_type("IfcBuilding")}
    every = next(iter(storeys.values()), []) if len(storeys) == 1 else []
    buildings = [
        _building(names.get(owner), storeys.get(owner, every), found) for owner, found in sorted(solids.items())
    ]
    return {"buildings": buildings, "parts": len(parts), "map": _map(model), "site": _site(model)}


def _solids(model: Any, parts: list) -> Iterator[tuple[Any, np.ndarray, np.ndarray]]:
    """Each part with its corners, (n, 3) in metres, and its triangles, (m, 3)."""
    import ifcopenshell.geom

    settings = ifcopenshell.geom.settings()
    settings.set("use-world-coords", True)
    if not parts:
        return
    found = ifcopenshell.geom.iterator(settings, model, 1, include=parts)
    more: Any = found.initialize()
    while more:
        shape = found.get()
        points = np.array(shape.geometry.verts, float).reshape(-1, 3)
        if len(points):
            yield model.by_id(shape.id), points, np.array(shape.geometry.faces, int).reshape(-1, 3)
        more = found.next()


def _owners(model: Any) -> dict[int, int]:
    """Part -> the building that it is in."""
    from ifcopenshell.util.element import get_decomposition

    return {
        part.id(): building.id() for building in model.by_type("IfcBuilding") for part in get_decomposition(building)
    }


def _storeys(building: Any, unit: float) -> list[float]:
    """The heights of the floors, in metres, from below; levels on which nothing stands are left out."""
    from ifcopenshell.util.element import get_decomposition

    levels = [one for one in get_decomposition(building) if one.is_a("IfcBuildingStorey")]
    lived_in = [one for one in levels if any(part.is_a(kind) for part in get_decomposition(one) for kind in LIVED_IN)]
    return sorted((one.Elevation or 0.0) * unit for one in lived_in)


def _building(name: str | None, floors: list[float], found: list) -> dict[str, Any]:
    above = sorted({round(floor, 2) for floor in floors if floor >= BELOW})
    ground = above[0] if above else min(points[:, 2].min() for _, points, _ in found)
    top = max(points[:, 2].max() for _, points, _ in found)
    steps = np.diff(above)
    usual = float(np.median(steps)) if len(steps) else min(DEFAULT_STOREY, max(float(top - ground), 0.1))
    roofs = [part.PredefinedType for part, _, _ in found if part.is_a("IfcRoof")]
    return {
        "name": name,
        "footprint": shapely.to_wkt(_footprint(found, ground), rounding_precision=3),
        "storeys": max(len(above), 1),
        "storey_height": round(usual, 2),
        "height": round(float(top - ground), 2),
        "roof": next((kind for kind in roofs if kind), None),
    }


def _footprint(found: list, ground: float) -> Any:
    """What walls and floors above the ground cover, seen from above; without what only the roof covers."""
    solid = [(part, points, corners) for part, points, corners in found if not part.is_a("IfcRoof")] or found
    above = [one for one in solid if one[1][:, 2].max() > ground + 0.5] or solid
    triangles = np.concatenate([points[corners][:, :, :2] for _, points, corners in above])
    flat = shapely.polygons(triangles)
    whole = shapely.union_all(flat[shapely.area(flat) > 1e-6], grid_size=0.001)
    floored = any(part.is_a("IfcSlab") for part, _, _ in above)
    parts = [
        shapely.Polygon(
            part.exterior, [hole for hole in part.interiors if floored and shapely.Polygon(hole).area > SHAFT]
        )
        for part in shapely.get_parts(whole)
        if part.geom_type == "Polygon" and part.area > 1
    ]
    return shapely.simplify(shapely.union_all(parts), 0.02)


def _map(model: Any) -> list | None:
    found = model.by_type("IfcMapConversion") if model.schema != "IFC2X3" else []
    if not found:
        return None
    one = found[0]
    angle = np.degrees(np.arctan2(one.XAxisOrdinate or 0.0, one.XAxisAbscissa or 0.0))
    return [one.Eastings, one.Northings, float(angle), getattr(one.TargetCRS, "Name", None) or ""]


def _site(model: Any) -> list | None:
    site = next((one for one in model.by_type("IfcSite") if one.RefLatitude and one.RefLongitude), None)
    if site is None:
        return None
    north = next(
        (context.TrueNorth.DirectionRatios for context in model.by_type("IfcGeometricRepresentationContext")
         if not context.is_a("IfcGeometricRepresentationSubContext") and context.TrueNorth),
        (0.0, 1.0),
    )  # fmt: skip
    turned = 90 - np.degrees(np.arctan2(north[1], north[0]))
    return [_degrees(site.RefLongitude), _degrees(site.RefLatitude), float(turned)]


def _degrees(parts: tuple[int, ...]) -> float:
    return sum(part / size for part, size in zip(parts, (1, 60, 3600, 3600e6), strict=False))


if __name__ == "__main__":
    print(json.dumps(told_by(sys.argv[1])))
