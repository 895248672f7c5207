"""What stands in a town only once or twice: church, castle, town hall, station, factory, schools, slabs and shops."""

import math

import numpy as np
import shapely

from sample_city.houses import (
    ARCH,
    CONE,
    FLAT,
    GABLE,
    HIP,
    MANSARD,
    MONOPITCH,
    SHED,
    TENT,
    TOWER,
    House,
    Part,
    box,
    circle,
    pitched,
)
from sample_city.plots import Plot
from sample_city.quarters import GARAGE, let_stand_empty, whole
from sample_city.streets import Block

CHIMNEY, CANOPY = "51002_1290", "51009_1610"


def build(block: Block, rng) -> tuple[list[Plot], list[House]]:
    """Plots and houses of a block with a purpose of its own; of a park or a square there may be none."""
    owner = OWNERS.get(block.quarter, "town")
    plot = whole(block.shape, block.number, owner)
    houses = PLACES[block.quarter](block, rng) if block.quarter in PLACES else []
    for house in houses:
        house.plot = 0
    return [plot], houses


def _house(block: Block, function, storeys, year, *parts: Part, name=None, address=True) -> House:
    house = House(list(parts), function, storeys, year, block.quarter, block.number, name=name)
    if address:
        x, y = np.mean(parts[0].ring[:2], axis=0)
        house.front = (float(x), float(y))
    return house


def _frame(block: Block) -> Plot:
    """The block's rectangle, its front the long side that looks south."""
    ring = shapely.get_coordinates(shapely.orient_polygons(shapely.minimum_rotated_rectangle(block.shape)).exterior)[
        :-1
    ]
    sides = np.roll(ring, -1, axis=0) - ring
    longest = np.hypot(*sides.T).max()
    long = [k for k in range(4) if np.hypot(*sides[k]) > longest - 0.01]
    first = max(long, key=lambda k: sides[k][0])
    along = sides[first] / np.hypot(*sides[first])
    depth = float(np.hypot(*sides[(first + 1) % 4]))
    x, y = (float(value) for value in ring[first])
    return Plot(block.number, (x, y), (float(along[0]), float(along[1])), float(longest), 0, 0, depth, [])


def _fitting(block: Block, houses: list[House], margin=2.5) -> list[House]:
    """Those that stand within the block, clear of its edges and of the ones before them."""
    room = block.shape.buffer(-margin)
    kept: list[House] = []
    for house in houses:
        shape = shapely.union_all([shapely.Polygon(part.ring) for part in house.parts])
        if room.contains(shape):
            room = room.difference(shape.buffer(1.0))
            kept.append(house)
    return kept


def _square(block: Block, rng):
    """The town hall stands on the northern side of the market."""
    x, y = block.shape.centroid.x, block.shape.centroid.y + 13
    hall = pitched(box(x, y, 27, 13), GABLE, 11.5, 52)
    tower = Part(box(x - 16.25, y - 1, 5.5, 5.5), TOWER, 24, 37)
    return [_house(block, "3012", 3, 1509, hall, tower, name="Rathaus")]


def _church(block: Block, rng):
    x, y = -82, 52
    nave = pitched(box(x, y, 33, 15), GABLE, 13, 55)
    choir = pitched(box(x + 22.5, y, 12, 10), GABLE, 11, 55)
    tower = Part(box(x - 21, y, 9, 9.5), TOWER, 33, 56)
    church = _house(block, "3041", 1, 1433, nave, choir, tower, name="Michaeliskirche")
    parsonage = _house(block, "3040", 2, 1720, pitched(box(-88, 18, 17, 10), HIP, 6.6, 48), name="Pfarrhaus")
    school = _house(block, "3037", 2, 1786, pitched(box(-78, 86, 18, 9.5), HIP, 6.8, 46), name="Stadtbibliothek")
    return _fitting(block, [church, parsonage, school], 1.0)


