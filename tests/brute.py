"""By bus the slow way: a search over every call of every trip, that shares no line with the scan it checks."""

import heapq
from collections import defaultdict


def timetable(runs):
    """Each trip's calls, and each stop's departures. runs: trip, stop, arrival, departure of each call, in order."""
    trips, calls = defaultdict(list), defaultdict(list)
    for trip, stop, arrival, leaves in zip(*(part.tolist() for part in runs[:4]), strict=True):
        trips[trip].append((stop, arrival, leaves))
    for trip, listed in trips.items():
        for place, (stop, _, leaves) in enumerate(listed[:-1]):
            calls[stop].append((leaves, trip, place))
    return trips, calls


def arrivals(told, walks_to_stops, walks_between, departure, change, horizon):
    """stop -> seconds at which a vehicle is there first. walks: {stop: s}, {stop: {stop: s}}; told: of `timetable`."""
    trips, calls = told
    found = {}
    ready = [(departure + walk, stop) for stop, walk in walks_to_stops.items()]
    heapq.heapify(ready)
    taken, done = {}, set()
    while ready:
        now, stop = heapq.heappop(ready)
        if stop in done:
            continue
        done.add(stop)
        for leaves, trip, place in calls[stop]:
            if not now <= leaves < departure + horizon or taken.get(trip, 1 << 60) <= place:
                continue
            taken[trip] = place
            for (_, _, before), (there, arrival, _) in zip(trips[trip][place:], trips[trip][place + 1 :], strict=False):
                if before >= departure + horizon:
                    break
                if arrival < found.get(there, 1 << 60):
                    found[there] = arrival
                    heapq.heappush(ready, (arrival + change, there))
                    for other, walk in walks_between.get(there, {}).items():
                        heapq.heappush(ready, (arrival + max(walk, change), other))
    return found
