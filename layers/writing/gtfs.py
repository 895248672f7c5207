"""A timetable (GTFS): the stops and lines of a scenario, loaded trips as they are, drawn lines by their headways."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS

from layers.headways import read_calls, read_headways
from layers.writing.delivery import Delivery, Table
from twin.projection import LONLAT, transform

KINDS = {"tram": 0, "metro": 1, "rail": 2, "bus": 3, "ferry": 4}
OTHER = 1700
PLANNED = "planned"  # the service of drawn lines: Monday to Friday of this year
FILES = {
    "agency": ("agency_id", "agency_name", "agency_url", "agency_timezone"),
    "stops": ("stop_id", "stop_name", "stop_lat", "stop_lon", "stop_code", "platform_code", "location_type",
              "parent_station", "wheelchair_boarding"),
    "routes": ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type", "route_color"),
    "trips": ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id"),
    "stop_times": ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs", "exact_times"),
    "calendar": ("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
                 "start_date", "end_date"),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "shapes": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
}  # fmt: skip


class _Feed:
    """The rows of each file; ids without the word that all of a feed's begin with."""

    def __init__(self, delivery: Delivery, lines: Table) -> None:
        begins = {str(uid).partition(":")[0] for uid in lines.columns["uid"]}
        self.feed = begins.pop() if len(begins) == 1 else "twin"
        self.delivery = delivery
        self.rows: dict[str, list[tuple]] = {name: [] for name in FILES}

    def id(self, uid: str) -> str:
        return uid.removeprefix(f"{self.feed}:")

    def add(self, file: str, *values: Any) -> None:
        self.rows[file].append(tuple("" if value is None else value for value in values))

    def save(self, path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, head in FILES.items():
                if self.rows[name]:
                    text = io.StringIO()
                    csv.writer(text, lineterminator="\r\n").writerows([head, *self.rows[name]])
                    archive.writestr(f"{name}.txt", text.getvalue())


def gtfs(delivery: Delivery, path: Path) -> None:
    lines, stops = delivery.needed("lines", "GTFS"), delivery.needed("stops", "GTFS")
    feed = _Feed(delivery, lines)
    _stops(feed, stops)
    _lines(feed, lines)
    there = set(map(str, stops.columns["uid"]))
    drawn = {str(uid): i for i, uid in enumerate(lines.columns["uid"]) if lines.columns["headways"][i]}
    for uid, row in drawn.items():
        _drawn(feed, lines, uid, row, there)
    _loaded(feed, {str(uid) for uid in lines.columns["uid"]} - drawn.keys(), there)
    feed.save(path)


def _stops(feed: _Feed, stops: Table) -> None:
    columns, places = stops.columns, _degrees(feed, stops.shapes)
    parents = {str(one) for one in columns["station"] if one} & set(map(str, columns["uid"]))
    for i, (longitude, latitude) in enumerate(shapely.get_coordinates(shapely.centroid(places)).round(7).tolist()):
        uid, station = str(columns["uid"][i]), columns["station"][i]
        barrier_free = {True: 1, False: 2}.get(columns["wheelchair"][i], 0)
        feed.add("stops", feed.id(uid), columns["name"][i] or uid, latitude, longitude, columns["code"][i],
                 columns["platform"][i], int(uid in parents), feed.id(station) if station in parents else None,
                 barrier_free)  # fmt: skip


def _lines(feed: _Feed, lines: Table) -> None:
    columns = lines.columns
    operators = list(dict.fromkeys(str(one or feed.delivery.city) for one in columns["operator"]))
    ids = {name: feed.feed if i == 0 else f"{feed.feed}-{i}" for i, name in enumerate(operators)}
    for name, id in ids.items():
        feed.add("agency", id, name, "https://example.org", "Europe/Berlin")
    for i, places in enumerate(_degrees(feed, lines.shapes)):
        uid = feed.id(str(columns["uid"][i]))
        operator = ids[str(columns["operator"][i] or feed.delivery.city)]
        feed.add("routes", uid, operator, columns["number"][i] or uid, columns["name"][i],
                 KINDS.get(columns["kind"][i], OTHER), (columns["color"][i] or "").upper())  # fmt: skip
        for part, line in enumerate(shapely.get_parts(places)):
            for number, (longitude, latitude) in enumerate(shapely.get_coordinates(line).round(7).tolist()):
                feed.add("shapes", f"{uid}-{part}", latitude, longitude, number)


def _drawn(feed: _Feed, lines: Table, uid: str, row: int, there: set[str]) -> None:
    """A line that a scenario draws: there and back, every so many minutes."""
    calls = [call for call in read_calls(lines.columns["calls"][row]) if call.stop in there]
    if len(calls) < 2:
        return
    if not any(day[0] == PLANNED for day in feed.rows["calendar"]):
        year = dt.date.today().year
        feed.add("calendar", PLANNED, 1, 1, 1, 1, 1, 0, 0, f"{year}0101", f"{year}1231")
    id, last = feed.id(uid), calls[-1].after
    back = [(call.stop, last - call.after) for call in reversed(calls)]
    for direction, way in enumerate(([(call.stop, call.after) for call in calls], back)):
        trip = f"{id}-{direction}"
        feed.add("trips", id, PLANNED, trip, None, direction, f"{id}-0")
        _calls(feed, trip, ((stop, after, after) for stop, after in way))
        for one in read_headways(lines.columns["headways"][row]):
            feed.add("frequencies", trip, clock(one.first), clock(one.last), one.headway, 1)


def _loaded(feed: _Feed, lines: set[str], there: set[str]) -> None:
    """Trips of the timetable, without the stops that the scenario takes away."""
    trips = [trip for trip in feed.delivery.rows("trip") if trip.line in lines]
    uids = {trip.uid for trip in trips}
    calls: dict[str, list[Any]] = {uid: [] for uid in uids}
    for call in feed.delivery.rows("stop_time"):
        if call.trip in uids and call.stop in there:
            calls[call.trip].append(call)
    known: set[str] = set()
    for trip in trips:
        if len(calls[trip.uid]) < 2:
            continue
        id = feed.id(trip.uid)
        if id not in known:
            feed.add("trips", feed.id(trip.line), feed.id(trip.service), id, trip.headsign, trip.direction, None)
            ordered = sorted(calls[trip.uid], key=lambda call: call.place)
            _calls(feed, id, ((call.stop, call.arrival, call.departure) for call in ordered))
            known.add(id)
        if trip.headway:
            feed.add("frequencies", id, clock(trip.first), clock(trip.last), trip.headway, 0)
    services = {trip.service for trip in trips}
    for one in feed.delivery.rows("service_day"):
        if one.service in services:
            feed.add("calendar_dates", feed.id(one.service), f"{one.day:%Y%m%d}", 1)


def _calls(feed: _Feed, trip: str, calls: Iterable[tuple[str, int, int]]) -> None:
    for number, (stop, arrival, departure) in enumerate(calls, 1):
        feed.add("stop_times", trip, clock(arrival), clock(departure), feed.id(stop), number)


def clock(seconds: int) -> str:
    """Hours may pass 24."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def _degrees(feed: _Feed, shapes: Any) -> Any:
    return transform(shapely.force_2d(shapes), CRS(feed.delivery.epsg), LONLAT)