def _castle(block: Block, rng):
    """Four wings around a court, a keep, and the stables."""
    outer, inner = box(-140, 150, 54, 46, -24), box(-140, 150, 32, 24, -24)
    wings = [
        pitched([outer[k], outer[(k + 1) % 4], inner[(k + 1) % 4], inner[k]], GABLE, 12.5, 47, (1, 3)) for k in range(4)
    ]
    castle = _house(block, "3034", 3, 1657, *wings, name="Museum Schloss Merlenburg")
    keep = _house(block, "3034", 4, 1268, Part(circle(-95, 176, 5.2), CONE, 24, 34), name="Bergfried", address=False)
    stables = _house(block, "3030", 2, 1671, pitched(box(-175, 105, 30, 10, 60), HIP, 6.2, 46), name="Alter Marstall")
    return _fitting(block, [castle, keep, stables], 1.0)


def _factory(block: Block, rng):
    """Brick halls of 1886 and what was added until the end; empty since 1991."""
    turn = 3.0

    def hall(name, function, storeys, year, x, y, width, depth, roof, eaves, pitch, angle=turn):
        house = _house(block, function, storeys, year, pitched(box(x, y, width, depth, angle), roof, eaves, pitch))
        house.name, house.vacant = name, "hall"
        return house

    weaving = Part(box(-112, 640, 112, 66, turn), SHED, 6.4, 9.8)
    sheds = _house(block, "2111", 1, 1908, weaving, name="Shedhalle")
    sheds.vacant = "hall"
    boilers = _house(block, "2112", 1, 1886, Part(box(14, 570, 36, 22, turn), ARCH, 11, 15.5), name="Kesselhaus")
    boilers.vacant = "hall"
    chimney = _house(
        block, CHIMNEY, 1, 1886, Part(circle(14, 546, 2.6), FLAT, 46, 46), name="Schornstein", address=False
    )
    tower = _house(block, "2112", 5, 1911, Part(circle(-44, 566, 5.5), TENT, 27, 32), name="Wasserturm", address=False)
    silos = [
        _house(block, "2140", 1, 1964, Part(circle(-182, y, 7.5), CONE, 21, 25), name=f"Silo {n}", address=False)
        for n, y in enumerate((460, 478, 496), 1)
    ]
    return _fitting(
        block,
        [
            sheds,
            hall("Siedehaus", "2111", 4, 1886, -72, 474, 92, 19, GABLE, 17.2, 30),
            hall("Raffinerie", "2111", 2, 1894, 22, 640, 62, 34, GABLE, 9.5, 24),
            boilers,
            chimney,
            tower,
            hall("Verwaltung", "2020", 3, 1898, 50, 505, 30, 13, MANSARD, 10.4, 0, 84),
            hall("Werkstatt", "2120", 1, 1926, -154, 562, 48, 16, GABLE, 6.0, 28),
            hall("Zuckerlager", "2143", 1, 1938, -84, 526, 74, 26, GABLE, 7.4, 22),
            hall("Pförtnerhaus", "2112", 1, 1898, 70, 622, 9, 6, HIP, 3.2, 36, 84),
            hall("Fuhrpark", "2463", 1, 1972, -20, 694, 60, 12, MONOPITCH, 4.2, 6),
            *silos,
        ],
        1.5,
    )


def _estate(block: Block, rng):
    """Slabs of five and six storeys around green courts; garages at the edge; one slab in eight is torn down."""
    site = _frame(block)
    room = block.shape.buffer(-7)
    houses = []
    for v in np.arange(9, site.depth - 18, 44):
        s = 0.0
        while s < site.width - 57:
            length = 14.4 * int(rng.choice([4, 5, 5, 6]))
            ring = site.box(s, s + length, v, v + 11.6)
            if not room.contains(shapely.Polygon(ring)):
                s += 4
                continue
            if rng.random() > 0.125:
                storeys = int(rng.choice([5, 5, 5, 6, 3], p=[0.4, 0.2, 0.12, 0.22, 0.06]))
                houses.append(_slab(block, ring, storeys, length / 14.4, rng))
            s += length + rng.uniform(15, 19)
    return houses + _garages(block, site)


