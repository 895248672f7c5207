"""The timetable of one day, as a scenario plans it: what was loaded, and the lines that it draws, thins or cuts."""

import datetime as dt
from collections import Counter
from typing import NamedTuple

import numpy as np
import shapely
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from layers.headways import Call, read_calls, read_headways
from layers.lines import Line, ServiceDay, Trip
from layers.stops import Stop
from scenarios.rows import Rows, rows_in
from twin.errors import BadValue
from twin.feature import Words

EVERYWHERE = (-1e9, -1e9, 1e9, 1e9)
DAY = 86_400  # seconds
STOP_COLUMNS, LINE_COLUMNS = ("name", "kind", "station"), ("number", "kind", "headways", "calls")


class Runs(NamedTuple):
    """Trips as they call (k,): number of the trip, stop (row of the stops), seconds after midnight; and their lines."""

    trip: np.ndarray
    stop: np.ndarray
    arrival: np.ndarray
    departure: np.ndarray
    line: np.ndarray  # (trips,) row of the lines

    def __len__(self) -> int:
        return len(self.line)


class Timetable(NamedTuple):
    """All trips of a day, ordered by trip and along each. stops, lines: as planned; notes: what was left out."""

    day: dt.date
    stops: Rows
    lines: Rows
    runs: Runs
    notes: tuple[Words, ...]


class _Loaded(NamedTuple):
    """One trip that was loaded: its calls as (stop, arrival, departure), seconds of the day that is asked for."""

    line: str
    direction: int
    calls: list[tuple[str, int, int]]


def timetable(db: Session, scenario: int, day: dt.date | None = None) -> Timetable:
    """day: an ordinary weekday where none is given. Raises BadValue where nothing runs on it."""
    stops = rows_in(db, Stop, scenario, EVERYWHERE, STOP_COLUMNS)
    lines = rows_in(db, Line, scenario, EVERYWHERE, LINE_COLUMNS)
    usual = weekday(db)
    chosen = day or usual or dt.date(2026, 3, 17)
    loaded = _loaded(db, chosen, {str(uid) for uid in lines["uid"]})
    if day is not None and usual is not None and not loaded:
        first, last = span(db)
        raise BadValue(Words(
            f"Am {day:%d.%m.%Y} fährt nach dem Fahrplan nichts. Er gilt vom {first:%d.%m.%Y} bis {last:%d.%m.%Y}.",
            f"Nothing runs on {day} by the timetable. It holds from {first} to {last}.",
        ))  # fmt: skip
    return _put_together(chosen, stops, lines, loaded)


def weekday(db: Session) -> dt.date | None:
    """The Monday to Friday on which most trips run."""
    trips: dict[str, int] = dict(db.execute(select(Trip.service, func.count()).group_by(Trip.service)).all())  # type: ignore[arg-type]
    running: Counter[dt.date] = Counter()
    for service, day in db.execute(select(ServiceDay.service, ServiceDay.day)):
        if day.weekday() < 5:
            running[day] += trips.get(service, 0)
    return min(running, key=lambda day: (-running[day], day), default=None)


def span(db: Session) -> tuple[dt.date, dt.date]:
    first, last = db.execute(select(func.min(ServiceDay.day), func.max(ServiceDay.day))).one()
    return first, last


def _loaded(db: Session, day: dt.date, lines: set[str]) -> list[_Loaded]:
    """Of the day, and those of the day before that run past midnight."""
    found = []
    for late, service_day in ((0, day), (DAY, day - dt.timedelta(days=1))):
        trips = db.execute(
            text("select uid, line, direction, headway, first, last from trip where service in"
                 " (select service from service_day where day = :day) order by id")
            .bindparams(bindparam("day", service_day, ServiceDay.day.type))
        ).all()  # fmt: skip
        if not trips:
            continue
        calls: dict[str, list[tuple[str, int, int]]] = {}
        for trip, stop, arrival, departure in db.execute(
            text("select t.trip, t.stop, t.arrival, t.departure from stop_time t where t.trip in (select uid from trip"
                 " where service in (select service from service_day where day = :day))"
                 + (" and t.departure >= 86400 " if late else " ") + "order by t.trip, t.place")
            .bindparams(bindparam("day", service_day, ServiceDay.day.type))
        ):  # fmt: skip
            calls.setdefault(trip, []).append((stop, arrival - late, departure - late))
        for uid, line, direction, headway, first, last in trips:
            if line in lines and len(calls.get(uid, ())) > 1:
                for mine in _repeated(calls[uid], headway, first, last, late):
                    found.append(_Loaded(line, direction or 0, mine))
    return found


