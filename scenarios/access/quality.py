"""How well a stop is served, and how well a place is by its stops: classes A to F (ÖV-Güteklassen)."""

from typing import NamedTuple

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from scenarios.access.net import Net, Onto, join, nearest
from scenarios.access.speeds import Mode, mode_called
from scenarios.access.timetable import Timetable, places
from scenarios.access.ways import Ways
from scenarios.rules import rules

CLASSES = ("A", "B", "C", "D", "E", "F", "")  # the last: not served
SAME = 300.0  # metres between platforms of one name that are one stop
WORST = 99  # category of a stop that is not served often enough


class Served(NamedTuple):
    """Of each stop (n,): which stops are one with it; its mean headway in minutes, infinite where nothing leaves; its
    best means of transport; its category, 1 to 7, WORST where none."""

    group: np.ndarray
    headway: np.ndarray
    kind: np.ndarray
    category: np.ndarray


def served(table: Timetable) -> Served:
    told, runs = rules("access")["quality"], table.runs
    many = len(table.stops)
    group = groups(table)
    leaves = np.append(runs.trip[:-1] == runs.trip[1:], False) if len(runs.trip) else np.empty(0, bool)
    counts = leaves & (runs.departure >= told["first"] * 3600) & (runs.departure < told["last"] * 3600)
    kinds = np.array([kind or "other" for kind in table.lines["kind"]], object)[runs.line][runs.trip[counts]]
    of_group = np.array([told["groups"].get(kind, "C") for kind in kinds], object)
    headway, category = np.full(many, np.inf), np.full(many, WORST)
    best = np.full(many, None, object)
    for letter, row in told["categories"].items():
        mine = of_group == letter
        departures = np.bincount(group[runs.stop[counts][mine]], minlength=many)[group]
        with np.errstate(divide="ignore"):
            own = np.where(departures > 0, (told["last"] - told["first"]) * 60 / (departures / 2), np.inf)
        column = np.searchsorted(told["headways"], np.round(own, 6))
        found = np.append(row, WORST)[column]
        better = (found < category) | ((found == category) & (own < headway))
        headway, category = np.where(better, own, headway), np.where(better, found, category)
        for stop in np.flatnonzero(better & (departures > 0)):
            best[stop] = letter
    return Served(group, headway, best, category)


def groups(table: Timetable) -> np.ndarray:
    """(n,): the first of the stops that are one with each: a station's, or of one name and close to each other."""
    many, rows = len(table.stops), table.stops
    if many == 0:
        return np.empty(0, int)
    row_of = {uid: i for i, uid in enumerate(rows["uid"])}
    stations = [(i, row_of[station]) for i, station in enumerate(rows["station"]) if station in row_of]
    near = cKDTree(places(table)).query_pairs(SAME, output_type="ndarray")
    names = rows["name"]
    same = [(i, j) for i, j in near.tolist() if names[i] and names[i] == names[j]]
    pairs = np.array([*stations, *same], int).reshape(-1, 2)
    net = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(many, many))
    _, part = csgraph.connected_components(net, directed=False)
    first = np.full(part.max() + 1, many)
    np.minimum.at(first, part, np.arange(many))
    return first[part]


def in_metres(ways: Ways) -> Net:
    """The ways on foot, in metres instead of seconds, level."""
    walk = mode_called("walk")
    metres = Mode("metres", walk.title, 1.0, 1.0, {"closed": walk.told["closed"]})
    return Net.of(ways, metres)


def classes(net: Net, onto: Onto, table: Timetable, found: Served) -> tuple[np.ndarray, np.ndarray]:
    """(p,) the place in CLASSES of each place, and its nearest stop that gives this class, -1 for none.

    net: in metres.
    """
    told = rules("access")["quality"]
    joined = join(net, net.onto(shapely.centroid(table.stops.shapes)))
    best, by = np.full(len(onto.piece), len(CLASSES) - 1), np.full(len(onto.piece), -1)
    for category in range(1, len(told["classes"]) + 1):
        of_category = np.flatnonzero(found.category == category)
        if len(of_category) == 0:
            continue
        at_nodes, source = nearest(joined, of_category)
        metres, node = joined.reached(at_nodes, onto, towards=True)
        row = [CLASSES.index(letter) for letter in told["classes"][category - 1]]
        own = np.append(row, len(CLASSES) - 1)[np.searchsorted(told["distances"], metres)]
        better = own < best
        best, by = np.where(better, own, best), np.where(better, np.append(source, -1)[node], by)
    return best, by
