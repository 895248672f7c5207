"""Timetables of public transport (GTFS): stops, lines, and every trip with its times."""

import datetime as dt
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from layers.reading.batch import Batch, Rows, Survey, Wanted
from layers.reading.gtfs_calls import LEFT_OUT_TRIP, Calls, read_calls
from layers.reading.gtfs_days import date_of, read_days
from layers.reading.gtfs_feed import CORE, Feed, decimal, names_of, seconds, whole
from twin.errors import BadFile

DEGREES = CRS.from_epsg(4326)
DHID = re.compile(r"[a-z]{2}:\d{5}:")  # the German number of a stop is the same in every feed
BEST_FIRST = ("rail", "metro", "tram", "ferry", "bus", "other")
PLACES = {"2": "entrances", "3": "nodes of ways inside stations", "4": "boarding areas"}
KINDS = {0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 5: "tram", 11: "bus", 12: "metro", 109: "metro"}
KINDS_BY_HUNDRED = {
    **{1: "rail", 2: "bus", 3: "metro", 4: "metro", 5: "metro", 6: "metro", 7: "bus", 8: "bus", 9: "tram"},
    **{10: "ferry", 12: "ferry"},
}
STOP_COLUMNS = (
    *("stop_name", "stop_lat", "stop_lon", "location_type", "parent_station", "stop_code", "platform_code"),
    "wheelchair_boarding",
)
LINE_COLUMNS = ("route_short_name", "route_long_name", "route_desc", "route_type", "route_color", "agency_id")
TRIP_COLUMNS = ("uid", "line", "service", "headsign", "direction", "headway", "first", "last")
STRAIGHT = "shape: straight from stop to stop"


def recognises(path: Path, head: bytes) -> bool:
    if not path.is_dir() and head[:2] != b"PK":
        return False
    try:
        return len(CORE & set(names_of(path)[0])) > 2
    except BadFile:
        return False


def survey(path: Path, wanted: Wanted) -> Survey:
    feed = Feed(path)
    feed.check()
    stops = _Stops(feed)
    lines = feed.table("routes.txt", ("route_id",), ("route_id",))["route_id"]
    bounds = None
    if places := [place for place in stops.places if place]:
        bounds = (*np.min(places, axis=0).tolist(), *np.max(places, axis=0).tolist())
    return Survey("GTFS", DEGREES, bounds, {"stops": len(stops.ids), "lines": len(lines.codes)}, delivered=feed.newest)


def read(path: Path, wanted: Wanted) -> Iterator[Batch | Rows]:
    if wanted.layer not in (None, "stops", "lines"):
        raise BadFile(f"A timetable gives stops and lines; not {wanted.layer}. Leave out --as.")
    feed = Feed(path)
    feed.check()
    timetable = _Timetable(feed)
    if wanted.layer != "lines":
        yield timetable.stops_batch()
    if wanted.layer != "stops":
        yield timetable.lines_batch()
    if wanted.layer is None:
        yield from timetable.rows()


class _Stops:
    """Stops and stations, without entrances and the like."""

    def __init__(self, feed: Feed) -> None:
        columns = ("stop_id", *STOP_COLUMNS)
        table = feed.table("stops.txt", columns, ("stop_id",))
        texts = {name: column.texts() for name, column in table.items()}
        latitudes, longitudes = table["stop_lat"].numbers(decimal).tolist(), table["stop_lon"].numbers(decimal).tolist()
        found = [_place(*place) for place in zip(longitudes, latitudes, strict=True)]
        of_id = dict(zip(texts["stop_id"], found, strict=True))
        rows = range(len(found))
        self.apart = Counter(kind for kind in texts["location_type"] if kind in PLACES)
        self.of_station = [row for row in rows if not found[row] and of_id.get(texts["parent_station"][row])]
        for row in self.of_station:
            found[row] = of_id[texts["parent_station"][row]]
        seen: set[str] = set()
        kept: list[int] = []
        nowhere: list[int] = []
        twice: list[int] = []
        for row in rows:
            if texts["location_type"][row] in PLACES:
                continue
            (twice if texts["stop_id"][row] in seen else kept if found[row] else nowhere).append(row)
            seen.add(texts["stop_id"][row])
        feed.leave_out("stops.txt", np.array(nowhere, int), lambda row: "It has no coordinates on earth.")
        feed.leave_out("stops.txt", np.array(twice, int), lambda row: f"{texts['stop_id'][row]} stands there twice.")
        self.rows = kept
        self.ids = [texts["stop_id"][row] for row in kept]
        self.places = [found[row] for row in kept]
        self.texts = {name: [values[row] or None for row in kept] for name, values in texts.items()}
        guessed = set(self.of_station)
        self.estimated = ["shape: place of its station" if row in guessed else None for row in kept]


