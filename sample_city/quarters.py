"""What people built on a plot, by quarter."""

import itertools
import math
from typing import NamedTuple

import numpy as np
import shapely

from sample_city.houses import (
    FLAT,
    GABLE,
    HALF_HIP,
    HIP,
    MANSARD,
    MONOPITCH,
    TENT,
    House,
    Part,
    box,
    on_corner,
    pitched,
)
from sample_city.plots import Plot, around, checkered, facing
from sample_city.streets import Block

GARDEN_HOUSE, GARAGE, SHED, WORKSHOP, BARN, STABLE = "1313", "2463", "2723", "2120", "2721", "2724"
HOME, WITH_SHOP, MIXED = "1010", "1120", "1100"


class Closed(NamedTuple):
    """Houses wall to wall along the street. Ranges are (least, most)."""

    width: float
    depth: float
    plot_depth: float
    storeys: tuple[tuple[int, float], ...]  # how many, how likely
    storey: float  # metres
    pitch: tuple[float, float]
    mansards: float  # share
    years: tuple[int, int]
    shops: float  # share
    gaps: float  # share of plots where a house is gone
    wings: float  # share of plots with a wing in the courtyard
    sheds: float
    empty: float  # share of dwellings


CLOSED = {
    "core": Closed(
        9.5, 10.5, 30, ((2, 0.45), (3, 0.55)), 2.9, (46, 54), 0.08, (1640, 1870), 0.32, 0.04, 0.5, 0.5, 0.26
    ),
    "market": Closed(11, 12, 32, ((3, 0.8), (4, 0.2)), 3.1, (46, 54), 0.2, (1590, 1900), 0.85, 0, 0.6, 0.5, 0.22),
    "lower": Closed(12, 10.5, 30, ((2, 0.4), (3, 0.6)), 3.0, (42, 48), 0.15, (1780, 1895), 0.22, 0.06, 0.45, 0.5, 0.27),
    "founders": Closed(
        17, 12, 34, ((3, 0.45), (4, 0.55)), 3.5, (34, 42), 0.35, (1874, 1914), 0.16, 0.05, 0.5, 0.45, 0.21
    ),
}


class Open(NamedTuple):
    """Houses that stand free in their gardens."""

    plot: float  # width
    widths: tuple[float, float]
    depths: tuple[float, float]
    setback: tuple[float, float]
    storeys: tuple[tuple[int, float], ...]
    storey: float
    roofs: tuple[tuple[str, float], ...]
    pitch: tuple[float, float]
    years: tuple[int, int]
    garages: float
    garden_houses: float
    dwellings: int
    empty: float


OPEN = {
    "villas": Open(
        30,
        (13, 16),
        (12, 14),
        (7, 10),
        ((2, 0.85), (3, 0.15)),
        3.4,
        ((HIP, 0.5), (MANSARD, 0.3), (TENT, 0.2)),
        (36, 42),
        (1886, 1932),
        0.4,
        0.35,
        2,
        0.09,
    ),
    "detached": Open(
        21,
        (9.5, 12),
        (8.5, 10.5),
        (5, 7),
        ((1, 0.55), (2, 0.45)),
        2.8,
        ((GABLE, 0.68), (HIP, 0.17), (HALF_HIP, 0.1), (FLAT, 0.05)),
        (34, 46),
        (1928, 2019),
        0.62,
        0.3,
        1,
        0.04,
    ),
    "village": Open(
        26,
        (10, 14),
        (8, 9.5),
        (1.5, 4),
        ((1, 0.35), (2, 0.65)),
        2.7,
        ((GABLE, 0.8), (HALF_HIP, 0.2)),
        (42, 50),
        (1780, 1935),
        0.15,
        0.2,
        1,
        0.11,
    ),
}


def build(block: Block, rng) -> tuple[list[Plot], list[House]]:
    """Plots and houses of a block. Each house's `plot` is its place in the list of plots."""
    if block.quarter in CLOSED:
        return _closed(block, CLOSED[block.quarter], rng)
    if block.quarter == "rows":
        return _rows(block, rng)
    if block.quarter == "allotments":
        return _allotments(block, rng)
    if block.quarter in OPEN:
        return _open(block, OPEN[block.quarter], rng)
    return [whole(block.shape, block.number)], []


def whole(shape: shapely.Polygon, block: int, owner: str = "town") -> Plot:
    """The block, or what is left of it, as one plot."""
    ring = shapely.get_coordinates(shape.exterior)[:-1].tolist()
    (x, y), (x1, y1) = ring[0], ring[1]
    width = math.hypot(x1 - x, y1 - y)
    along = ((x1 - x) / width, (y1 - y) / width)
    return Plot(block, (x, y), along, width, 0.0, 0.0, 0.0, [tuple(point) for point in ring], owner=owner)


