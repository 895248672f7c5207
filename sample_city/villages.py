"""The villages around the town: houses along one street, a church, farms, sometimes a newer estate."""

import numpy as np
import shapely

from sample_city import names
from sample_city.plan import District
from sample_city.streets import Network, Street, draw_district, smooth
from sample_city.terrain import river_y

APART = 1900.0  # metres between villages
AWAY = 2350.0  # from the market: the town needs its room


def places(seed: int, count: int) -> np.ndarray:
    """Where villages lie, nearest to the town first: a net of equal triangles, shaken; none in the floodplain."""
    rng = np.random.default_rng((seed, 2))
    reach = int(np.sqrt(count)) + 5
    i, j = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    x, y = (i + 0.5 * (j % 2)).ravel() * APART, j.ravel() * APART * 0.87
    x, y = x + rng.uniform(-330, 330, x.size), y + rng.uniform(-330, 330, y.size)
    dry = np.abs(y - river_y(x)) > 620
    away = np.hypot(x, y) > AWAY
    order = np.argsort(np.where(dry & away, np.hypot(x, y), np.inf), kind="stable")[:count]
    return np.column_stack([x, y])[order]


def draw(network: Network, place: np.ndarray, number: int, seed: int, towards: np.ndarray) -> np.ndarray:
    """Adds a village's streets and blocks to the network, and the road to the place it belongs to.

    Returns the two ends of its street, where further roads may begin.
    """
    rng = np.random.default_rng((seed, 3, number))
    name = names.village(number)
    length, bend = rng.uniform(380, 760), rng.uniform(-70, 70)
    angle = np.arctan2(*(towards - place)[::-1]) + rng.uniform(-0.7, 0.7)
    main = _line(place, angle, [(-length / 2, 0), (-length / 5, bend), (length / 4, -bend / 2), (length / 2, 0)])
    first = len(network.blocks)
    network.streets.append(Street(shapely.LineString(smooth(main)), name, "tertiary", 13, 900))
    for side in (-1, 1):
        _houses_along(network, name, main, angle, side, round(length / 96))
    if rng.random() < 0.55:
        _new_estate(network, name, place, angle, length, rng)
    _purposes(network, first, rng)
    ends = [main[0], main[-1]]
    end = min(ends, key=lambda point: float(np.hypot(*(towards - point))))
    _draw_road(network, end, towards, rng)
    return np.array(ends)


def _draw_road(network, end, towards, rng):
    road = np.array([end, (end + towards) / 2 + rng.uniform(-90, 90, 2), towards])
    network.streets.append(Street(shapely.LineString(smooth(road)), "Kreisstraße", "secondary", 11, 1400))


def _line(place, angle, points) -> np.ndarray:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return place + np.asarray(points) @ turn.T


def _houses_along(network, name, main, angle, side, across):
    """Plots on one side of the village street, gardens behind."""
    across_street = np.array([-np.sin(angle), np.cos(angle)]) * side * 50
    back = main + across_street
    sides = ([_points(main)], [_points([main[-1], back[-1]])], [_points(back)], [_points([main[0], back[0]])])
    district = District(name, "village", sides, across, 1, 6, 100)
    before = len(network.streets)
    draw_district(network, district, {})
    # The village street is drawn already, and behind the gardens there is only a path.
    for street in network.streets[before:]:
        street.name, street.kind, street.traffic = name, "track", 20
    curve = shapely.LineString(smooth(main))
    network.streets[before:] = [s for s in network.streets[before:] if s.axis.hausdorff_distance(curve) > 30]


def _points(array) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in array]


def _new_estate(network, name, place, angle, length, rng):
    """Detached houses of the years after 1990 at one end of the village."""
    side = rng.choice([-1, 1])
    near, far = 78 * side, (78 + rng.uniform(140, 220)) * side
    low, high = -length * 0.35, length * rng.uniform(-0.05, 0.3)
    corners = _line(place, angle, [(low, near), (high, near), (high, far), (low, far)])
    middle = _line(place, angle, [((low + high) / 2, near + 12 * side)])[0]
    sides = (
        [_points([corners[0], middle, corners[1]])],
        [_points([corners[1], corners[2]])],
        [_points([corners[3], corners[2]])],
        [_points([corners[0], corners[3]])],
    )
    link = _line(place, angle, [(low, near), (-length / 2 - 16, 45 * side), (-length / 2 - 2, 0)])
    network.streets.append(Street(shapely.LineString(smooth(link)), "Kreisstraße", "residential", 8, 200))
    across, deep = max(1, round((high - low) / 100)), max(1, round(abs(far - near) / 72))
    draw_district(network, District(f"{name} Siedlung", "detached", sides, across, deep, 8, 101), {})


def _purposes(network: Network, first: int, rng):
    """One block is the churchyard, another the farm of the former cooperative."""
    blocks = [block for block in network.blocks[first:] if block.quarter == "village"]
    blocks[len(blocks) // 4].quarter = "village_church"
    if rng.random() < 0.5:
        blocks[-1].quarter = "farm"
