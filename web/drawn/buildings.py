"""Buildings of a tile as triangles: LoD2 walls and roofs where they are delivered, else the footprint drawn up."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.buildings import Building, letters
from layers.vacancies import Vacancy
from scenarios.rows import Bounds, Rows, middles, rows_in
from twin.feature import TODAY
from web.drawn.colouring import Colouring
from web.drawn.frame import STEPS, Frame
from web.drawn.ground import Ground
from web.drawn.mesh import triangles
from web.drawn.packing import pack
from web.drawn.saddles import FLAT_ROOFS, rectangles, saddles

COLUMNS = ("height", "storeys", "base_height", "roof_type", "surfaces", "surface_kinds")
WITH_ROOFS = 15  # from this zoom on LoD2 is drawn; farther away the eye sees blocks
SMALLEST = {13: 60.0, 12: 120.0, 11: 300.0}  # m²: smaller ones are not seen from so far
BELOW = 2.0  # metres that walls reach into the ground, so that none floats on a slope
UNKNOWN_HEIGHT = 4.0
STOREY = 3.2
MISFIT = 2.5  # metres between the survey's base and the terrain from which on the building is moved to the terrain
WALL, ROOF, FLAT = 0, 1, 2  # what a triangle is, for its colour
ESTIMATED, EMPTY, CHANGED, NEW = 1, 2, 4, 8  # what a building is, for its colour: bits
STATUSES = ((NEW, "new"), (CHANGED, "changed"), (EMPTY, "empty"), (ESTIMATED, "estimated"))  # what matters most, first
EXISTING = "existing"
STATUS = "status"  # stands where a field's name does when buildings are coloured by what they are
LEVEL = 240  # among the facings: what is turned to the sky


@dataclass
class Pieces:
    """Triangles of some buildings. owner: (3 m,) row of the building; kind: (3 m,); normal: (3 m, 3)."""

    corners: np.ndarray
    owner: np.ndarray
    kind: np.ndarray
    normal: np.ndarray


def building_tile(
    db: Session, scenario: int, frame: Frame, ground: Ground, colouring: Colouring | None = None
) -> bytes:
    chosen_by = colouring if colouring is not None and colouring.layer is Building else None
    by = (chosen_by.field,) if chosen_by and chosen_by.field != STATUS else ()
    rows = rows_in(db, Building, scenario, frame.bounds(), tuple(dict.fromkeys((*COLUMNS, *by))))
    rows = rows.where(frame.holds(middles(rows.shapes)) & _seen(rows, frame.z))
    detailed = np.array([surfaces is not None for surfaces in rows["surfaces"]], bool) & (frame.z >= WITH_ROOFS)
    pieces = _joined(_surveyed(rows, np.flatnonzero(detailed)), _drawn_up(rows, np.flatnonzero(~detailed), frame))
    base = _base(rows, pieces, ground)
    corners = pieces.corners.copy()
    corners[:, 2] += base[pieces.owner]
    flags = flags_of(db, scenario, rows, frame.bounds(100))
    classes = {}
    if chosen_by:
        values = rows[by[0]] if by else statuses(flags)
        classes = {"classes": chosen_by.class_of(values)}
    return _packed(frame, rows, pieces, corners, {"flags": flags, **classes})


def flags_of(db: Session, scenario: int, rows: Rows, bounds: Bounds) -> np.ndarray:
    """(n,) uint8: bits of what each building is. bounds: where vacancies are looked for."""
    flags = np.where([_height_is_estimated(row) for row in rows["estimated"]], ESTIMATED, 0).astype(np.uint8)
    flags |= np.where(_empty(db, scenario, bounds, rows), EMPTY, 0).astype(np.uint8)
    if scenario != TODAY:
        own = select(Building.uid).where(Building.scenario_id == scenario)
        todays = set(db.scalars(select(Building.uid).where(Building.scenario_id == TODAY, Building.uid.in_(own))))
        for bit, uids in ((CHANGED, todays), (NEW, set(db.scalars(own)) - todays)):
            flags |= np.where(np.isin(rows["uid"].astype(str), list(uids)), bit, 0).astype(np.uint8)
    return flags


def statuses(flags: np.ndarray) -> np.ndarray:
    """(n,) str: one word for each building's flags, the one that matters most."""
    return np.select([flags & bit > 0 for bit, _ in STATUSES], [word for _, word in STATUSES], EXISTING)


