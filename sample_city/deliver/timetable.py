"""The timetable of the town's buses and of the railway, as a GTFS feed."""

import csv
import io
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from sample_city.names import TOWN
from sample_city.plan import MAINS
from sample_city.streets import STEPS, Street, smooth
from sample_city.terrain import rail_y
from sample_city.town import EAST, NORTH, SRID, Town
from twin.projection import to_lonlat

VALID = ("20251214", "20271211")
# Days on which the buses run as on Sundays: the holidays of Saxony-Anhalt.
HOLIDAYS = (
    "20251225 20251226 20260101 20260106 20260403 20260406 20260501 20260514 20260525 20261003 20261031 20261225 "
    "20261226 20270101 20270106 20270326 20270329 20270501 20270506 20270517 20271003 20271031"
)
APART = 340.0  # metres between stops along a street
BUS_SPEED, TRAIN_SPEED = 6.2, 17.0  # metres a second between stops
WAIT = 20  # seconds at a stop

Headways = tuple[tuple[int, int, int], ...]  # from, until (minutes after midnight), every so many minutes
WEEKDAY, SATURDAY, SUNDAY = "Mo-Fr", "Sa", "So+Feiertag"
TOWN_BUS: dict[str, Headways] = {
    WEEKDAY: ((290, 360, 30), (360, 540, 15), (540, 840, 20), (840, 1110, 15), (1110, 1260, 30), (1260, 1380, 60)),
    SATURDAY: ((360, 540, 60), (540, 960, 30), (960, 1320, 60)),
    SUNDAY: ((480, 1260, 60),),
}
SMALL_BUS: dict[str, Headways] = {
    WEEKDAY: ((320, 1200, 30),),
    SATURDAY: ((480, 1080, 60),),
    SUNDAY: ((600, 1080, 120),),
}
REGIONAL_BUS: dict[str, Headways] = {
    WEEKDAY: ((300, 1260, 60),),
    SATURDAY: ((420, 1140, 120),),
    SUNDAY: ((540, 1080, 180),),
}
TRAIN: dict[str, Headways] = {WEEKDAY: ((275, 1390, 60),), SATURDAY: ((335, 1390, 60),), SUNDAY: ((395, 1390, 60),)}


class Line(NamedTuple):
    number: str
    name: str
    agency: str
    kind: int  # GTFS route_type
    color: str
    headways: dict[str, Headways]
    way: tuple[tuple[str, int, int], ...]  # stretches of main streets


STATION = ("north", 6, 0)
LINES = (
    Line(
        "A",
        "Bahnhof - Markt - Südplatte",
        "stadtbus",
        3,
        "C0392B",
        TOWN_BUS,
        (STATION, ("ring", 0, 6), ("south", 0, 5)),
    ),
    Line(
        "B",
        "Westhöhe - Altstadt - Ostsiedlung",
        "stadtbus",
        3,
        "2471A3",
        TOWN_BUS,
        (("west", 4, 0), ("ring", 9, 13), ("ring", 0, 3), ("east", 0, 4)),
    ),
    Line(
        "C",
        "Gewerbepark - Klinikum - Villenhang",
        "stadtbus",
        3,
        "1E8449",
        SMALL_BUS,
        (("rail", 5, 4), ("east_ring", 5, 0), ("outer", 0, 6), ("west", 1, 3)),
    ),
    Line("D", "Bahnhof - Gewerbepark", "stadtbus", 3, "B9770E", SMALL_BUS, (("north", 4, 6), ("rail", 3, 6))),
    Line(
        "820",
        "Bahnhof - Leipziger Straße - Umland",
        "regional",
        3,
        "7D3C98",
        REGIONAL_BUS,
        (STATION, ("ring", 0, 3), ("east", 0, 5)),
    ),
)
RAILWAY = Line("RB 76", "Merlenburg West - Merlenburg - Merlenburg Ost", "bahn", 2, "555555", TRAIN, ())
HALTS = ((-1150.0, "West"), (112.0, "Bahnhof"), (1120.0, "Ost"))

Table = list[tuple]


