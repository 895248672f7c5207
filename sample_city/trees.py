"""The trees of streets, parks and gardens, as the parks department counts them."""

from typing import NamedTuple

import numpy as np
import shapely

from sample_city.terrain import RIVER_WIDTH, river_y
from sample_city.town import Town

STREET_TREES = ("Winterlinde", "Spitzahorn", "Platane", "Rotdorn", "Mehlbeere", "Robinie")
PARK_TREES = ("Stieleiche", "Rotbuche", "Rosskastanie", "Bergahorn", "Hainbuche", "Esche", "Blutbuche", "Sommerlinde")
GARDEN_TREES = ("Apfel", "Kirsche", "Pflaume", "Birne", "Walnuss", "Fichte", "Hänge-Birke")
BANK_TREES = ("Silberweide", "Schwarzerle", "Esche")
WILD_TREES = ("Hänge-Birke", "Robinie", "Salweide")

# Quarter: metres between trees of a loose grid, share of its places that bear one, species, where.
GROVES = {
    "park": (12.0, 0.62, PARK_TREES, "Park"),
    "church": (13.0, 0.5, PARK_TREES, "Kirchplatz"),
    "church_square": (12.0, 0.45, PARK_TREES, "Kirchplatz"),
    "castle": (15.0, 0.4, PARK_TREES, "Schloss"),
    "cemetery": (14.0, 0.6, PARK_TREES, "Friedhof"),
    "village_church": (11.0, 0.5, PARK_TREES, "Kirchhof"),
    "playground": (12.0, 0.4, PARK_TREES, "Spielplatz"),
    "estate": (17.0, 0.5, STREET_TREES, "Wohngebiet"),
    "factory": (17.0, 0.16, WILD_TREES, "Brache"),
    "hospital": (16.0, 0.5, PARK_TREES, "Klinikum"),
    "school": (17.0, 0.45, PARK_TREES, "Schule"),
    "college": (17.0, 0.45, PARK_TREES, "Schule"),
    "administration": (15.0, 0.45, PARK_TREES, "Landratsamt"),
    "station_square": (13.0, 0.35, STREET_TREES, "Bahnhofsplatz"),
    "commercial": (26.0, 0.3, STREET_TREES, "Gewerbepark"),
    "sports": (60.0, 0.2, PARK_TREES, "Sportplatz"),
}
GARDENS = {"villas": 4, "detached": 2, "village": 2, "rows": 1, "allotments": 1}  # trees on a plot
STREET_LEAST = 14.0  # metres between the houses, where a street has trees


class Tree(NamedTuple):
    x: float
    y: float
    species: str
    age: int
    place: str


def plant(town: Town) -> list[Tree]:
    """All trees that do not stand in a house or on a carriageway."""
    rng = np.random.default_rng((town.seed, 6))
    planted = _along_streets(town, rng) + _groves(town, rng) + _gardens(town, rng) + _river_banks(town, rng)
    points = shapely.points([(tree.x, tree.y) for tree in planted])
    houses = shapely.buffer([shapely.Polygon(part.ring) for house in town.houses for part in house.parts], 1.8)
    free = np.ones(len(planted), bool)
    free[shapely.STRtree(houses).query(points, predicate="intersects")[0]] = False
    free &= np.abs(shapely.get_y(points) - river_y(shapely.get_x(points))) > RIVER_WIDTH / 2 + 1
    roads = [street for street in town.streets if street.kind not in ("footway", "track")]
    lanes = shapely.buffer([street.axis for street in roads], [carriageway(s.width) / 2 + 0.8 for s in roads])
    free[shapely.STRtree(lanes).query(points, predicate="intersects")[0]] = False
    return [tree for tree, stands in zip(planted, free, strict=True) if stands]


def carriageway(width: float) -> float:
    """Metres between the kerbs of a street that is so wide between its houses."""
    return round(width - 5.5 if width >= 10 else width - 2, 1)


def size(tree: Tree) -> tuple[float, float, int]:
    """Height and crown in metres, girth in centimetres, by age."""
    big = 0.55 if tree.species in GARDEN_TREES[:4] or tree.species == "Rotdorn" else 1.0
    height = big * (4 + 18 * (1 - np.exp(-tree.age / 38)))
    return round(height, 1), round(height * 0.52 + 0.8, 1), round(18 + tree.age * 2.1 * big)


def _tree(rng, x, y, species, place, oldest) -> Tree:
    return Tree(float(x), float(y), str(species[int(rng.integers(len(species)))]), int(rng.integers(6, oldest)), place)


def _along_streets(town: Town, rng) -> list[Tree]:
    """Rows on both sides, one species a street, none near a crossing."""
    trees = []
    for street in town.streets:
        if street.width < STREET_LEAST or street.kind == "rail" or rng.random() < 0.15:
            continue
        species, age = STREET_TREES[int(rng.integers(len(STREET_TREES)))], int(rng.integers(15, 80))
        steps = np.arange(16, street.axis.length - 14, 11)
        points = shapely.get_coordinates(shapely.line_interpolate_point(street.axis, steps))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(street.axis, steps + 1))
        across = (ahead - points)[:, ::-1] * (-1, 1) * (street.width / 2 - 1.7)
        for x, y in np.vstack([points + across, points - across]).tolist():
            if rng.random() < 0.88:
                trees.append(Tree(x, y, species, max(3, age + int(rng.normal(0, 4))), street.name))
    return trees


def _groves(town: Town, rng) -> list[Tree]:
    trees = []
    for block in town.blocks:
        if block.quarter in GROVES:
            apart, share, species, place = GROVES[block.quarter]
            points = _scatter(block.shape.buffer(-2.5), apart, share, rng)
            trees += [_tree(rng, x, y, species, place, 120 if species is PARK_TREES else 45) for x, y in points]
    return trees


def _scatter(shape, apart, share, rng) -> np.ndarray:
    """A shaken grid within the shape."""
    if shape.is_empty:
        return np.empty((0, 2))
    west, south, east, north = shape.bounds
    x, y = np.meshgrid(np.arange(west, east, apart), np.arange(south, north, apart))
    points = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-0.38, 0.38, (x.size, 2)) * apart
    points = points[rng.random(len(points)) < share]
    return points[shapely.contains_xy(shape, points)] if len(points) else points


def _gardens(town: Town, rng) -> list[Tree]:
    quarter = {block.number: block.quarter for block in town.blocks}
    trees = []
    for plot in town.plots:
        count = GARDENS.get(quarter[plot.block], 0)
        if not count and plot.owner == "housing" and quarter[plot.block] != "estate":
            for x, y in _scatter(shapely.Polygon(plot.ring).buffer(-2), 15, 0.5, rng):
                trees.append(_tree(rng, x, y, STREET_TREES, "Hof", 60))
        for _ in range(count if plot.depth else 0):
            if rng.random() < 0.75:
                x, y = plot.at(plot.width * rng.uniform(0.15, 0.85), plot.depth * rng.uniform(0.55, 0.93))
                trees.append(_tree(rng, x, y, GARDEN_TREES, "Garten", 45))
    return trees


def _river_banks(town: Town, rng) -> list[Tree]:
    x = np.arange(-1500, 1500, 13) + rng.uniform(-5, 5, 231)
    trees = []
    for side in (-1, 1):
        for along in x[rng.random(len(x)) < 0.55]:
            y = float(river_y(along)) + side * rng.uniform(16.5, 20)
            trees.append(_tree(rng, along, y, BANK_TREES, "Merleufer", 70))
    return trees