def pick(rng, choices):
    """One of (what, how likely)."""
    value = rng.random()
    for what, share in choices:
        value -= share
        if value < 0:
            return what
    return choices[-1][0]


def _closed(block: Block, style: Closed, rng):
    plots, middle, depth = around(block.shape, block.number, style.width, style.depth, style.plot_depth, rng)
    storeys = pick(rng, style.storeys)
    houses: list[House] = []
    done: set[int] = set()
    for index, plot in enumerate(plots):
        if id(plot) in done or plot.width < 3.5:
            continue
        if plot.corner is not None:
            done.add(id(plot.corner))
        elif rng.random() < style.gaps:
            plot.owner = "town" if rng.random() < 0.5 else "unknown"
            continue
        own = storeys if rng.random() < 0.6 else pick(rng, style.storeys)
        houses += _street_house(block, index, plot, style, depth, own, rng)
    if middle is not None and middle.area > 60:
        houses += _inner_yard(block, middle, len(plots), rng)
        plots.append(whole(middle, block.number, "housing"))
    return plots, houses


def _inner_yard(block: Block, middle: shapely.Polygon, plot: int, rng) -> list[House]:
    """What later came into the middle of a block: a workshop, or a row of garages."""
    if middle.area < 500 or rng.random() < 0.2:
        return []
    room, houses = middle.buffer(-2), []
    ring = shapely.get_coordinates(shapely.minimum_rotated_rectangle(middle).exterior)[:4]
    along = max(ring[1] - ring[0], ring[2] - ring[1], key=lambda side: float(np.hypot(*side)))
    angle, at = math.degrees(math.atan2(along[1], along[0])), middle.representative_point()
    if middle.area > 1100 and rng.random() < 0.5:
        for k in range(int(rng.integers(5, 12))):
            shift = (k - 5) * 3.05
            x, y = at.x + shift * math.cos(math.radians(angle)), at.y + shift * math.sin(math.radians(angle))
            houses.append(_yard_house(block, GARAGE, box(x, y, 3.0, 6.0, angle), FLAT, 2.5, 1974, plot))
    else:
        width, depth = rng.uniform(11, 19), rng.uniform(7, 9)
        year = int(rng.integers(1880, 1925))
        houses.append(_yard_house(block, WORKSHOP, box(at.x, at.y, width, depth, angle), GABLE, 4.6, year, plot))
    return [house for house in houses if room.contains(shapely.Polygon(house.parts[0].ring))]


def _yard_house(block: Block, function, ring, roof, eaves, year, plot) -> House:
    return House([pitched(ring, roof, eaves, 26)], function, 1, year, block.quarter, block.number, plot)


def _street_house(block: Block, index: int, plot: Plot, style: Closed, depth: float, storeys: int, rng):
    eaves = storeys * style.storey + rng.uniform(0.6, 1.3)
    pitch = rng.uniform(*style.pitch)
    roof = MANSARD if rng.random() < style.mansards else GABLE
    if plot.corner is not None:
        parts = on_corner(plot, depth, roof, eaves, pitch)
        footprint = 0.8 * (plot.width + plot.corner.width) * depth
    else:
        parts = [pitched(plot.quad(0, depth), roof, eaves, pitch)]
        footprint = plot.width * depth
    shop = rng.random() < style.shops * (1.6 if plot.corner else 1)
    year = int(rng.integers(*style.years))
    house = House(parts, WITH_SHOP if shop else "1000", storeys, year, block.quarter, block.number, index)
    house.front = plot.front()
    rooms = footprint * (storeys - (1 if shop else 0) + (0.5 if roof == MANSARD else 0.25)) * 0.76
    house.dwellings = max(1, round(rooms / (78 if block.quarter == "founders" else 88)))
    let_stand_empty(house, style.empty, rng)
    return [house, *_courtyard(block, index, plot, style, depth, storeys, year, rng)]


def let_stand_empty(house: House, share: float, rng):
    """Emptiness comes by the house: some are empty from cellar to roof, others lack a tenant or two."""
    if rng.random() < share * 0.45:
        house.empty, house.vacant = house.dwellings, "building"
    else:
        house.empty = int(rng.binomial(house.dwellings, share * 0.6))
        if house.function == WITH_SHOP and rng.random() < share * 1.3:
            house.vacant = "shop"


