"""What covers the ground between the houses: streets, water, gardens, fields and woods."""

import numpy as np
import shapely

from sample_city import names
from sample_city.terrain import BROOK_WIDTH, RIVER_WIDTH, brook_x, river_y
from sample_city.town import Town

Cover = tuple[str, str | None, float, shapely.Geometry]  # kind, name, percent sealed, shape

# What a block's land is, and how much of it is sealed, buildings included.
COVERS = {
    "core": ("residential", 82),
    "market": ("residential", 88),
    "lower": ("residential", 72),
    "founders": ("residential", 66),
    "villas": ("residential", 30),
    "detached": ("residential", 36),
    "rows": ("residential", 38),
    "village": ("residential", 34),
    "estate": ("residential", 46),
    "square": ("paving", 95),
    "station_square": ("paving", 85),
    "church": ("park", 35),
    "church_square": ("park", 30),
    "village_church": ("cemetery", 20),
    "castle": ("park", 30),
    "factory": ("brownfield", 58),
    "station": ("railway", 65),
    "commercial": ("commercial", 84),
    "supermarket": ("commercial", 88),
    "farm": ("industrial", 72),
    "park": ("park", 8),
    "playground": ("playground", 15),
    "sports": ("sports", 12),
    "cemetery": ("cemetery", 14),
    "allotments": ("allotments", 14),
}
PUBLIC = ("park", 42)  # the grounds of schools and hospitals
PAVED = ("pedestrian", "living_street")
POND = [(-392, -262), (-372, -228), (-378, -186), (-404, -168), (-422, -200), (-418, -244)]


def waters(town: Town) -> list[tuple[str, str, float, shapely.Polygon]]:
    """Name, kind, width and shape; the river in stretches of a kilometre and a half."""
    river = _river(town)
    y = np.arange(-1600, float(river_y(-405)) - 2, 12)
    brook = shapely.LineString(np.column_stack([brook_x(y), y])).buffer(BROOK_WIDTH / 2, cap_style="flat")
    brook = brook.intersection(shapely.box(*town.bounds())).difference(shapely.union_all(river))
    pond = shapely.Polygon(POND).buffer(12).buffer(-6)
    return [
        *[(names.RIVER, "river", RIVER_WIDTH, stretch) for stretch in river],
        (names.BROOK, "stream", BROOK_WIDTH, brook.difference(pond)),
        ("Schwanenteich", "lake", 50.0, pond),
    ]


def _river(town: Town) -> list[shapely.Polygon]:
    west, _, east, _ = town.bounds()
    x = np.append(np.arange(west, east, 15), east)
    axis = np.column_stack([x, river_y(x)])
    along = np.gradient(axis, axis=0)
    across = along[:, ::-1] * (-1, 1) / np.hypot(*along.T)[:, None] * RIVER_WIDTH / 2
    across[[0, -1]] = (0, RIVER_WIDTH / 2)
    banks = axis + across, axis - across
    return [
        shapely.Polygon(np.vstack([banks[1][k : k + 101], banks[0][k : k + 101][::-1]]))
        for k in range(0, len(x) - 1, 100)
    ]


def covers(town: Town) -> list[Cover]:
    """The town's land without gaps or overlaps, except that water and buildings lie on top of it."""
    blocks = [(*COVERS.get(block.quarter, PUBLIC), block) for block in town.blocks]
    found: list[Cover] = [
        (kind, block.district if kind in ("park", "sports", "cemetery") else None, sealed, block.shape)
        for kind, sealed, block in blocks
    ]
    ways = _ways(town)
    taken = [block.shape for block in town.blocks] + [shape for *_, shape in ways]
    taken += [shape for *_, shape in waters(town)]
    return found + ways + _fields(town, np.array(taken))