def _repeated(calls: list, headway: int | None, first: int | None, last: int | None, late: int) -> list[list]:
    """A trip by headway leaves its first stop every so many seconds."""
    if headway is None or first is None or last is None:
        return [calls]
    leaves = calls[0][2]
    return [[(stop, a + at - late - leaves, d + at - late - leaves) for stop, a, d in calls]
            for at in range(first, last, headway) if at >= late]  # fmt: skip


def _put_together(day: dt.date, stops: Rows, lines: Rows, loaded: list[_Loaded]) -> Timetable:
    row_of = {str(uid): i for i, uid in enumerate(stops["uid"])}
    of_line: dict[str, list[_Loaded]] = {}
    for one in loaded:
        of_line.setdefault(one.line, []).append(one)
    trips: list[tuple[int, list[tuple[str, int, int]]]] = []
    for i, uid in enumerate(lines["uid"]):
        mine = of_line.get(str(uid), [])
        calls, headways = read_calls(lines["calls"][i]), lines["headways"][i]
        if not calls and not headways:
            trips += [(i, one.calls) for one in mine]
        else:
            trips += [(i, run) for run in _planned(calls, headways, mine)]
    return _numbered(day, stops, lines, trips, row_of)


def _planned(calls: list[Call], headways: str | None, loaded: list[_Loaded]) -> list[list[tuple[str, int, int]]]:
    """Both ways. What a line does not say of itself, stops or headways, is as its loaded trips have it."""
    ways = _ways(calls) if calls else _patterns(loaded)
    if headways:
        leaving = [at for one in read_headways(headways) for at in range(one.first, one.last, one.headway)]
        starts = [leaving] * len(ways)
    else:
        starts = [[one.calls[0][2] for one in loaded if (one.direction == 1) == (way > 0)] for way in range(len(ways))]
    return [
        [(stop, at + arrival, at + departure) for stop, arrival, departure in way]
        for way, leaving in zip(ways, starts, strict=True)
        for at in leaving
    ]


def _ways(calls: list[Call]) -> list[list[tuple[str, int, int]]]:
    whole = calls[-1].after
    there = [(call.stop, call.after, call.after) for call in calls]
    return [there, [(call.stop, whole - call.after, whole - call.after) for call in reversed(calls)]]


def _patterns(loaded: list[_Loaded]) -> list[list[tuple[str, int, int]]]:
    """The commonest run of each direction, from its first departure on."""
    found = []
    for direction in sorted({one.direction for one in loaded}):
        mine = [one.calls for one in loaded if one.direction == direction]
        usual = Counter(tuple(stop for stop, _, _ in calls) for calls in mine).most_common(1)[0][0]
        calls = next(calls for calls in mine if tuple(stop for stop, _, _ in calls) == usual)
        found.append([(stop, arrival - calls[0][2], departure - calls[0][2]) for stop, arrival, departure in calls])
    return found


def _numbered(day: dt.date, stops: Rows, lines: Rows, trips: list, row_of: dict[str, int]) -> Timetable:
    """Calls at stops that are not there, or no longer, are passed by."""
    columns: list[tuple[int, int, int, int]] = []
    line_of: list[int] = []
    unknown: set[str] = set()
    for line, calls in trips:
        known = [(row_of[stop], arrival, departure) for stop, arrival, departure in calls if stop in row_of]
        unknown.update(stop for stop, _, _ in calls if stop not in row_of)
        if len(known) > 1:
            columns += [(len(line_of), *call) for call in known]
            line_of.append(line)
    table = np.array(columns, np.int64).reshape(-1, 4)
    notes = []
    if unknown:
        listed = ", ".join(sorted(unknown)[:3])
        notes.append(Words(
            f"{len(unknown)} Haltestellen des Fahrplans gibt es nicht (mehr); dort hält nichts: {listed}",
            f"{len(unknown)} stops of the timetable are not there (any more); nothing calls there: {listed}",
        ))  # fmt: skip
    return Timetable(day, stops, lines, _runs(table, line_of), tuple(notes))


def _runs(table: np.ndarray, line_of: list[int]) -> Runs:
    trip, stop, arrival, departure = table.T
    return Runs(trip, stop, arrival, departure, np.array(line_of, np.int64))


def places(table: Timetable) -> np.ndarray:
    """(stops, 2) metres."""
    return shapely.get_coordinates(shapely.centroid(table.stops.shapes))