class _Trips:
    """Trips whose line is known, and how often each runs on a day of its service."""

    def __init__(self, feed: Feed, lines: dict[str, int]) -> None:
        columns = ("trip_id", "route_id", "service_id", "trip_headsign", "direction_id", "shape_id")
        texts = {
            name: column.texts() for name, column in feed.table("trips.txt", columns, ("trip_id", "route_id")).items()
        }
        rows = range(len(texts["trip_id"]))
        lost = [row for row in rows if texts["route_id"][row] not in lines]
        feed.leave_out(
            "trips.txt", np.array(lost, int), lambda row: f'The line "{texts["route_id"][row]}" is not in routes.txt.'
        )
        kept = [row for row in rows if texts["route_id"][row] in lines]
        self.rows_of = {texts["trip_id"][row]: LEFT_OUT_TRIP for row in lost}
        self.rows_of |= {texts["trip_id"][row]: number for number, row in enumerate(kept)}
        self.lines = np.array([lines[texts["route_id"][row]] for row in kept], dtype=np.int64)
        self.texts = {name: [values[row] for row in kept] for name, values in texts.items()}
        self.headways = _headways(feed, self.rows_of)

    def __len__(self) -> int:
        return len(self.lines)

    def runs(self) -> np.ndarray:
        """(n,) how often each trip runs on a day of its service."""
        runs = np.ones(len(self), dtype=np.int64)
        for row, windows in self.headways.items():
            runs[row] = sum(-(-(last - first) // headway) for first, last, headway in windows)
        return runs


class _Timetable:
    """What the feed says, put together."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.stops = _Stops(feed)
        columns = ("route_id", *LINE_COLUMNS)
        table = feed.table("routes.txt", columns, ("route_id", "route_type"))
        self.lines = {name: column.texts() for name, column in table.items()}
        self.kinds = [_kind(text) for text in self.lines["route_type"]]
        agencies = feed.table("agency.txt", ("agency_id", "agency_name"))
        self.agencies = dict(zip(agencies["agency_id"].texts(), agencies["agency_name"].texts(), strict=True))
        self.name = self._own_name()
        self.trips = _Trips(feed, {line: row for row, line in enumerate(self.lines["route_id"])})
        self.calls = read_calls(feed, self.trips.rows_of, {stop: row for row, stop in enumerate(self.stops.ids)})
        self.days = read_days(feed)
        self._count_a_weekday()

    def _own_name(self) -> str:
        """What the uids begin with: the agency with most lines, for the file's name changes with each delivery."""
        counts = Counter(agency or next(iter(self.agencies), "") for agency in self.lines["agency_id"])
        agency = max(sorted(counts), key=lambda name: counts[name]) if counts else ""
        name = agency if re.search(r"[A-Za-z].*[A-Za-z]", agency) else self.agencies.get(agency, "") or agency
        return _slug(name) or "gtfs"

    def _count_a_weekday(self) -> None:
        """How often trips run and stops are served on the busiest ordinary weekday."""
        called = np.zeros(len(self.trips), dtype=bool)
        called[self.calls.trip] = True
        runs = np.where(called, self.trips.runs(), 0)
        of_service: Counter[str] = Counter()
        for service, count in zip(self.trips.texts["service_id"], runs.tolist(), strict=True):
            of_service[service] += count
        self.weekday = self.days.busiest_weekday(of_service)
        on = {service for service, days in self.days.of_service.items() if self.weekday in days}
        self.runs = runs * np.array([service in on for service in self.trips.texts["service_id"]], dtype=np.int64)
        self.called = called

    def uid(self, name: str) -> str:
        return f"{self.name}:{name}"

    def stop_uid(self, name: str) -> str:
        return name if DHID.match(name) else self.uid(name)

    def stops_batch(self) -> Batch:
        stops, texts = self.stops, self.stops.texts
        departures, best = self._departures()
        return Batch(
            layer="stops",
            crs=DEGREES,
            shapes=shapely.points(np.array(stops.places, dtype=np.float64).reshape(-1, 2)),
            fields={
                "name": [name and " ".join(name.split()) for name in texts["stop_name"]],
                "code": texts["stop_code"],
                "kind": [BEST_FIRST[rank] if rank < len(BEST_FIRST) else None for rank in best.tolist()],
                "platform": texts["platform_code"],
                "station": [station and self.stop_uid(station) for station in texts["parent_station"]],
                "wheelchair": [{"1": True, "2": False}.get(word or "") for word in texts["wheelchair_boarding"]],
                "departures": departures.tolist(),
            },
            uids=[self.stop_uid(name) for name in stops.ids],
            where=[f"stops.txt, line {row + 2}" for row in stops.rows],
            estimated=list(stops.estimated),
            left_out=[left for left in self.feed.left_out if left.where.startswith("stops.txt")],
            notes=self._notes(),
        )

    def _departures(self) -> tuple[np.ndarray, np.ndarray]:
        """For each stop, stations included, departures on the weekday and the rank of its best means of transport."""
        calls, count = self.calls, len(self.stops.ids)
        weights = np.where(calls.boards, self.runs[calls.trip], 0)
        departures = np.bincount(calls.stop, weights, minlength=count).astype(np.int64)
        ranks = np.array([BEST_FIRST.index(kind) for kind in self.kinds] or [0], dtype=np.int64)
        best = np.full(count, len(BEST_FIRST))
        np.minimum.at(best, calls.stop, ranks[self.trips.lines[calls.trip]])
        rows = {name: row for row, name in enumerate(self.stops.ids)}
        parents = [rows.get(station or "", -1) for station in self.stops.texts["parent_station"]]
        for row, parent in enumerate(parents):
            if parent >= 0:
                departures[parent] += departures[row]
                best[parent] = min(best[parent], best[row])
        return departures, best

    def lines_batch(self) -> Batch:
        shapes, straight = _line_shapes(self.feed, self.trips, self.calls, self.stops, len(self.kinds))
        used = [row for row in range(len(self.kinds)) if shapes[row] is not None]
        idle = np.array([row for row in range(len(self.kinds)) if shapes[row] is None], int)
        self.feed.leave_out("routes.txt", idle, lambda row: "No trip of this line calls at two stops.")
        trips = np.bincount(self.trips.lines, self.runs, minlength=len(self.kinds)).astype(np.int64).tolist()
        lines = self.lines
        color = [text.lower() if re.fullmatch(r"[0-9A-Fa-f]{6}", text) else None for text in lines["route_color"]]
        agency = next(iter(self.agencies), "")
        return Batch(
            layer="lines",
            crs=DEGREES,
            shapes=np.array([shapes[row] for row in used], dtype=object),
            fields={
                "number": [lines["route_short_name"][row] or None for row in used],
                "name": [lines["route_long_name"][row] or lines["route_desc"][row] or None for row in used],
                "kind": [self.kinds[row] for row in used],
                "operator": [self.agencies.get(lines["agency_id"][row] or agency) for row in used],
                "color": [color[row] for row in used],
                "trips": [trips[row] for row in used],
            },
            uids=[self.uid(lines["route_id"][row]) for row in used],
            where=[f"routes.txt, line {row + 2}" for row in used],
            estimated=[STRAIGHT if row in straight else None for row in used],
            left_out=[left for left in self.feed.left_out if not left.where.startswith("stops.txt")],
        )

    def rows(self) -> Iterator[Rows]:
        yield Rows("trip", self._trip_columns())
        calls = self.calls
        trips = np.array([self.uid(name) for name in self.trips.texts["trip_id"]], dtype=object)
        stops = np.array([self.stop_uid(name) for name in self.stops.ids], dtype=object)
        columns = {
            "trip": trips[calls.trip].tolist() if len(trips) else [],
            "place": calls.place.tolist(),
            "stop": stops[calls.stop].tolist() if len(stops) else [],
            "arrival": calls.arrival.tolist(),
            "departure": calls.departure.tolist(),
        }
        yield Rows("stop_time", columns)
        services, dates = self.days.dates()
        yield Rows("service_day", {"service": [self.uid(service) for service in services], "day": dates})

    def _trip_columns(self) -> dict[str, list]:
        texts = self.trips.texts
        columns: dict[str, list] = {name: [] for name in TRIP_COLUMNS}
        for row in np.flatnonzero(self.called).tolist():
            direction = whole(texts["direction_id"][row])
            windows: Sequence[tuple[int | None, ...]] = self.trips.headways.get(row) or [(None, None, None)]
            for first, last, headway in windows:
                values = {
                    "uid": self.uid(texts["trip_id"][row]),
                    "line": self.uid(texts["route_id"][row]),
                    "service": self.uid(texts["service_id"][row]),
                    "headsign": texts["trip_headsign"][row] or None,
                    "direction": None if np.isnan(direction) else int(direction),
                    "headway": headway,
                    "first": first,
                    "last": last,
                }
                for name, value in values.items():
                    columns[name].append(value)
        return columns

    def _notes(self) -> list[str]:
        notes = list(self.days.notes)
        if self.weekday is not None:
            notes.append(f"Departures and trips on a weekday are those of {date_of(self.weekday):%A, %Y-%m-%d}.")
        if days := [number for days in self.days.of_service.values() for number in days.tolist()]:
            first, last = date_of(min(days)), date_of(max(days))
            over = " It has expired: ask for the present one." if last < dt.date.today() else ""
            notes.append(f"The timetable holds from {first} to {last}.{over}")
        if self.calls.untimed:
            total = len(self.calls.trip)
            notes.append(
                f"{self.calls.untimed} of {total} calls have no time; it is spread evenly between those that have one."
            )
        if idle := int((~self.called).sum()):
            notes.append(f"{idle} trips call nowhere and are not loaded.")
        notes += [
            f"{count} {PLACES[kind]} are not stops and are not loaded." for kind, count in self.stops.apart.items()
        ]
        return notes


def _line_shapes(
    feed: Feed, trips: _Trips, calls: Calls, stops: _Stops, count: int
) -> tuple[list[shapely.Geometry | None], set[int]]:
    """Of each line the way of its commonest and longest trips in each direction; and which lines are drawn straight."""
    drawn = _drawn_shapes(feed)
    patterns: dict[int, dict[str, Counter[Any]]] = defaultdict(lambda: defaultdict(Counter))
    bounds = np.append(calls.starts(), len(calls.trip)).tolist()
    for start, end in pairwise(bounds):
        row = int(calls.trip[start])
        shape = trips.texts["shape_id"][row]
        way = shape if shape in drawn else tuple(calls.stop[start:end].tolist())
        patterns[int(trips.lines[row])][trips.texts["direction_id"][row]][way] += 1
    shapes: list[shapely.Geometry | None] = [None] * count
    straight = set()
    for line, directions in patterns.items():
        ways = {
            way: drawn[way] if isinstance(way, str) else _straight(way, stops) for c in directions.values() for way in c
        }
        known = {way: shape for way, shape in ways.items() if shape is not None}
        if any(isinstance(way, str) for way in known):
            known = {way: shape for way, shape in known.items() if isinstance(way, str)}
        else:
            straight.add(line)
        shapes[line] = _together(known, list(directions.values()))
    return shapes, straight


def _together(known: dict[Any, shapely.LineString], directions: list[Counter[Any]]) -> shapely.Geometry | None:
    chosen: dict[bytes, shapely.LineString] = {}
    for counts in directions:
        ways = [way for way in counts if way in known]
        if ways:
            for way in (max(ways, key=lambda way: counts[way]), max(ways, key=lambda way: known[way].length)):
                chosen[shapely.to_wkb(shapely.normalize(known[way]))] = known[way]
    lines = list(chosen.values())
    return shapely.MultiLineString(lines) if len(lines) > 1 else lines[0] if lines else None


def _straight(way: tuple[int, ...], stops: _Stops) -> shapely.LineString | None:
    places = [stops.places[stop] for stop in way]
    return shapely.LineString(places) if len(set(places)) > 1 else None


def _drawn_shapes(feed: Feed) -> dict[str, shapely.LineString]:
    columns = ("shape_id", "shape_pt_lon", "shape_pt_lat", "shape_pt_sequence")
    table = feed.table("shapes.txt", columns)
    places = np.column_stack([table[name].numbers(decimal) for name in columns[1:3]])
    sequence = table["shape_pt_sequence"].numbers(whole)
    bad = np.isnan(places).any(axis=1) | np.isnan(sequence) | (np.abs(places) > (180, 90)).any(axis=1)
    feed.leave_out("shapes.txt", np.flatnonzero(bad), lambda row: "The point has no coordinates on earth, or no place.")
    good = np.flatnonzero(~bad)
    codes = table["shape_id"].codes
    order = good[np.lexsort((sequence[good], codes[good]))]
    names, starts = np.unique(codes[order], return_index=True)
    parts = np.split(places[order], starts[1:]) if len(names) else []
    words = table["shape_id"].words
    return {
        words[code]: shapely.LineString(part)
        for code, part in zip(names.tolist(), parts, strict=True)
        if len(part) > 1 and np.ptp(part, axis=0).any()
    }


def _headways(feed: Feed, rows_of: dict[str, int]) -> dict[int, list[tuple[int, int, int]]]:
    """From frequencies.txt: for each trip by headway its windows (from, until, every so many seconds)."""
    table = feed.table("frequencies.txt", ("trip_id", "start_time", "end_time", "headway_secs"))
    names = table["trip_id"].texts()
    columns = [
        table[name].numbers(meaning)
        for name, meaning in (("start_time", seconds), ("end_time", seconds), ("headway_secs", whole))
    ]
    headways: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    bad = []
    for row, (name, first, last, headway) in enumerate(
        zip(names, *(column.tolist() for column in columns), strict=True)
    ):
        if rows_of.get(name, -1) < 0 or not (0 <= first < last and headway > 0):
            bad.append(row)
        else:
            headways[rows_of[name]].append((int(first), int(last), int(headway)))
    feed.leave_out(
        "frequencies.txt",
        np.array(bad, int),
        lambda row: f'The trip "{names[row]}" is not loaded, or its times or headway make no sense.',
    )
    return headways


def _kind(text: str) -> str:
    number = int(text) if re.fullmatch(r"\d{1,4}", text) else -1
    return KINDS.get(number) or KINDS_BY_HUNDRED.get(number // 100, "other")


def _place(longitude: float, latitude: float) -> tuple[float, float] | None:
    """None where there is none, or the 0, 0 of a blank form."""
    known = abs(longitude) <= 180 and abs(latitude) <= 90 and (abs(longitude) > 0.001 or abs(latitude) > 0.001)
    return (longitude, latitude) if known else None


def _slug(name: str) -> str:
    german = name.lower().translate({ord(a): b for a, b in zip("äöüß", ("ae", "oe", "ue", "ss"), strict=True)})
    plain = unicodedata.normalize("NFKD", german).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
