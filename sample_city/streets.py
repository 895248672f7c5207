"""From the plan to streets and the blocks between them."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from sample_city import names
from sample_city.plan import (
    CORE_PLACES,
    DISTRICTS,
    FACTORY,
    FACTORY_TO_RIVER,
    GREENS,
    LANES,
    MAINS,
    STATION,
    District,
    Lane,
    Side,
)
from sample_city.terrain import river_y

STEPS = 6  # points on each stretch between two drawn ones


@dataclass
class Street:
    """A stretch of a street. Its width is that between the houses."""

    axis: shapely.LineString
    name: str
    kind: str
    width: float
    traffic: int
    blocks: set[int] = field(default_factory=set)  # that it serves; none: it stays whatever is built
    start: float = 0.0  # metres of the street of this name that come before


@dataclass
class Block:
    """Land between streets. corners: the four of a block that has four sides; the first and third side carry houses."""

    number: int
    shape: shapely.Polygon
    quarter: str
    district: str
    order: float
    corners: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))


@dataclass
class Network:
    streets: list[Street] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def smooth(points) -> np.ndarray:
    """A curve through the points (Catmull-Rom), with STEPS points on each stretch. Closed where the points are."""
    points = np.asarray(points, float)
    closed = np.array_equal(points[0], points[-1])
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    padded = np.vstack([before, points, after])
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None]
    stretches = [_stretch(padded[i : i + 4], t) for i in range(len(points) - 1)]
    return np.vstack([*stretches, points[-1]])


def _stretch(four, t):
    a, b, c, d = four
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def town() -> Network:
    """The whole town, as if it had grown to its edge."""
    network = Network()
    curves = {key: smooth(main.points) for key, main in MAINS.items()}
    for key, main in MAINS.items():
        network.streets.append(Street(shapely.LineString(curves[key]), main.name, main.kind, main.width, main.traffic))
    _draw_core(network)
    _draw_sites(network)
    for district in DISTRICTS:
        draw_district(network, district, curves)
    return network


def _draw_core(network: Network):
    lines = [_lane_line(lane) for lane in LANES]
    ring = network.streets[0].axis
    for lane, line in zip(LANES, lines, strict=True):
        kind = "pedestrian" if lane.width >= 10 else "living_street"
        network.streets.append(Street(line, lane.name, kind, lane.width, 600 if lane.width >= 10 else 250))
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all([*lines, ring]))))
    cells = sorted(cells, key=lambda cell: (round(cell.centroid.x), round(cell.centroid.y)))
    for cell in cells:
        quarter = next((name for name, at in CORE_PLACES.items() if cell.contains(shapely.Point(at))), "core")
        network.blocks.append(Block(len(network.blocks), cell, quarter, "Altstadt", 0.0))


def _draw_sites(network: Network):
    east = np.linspace(-400, 400, 81)
    river = shapely.LineString(np.column_stack([east, river_y(east)])).buffer(FACTORY_TO_RIVER)
    site = shapely.Polygon(FACTORY).difference(river)
    site = max(shapely.get_parts(site), key=lambda part: part.area)
    network.blocks.append(Block(len(network.blocks), site, "factory", "Alte Zuckerfabrik", 0.0))
    network.blocks.append(Block(len(network.blocks), shapely.Polygon(STATION), "station", "Bahnhof", 0.0))
    for name, (quarter, points) in GREENS.items():
        network.blocks.append(Block(len(network.blocks), shapely.Polygon(points), quarter, name, 0.5))


def _lane_line(lane: Lane) -> shapely.LineString:
    points = lane.points if lane.name == "Markt" else smooth(lane.points)
    return shapely.LineString(points)


def draw_district(network: Network, district: District, curves: dict[str, np.ndarray]):
    sides = [_side(parts, curves) for parts in district.sides]
    grid = patch(sides, district.across, district.deep)
    numbers = {}
    for i in range(district.across):
        for j in range(district.deep):
            cell, corners = _cell(grid, i, j)
            quarter = district.places.get((i, j), district.quarter)
            numbers[i, j] = len(network.blocks)
            order = district.order + 0.001 * np.hypot(*corners.mean(axis=0))
            network.blocks.append(Block(numbers[i, j], cell, quarter, district.name, order, corners))
    drawn = {n for n, parts in enumerate(district.sides) if any(isinstance(part, tuple) for part in parts)}
    _draw_side_streets(network, district, grid, numbers, drawn)


def _side(parts: list[Side], curves) -> np.ndarray:
    stretches = []
    for part in parts:
        if isinstance(part, tuple):
            name, start, end = part
            low, high = sorted((start, end))
            stretch = curves[name][low * STEPS : high * STEPS + 1]
            stretches.append(stretch if start < end else stretch[::-1])
        else:
            stretches.append(smooth(part))
    return np.vstack(stretches)


def patch(sides, across: int, deep: int) -> np.ndarray:
    """Points of a net stretched between four sides (Coons), STEPS + 1 of them along each side of a block."""
    u, v = np.linspace(0, 1, across * STEPS + 1), np.linspace(0, 1, deep * STEPS + 1)
    first, right, opposite, left = (_along(side, t) for side, t in zip(sides, (u, v, u, v), strict=True))
    u, v = u[:, None, None], v[None, :, None]
    ruled = (1 - v) * first[:, None] + v * opposite[:, None] + (1 - u) * left[None] + u * right[None]
    corners = (1 - u) * ((1 - v) * first[0] + v * opposite[0]) + u * ((1 - v) * first[-1] + v * opposite[-1])
    return ruled - corners


def _along(curve, shares) -> np.ndarray:
    steps = np.hypot(*np.diff(curve, axis=0).T)
    length = np.concatenate([[0], np.cumsum(steps)])
    return np.column_stack([np.interp(shares * length[-1], length, curve[:, axis]) for axis in (0, 1)])


def _cell(grid, i, j):
    part = grid[i * STEPS : (i + 1) * STEPS + 1, j * STEPS : (j + 1) * STEPS + 1]
    ring = np.vstack([part[:-1, 0], part[-1, :-1], part[:0:-1, -1], part[0, :0:-1]])
    return shapely.Polygon(ring), part[[0, -1, -1, 0], [0, 0, -1, -1]]


def _draw_side_streets(network, district, grid, numbers, drawn):
    """Streets between the blocks, and along those sides of the patch that are not a main street already."""
    kind = "track" if district.quarter == "allotments" else "residential"
    edges = {0: (1, 0), 1: (0, district.across), 2: (1, district.deep), 3: (0, 0)}
    taken = {edges[side] for side in drawn}
    count = 0
    for way, lines, pieces in ((0, district.across, district.deep), (1, district.deep, district.across)):
        for line in range(lines + 1):
            if (way, line) in taken:
                continue
            name, start = names.side_street(district.name, count), 0.0
            count += 1
            for piece in range(pieces):
                served = _beside(numbers, way, line, piece)
                axis = _piece(grid, way, line, piece)
                network.streets.append(Street(axis, name, kind, district.width, 350, served, start))
                start += axis.length


def _beside(numbers, way, line, piece) -> set[int]:
    pair = [(line - 1, piece), (line, piece)] if way == 0 else [(piece, line - 1), (piece, line)]
    return {numbers[at] for at in pair if at in numbers}


def _piece(grid, way, line, piece) -> shapely.LineString:
    along = slice(piece * STEPS, (piece + 1) * STEPS + 1)
    return shapely.LineString(grid[line * STEPS, along] if way == 0 else grid[along, line * STEPS])


def leave_room_for_streets(blocks: list[Block], streets: list[Street]) -> list[Block]:
    """Blocks without the streets that run along them; what is left of one that is too small is no block."""
    corridors = shapely.buffer([s.axis for s in streets], [s.width / 2 for s in streets], cap_style="flat")
    tree = shapely.STRtree(corridors)
    left = []
    for block in blocks:
        near = tree.query(block.shape, predicate="intersects")
        rest = block.shape.difference(shapely.union_all(corridors[near]))
        largest = max(shapely.get_parts(rest), key=lambda part: part.area, default=rest)
        if largest.area > 250:
            block.shape = shapely.Polygon(largest.simplify(0.4).exterior)
            left.append(block)
    return left
