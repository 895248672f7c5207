"""Which trip calls at which stop, and when: the largest table of a timetable."""

from dataclasses import dataclass

import numpy as np

from layers.reading.gtfs_feed import Column, Feed, seconds, whole

FILE = "stop_times.txt"
NEEDED = ("trip_id", "stop_id", "stop_sequence")
LEFT_OUT_TRIP = -2  # its own line says why


@dataclass
class Calls:
    """One value a call, ordered by trip and place."""

    trip: np.ndarray  # row of the trips that are loaded
    stop: np.ndarray  # row of the stops that are loaded
    place: np.ndarray  # 0, 1, 2 ... along the trip
    arrival: np.ndarray  # seconds after midnight of the service day
    departure: np.ndarray
    boards: np.ndarray  # whether one may get on, and the trip goes on from here
    untimed: int  # calls whose times lie between those of others

    def starts(self) -> np.ndarray:
        """Where each trip begins."""
        return np.flatnonzero(self.place == 0)


def read_calls(feed: Feed, trips: dict[str, int], stops: dict[str, int]) -> Calls:
    """trips: the row of each, below zero for one that is left out. stops: the row of each."""
    columns = (*NEEDED, "arrival_time", "departure_time", "pickup_type")
    table = feed.table(FILE, columns, NEEDED)
    trip, stop = _rows_of(table["trip_id"], trips), _rows_of(table["stop_id"], stops)
    sequence = table["stop_sequence"].numbers(whole)
    arrival, departure = table["arrival_time"].numbers(seconds), table["departure_time"].numbers(seconds)
    good = _good(feed, table, trip, stop, sequence, (arrival < 0) | (departure < 0))
    order = good[np.lexsort((sequence[good], trip[good]))]
    order = _timed_at_both_ends(feed, table["trip_id"], order, trip, arrival, departure)
    trip, stop = trip[order], stop[order]
    no_boarding = np.array([word == "1" for word in table["pickup_type"].words] or [False])
    boards = ~no_boarding[table["pickup_type"].codes[order]]
    first, last = _ends(trip)
    place = np.arange(len(trip)) - np.repeat(
        np.flatnonzero(first), np.diff(np.append(np.flatnonzero(first), len(trip)))
    )
    arrival, departure, untimed = _timed(arrival[order], departure[order])
    return Calls(trip, stop, place, arrival, departure, boards & ~last, untimed)


def _rows_of(column: Column, rows: dict[str, int]) -> np.ndarray:
    return np.array([rows.get(word, -1) for word in column.words] or [-1], dtype=np.int64)[column.codes]


def _good(
    feed: Feed, table: dict[str, Column], trip: np.ndarray, stop: np.ndarray, sequence: np.ndarray, bad_time: np.ndarray
) -> np.ndarray:
    """The rows that can be understood; the others are left out, each for its first reason."""
    said = np.flatnonzero(trip == LEFT_OUT_TRIP)
    unknown_trip = np.flatnonzero(trip == -1)
    unknown_stop = np.flatnonzero((trip >= 0) & (stop < 0))
    bad = (trip >= 0) & (stop >= 0) & (np.isnan(sequence) | bad_time)

    def word(name: str, row: int) -> str:
        return table[name].words[table[name].codes[row]]

    feed.leave_out(FILE, unknown_trip, lambda row: f'The trip "{word("trip_id", row)}" is not in trips.txt.')
    feed.leave_out(
        FILE, unknown_stop, lambda row: f'The stop "{word("stop_id", row)}" is not among the stops of stops.txt.'
    )
    feed.leave_out(
        FILE,
        np.flatnonzero(bad),
        lambda row: (
            f'The place "{word("stop_sequence", row)}" or a time ("{word("arrival_time", row)}",'
            f' "{word("departure_time", row)}") cannot be read. Write times as 08:05:00.'
        ),
    )
    left = np.zeros(len(trip), dtype=bool)
    left[np.concatenate((said, unknown_trip, unknown_stop))] = True
    return np.flatnonzero(~left & ~bad)


def _timed_at_both_ends(
    feed: Feed, names: Column, order: np.ndarray, trip: np.ndarray, arrival: np.ndarray, departure: np.ndarray
) -> np.ndarray:
    """Without the trips whose first or last call has no time: nothing is known of them."""
    if not len(order):
        return order
    first, last = _ends(trip[order])
    blank = np.isnan(arrival[order]) & np.isnan(departure[order])
    ends = order[(first | last) & blank]
    ends = ends[np.unique(trip[ends], return_index=True)[1]]
    feed.leave_out(
        FILE, ends, lambda row: f'The trip "{names.words[names.codes[row]]}" has no time at its first or last stop.'
    )
    return order[~np.isin(trip[order], trip[ends])]


def _ends(trip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each call is the first of its trip, and the last."""
    changes = np.flatnonzero(np.diff(trip)) + 1
    first, last = np.zeros(len(trip), dtype=bool), np.zeros(len(trip), dtype=bool)
    if len(trip):
        first[np.append(0, changes)] = True
        last[np.append(changes - 1, len(trip) - 1)] = True
    return first, last


def _timed(arrival: np.ndarray, departure: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Whole seconds everywhere: times between two known ones are spread evenly over the calls between."""
    arrival = np.where(np.isnan(arrival), departure, arrival)
    departure = np.where(np.isnan(departure), arrival, departure)
    blank = np.isnan(arrival)
    here = np.arange(len(arrival))
    before = np.maximum.accumulate(np.where(blank, 0, here)) if len(here) else here
    after = np.minimum.accumulate(np.where(blank, len(here), here)[::-1])[::-1] if len(here) else here
    share = (here - before) / np.maximum(after - before, 1)
    between = np.round(departure[before] + share * (arrival[after] - departure[before]))
    times = [np.where(blank, between, known).astype(np.int64) for known in (arrival, departure)]
    return times[0], times[1], int(blank.sum())