def _garages(block: Block, site: Plot) -> list[House]:
    """Rows of garages, between the first two rows of slabs and between the last two."""
    room = block.shape.buffer(-4)
    houses = []
    for v in (33.0, 121.0):
        s = 0.0
        while s < site.width - 34 and not room.contains(shapely.Polygon(site.box(s, s + 34, v, v + 6))):
            s += 3
        for k in range(11):
            ring = site.box(s + k * 3.05, s + k * 3.05 + 3.0, v, v + 6)
            if room.contains(shapely.Polygon(ring)):
                part = pitched(ring, FLAT, 2.5, 0)
                houses.append(_house(block, GARAGE, 1, 1979, part, address=False))
    return houses


def _slab(block: Block, ring, storeys: int, entrances: float, rng) -> House:
    house = _house(block, "1000", storeys, int(rng.integers(1972, 1986)), pitched(ring, FLAT, storeys * 2.8 + 1.4, 0))
    house.dwellings = round(entrances * storeys * 2)
    let_stand_empty(house, 0.14, rng)
    return house


def _commercial(block: Block, rng):
    """Big boxes with their car parks in front."""
    site = _frame(block)
    houses, s = [], 10.0
    kinds = [("2050", "Fachmarkt"), ("2143", "Lagerhalle"), ("2120", "Werkstatt"), ("2050", "Baumarkt"), ("2020", None)]
    while s + 28 < site.width:
        function, name = kinds[int(rng.integers(len(kinds)))]
        width, depth = rng.uniform(30, 64), rng.uniform(28, 44)
        low = 34 if function == "2050" else 14
        ring = site.box(s, min(s + width, site.width - 8), low, min(low + depth, site.depth - 8))
        roof = FLAT if rng.random() < 0.7 else GABLE
        part = pitched(ring, roof, rng.uniform(5.5, 8.5), 8)
        storeys = 2 if function == "2020" else 1
        house = _house(block, function, storeys, int(rng.integers(1993, 2016)), part, name=name)
        if rng.random() < 0.15:
            house.vacant = "hall"
        houses.append(house)
        s += width + rng.uniform(12, 22)
    return _fitting(block, houses, 4)


def _institution(function, name, storeys, year, roof=HIP, hall: str | None = None, pitch=38.0):
    """A house of some size in its grounds: two wings, and a hall where one is named."""

    def built(block: Block, rng):
        site = _frame(block)
        eaves, depth = storeys * 3.5 + 1, 14.0
        best: list[House] = []
        for width in (62.0, 50.0, 38.0, 28.0):
            for s in np.arange(0, site.width - width, 6):
                for v in np.arange(6, site.depth - 33, 6):
                    front = pitched(site.box(s, s + width, v, v + depth), roof, eaves, pitch)
                    points = [(s, v + depth + 16), (s, v + depth), (s + 13, v + depth), (s + 13, v + depth + 16)]
                    wing_ring = [site.at(*point) for point in points]
                    wing = pitched(wing_ring, FLAT if roof == FLAT else GABLE, eaves - 3, pitch - 4)
                    houses = [_house(block, function, storeys, year, front, wing, name=name)]
                    if hall:
                        ring = site.box(s + width - 26, s + width, v + depth + 8, v + depth + 26)
                        houses.append(_house(block, "3211", 1, year + 60, pitched(ring, FLAT, 7.5, 0), name=hall))
                    houses = _fitting(block, houses, 4)
                    if len(houses) > len(best):
                        best = houses
                    if len(best) == 1 + bool(hall):
                        return best
        return best

    return built


def _small(function, name, storeys, year, width, depth, roof, eaves, pitch=30.0):
    """One house in the middle of its block."""

    def built(block: Block, rng):
        site = _frame(block)
        s, v = (site.width - width) / 2, (site.depth - depth) / 2
        part = pitched(site.box(s, s + width, v, v + depth), roof, eaves, pitch)
        return _fitting(block, [_house(block, function, storeys, year, part, name=name)], 2)

    return built