def _packed(frame: Frame, rows: Rows, pieces: Pieces, corners: np.ndarray, of_each: dict[str, np.ndarray]) -> bytes:
    places = np.column_stack([frame.units(corners[:, :2]), corners[:, 2] * STEPS])
    head: dict[str, Any] = {"origin": frame.origin, "span": frame.span, "uids": rows["uid"].tolist()}
    return pack(
        head,
        {
            "places": np.clip(np.rint(places), -32768, 32767).astype(np.int16),
            "kinds": pieces.kind.astype(np.uint8),
            "facings": _facings(pieces),
            "owners": pieces.owner.astype(np.uint16 if len(rows) < 65536 else np.uint32),
            **of_each,
        },
    )


def _facings(pieces: Pieces) -> np.ndarray:
    """Where each triangle is turned to, for its light: azimuths in steps of 3 degrees, for pitched roofs 120 more."""
    azimuth = np.degrees(np.arctan2(pieces.normal[:, 0], pieces.normal[:, 1]))
    step = np.rint(azimuth / 3).astype(int) % 120 + np.where(pieces.kind == WALL, 0, 120)
    return np.where((pieces.kind != WALL) & (pieces.normal[:, 2] > 0.98), LEVEL, step).astype(np.uint8)


def _seen(rows: Rows, zoom: int) -> np.ndarray:
    areas = shapely.area(rows.shapes)
    return (areas > 0) & (areas >= max((SMALLEST[z] for z in SMALLEST if zoom <= z), default=0.0))


def _surveyed(rows: Rows, chosen: np.ndarray) -> Pieces:
    """LoD2: heights above sea level become heights above the building's lowest point."""
    solids = shapely.from_wkb(rows["surfaces"][chosen])
    polygons, which = shapely.get_parts(solids, return_index=True)
    kinds = np.array(list("".join(letters(rows["surface_kinds"][i], s) for i, s in zip(chosen, solids, strict=True))))
    corners, owner, normals = triangles(polygons)
    up = normals[:, 2]
    kind = np.where(up > 0.98, FLAT, ROOF)
    kind = np.where((kinds == "W") | (kinds == "C") | ((kinds == "?") & (np.abs(up) < 0.15)), WALL, kind)
    kept = ~(np.isin(kinds, ["G", "F", "L"]) | ((kinds == "?") & (up < -0.5)))[owner]
    corners, owner = corners[kept], owner[kept]
    building = which[owner]
    lowest = np.full(len(chosen), np.inf)
    np.minimum.at(lowest, building, corners[:, 2])
    corners = corners.copy()
    corners[:, 2] -= lowest[building]
    at_foot = (corners[:, 2] < 0.05) & (kind[owner] == WALL)
    corners[at_foot, 2] = -BELOW
    return Pieces(corners, chosen[building], kind[owner], normals[owner])


def _drawn_up(rows: Rows, chosen: np.ndarray, frame: Frame) -> Pieces:
    """Small rectangular houses with a saddle roof, unless a flat one is known; all others as blocks."""
    if frame.z < WITH_ROOFS or len(chosen) == 0:
        return _blocks(rows, chosen, frame)
    pitched, corners = rectangles(rows.shapes[chosen], rows["roof_type"][chosen])
    saddled = chosen[pitched]
    forms, is_roof, normals = saddles(corners, tops(rows)[saddled], -BELOW)
    count = forms.shape[1]
    one_by_one = Pieces(
        forms.reshape(-1, 3),
        np.repeat(saddled, count * 3),
        np.tile(np.repeat(np.where(is_roof, ROOF, WALL), 3), len(saddled)),
        np.repeat(normals.reshape(-1, 3), 3, axis=0),
    )
    return _joined(one_by_one, _blocks(rows, chosen[~pitched], frame))


