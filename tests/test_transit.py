"""By bus and train: waiting, changing, walking between stops, planned lines, and how well stops are served."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from layers.lines import Line, ServiceDay, StopTime, Trip
from layers.stops import Stop
from scenarios.access.net import join
from scenarios.access.quality import CLASSES, classes, in_metres, served
from scenarios.access.timetable import Runs, Timetable, timetable
from scenarios.access.transit import HORIZON, NEVER, arrivals, by_bus, transit_of, walks_between
from scenarios.changes import clear, place, step
from scenarios.indicators import indicator
from tests import brute
from tests.drawn import on_paper
from tests.hamlet import EAST, NORTH
from tests.lanes import net_of, points, rows_of, street
from twin.errors import BadValue
from twin.feature import Scenario, Source

TUESDAY = dt.date(2026, 3, 17)
SIX = 6 * 3600


def at(x, y=0):
    return Point(EAST + x, NORTH + y)


@pytest.fixture
def lines(db):
    """Line 1 from A over B to C every half hour from six, line 2 from C to D; a trip by headway, one past midnight."""
    source = Source(path="feed.zip", kind="GTFS", layer="stops", crs="EPSG:4326", read_at=dt.datetime(2026, 2, 1))
    db.add(source)
    db.flush()
    db.add_all(Stop(uid=uid, name=uid, kind="bus", shape=at(1000 * i)) for i, uid in enumerate("ABCD"))
    db.add_all(Line(uid=uid, number=uid, kind="bus", shape=LineString([at(0), at(3000)])) for uid in ("1", "2"))
    db.add(ServiceDay(source_id=source.id, service="week", day=TUESDAY))
    db.add(ServiceDay(source_id=source.id, service="week", day=TUESDAY - dt.timedelta(days=1)))
    for k in range(4):
        _trip(db, source.id, f"1-{k}", "1", [("A", 1800 * k), ("B", 1800 * k + 180), ("C", 1800 * k + 360)])
    _trip(db, source.id, "2", "2", [("C", 0), ("D", 240)], headway=600, first=SIX + 300, last=SIX + 7200)
    _trip(db, source.id, "night", "1", [("A", 18 * 3600 + 900), ("B", 18 * 3600 + 1200)])
    _trip(db, source.id, "lost", "1", [("A", 100), ("nowhere", 200), ("B", 300)])
    db.add(Scenario(id=1, title="Neue Linie"))
    db.commit()
    return db


def _trip(db, source, uid, line, calls, **more):
    db.add(Trip(source_id=source, uid=uid, line=line, service="week", **more))
    db.add_all(
        StopTime(source_id=source, trip=uid, place=i, stop=stop, arrival=SIX + after, departure=SIX + after)
        for i, (stop, after) in enumerate(calls)
    )


def net_here():
    return net_of(street((EAST - 500, NORTH + 10), (EAST + 4000, NORTH + 10)))


def by_vehicle(db, departure, scenario=0, x=-50):
    """stop -> minutes after six at which a vehicle brings one there who starts at x metres."""
    table = timetable(db, scenario, TUESDAY)
    transit = transit_of(table, net_here())
    joined, many = transit.joined, len(transit.rides.stop_of)
    both = join(joined.net, joined.net.onto(np.append(table.stops.shapes[transit.rides.stop_of], at(x))))
    walks = walks_between(both, np.array([many]), np.arange(many), 900)
    found = arrivals(transit, walks, departure)[0]
    names = table.stops["uid"][transit.rides.stop_of]
    return {name: round((time - SIX) / 60, 1) for name, time in zip(names, found.tolist(), strict=True) if time < NEVER}


def test_one_waits_rides_changes_and_arrives(lines):
    assert by_vehicle(lines, SIX - 300) == {"B": 3.0, "C": 6.0, "D": 19.0}  # two minutes to change: the bus at 6.15
    assert by_vehicle(lines, SIX) == {"B": 5.0, "C": 36.0, "D": 49.0}


def test_a_bus_of_yesterday_s_timetable_runs_past_midnight(lines):
    assert by_vehicle(lines, 10 * 60)["B"] == (20 * 60 - SIX) / 60


def test_calls_at_stops_that_are_not_there_are_passed_by_and_told(lines):
    assert "1 stops of the timetable are not there" in timetable(lines, 0, TUESDAY).notes[0].en


def test_a_day_without_buses_is_told_with_the_span(lines):
    with pytest.raises(BadValue, match="holds from 2026-03-16 to 2026-03-17"):
        timetable(lines, 0, dt.date(2026, 3, 22))
    assert timetable(lines, 0).day.weekday() < 5


def test_a_line_of_a_scenario_runs_both_ways_a_denser_one_oftener_and_a_gone_one_not(lines):
    with step(lines, lines.get(Scenario, 1), None, "plan") as now:
        shape = LineString([at(0), at(3000)])
        place(
            now, Line, "X", shape, {"number": "X", "kind": "bus", "headways": "5-8:10", "calls": "A@0;D@5"}, seen=None
        )
        place(now, Line, "1", None, {"headways": "6-7:5"}, seen=0)
        clear(now, Line, "2", seen=0)
    found = by_vehicle(lines, SIX - 300, scenario=1)
    assert found == {"A": 15.0, "B": 3.0, "C": 6.0, "D": 5.0}
    assert by_vehicle(lines, SIX - 300) == {"B": 3.0, "C": 6.0, "D": 19.0}


def test_by_bus_one_comes_as_far_as_vehicle_and_feet_take_one(lines):
    transit = transit_of(timetable(lines, 0, TUESDAY), net_here())
    outing = by_bus(transit, at(-50), SIX - 300, 1800)
    net = transit.joined.net
    seconds = outing.at(
        net.onto(points((EAST + 1000, NORTH + 10), (EAST + 2100, NORTH + 10), (EAST - 200, NORTH + 10)))
    )
    stop_beside = 10 / (5 / 3.6)
    assert seconds[0] == pytest.approx(300 + 180 + stop_beside, abs=2)
    assert seconds[1] == pytest.approx(300 + 360 + stop_beside + 100 / (5 / 3.6), abs=2)
    assert seconds[2] == pytest.approx(160 / (5 / 3.6), abs=2)


def test_a_block_reaches_by_bus_what_is_too_far_on_foot(lines):
    """From A to the shop at D: on foot 36 minutes; five until the bus at six, 18 to the stop at D, one on foot."""
    shop = Point(EAST + 3000, NORTH + 5), {"kind": "food", "detail": "supermarket"}
    given = on_paper(
        streets=[(LineString([(EAST - 500, NORTH + 10), (EAST + 4000, NORTH + 10)]), {"kind": "residential"})],
        buildings=[(box(EAST - 10, NORTH + 15, EAST, NORTH + 25), {"use": "residential", "dwellings": 4})],
        blocks=[(box(EAST - 100, NORTH, EAST + 100, NORTH + 100), {"inhabitants": 12, "number": "1"})],
        facilities=[shop],
    )  # fmt: skip
    at_six = {**given.assumed, "leaving_at": given.assumed["leaving_at"]._replace(value=6 - 1 / 12)}
    riding = replace(given, timetable=lambda: timetable(lines, 0, TUESDAY), assumed=at_six)
    answer = indicator("by_bus").answer(riding)
    assert {one.name: one.value for one in answer.figures} == {"by_bus_daily": 12, "by_bus_food": 12}
    assert answer.places[0].values["food"] == pytest.approx(23.2, abs=0.1)
    assert "GTFS" in indicator("by_bus").answer(given).figures[0].refused.de


def random_town(seed, stops=30, trips=90):
    rng = np.random.default_rng(seed)
    where = rng.uniform(0, 3000, (stops, 2))
    runs = []
    for trip in range(trips):
        called = rng.choice(stops, 6, replace=False)
        times = SIX + 60 * (rng.integers(0, 120) + np.cumsum(rng.integers(1, 7, 6)))
        runs += [
            (trip, stop, time, time + 60 * int(rng.integers(0, 2)))
            for stop, time in zip(called.tolist(), times.tolist(), strict=True)
        ]
    return where, runs


def test_every_arrival_is_that_of_a_search_over_all_calls():
    where, runs = random_town(7)
    stops = rows_of([(Point(*xy), {"name": f"h{i}"}) for i, xy in enumerate(where)], ("name", "kind", "station"))
    table = Timetable(TUESDAY, stops, rows_of([(LineString([(0, 0), (1, 1)]), {})], ("kind",)),
                      Runs(*np.array(runs).T, np.zeros(90, int)), ())  # fmt: skip
    across = [street((0, y), (3000, y)) for y in range(0, 3001, 300)]
    net = net_of(
        *across, *[street((x, 0), (x, 3000)) for x in range(0, 3001, 300)], own=[f"s{i}" for i in range(1, 12)]
    )
    transit = transit_of(table, net)
    homes = np.random.default_rng(8).uniform(0, 3000, (40, 2))
    many = len(transit.rides.stop_of)
    both = join(net, net.onto(np.append(stops.shapes[transit.rides.stop_of], points(*homes))))
    walks = walks_between(both, many + np.arange(40), np.arange(many), 900)
    ours = arrivals(transit, walks, SIX + 600)
    between = {i: dict(zip(transit.to[a:b].tolist(), transit.walk[a:b].tolist(), strict=True))
               for i, (a, b) in enumerate(zip(transit.first, transit.first[1:], strict=False))}  # fmt: skip
    numbered = (table.runs.trip, np.searchsorted(transit.rides.stop_of, table.runs.stop), *table.runs[2:4])
    told = brute.timetable(numbered)
    for i in range(40):
        row = walks[i]
        afoot = dict(zip(row.indices.tolist(), np.ceil(row.data).astype(int).tolist(), strict=True))
        theirs = brute.arrivals(told, afoot, between, SIX + 600, transit.change, HORIZON)
        assert {stop: time for stop, time in enumerate(ours[i].tolist()) if time < NEVER} == theirs
    assert (ours < NEVER).sum() > 400


def test_stops_have_classes_by_headway_vehicle_and_way_on_foot(lines):
    """At A only line X leaves often: every 5 minutes one way, 10 in the mean of both, so category 3 of a bus."""
    with step(lines, lines.get(Scenario, 1), None, "plan") as now:
        shape = LineString([at(0), at(3000)])
        place(
            now, Line, "X", shape, {"number": "X", "kind": "bus", "headways": "6-20:5", "calls": "A@0;D@5"}, seen=None
        )
    table = timetable(lines, 1, TUESDAY)
    found = served(table)
    stop_a = list(table.stops["uid"]).index("A")
    assert found.headway[stop_a] == pytest.approx(14 * 60 / ((14 * 12 + 5) / 2), rel=0.02)
    assert found.category[stop_a] == 3
    net = in_metres(net_here().ways)
    homes = points(*((EAST - x, NORTH + 10) for x in (100, 290, 400)))
    best, by = classes(net, net.onto(homes), table, found)
    assert [CLASSES[i] for i in best] == ["B", "B", "C"]
    assert set(by) == {stop_a}