def _second_church(block: Block, rng):
    """Brick Gothic of 1891 among the tenements."""
    x, y = block.shape.representative_point().coords[0]
    nave = pitched(box(x, y, 34, 17, 8), GABLE, 14, 52)
    dx, dy = math.cos(math.radians(8)) * 21.6, math.sin(math.radians(8)) * 21.6
    tower = Part(box(x - dx, y - dy, 9, 9, 8), TOWER, 31, 58)
    return _fitting(block, [_house(block, "3041", 1, 1891, nave, tower, name="Trinitatiskirche")], 3)


def _station(block: Block, rng):
    """Reception building with two lower wings, goods shed, signal box, and the roof over the platform."""
    middle = pitched(box(112, 762, 22, 15), HIP, 10, 32)
    west, east = (pitched(box(112 + side * 22, 762, 22, 12), HIP, 6.5, 30) for side in (-1, 1))
    return [
        _house(block, "3091", 2, 1859, middle, west, east, name="Bahnhof Merlenburg"),
        _house(block, "2143", 1, 1872, pitched(box(190, 763, 52, 13, 0.4), GABLE, 5.5, 28), name="Güterschuppen"),
        _house(block, "2112", 2, 1906, pitched(box(-60, 768, 9, 6), HIP, 6.4, 35), name="Stellwerk", address=False),
        _house(
            block, CANOPY, 1, 1934, pitched(box(112, 781, 92, 5.5), FLAT, 4.2, 0), name="Bahnsteigdach", address=False
        ),
    ]


def _village_church(block: Block, rng):
    site = _frame(block)
    s, v, year = site.width / 2 - 9, site.depth / 2 - 4, int(rng.integers(1210, 1790))
    nave = pitched(site.box(s, s + 16, v, v + 8.5), GABLE, 6.2, 50)
    tower = Part(site.box(s - 6.5, s, v + 0.75, v + 7.75), TENT if rng.random() < 0.5 else TOWER, 13, 20)
    return _fitting(block, [_house(block, "3041", 1, year, nave, tower, name="Dorfkirche")], 1)


def _farm(block: Block, rng):
    """Long sheds of the former cooperative; one of them is often empty."""
    site = _frame(block)
    houses, s = [], 6.0
    while s + 12 < site.width:
        ring = site.box(s, s + 12, 3.5, site.depth - 3.5)
        ring = ring[1:] + ring[:1]
        house = _house(block, "2721", 1, int(rng.integers(1962, 1988)), pitched(ring, GABLE, 4.2, 22))
        house.vacant = "hall" if rng.random() < 0.3 else None
        houses.append(house)
        s += 12 + rng.uniform(7, 12)
    return _fitting(block, houses, 2)


PLACES = {
    "village_church": _village_church,
    "farm": _farm,
    "square": _square,
    "church": _church,
    "castle": _castle,
    "factory": _factory,
    "station": _station,
    "estate": _estate,
    "commercial": _commercial,
    "church_square": _second_church,
    "school": _institution("3021", "Sekundarschule", 3, 1903, hall="Sporthalle"),
    "college": _institution("3021", "Stiftsgymnasium", 3, 1889, hall="Turnhalle"),
    "administration": _institution("3010", "Landratsamt", 3, 1908),
    "hospital": _institution("3051", "Klinikum Merlenburg", 4, 1997, FLAT),
    "seniors": _institution("3063", "Seniorenresidenz", 3, 1999),
    "fire_station": _institution("3072", "Feuerwache", 2, 1994, FLAT),
    "supermarket": _small("2050", "Supermarkt", 1, 2004, 52, 30, FLAT, 6.2),
    "kindergarten": _small("3065", "Kindertagesstätte", 2, 1976, 34, 14, FLAT, 6.6),
    "cemetery": _small("3041", "Friedhofskapelle", 1, 1878, 18, 10, GABLE, 6.0, 50),
}
OWNERS = {
    "factory": "company",
    "commercial": "company",
    "station": "public",
    "castle": "public",
    "church": "public",
    "church_square": "public",
    "estate": "housing",
    "supermarket": "company",
    "administration": "public",
}
