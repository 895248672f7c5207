"""The town as it stands: how many houses it has, which land they took, and what they are called."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from sample_city import names, places, quarters, streets, villages
from sample_city.houses import House
from sample_city.plots import Plot
from sample_city.streets import Block, Network, Street
from sample_city.terrain import Terrain, rail_y

EAST, NORTH = 720072.0, 5660077.0  # the market in EPSG:25832: 12.14 degrees east, 51.05 degrees north
SRID = 25832
LONGITUDE, LATITUDE = 12.14, 51.05
BY_VILLAGE = 90  # houses that a village has at the least

Tell = Callable[[str], None]


@dataclass
class Town:
    terrain: Terrain
    streets: list[Street]
    blocks: list[Block]
    plots: list[Plot]
    houses: list[House]
    land: list[Block]  # all blocks of the town's plan, built on or not
    seed: int

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north: whole kilometres of the survey's grid, with some land around the houses."""
        west, south, east, north = shapely.total_bounds([block.shape for block in self.blocks])
        return (
            (EAST + west - 200) // 1000 * 1000 - EAST,
            (NORTH + south - 200) // 1000 * 1000 - NORTH,
            (EAST + east + 1200) // 1000 * 1000 - EAST,
            (NORTH + north + 1200) // 1000 * 1000 - NORTH,
        )


def grow(buildings: int, seed: int, tell: Tell) -> Town:
    """A town of so many buildings. It grows from the market outwards; what does not fit stands in the villages."""
    network = streets.town()
    land = streets.leave_room_for_streets(network.blocks, network.streets)
    town = Town(Terrain(seed), network.streets, [], [], [], land, seed)
    for block in sorted(land, key=lambda block: block.order):
        if len(town.houses) < buildings:
            _build(town, block)
    if len(town.houses) < buildings:
        _build_villages(town, network, buildings, tell)
    del town.houses[buildings:]
    built = {block.number for block in town.blocks}
    town.streets = [street for street in town.streets if not street.blocks or street.blocks & built]
    _stand_on_the_ground(town)
    _give_addresses(town)
    town.streets += _railway(town)
    for number, house in enumerate(town.houses):
        house.uid = names.uid(number)
    return town


def _build(town: Town, block: Block):
    rng = np.random.default_rng((town.seed, 4, block.number))
    lived_in = block.quarter in (*quarters.CLOSED, *quarters.OPEN, "rows", "allotments")
    plots, houses = (quarters if lived_in else places).build(block, rng)
    before = len(town.plots)
    houses = _apart(houses)
    for house in houses:
        house.plot = None if house.plot is None else house.plot + before
    town.blocks.append(block)
    town.plots += plots
    town.houses += houses


def _apart(houses: list[House]) -> list[House]:
    """Without those that would stand in another one: in a narrow block the yards of two streets may meet."""
    shapes = footprints(houses)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    meets = (first < second) & (shapely.area(shapely.intersection(shapes[first], shapes[second])) > 0.01)
    gone = set(second[meets].tolist())
    return [house for number, house in enumerate(houses) if number not in gone]


def _build_villages(town: Town, network: Network, buildings: int, tell: Tell):
    count = (buildings - len(town.houses)) // BY_VILLAGE + 1
    gates = np.array([[-1320.0, -190], [1320, 150], [-40, -1320], [500, 920]])  # where the main streets leave the town
    for number, place in enumerate(villages.places(town.seed, count)):
        if len(town.houses) >= buildings:
            return
        towards = gates[np.hypot(*(gates - place).T).argmin()]
        first_street, first_block = len(network.streets), len(network.blocks)
        ends = villages.draw(network, place, number, town.seed, towards)
        drawn = streets.leave_room_for_streets(network.blocks[first_block:], network.streets[first_street:])
        for block in drawn:
            if len(town.houses) < buildings:
                _build(town, block)
        gates = np.vstack([gates, ends])
        if number % 50 == 49:
            tell(f"{number + 1} villages, {len(town.houses):,} buildings")


def _railway(town: Town) -> list[Street]:
    """Its line in stretches of a kilometre."""
    west, _, east, _ = town.bounds()
    stretches = [np.linspace(x, x + 1000, 41) for x in np.arange(west, east - 1, 1000)]
    return [
        Street(shapely.LineString(np.column_stack([x, rail_y(x)])), "Bahnstrecke", "rail", 16, 0) for x in stretches
    ]


def _stand_on_the_ground(town: Town):
    """A house stands on the lowest ground under it, as the survey office has it."""
    rings = [part.ring for house in town.houses for part in house.parts]
    points = np.array([point for ring in rings for point in ring])
    sizes = np.array([sum(len(part.ring) for part in house.parts) for house in town.houses])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    lowest = np.minimum.reduceat(town.terrain.heights(points[:, 0], points[:, 1]), starts)
    for house, base in zip(town.houses, lowest.tolist(), strict=True):
        house.base = round(base, 3)


def _give_addresses(town: Town):
    """Numbers run from the street's start, odd on its left, even on its right."""
    houses = [house for house in town.houses if house.front is not None]
    named = [street for street in town.streets if street.kind != "footway" and street.name != "Kreisstraße"]
    axes = np.array([street.axis for street in named])
    fronts = shapely.points([house.front for house in houses])
    nearest = shapely.STRtree(axes).nearest(fronts)
    along = shapely.line_locate_point(axes[nearest], fronts) + np.array([street.start for street in named])[nearest]
    left = _is_left(axes[nearest], fronts)
    taken: dict[tuple[str, bool], int] = {}
    for k in np.lexsort((np.arange(len(houses)), along)):
        name, side = named[nearest[k]].name, bool(left[k])
        number = taken.get((name, side), -1 if side else 0) + 2
        taken[name, side] = number
        houses[k].street, houses[k].number = name, str(number)


def _is_left(axes, points) -> np.ndarray:
    at = shapely.line_locate_point(axes, points)
    length = shapely.length(axes)
    low, high = np.clip(at - 1, 0, length), np.clip(at + 1, 0, length)
    a, b = (shapely.get_coordinates(shapely.line_interpolate_point(axes, s)) for s in (low, high))
    p = shapely.get_coordinates(points)
    return (b[:, 0] - a[:, 0]) * (p[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (p[:, 0] - a[:, 0]) > 0


def footprints(houses: list[House]) -> np.ndarray:
    """The ground that each house covers, in metres from the market."""
    shapes = [shapely.union_all([shapely.Polygon(part.ring) for part in house.parts]) for house in houses]
    return np.array(shapes, object)


def chunks(items: list, size: int) -> Iterator[list]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
