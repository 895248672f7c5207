"""From an outline, storeys and a roof to a building: its walls and roofs, its height, its floor area, its volume."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from sqlalchemy.orm import Session

from scenarios.forms.roofs import CODES, PITCHES, Roof, check, roof_over
from twin.errors import BadShape
from twin.feature import Words
from twin.ground import heights_at

STRAIGHT = 0.01  # metres: a corner that lies closer to the line between its neighbours is none
MOST_STOREYS, LOWEST_STOREY, HIGHEST_STOREY = 120, 1.8, 20.0
SMALLEST = 1.0  # m²
SAMPLE = 2.0  # metres between the places where the ground under an outline is looked up


@dataclass
class Form:
    """What the building looks like, as layers.buildings keeps it, and what it adds up to.

    surfaces: ISO WKB of a MultiPolygon Z; surface_kinds: one letter for each of its polygons. Heights: metres above the
    ground that it stands on; areas m², volume m³ above ground (DIN 277: BRI).
    """

    surfaces: bytes
    surface_kinds: str
    storeys: int
    storey_height: float
    height: float
    eaves_height: float
    base_height: float | None
    roof_type: str
    roof_pitch: float
    floor_area: float
    roof_area: float
    volume: float
    messages: list[Words] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """The fields of a building that follow from its form."""
        names = "storeys storey_height height eaves_height base_height roof_type roof_pitch surfaces surface_kinds"
        return {name: getattr(self, name) for name in names.split()}


def build(
    footprint: Polygon | MultiPolygon,
    storeys: int | float | Sequence[float],
    storey_height: float = 3.0,
    roof: str = "flat",
    pitch: float | None = None,
    ground: float | None = None,
    ridge_direction: float | None = None,
    setback: float = 0.0,
) -> Form:
    """A building over an outline in the city's metres. Raises BadShape.

    storeys: how many, or the height of each from the ground up. ground: metres above sea level, None where unknown.
    ridge_direction: degrees clockwise from north. setback: how far the top storey stands back from the walls, metres.
    """
    pitch = PITCHES.get(roof, 0.0) if pitch is None else pitch
    check(roof, pitch)
    heights = storey_heights(storeys, storey_height)
    parts = outlines_of(footprint)
    if setback:
        bodies = [body for part in parts for body in _set_back(part, heights, roof, pitch, ridge_direction, setback)]
        floor_area = sum(part.area * (len(heights) - 1) + _inner(part, setback).area for part in parts)
    else:
        bodies = [Body(part, 0.0, sum(heights), roof_over(part, roof, pitch, ridge_direction)) for part in parts]
        floor_area = sum(part.area for part in parts) * len(heights)
    return _form(bodies, heights, floor_area, CODES[roof], 0.0 if roof == "flat" else float(pitch), ground)


def _form(
    bodies: list["Body"], heights: list[float], floor_area: float, roof: str, pitch: float, ground: float | None
) -> Form:
    rings, letters = [], ""
    for body in bodies:
        found = body.faces(ground or 0.0)
        rings += [face for _, face in found]
        letters += "".join(letter for letter, _ in found)
    across = [_across(face) for face in rings]
    surfaces = MultiPolygon([Polygon(face[0], face[1:]) for face in rings])
    return Form(
        surfaces=shapely.to_wkb(surfaces, flavor="iso"),
        surface_kinds=letters,
        storeys=len(heights),
        storey_height=round(sum(heights) / len(heights), 2),
        height=round(max(body.eaves + body.roof.above.max() for body in bodies), 3),
        eaves_height=round(sum(heights), 3),
        base_height=None if ground is None else round(ground, 3),
        roof_type=roof,
        roof_pitch=pitch,
        floor_area=floor_area,
        roof_area=float(sum(np.linalg.norm(a) for a, letter in zip(across, letters, strict=True) if letter == "R")),
        volume=float(sum((face[0][0] - rings[0][0][0]) @ a for face, a in zip(rings, across, strict=True))) / 3,
        messages=list(dict.fromkeys(message for body in bodies for message in body.roof.messages)),
    )


def storey_heights(storeys: int | float | Sequence[float], storey_height: float) -> list[float]:
    """The height of each storey, from the ground up. Raises BadShape."""
    if isinstance(storeys, (int, float)):
        if not 1 <= storeys <= MOST_STOREYS or int(storeys) != storeys:
            raise BadShape(
                Words(
                    f"Ein Gebäude hat 1 bis {MOST_STOREYS} ganze Geschosse, nicht {storeys:g}.",
                    f"A building has 1 to {MOST_STOREYS} whole storeys, not {storeys:g}.",
                )
            )
        storeys = [storey_height] * int(storeys)
    if not 1 <= len(storeys) <= MOST_STOREYS:
        raise BadShape(
            Words(
                f"Ein Gebäude hat 1 bis {MOST_STOREYS} Geschosse, nicht {len(storeys)}.",
                f"A building has 1 to {MOST_STOREYS} storeys, not {len(storeys)}.",
            )
        )
    between = f"{LOWEST_STOREY:g} - {HIGHEST_STOREY:g} m"
    for number, height in enumerate(storeys):
        if not LOWEST_STOREY <= height <= HIGHEST_STOREY:
            raise BadShape(
                Words(
                    f"Geschoss {number} ist {height:g} m hoch. Möglich sind {between}.",
                    f"Storey {number} is {height:g} m high. Give it {between}.",
                )
            )
    return [float(height) for height in storeys]


def outlines_of(footprint: Any) -> list[Polygon]:
    """The outline's parts, counter-clockwise and without corners on straight walls. Raises BadShape."""
    _check_outline(footprint)
    parts = []
    for part in shapely.get_parts(shapely.force_2d(footprint)):
        rings = [_straightened(ring) for ring in (part.exterior, *part.interiors)]
        if rings[0] is None:
            raise BadShape(
                Words(
                    "Der Umriss ist nur ein Strich. Bitte als Fläche zeichnen.",
                    "The outline is a line. Draw it as an area.",
                )
            )
        straight = Polygon(rings[0], [ring for ring in rings[1:] if ring is not None])
        parts.append(shapely.orient_polygons(straight if straight.is_valid else part))
    if sum(part.area for part in parts) < SMALLEST:
        raise BadShape(
            Words(
                f"Der Umriss ist kleiner als {SMALLEST:g} m². Bitte größer zeichnen.",
                f"The outline covers less than {SMALLEST:g} m². Draw it larger.",
            )
        )
    return parts