def _blocks(rows: Rows, chosen: np.ndarray, frame: Frame) -> Pieces:
    """Footprints with straight walls and a flat top."""
    simple = shapely.simplify(rows.shapes[chosen], frame.metres / 1500)  # what is less than a pixel wide is not seen
    polygons, which = shapely.get_parts(shapely.force_2d(simple), return_index=True)
    good = shapely.get_type_id(polygons) == 3
    polygons, which = shapely.orient_polygons(polygons[good]), chosen[which[good]]
    heights = tops(rows)
    lids, lid_owner, lid_normals = triangles(shapely.force_3d(polygons))
    lids[:, 2] = heights[which[lid_owner]]
    walls, wall_owner, wall_normals = _walls(polygons)
    high = walls[:, 2] > 0
    walls[high, 2] = heights[which[wall_owner[high]]]
    return Pieces(
        np.concatenate([lids, walls]),
        which[np.concatenate([lid_owner, wall_owner])],
        np.concatenate([np.where(_clay(rows)[which[lid_owner]], ROOF, FLAT), np.full(len(walls), WALL)]),
        np.concatenate([lid_normals[lid_owner], wall_normals]),
    )


def _clay(rows: Rows) -> np.ndarray:
    """Which buildings are known to bear a pitched roof: also a block shows its colour."""
    return np.array([kind is not None and kind not in FLAT_ROOFS for kind in rows["roof_type"]], bool)


def _walls(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two triangles for each edge; height 1 stands for the top."""
    rings, owner = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    edges = np.flatnonzero(ring[:-1] == ring[1:]) if len(ring) else np.empty(0, int)
    here, there = points[edges], points[edges + 1]
    quad = np.stack([here, there, there, here, there, here], axis=1)
    heights = np.tile([-BELOW, -BELOW, 1.0, -BELOW, 1.0, 1.0], (len(edges), 1))
    along = there - here
    length = np.maximum(np.linalg.norm(along, axis=1), 1e-9)
    normal = np.column_stack([along[:, 1] / length, -along[:, 0] / length, np.zeros(len(edges))])
    return (
        np.concatenate([quad, heights[:, :, None]], axis=2).reshape(-1, 3),
        np.repeat(owner[ring[edges]], 6),
        np.repeat(normal, 6, axis=0),
    )


def tops(rows: Rows) -> np.ndarray:
    """Metres from the ground to the highest point, by the storeys where the height is not known."""
    height, storeys = rows.numbers("height"), rows.numbers("storeys")
    height = np.where(height > 0, height, storeys * STOREY)
    return np.where(height > 0, height, UNKNOWN_HEIGHT)


def _joined(one: Pieces, other: Pieces) -> Pieces:
    return Pieces(
        np.concatenate([one.corners, other.corners]),
        np.concatenate([one.owner, other.owner]),
        np.concatenate([one.kind, other.kind]),
        np.concatenate([one.normal, other.normal]),
    )


def _base(rows: Rows, pieces: Pieces, ground: Ground) -> np.ndarray:
    """How high each building's foot lies in the scene: as surveyed, unless the terrain disagrees."""
    if len(rows) == 0:
        return np.empty(0)
    points, owner = shapely.get_coordinates(rows.shapes, return_index=True)
    terrain = np.full(len(rows), np.inf)
    np.minimum.at(terrain, owner, ground.heights(points[:, 0], points[:, 1]))
    if ground.flat:
        return terrain  # each on the plane, wherever it stands in truth
    surveyed = rows.numbers("base_height") - ground.level
    return np.where(np.abs(surveyed - terrain) <= MISFIT, surveyed, terrain)


def _height_is_estimated(how: str | None) -> bool:
    return how is not None and any(part.strip().startswith("height") for part in how.split(";"))


def _empty(db: Session, scenario: int, bounds: Bounds, rows: Rows) -> np.ndarray:
    """Which buildings the register of vacancies names, or has a place in."""
    vacant = rows_in(db, Vacancy, scenario, bounds, ("building", "until"))
    vacant = vacant.where(np.array([day is None for day in vacant["until"]], bool))
    named = np.isin(rows["uid"].astype(str), [uid for uid in vacant["building"] if uid is not None])
    unnamed = vacant.shapes[np.array([uid is None for uid in vacant["building"]], bool)]
    points = unnamed[shapely.get_type_id(unnamed) == 0]
    if len(points) and len(rows):
        named[shapely.STRtree(rows.shapes).query(points, predicate="within")[1]] = True
    return named