def _courtyard(block, index, plot, style, depth, storeys, year, rng) -> list[House]:
    """A wing along the plot's side and a shed at its end, where the plot is deep enough on both sides."""
    if plot.corner is not None or plot.left > 0.02 or plot.right > 0.02:
        return []
    room = _depth_of(plot) - depth
    houses = []
    wing = 0.0
    if rng.random() < style.wings and room > 11 and plot.width > 8.5:
        wing = min(room - 5, rng.uniform(7, 13))
        ring = _wing(plot, depth, wing)
        eaves = max(1, storeys - 1) * style.storey * 0.85 - rng.uniform(0, 1)
        part = pitched(ring, MONOPITCH, eaves, rng.uniform(18, 28))
        houses.append(House([part], "2723" if storeys < 3 else "1000", storeys - 1, year, block.quarter, block.number))
    if rng.random() < style.sheds and room - wing > 8:
        end = depth + room - 0.6
        ring = plot.box(0.0, plot.width * rng.uniform(0.5, 1.0), end - rng.uniform(3.2, 4.6), end)
        part = pitched(ring, MONOPITCH if rng.random() < 0.7 else FLAT, 2.5, 12)
        houses.append(House([part], SHED if rng.random() < 0.6 else WORKSHOP, 1, year + 8, block.quarter, block.number))
    for house in houses:
        house.plot = index
    return houses


def _wing(plot: Plot, depth: float, length: float):
    """Its high back stands on the plot's right boundary, its low eaves look into the courtyard."""
    side = min(5.5, plot.width * 0.42)
    inner, outer = plot.width - side, plot.width
    return [
        plot.at(inner, depth + length),
        plot.at(inner, depth),
        plot.at(outer, depth),
        plot.at(outer, depth + length),
    ]


def _depth_of(plot: Plot) -> float:
    """How deep the plot is on its shallower side."""
    (x, y), (ax, ay) = plot.origin, plot.along
    depths = [-(px - x) * ay + (py - y) * ax for px, py in plot.ring]
    back = [depth for depth in depths if depth > 0.5]
    return min(back) if len(back) >= 2 else 0.0


def _open(block: Block, style: Open, rng):
    plots = facing(block.shape, block.corners, block.number, style.plot, rng)
    setback = rng.uniform(*style.setback)
    era = rng.uniform()  # a street is built within some years
    favourite = pick(rng, style.roofs)
    houses = []
    for index, plot in enumerate(plots):
        if plot.width < 13 or plot.depth < 16:
            continue
        if rng.random() < 0.03:
            plot.owner = "town" if rng.random() < 0.4 else "private"
            continue
        roof = favourite if rng.random() < 0.55 else pick(rng, style.roofs)
        houses += _free_house(block, index, plot, style, setback, roof, era, rng)
    return plots, houses


def _free_house(block, index, plot, style: Open, setback, roof, era, rng):
    width = min(rng.uniform(*style.widths), plot.width - 6.5)
    depth = min(rng.uniform(*style.depths), plot.depth * 0.45)
    if roof == TENT:
        width = depth = min(width, depth)
    storeys = pick(rng, style.storeys)
    low = max(plot.left, 0) * (setback + depth) + 3.1
    high = plot.width - max(plot.right, 0) * (setback + depth) - 3.1
    start = low + max(0.0, high - low - width) * rng.choice([0.12, 0.3])
    if high - low < width:
        width = max(high - low, 6.5)
    year = int(style.years[0] + (style.years[1] - style.years[0]) * np.clip(era + rng.normal(0, 0.06), 0, 1))
    ring = plot.box(start, start + width, setback, setback + depth)
    parts = [pitched(ring, roof, storeys * style.storey + rng.uniform(0.3, 0.9), rng.uniform(*style.pitch))]
    house = House(parts, HOME, storeys, year, block.quarter, block.number, index, plot.front())
    house.dwellings = style.dwellings + int(rng.random() < 0.12)
    let_stand_empty(house, style.empty, rng)
    if block.quarter == "village":
        return [house, *_farmyard(block, index, plot, start, width, setback + depth, rng)]
    return [house, *_beside(block, index, plot, style, start + width, setback, year, rng)]


def _beside(block, index, plot, style: Open, edge, setback, year, rng) -> list[House]:
    """A garage on the boundary, a garden house at the end of the garden."""
    houses = []
    right = plot.width - max(plot.right, 0) * (setback + 9) - 0.1
    if rng.random() < style.garages and right - edge > 3.2:
        ring = plot.box(max(edge + 0.3, right - 3.3), right, setback + 0.5, setback + 6.8)
        houses.append(House([pitched(ring, FLAT, 2.6, 0)], GARAGE, 1, max(year, 1935), block.quarter, block.number))
    if rng.random() < style.garden_houses and plot.depth > 28:
        v = plot.depth - 5.0
        s = max(plot.left, 0) * plot.depth + 2.5
        ring = plot.box(s, s + 3.6, v, v + 3.0)
        houses.append(
            House([pitched(ring, GABLE, 2.1, 24)], GARDEN_HOUSE, 1, max(year, 1950), block.quarter, block.number)
        )
    for house in houses:
        house.plot = index
    return houses