class Feed:
    """The tables of the feed, each with its head as first row."""

    def __init__(self) -> None:
        self.stops: Table = [
            ("stop_id", "stop_code", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station",
             "platform_code", "wheelchair_boarding"),
        ]  # fmt: skip
        self.routes: Table = [
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type", "route_color",
             "route_text_color"),
        ]  # fmt: skip
        self.trips: Table = [("route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id")]
        self.stop_times: Table = [
            ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type", "drop_off_type")
        ]
        self.shapes: Table = [("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")]
        self.known: dict[tuple, str] = {}  # stop_id by street and place along it
        self.names: dict[str, int] = {}


def write(town: Town, folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    feed = Feed()
    axes = [street for street in town.streets if street.kind not in ("rail", "footway", "track")]
    for line in LINES:
        path, stops = _way(feed, line, axes)
        _add_line(feed, line, path, stops, BUS_SPEED)
    path, stops = _railway(feed)
    _add_line(feed, RAILWAY, path, stops, TRAIN_SPEED)
    _save(feed, folder / "stadtverkehr.zip")


def _way(feed: Feed, line: Line, axes: list[Street]):
    """The bus's path, and its stops as (metres along the path, stop_id)."""
    points: list[np.ndarray] = []
    stops: list[tuple[float, str]] = []
    before = 0.0
    for key, start, end in line.way:
        curve = smooth(MAINS[key].points)
        low, high = sorted((start, end))
        whole = shapely.LineString(curve)
        part = curve[low * STEPS : high * STEPS + 1]
        first = shapely.LineString(curve[: low * STEPS + 1]).length if low else 0.0
        length = shapely.LineString(part).length
        places = [at for at in np.arange(APART / 2, whole.length, APART) if first <= at <= first + length]
        forward = [(at - first, key, at) for at in places]
        steps = forward if start < end else [(length - along, key, at) for along, key, at in reversed(forward)]
        stops += [(before + along, _stop(feed, key, at, whole, axes)) for along, key, at in steps]
        points.append(part if start < end else part[::-1])
        before += length
    if line.way[0] == STATION:
        stops.insert(0, (0.0, _station(feed)))
    return np.vstack(points), stops


def _stop(feed: Feed, key: str, along: float, whole, axes: list[Street]) -> str:
    place = (key, round(along))
    if place not in feed.known:
        at = whole.interpolate(along)
        name = _stop_name(feed, key, at, axes)
        feed.known[place] = _add_stop(feed, name, at.x, at.y, len(feed.known) % 3 != 0)
    return feed.known[place]


def _stop_name(feed: Feed, key: str, at, axes: list[Street]) -> str:
    """By the street that crosses there."""
    own = MAINS[key].name
    others = sorted((street.axis.distance(at), street.name) for street in axes if street.name != own)
    name = others[0][1] if others and others[0][0] < 90 else own
    feed.names[name] = feed.names.get(name, 0) + 1
    return name if feed.names[name] == 1 else f"{name}/{own}" if feed.names[name] == 2 else f"{own} {feed.names[name]}"


def _station(feed: Feed) -> str:
    if ("station",) not in feed.known:
        feed.known["station",] = _add_stop(feed, f"{TOWN}, Bahnhof", 96.0, 738.0, True)
    return feed.known["station",]


def _add_stop(feed: Feed, name: str, x: float, y: float, wheelchair: bool) -> str:
    """A stop place and its two platforms; returns the place. Its platforms end in :1 and :2."""
    number = f"de:15099:{1000 + len(feed.known)}"
    longitude, latitude = _degrees(x, y)
    access = 1 if wheelchair else 2
    feed.stops.append((number, "", name, latitude, longitude, 1, "", "", access))
    for platform, aside in ((1, -7), (2, 7)):
        longitude, latitude = _degrees(x + aside, y - aside / 2)
        feed.stops.append((f"{number}:{platform}", "", name, latitude, longitude, 0, number, platform, access))
    return number


def _degrees(x: float, y: float) -> tuple[str, str]:
    point = to_lonlat(shapely.Point(EAST + x, NORTH + y), SRID)
    return f"{point.x:.6f}", f"{point.y:.6f}"


def _railway(feed: Feed):
    x = np.arange(HALTS[0][0], HALTS[-1][0] + 1, 10)
    path = np.column_stack([x, rail_y(x)])
    line = shapely.LineString(path)
    stops = []
    for east, name in HALTS:
        at = float(rail_y(east))
        if name == "Bahnhof":
            place = _station(feed)
        else:
            feed.known["rail", name] = place = _add_stop(feed, f"{TOWN} {name}", east, at, True)
        stops.append((line.project(shapely.Point(east, at)), place))
    return path, stops


def _add_line(feed: Feed, line: Line, path: np.ndarray, stops: list[tuple[float, str]], speed: float):
    route = f"{line.agency}:{line.number.replace(' ', '')}"
    feed.routes.append((route, line.agency, line.number, line.name, line.kind, line.color, "FFFFFF"))
    total = float(np.hypot(*np.diff(path, axis=0).T).sum())
    for direction in (0, 1):
        shape = f"{route}:{direction}"
        way = path if direction == 0 else path[::-1]
        degrees = shapely.get_coordinates(to_lonlat(shapely.points(way + np.array([EAST, NORTH])), SRID))
        feed.shapes += [(shape, f"{lat:.6f}", f"{lon:.6f}", n) for n, (lon, lat) in enumerate(degrees.tolist())]
        ordered = stops if direction == 0 else [(total - at, stop) for at, stop in reversed(stops)]
        head = line.name.split(" - ")[-1 if direction == 0 else 0]
        for service, headways in line.headways.items():
            for n, start in enumerate(_departures(headways, direction)):
                trip = f"{shape}:{service}:{n}"
                feed.trips.append((route, service, trip, head, direction, shape))
                feed.stop_times += _calls(trip, ordered, start * 60, speed, direction)


def _departures(headways: Headways, direction: int):
    """Minutes after midnight; the way back leaves a little later."""
    return [minute + 7 * direction for low, high, every in headways for minute in range(low, high, every)]


def _calls(trip: str, stops: list[tuple[float, str]], start: int, speed: float, direction: int):
    calls = []
    first = stops[0][0]
    for n, (at, stop) in enumerate(stops):
        arrival = start + round((at - first) / speed / 10) * 10 + n * WAIT
        departure = arrival + (WAIT if 0 < n < len(stops) - 1 else 0)
        calls.append((trip, _clock(arrival), _clock(departure), f"{stop}:{direction + 1}", n, 0, 0))
    return calls


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _save(feed: Feed, path: Path):
    site = "https://www.example.org"
    tables = {
        "agency.txt": [
            ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
            ("stadtbus", f"Stadtverkehr {TOWN}", site, "Europe/Berlin", "de"),
            ("regional", "Regionalverkehr Merletal", site, "Europe/Berlin", "de"),
            ("bahn", "Merletalbahn", site, "Europe/Berlin", "de"),
        ],
        "stops.txt": feed.stops,
        "routes.txt": feed.routes,
        "trips.txt": feed.trips,
        "stop_times.txt": feed.stop_times,
        "shapes.txt": feed.shapes,
        "calendar.txt": _calendar(),
        "calendar_dates.txt": _holidays(),
        "feed_info.txt": [
            ("feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date"),
            (f"Stadtverkehr {TOWN}", site, "de", *VALID),
        ],
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, rows in tables.items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\r\n").writerows(rows)
            packed.writestr(zipfile.ZipInfo(name, (2026, 3, 31, 12, 0, 0)), text.getvalue(), zipfile.ZIP_DEFLATED)


def _calendar() -> Table:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return [
        ("service_id", *days, "start_date", "end_date"),
        (WEEKDAY, 1, 1, 1, 1, 1, 0, 0, *VALID),
        (SATURDAY, 0, 0, 0, 0, 0, 1, 0, *VALID),
        (SUNDAY, 0, 0, 0, 0, 0, 0, 1, *VALID),
    ]


def _holidays() -> Table:
    """On a holiday the week's timetable rests and Sunday's holds."""
    rows: Table = [("service_id", "date", "exception_type")]
    for day in HOLIDAYS.split():
        weekday = np.datetime64(f"{day[:4]}-{day[4:6]}-{day[6:]}").astype("datetime64[D]").astype(object).weekday()
        if weekday < 6:
            rows += [(WEEKDAY if weekday < 5 else SATURDAY, day, 2), (SUNDAY, day, 1)]
    return rows