def _check_outline(footprint: Any) -> None:
    if footprint is None or footprint.geom_type not in ("Polygon", "MultiPolygon") or footprint.is_empty:
        raise BadShape(
            Words(
                "Ein Gebäude braucht einen Umriss. Bitte als Polygon zeichnen.",
                "A building needs an outline. Draw it as a polygon.",
            )
        )
    if not np.isfinite(footprint.bounds).all():
        raise BadShape(
            Words(
                "Eine Ecke des Umrisses hat keinen Ort. Bitte neu zeichnen.",
                "The outline has corners that are nowhere. Draw it again.",
            )
        )
    if not footprint.is_valid:
        raise BadShape(
            Words(
                "Der Umriss kreuzt sich selbst. Bitte so zeichnen, dass sich seine Seiten nicht schneiden.",
                "The outline crosses itself. Draw it again, without crossing lines.",
            )
        )


def lowest_ground(db: Session, footprint: Polygon | MultiPolygon) -> float | None:
    """Metres above sea level of the lowest terrain under an outline; None where the terrain is not known."""
    edges = shapely.get_coordinates(shapely.segmentize(footprint, SAMPLE))
    heights = heights_at(db, edges[:, 0], edges[:, 1])
    known = heights[~np.isnan(heights)]
    return float(known.min()) if len(known) else None


