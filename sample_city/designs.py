"""Three futures of a closed factory as plain data: housing, a campus, a park with a new bus line.

All coordinates are in the city's metres. What is said here is planned by `scenarios.story`, through the same verbs that
a planner has.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box, mapping

EDGE = 9.0  # metres that stay free along the area's edge
STREET, COURT = 14.0, 44.0  # metres between blocks; the least side of a block
LANE = 6.5  # metres: a street's carriageway
KEPT = ("Siedehaus", "Wasserturm", "Schornstein", "Verwaltung")  # listed: every design keeps them
TAKT = "5-6:30;6-9:10;9-16:15;16-19:10;19-23:30"

Told = dict[str, Any]


def designs(area: Polygon, keep: list[Polygon], seed: int = 4) -> list[Told]:
    """area: of the factory; keep: outlines of the buildings that stay."""
    return [make(Site(area, keep, seed)) for make in (housing, campus, park)]


class Site:
    """The area, turned so that its longer side runs from west to east; told shapes are turned back."""

    def __init__(self, area: Polygon, keep: list[Polygon], seed: int):
        corners = shapely.get_coordinates(shapely.oriented_envelope(area))
        sides = corners[1:3] - corners[:2]
        longer = sides[np.argmax(np.linalg.norm(sides, axis=1))]
        self.angle = float(np.degrees(np.arctan2(longer[1], longer[0])))
        self.middle = area.centroid
        self.area = self._straight(area)
        self.kept = self._straight(shapely.union_all(keep)) if keep else Polygon()
        self.room = self.area.buffer(-EDGE, join_style="mitre").difference(self.kept.buffer(EDGE))
        self.rng = np.random.default_rng(seed)

    def _straight(self, shape: Any) -> Any:
        return affinity.rotate(shape, -self.angle, origin=self.middle)

    def told(self, shape: Any) -> Told:
        """As GeoJSON has it, where it lies in the city, to the centimetre."""
        turned = affinity.rotate(shape, self.angle, origin=self.middle)
        return mapping(shapely.transform(turned, lambda points: points.round(2)))

    def cells(self, width: float, depth: float) -> list[tuple[int, int, Polygon]]:
        """Blocks in rows and columns, with streets between them, over the whole room."""
        west, south, east, north = self.room.bounds
        across, up = (
            max(round((length + STREET) / (side + STREET)), 1)
            for length, side in ((east - west, width), (north - south, depth))
        )
        width, depth = ((east - west + STREET) / across - STREET, (north - south + STREET) / up - STREET)
        return [
            (i, j, box(x, y, x + width, y + depth))
            for i in range(across)
            for j in range(up)
            for x, y in [(west + i * (width + STREET), south + j * (depth + STREET))]
        ]

    def lines_between(self, cells: list[tuple[int, int, Polygon]]) -> list[LineString]:
        """The streets between the cells, as far as they lie in the area."""
        west, south, east, north = self.area.bounds
        lines = [
            LineString([(x, south), (x, north)])
            for x in sorted({cell.bounds[2] + STREET / 2 for i, _, cell in cells if i < max(c[0] for c in cells)})
        ]
        lines += [
            LineString([(west, y), (east, y)])
            for y in sorted({cell.bounds[3] + STREET / 2 for _, j, cell in cells if j < max(c[1] for c in cells)})
        ]
        free = self.area.difference(self.kept.buffer(4))
        return [part for line in lines for part in shapely.get_parts(line.intersection(free)) if part.length > 30]


def building(site: Site, kind: str, shape: Any, **said: Any) -> Told:
    """kind: a type of scenarios.forms.library; said: what is not usual for it."""
    return {"type": kind, "geometry": site.told(shape), **said}


def _plan(site: Site, de: str, en: str, why_de: str, why_en: str, **told: Any) -> Told:
    return {
        "title": {"de": de, "en": en}, "description": {"de": why_de, "en": why_en},
        "area": site.told(site.area), "keep": list(KEPT), **told,
    }  # fmt: skip


def housing(site: Site) -> Told:
    """Perimeter blocks and rows around a green square; shops where the new street meets the old one."""
    cells = site.cells(62, 56)
    green = min(cells, key=lambda cell: cell[2].centroid.distance(site.area.centroid))
    houses, courts = [], []
    for i, j, cell in cells:
        inside = cell.intersection(site.room)
        if (i, j) == green[:2]:
            continue
        if (
            inside.area > 0.985 * cell.area
            and min(cell.bounds[2] - cell.bounds[0], cell.bounds[3] - cell.bounds[1]) > COURT
        ):
            ring = cell.difference(cell.buffer(-12.5, join_style="mitre"))
            shops = {"storey_uses": "0:trade;1-3:residential"} if j == 0 else {}
            form = {"roof": "flat", "storeys": 5, "setback": 1.6} if (i + j) % 2 else {"roof": "gable", "pitch": 28}
            shops = {} if "setback" in form else shops
            houses.append(building(site, "perimeter", ring, **form, **shops))
            courts.append(cell.buffer(-16))
        else:
            houses += [building(site, "slab", row, storeys=3 + (i + j) % 2) for row in _rows(inside, site)]
    square = green[2].intersection(site.room).buffer(0)
    streets = site.lines_between(cells)
    return _plan(
        site, "Neues Quartier", "New quarter",
        "Blockränder und Zeilen um einen grünen Platz; Siedehaus, Turm und Verwaltung bleiben und werden Kultur.",
        "Perimeter blocks and rows around a green square; the listed halls stay and become a place of culture.",
        buildings=houses, reuse="culture", zone={"kind": "MU", "grz": 0.6, "gfz": 2.2},
        surfaces=_surfaces(site, "residential", [("park", square), ("asphalt", _paved(streets, site))]),
        streets=[{"geometry": site.told(line), "kind": "residential", "speed": 30, "width": LANE, "lanes": 2}
                 for line in streets],
        rows=[{"geometry": site.told(side), "spacing": 11, "species": "Winterlinde"} for side in _kerbs(streets, site)],
        groves=[{"geometry": site.told(square), "spacing": 9, "species": ["Stieleiche", "Feldahorn", "Hainbuche"]},
                *({"geometry": site.told(court), "spacing": 10, "species": ["Vogelkirsche", "Apfel"]}
                  for court in courts if court.area > 150)],
        stops=[], lines=[],
    )  # fmt: skip


def campus(site: Site) -> Told:
    """Slabs of laboratories and halls around a paved square with a tower."""
    cells = site.cells(84, 66)
    square = min(cells, key=lambda cell: cell[2].centroid.distance(site.area.centroid))
    houses = []
    for i, j, cell in cells:
        inside = cell.intersection(site.room)
        x0, y0, x1, y1 = cell.bounds
        if (i, j) == square[:2]:
            tower = box(x1 - 24, y1 - 24, x1 - 2, y1 - 2)
            if site.room.contains(tower):
                houses.append(building(site, "tower", tower, storeys=11, storey_height=3.6, **_teaching()))
        elif (i + j) % 3 == 2 and site.room.contains(hall := box(x0 + 4, y0 + 6, x1 - 4, y1 - 18)):
            houses.append(
                building(site, "hall", hall, storeys=2, storey_height=5.5, roof="pent", pitch=6, **_teaching())
            )
        else:
            storeys = 3 + (i * 2 + j) % 3
            houses += [
                building(site, "slab", row, storeys=storeys, storey_height=3.9, **_teaching())
                for row in _rows(inside, site, depth=16.0, apart=30.0)
            ]
    plaza = square[2].intersection(site.room).buffer(0)
    streets = site.lines_between(cells)
    return _plan(
        site, "Campus an der Zuckerfabrik", "Sugar works campus",
        "Institute und Werkhallen um einen Platz mit Hochhaus; das Siedehaus wird zur Bibliothek.",
        "Institutes and workshops around a square with a tower; the boiling house becomes the library.",
        buildings=houses, reuse="education", zone={"kind": "SO", "grz": 0.6, "gfz": 2.0},
        surfaces=_surfaces(site, "grass", [("paving", plaza.union(_paved(streets, site)))]),
        streets=[{"geometry": site.told(line), "kind": "living_street", "speed": 10, "width": LANE}
                 for line in streets],
        rows=[{"geometry": site.told(side), "spacing": 12, "species": "Platane"} for side in _kerbs(streets, site)],
        groves=[{"geometry": site.told(plaza.buffer(-14)), "spacing": 12, "species": ["Gleditschie"]}],
        stops=[], lines=[],
    )  # fmt: skip


def park(site: Site) -> Told:
    """Groves and meadows on unsealed ground, paths through them, and a stop with a new bus line."""
    west, south, east, north = site.area.bounds
    x, y = site.middle.x, site.middle.y
    meadow = affinity.scale(Point(x, y).buffer(1), 0.24 * (east - west), 0.24 * (north - south))
    paths = [
        _curve((west, south + 0.2 * (north - south)), (x, y - 0.22 * (north - south)), (east, y)),
        _curve((west, north - 0.15 * (north - south)), (x, y + 0.2 * (north - south)), (east, south)),
        _curve((x - 0.1 * (east - west), south), (x + 0.1 * (east - west), y), (x, north)),
        LineString(meadow.exterior),
    ]
    free = site.area.difference(site.kept.buffer(2))
    paths = [part for path in paths for part in shapely.get_parts(path.intersection(free)) if part.length > 25]
    ways = shapely.union_all([path.buffer(1.6) for path in paths])
    groves = [
        site.room.difference(meadow.buffer(6)).difference(ways.buffer(3)).intersection(spot)
        for spot in _spots(site, meadow)
    ]
    stop = site.area.exterior.interpolate(site.area.exterior.project(Point(east, y)))
    return _plan(
        site, "Zuckerpark mit neuer Buslinie", "Sugar park with a new bus line",
        "Entsiegelt und bepflanzt; die Linie 9 verbindet den Park mit Markt und Bahnhof.",
        "Unsealed and planted; line 9 connects the park with the market and the station.",
        buildings=[], reuse="culture", zone={"kind": "green"},
        surfaces=_surfaces(site, "park", [("gravel", ways), ("grass", meadow.difference(ways))]),
        streets=[{"geometry": site.told(path), "kind": "footway", "width": 3.0} for path in paths],
        rows=[],
        groves=[{"geometry": site.told(spot), "spacing": 7.5,
                 "species": ["Stieleiche", "Hainbuche", "Winterlinde", "Feldahorn"]}
                for spot in groves if spot.area > 200],
        stops=[{"geometry": site.told(stop), "name": "Zuckerpark"}],
        lines=[{"number": "9", "from": "Zuckerpark", "headways": TAKT, "stops": 5}],
    )  # fmt: skip


def _teaching() -> Told:
    return {"use": "education", "function": "31001_3020", "storey_uses": "", "dwellings": 0}


def _rows(inside: Any, site: Site, depth: float = 11.5, apart: float = 26.0) -> list[Polygon]:
    """Slabs across a block that is not whole, one behind the other."""
    found = []
    for part in shapely.get_parts(inside):
        west, south, east, north = part.bounds
        for y in np.arange(south + 2, north - depth - 1, apart):
            strip = part.intersection(box(west, y, east, y + depth))
            left, _, right, _ = strip.bounds if not strip.is_empty else (0.0, 0.0, 0.0, 0.0)
            for x0, x1 in ((left + 1, right - 1), (left + 8, right - 1), (left + 1, right - 8), (left + 8, right - 8)):
                row = box(x0, y, min(x1, x0 + 56), y + depth)
                if x1 - x0 > 20 and site.room.contains(row):
                    found.append(row)
                    break
    return found


def _surfaces(site: Site, base: str, others: list[tuple[str, Any]]) -> list[Told]:
    """Pieces of ground that do not overlap: each of the others where it lies, the base everywhere else."""
    left, told = site.area, []
    for kind, shape in others:
        piece = left.intersection(shape)
        left = left.difference(shape)
        told += [{"geometry": site.told(part), "kind": kind} for part in _areas(piece)]
    return [*told, *({"geometry": site.told(part), "kind": base} for part in _areas(left))]


def _areas(shape: Any) -> list[Polygon]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 2]


def _paved(streets: list[LineString], site: Site) -> Any:
    lanes = shapely.union_all([line.buffer(LANE / 2, cap_style="flat") for line in streets])
    return lanes.intersection(site.area).difference(site.kept)


def _kerbs(streets: list[LineString], site: Site) -> list[LineString]:
    """Where trees stand: on both sides of the streets, not where streets cross."""
    lanes = shapely.union_all([line.buffer(LANE / 2 + 1.5) for line in streets])
    sides = [line.offset_curve(side) for line in streets for side in (LANE / 2 + 2, -LANE / 2 - 2)]
    free = [side.intersection(site.area).difference(lanes).difference(site.kept.buffer(5)) for side in sides]
    return [part for side in free for part in shapely.get_parts(side) if part.length > 22]


def _curve(*points: tuple[float, float]) -> LineString:
    """A smooth way from the first to the last point, past the one between them."""
    (x0, y0), (x1, y1), (x2, y2) = points
    t = np.linspace(0, 1, 24)
    bend: Callable[[float, float, float], np.ndarray] = lambda a, b, c: (  # noqa: E731
        (1 - t) ** 2 * a + 2 * t * (1 - t) * (2 * b - (a + c) / 2) + t**2 * c
    )
    return LineString(np.column_stack([bend(x0, x1, x2), bend(y0, y1, y2)]))


def _spots(site: Site, meadow: Polygon) -> list[Polygon]:
    """Round groves, seeded, all around the meadow."""
    west, south, east, north = site.area.bounds
    spots: list[Polygon] = []
    while len(spots) < 14:
        x, y, size = site.rng.uniform(west, east), site.rng.uniform(south, north), site.rng.uniform(16, 34)
        spot = Point(x, y).buffer(size)
        if site.area.contains(Point(x, y)) and not spot.intersects(meadow) and not any(map(spot.intersects, spots)):
            spots.append(spot)
        elif site.rng.random() < 0.01:
            break  # it is full
    return spots