def _ways(town: Town) -> list[Cover]:
    """Streets and railway as areas, cut at their crossings so that none lies on another."""
    axes = np.array([street.axis for street in town.streets])
    kinds = ["railway" if s.kind == "rail" else "paving" if s.kind in PAVED else "asphalt" for s in town.streets]
    kinds = ["gravel" if s.kind in ("track", "footway") else k for s, k in zip(town.streets, kinds, strict=True)]
    widths = [street.width / 2 for street in town.streets]
    corridors = shapely.buffer(shapely.simplify(axes, 0.05), widths, quad_segs=4)
    blocks = np.array([block.shape for block in town.blocks])
    tree, block_tree = shapely.STRtree(corridors), shapely.STRtree(blocks)
    ways: list[Cover] = []
    for k, corridor in enumerate(corridors):
        before = [n for n in tree.query(corridor, predicate="intersects") if n < k]
        others = [*corridors[before], *blocks[block_tree.query(corridor, predicate="intersects")]]
        rest = corridor.difference(shapely.union_all(others)) if others else corridor
        sealed = {"railway": 35, "gravel": 45, "paving": 92, "asphalt": 90}[kinds[k]]
        ways += [(kinds[k], None, sealed, part) for part in _pieces(rest, 3)]
    return ways


def _fields(town: Town, taken: np.ndarray) -> list[Cover]:
    """Fields, meadows, vineyards and woods in the land that is left, each as the ground suggests."""
    west, south, east, north = town.bounds()
    size = 260.0 if east - west < 8000 else 750.0
    cells = shapely.intersection(_field_pattern(town, size), shapely.box(west, south, east, north))
    tree = shapely.STRtree(taken)
    fields: list[Cover] = []
    for cell in cells[~shapely.is_empty(cells)]:
        near = taken[tree.query(cell, predicate="intersects")]
        rest = cell.difference(shapely.union_all(near)) if len(near) else cell
        kind = _kind_of_field(town, cell.centroid.x, cell.centroid.y)
        fields += [(kind, None, 0.0, part) for part in _pieces(rest, 40)]
    return fields


def _field_pattern(town: Town, size: float) -> np.ndarray:
    """Strips as the land was once divided: a grid, turned and bent."""
    west, south, east, north = town.bounds()
    reach = np.hypot(east - west, north - south) / 2
    steps = np.arange(-reach - size, reach + 2 * size, size)
    u, v = np.meshgrid(steps, np.arange(steps[0], steps[-1], size * 0.62), indexing="ij")
    u, v = u + 0.3 * size * np.sin(v / 410 + 0.7 * np.sin(u / 900)), v + 0.22 * size * np.sin(u / 370 + 2)
    turn = 0.29
    x = (west + east) / 2 + u * np.cos(turn) - v * np.sin(turn)
    y = (south + north) / 2 + u * np.sin(turn) + v * np.cos(turn)
    corners = np.stack([x, y], axis=-1)
    rings = np.stack([corners[:-1, :-1], corners[1:, :-1], corners[1:, 1:], corners[:-1, 1:]], axis=2)
    return shapely.polygons(rings.reshape(-1, 4, 2))


def _pieces(shape, least: float) -> list[shapely.Polygon]:
    """Its parts on the centimetre, as they are delivered; without slivers of less than so many square metres."""
    parts = shapely.get_parts(shapely.set_precision(shape, 0.01))
    return [part for part in parts if part.geom_type == "Polygon" and part.area > least]


def _kind_of_field(town: Town, x: float, y: float) -> str:
    at = town.terrain.heights(np.array([x, x + 40, x - 40, x, x]), np.array([y, y, y, y + 40, y - 40]))
    slope = np.hypot(at[1] - at[2], at[3] - at[4]) / 80
    off = y - float(river_y(x))
    if -190 < off < 400:
        return "grass" if abs(off) > 70 or np.sin(x / 300) < 0.3 else "scrub"
    if 450 < off < 1100 and np.sin(x / 520 + 1) > 0.1 and slope > 0.02:
        return "orchard"  # vines on the slope that looks south
    if slope > 0.11 or np.sin(x / 640 + 1.3 * np.sin(y / 700)) * np.sin(y / 560 + 2) > 0.72:
        return "forest"
    return "grass" if np.sin(x / 210 + y / 330) > 0.86 else "farmland"