@dataclass
class Body:
    """Walls around an outline from `low` to `eaves`, metres above the ground, and the roof over them."""

    outline: Polygon
    low: float
    eaves: float
    roof: Roof
    above: Any = None  # what bodies on top of this one cover, which its flat roof leaves out

    def faces(self, ground: float) -> list[tuple[str, list[np.ndarray]]]:
        """A letter and the rings of each face, closed and counter-clockwise seen from outside."""
        flat, roof = self.roof.points, self.roof
        tops = np.column_stack([flat, ground + self.eaves + roof.above])
        count = len(shapely.get_coordinates(self.outline)) - 1 - len(self.outline.interiors)
        feet = np.column_stack([flat[:count], np.full(count, ground + self.low)])
        walls, base, start = [], [], 0
        for ring in (self.outline.exterior, *self.outline.interiors):
            size = len(ring.coords) - 1
            for wall in range(start, start + size):
                end = start + (wall - start + 1) % size
                over = [tops[point] for point in roof.gables.get(wall, [])]
                around = [feet[wall], feet[end], *_above(feet[end], tops[end]), *over, *_above(feet[wall], tops[wall])]
                walls.append(("W", [_closed(np.array(around))]))
            base.append(_closed(feet[start : start + size][::-1]))
            start += size
        roofs = [("R", [_closed(tops[ring]) for ring in face]) for face in roof.faces]
        if self.above is not None:
            roofs = [("R", _level(part, ground + self.eaves)) for part in _parts(self.outline.difference(self.above))]
        return [*([("G", base)] if self.low == 0 else []), *walls, *roofs]


def _set_back(part: Polygon, heights: list[float], roof: str, pitch: float, direction: float | None, setback: float):
    """A body up to the terrace, and on it the top storey with the roof."""
    if len(heights) < 2:
        raise BadShape(
            Words(
                "Ein Staffelgeschoss steht auf anderen: Das Gebäude braucht mindestens 2 Geschosse.",
                "A set-back storey stands on others: give the building at least 2 storeys.",
            )
        )
    inner = _inner(part, setback)
    terrace = sum(heights[:-1])
    yield Body(part, 0.0, terrace, roof_over(part, "flat", 0.0), inner)
    for top in _parts(inner):
        yield Body(top, terrace, sum(heights), roof_over(top, roof, pitch, direction))


def _parts(shape: Any) -> list[Polygon]:
    return [shapely.orient_polygons(part) for part in shapely.get_parts(shape)]


def _level(part: Polygon, height: float) -> list[np.ndarray]:
    rings = [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
    return [np.column_stack([ring, np.full(len(ring), height)]) for ring in rings]


def _inner(part: Polygon, setback: float) -> Any:
    inner = part.buffer(-setback, join_style="mitre").simplify(STRAIGHT) if setback > 0 else part
    if setback <= 0 or inner.is_empty or inner.area < SMALLEST:
        raise BadShape(
            Words(
                f"Ein um {setback:g} m zurückgesetztes Geschoss passt hier nicht. Bitte weniger wählen.",
                f"A top storey set back by {setback:g} m does not fit here. Choose less.",
            )
        )
    return inner


def _straightened(ring: Any) -> np.ndarray | None:
    """A ring without corners on straight walls, wherever it begins; None where nothing is left."""
    points = shapely.get_coordinates(shapely.simplify(ring, STRAIGHT))[:-1]
    if len(points) > 3:
        before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
        way = after - before
        length = np.maximum(np.linalg.norm(way, axis=1), 1e-9)
        off = np.abs(way[:, 0] * (points - before)[:, 1] - way[:, 1] * (points - before)[:, 0]) / length
        points = points if off[0] > STRAIGHT else points[1:]  # simplifying keeps the first one
    return points if len(points) >= 3 and abs(Polygon(points).area) > 0.01 else None


def _above(foot: np.ndarray, top: np.ndarray) -> list[np.ndarray]:
    return [top] if top[2] > foot[2] else []


def _closed(ring: np.ndarray) -> np.ndarray:
    return np.vstack([ring, ring[:1]])


def _across(face: list[np.ndarray]) -> np.ndarray:
    """Outwards, as long as the face is large."""
    total = np.zeros(3)
    for ring in face:
        points = ring - ring[0]
        total += np.cross(points[:-1], points[1:]).sum(axis=0) / 2
    return total