def _farmyard(block, index, plot, start, width, behind, rng) -> list[House]:
    """A stable along the yard, and the barn that closes it towards the gardens."""
    houses = []
    low = max(plot.left, 0) * plot.depth + 0.6
    high = plot.width - max(plot.right, 0) * plot.depth - 0.6
    deep = min(plot.depth - 1.5, behind + 24)
    if rng.random() < 0.6 and deep - behind > 16 and high - low > 13:
        depth = 8.5
        part = pitched(plot.box(low, high, deep - depth, deep), GABLE, rng.uniform(4.2, 5.4), rng.uniform(44, 50))
        houses.append(House([part], BARN, 1, 1850 + int(rng.integers(0, 70)), block.quarter, block.number))
        deep -= depth
    if rng.random() < 0.55 and deep - behind > 8 and high - low > 13:
        side = 5.6
        ring = [
            plot.at(high - side, deep),
            plot.at(high - side, behind + 1),
            plot.at(high, behind + 1),
            plot.at(high, deep),
        ]
        part = pitched(ring, GABLE, rng.uniform(3.0, 4.0), rng.uniform(38, 46))
        houses.append(House([part], STABLE, 1, 1850 + int(rng.integers(0, 70)), block.quarter, block.number))
    for house in houses:
        house.plot = index
    return houses


def _rows(block: Block, rng):
    """Groups of four to six houses, each with a strip of garden."""
    groups = facing(block.shape, block.corners, block.number, 38, rng)
    storeys, pitch, year = int(rng.integers(1, 3)), rng.uniform(32, 45), int(rng.integers(1922, 1938))
    if rng.random() < 0.3:
        storeys, year = 2, int(rng.integers(1994, 2004))
    setback, eaves = rng.uniform(4, 6), storeys * 2.75 + 0.7
    plots: list[Plot] = []
    houses: list[House] = []
    for group in groups:
        inner, depth = group.width - 5.0, min(9.0, group.depth * 0.4)
        lean = max(group.left, group.right, 0) * (setback + depth)
        units = int((inner - 2 * lean) // 6.4)
        if units < 2 or group.depth < 16:
            plots.append(group)
            continue
        for k, plot in enumerate(_slices(group, units)):
            low = 2.5 + lean if k == 0 else 0.0
            high = plot.width - (2.5 + lean if k == units - 1 else 0.0)
            part = pitched(plot.box(low, high, setback, setback + depth), GABLE, eaves, pitch)
            house = House([part], HOME, storeys, year, "rows", block.number, len(plots), plot.front(), dwellings=1)
            let_stand_empty(house, 0.05, rng)
            houses.append(house)
            if rng.random() < 0.4 and plot.depth > setback + depth + 9:
                ring = plot.box(low + 0.8, low + 3.8, plot.depth - 3.4, plot.depth - 0.8)
                houses.append(
                    House([pitched(ring, MONOPITCH, 2.1, 10)], SHED, 1, 1960, "rows", block.number, len(plots))
                )
            plots.append(plot)
    return plots, houses


def _slices(group: Plot, units: int) -> list[Plot]:
    """The group's plot cut into strips; the outer two are wider by the way around the end."""
    cuts = np.linspace(2.5, group.width - 2.5, units + 1)
    cuts[0], cuts[-1] = 0, group.width
    shares = cuts / group.width
    a, b, c, d = (np.array(point) for point in group.ring)
    slices = []
    for low, high in itertools.pairwise(shares):
        ring = [a + (b - a) * low, a + (b - a) * high, d + (c - d) * high, d + (c - d) * low]
        x, y = (float(value) for value in ring[0])
        plot = Plot(group.block, (x, y), group.along, float(high - low) * group.width, 0.0, 0.0, group.depth, [])
        plot.ring = [(float(px), float(py)) for px, py in ring]
        slices.append(plot)
    return slices


def _allotments(block: Block, rng):
    plots = checkered(block.shape, block.corners, block.number, 13.5, 21)
    houses = []
    for index, plot in enumerate(plots):
        plot.owner = "town"
        if rng.random() < 0.12:
            continue
        width, depth = rng.uniform(4.2, 5.6), rng.uniform(3.6, 4.6)
        start, back = 2.0 + rng.uniform(0, 2.5), plot.depth * 0.62
        ring = plot.box(start, start + width, back, back + depth)
        roof = pick(rng, ((GABLE, 0.55), (MONOPITCH, 0.35), (FLAT, 0.1)))
        part: Part = pitched(ring, roof, 2.3, 22 if roof == GABLE else 8)
        houses.append(
            House([part], GARDEN_HOUSE, 1, 1960 + int(rng.integers(0, 35)), "allotments", block.number, index)
        )
    return plots, houses
