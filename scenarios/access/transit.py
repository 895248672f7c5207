"""By bus and train: the earliest arrival from a place at a departure time, with waiting, changing and walking.

A connection scan (Dibbelt, Pajor, Strasser, Wagner 2013): every ride from stop to stop once, in the order of departure.
Own code, since graph libraries know no timetable: as a time-expanded graph the same question takes minutes.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from scenarios.access.areas import Outing, check_onto
from scenarios.access.net import Joined, Net, join
from scenarios.access.timetable import Timetable
from scenarios.rules import rules

AT_ONCE = 64  # places from which the net is searched at a time
HORIZON = 3 * 3600  # seconds after the departure: whoever is not there by then has not arrived
NEVER = np.iinfo(np.int64).max // 4


class Rides(NamedTuple):
    """Rides from one call to the next, by departure. stop_of: rows of the stops at which something calls."""

    begin: np.ndarray
    end: np.ndarray
    departure: np.ndarray
    arrival: np.ndarray
    trip: np.ndarray
    trips: int
    stop_of: np.ndarray


class Transit(NamedTuple):
    """Rides, and the walks between their stops: walk[first[i]:first[i + 1]] seconds to `to`. joined: net with stops.

    stops: (n,) points of those at which something calls.
    """

    rides: Rides
    first: np.ndarray
    to: np.ndarray
    walk: np.ndarray
    change: int
    joined: Joined
    stops: np.ndarray


def rides_of(table: Timetable) -> Rides:
    runs = table.runs
    stop_of, stop = np.unique(runs.stop, return_inverse=True)
    on = np.flatnonzero(runs.trip[:-1] == runs.trip[1:]) if len(runs.trip) else np.empty(0, int)
    order = on[np.lexsort((on, runs.departure[on]))]
    return Rides(
        stop[order], stop[order + 1], runs.departure[order], np.maximum(runs.arrival[order + 1], runs.departure[order]),
        runs.trip[order], len(runs), stop_of,
    )  # fmt: skip


def transit_of(table: Timetable, net: Net) -> Transit:
    """net: on which people walk to the stops and between them."""
    told, rides = rules("access")["changing"], rides_of(table)
    stops = shapely.centroid(table.stops.shapes[rides.stop_of])
    joined = join(net, net.onto(stops))
    many = len(rides.stop_of)
    walks = walks_between(joined, np.arange(many), np.arange(many), 60 * told["between"])
    walks.setdiag(0)
    walks.eliminate_zeros()
    seconds = np.ceil(walks.data).astype(np.int64)
    return Transit(rides, walks.indptr, walks.indices, seconds, round(60 * told["minutes"]), joined, stops)


def walks_between(joined: Joined, sources: np.ndarray, targets: np.ndarray, limit: float) -> sparse.csr_matrix:
    """(sources, targets) seconds on foot between places of the net, those up to the limit; never 0."""
    rows, columns, values = [], [], []
    at, to = joined.node[sources], joined.node[targets]
    known = np.flatnonzero(at >= 0)
    for part in np.array_split(known, max(1, -(-len(known) // AT_ONCE))):
        if len(part):
            seconds = csgraph.dijkstra(joined.graph, indices=at[part], limit=limit)[:, np.maximum(to, 0)]
            seconds[:, to < 0] = np.inf
            i, j = np.nonzero(np.isfinite(seconds))
            rows.append(part[i])
            columns.append(j)
            values.append(np.maximum(seconds[i, j], 1e-6))
    if not rows:
        return sparse.csr_matrix((len(sources), len(targets)))
    told = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_matrix(told, shape=(len(sources), len(targets)))


def by_bus(transit: Transit, place: shapely.Point, departure: int, seconds: float) -> Outing:
    """How far one comes from a place on foot, by bus and train and on foot again. departure: seconds after midnight.

    seconds: as far as that. Raises BadValue where no way begins there.
    """
    net, stops = transit.joined.net, transit.stops
    onto = net.onto(np.concatenate([np.array([place], object), stops]))
    check_onto(net, onto)
    joined = join(net, onto)
    afoot = walks_between(joined, np.array([0]), 1 + np.arange(len(stops)), 60 * rules("access")["changing"]["to_stop"])
    there = arrivals(transit, afoot, departure)[0]
    gets_off = np.flatnonzero((there < departure + seconds) & (joined.node[1:] >= 0))
    nodes = joined.graph.shape[0]
    begins = np.append(joined.node[0], joined.node[1:][gets_off])
    waits = np.append(1e-9, (there[gets_off] - departure).astype(float))
    start = sparse.csr_matrix((waits, (np.zeros(len(begins), int), begins)), shape=(1, nodes))
    whole = sparse.bmat([[joined.graph, None], [start, sparse.csr_matrix((1, 1))]], format="csr")
    return Outing(joined, csgraph.dijkstra(whole, indices=nodes, limit=seconds)[:nodes])


def arrivals(transit: Transit, walks: sparse.csr_matrix, departure: int) -> np.ndarray:
    """(places, stops) seconds after midnight at which a vehicle brings each to each stop; NEVER where none does.

    walks: (places, stops) seconds on foot to the stops; departure: seconds after midnight.
    """
    rides = transit.rides
    begin = int(np.searchsorted(rides.departure, departure))
    end = int(np.searchsorted(rides.departure, departure + HORIZON))
    found = np.full((walks.shape[0], len(rides.stop_of)), NEVER, np.int64)
    _scan(
        rides.begin[begin:end], rides.end[begin:end], rides.departure[begin:end], rides.arrival[begin:end],
        rides.trip[begin:end], rides.trips, transit.first, transit.to, transit.walk, transit.change, walks.indptr,
        walks.indices, np.ceil(walks.data).astype(np.int64), departure, found,
    )  # fmt: skip
    return found


def _quick(function: Callable) -> Callable:
    """Compiled once for the machine, and kept where Python may write; elsewhere at every start."""
    how: dict[str, Any] = {"nogil": True}
    try:
        return numba.njit(cache=True, **how)(function)
    except RuntimeError:
        return numba.njit(**how)(function)


@_quick
def _scan(begin, end, departure, arrival, trip, trips, first, to, walk, change, at, near, afoot, start, found):
    """One row of `found` a place. Who gets off may ride on after `change` seconds, or walk to another stop."""
    stops = found.shape[1]
    for place in range(found.shape[0]):
        ready = np.full(stops, NEVER, np.int64)
        aboard = np.zeros(trips, np.bool_)
        by_vehicle = found[place]
        for k in range(at[place], at[place + 1]):
            ready[near[k]] = start + afoot[k]
        for c in range(len(begin)):
            if not aboard[trip[c]]:
                if ready[begin[c]] > departure[c]:
                    continue
                aboard[trip[c]] = True
            here = end[c]
            if arrival[c] >= by_vehicle[here]:
                continue
            by_vehicle[here] = arrival[c]
            ready[here] = min(ready[here], arrival[c] + change)
            for k in range(first[here], first[here + 1]):
                ready[to[k]] = min(ready[to[k]], arrival[c] + max(walk[k], change))
