"""Real timetables: Heidelberg's trams and buses, Porto Alegre's buses and trains."""

import datetime as dt
from functools import cache

import pytest

from layers.reading import gtfs
from layers.reading.batch import Rows, Wanted
from tests.real import REAL, needs_real_data

pytestmark = needs_real_data
HEIDELBERG = "heidelberg-osm-gtfs/vrn_gtfs_cut.zip"
BUSES = "porto-alegre/poa_eptc.zip"
TRAINS = "porto-alegre/poa_trensurb.zip"


@cache
def read(name):
    return Read(name)


class Read:
    def __init__(self, name):
        for piece in gtfs.read(REAL / name, Wanted()):
            setattr(self, piece.table if isinstance(piece, Rows) else piece.layer, piece)

    def on(self, day):
        """Services, trips, calls and stops served on a day."""
        days, trips, calls = self.service_day.columns, self.trip.columns, self.stop_time.columns
        running = {service for service, on in zip(days["service"], days["day"], strict=True) if on == day}
        under_way = {uid for uid, service in zip(trips["uid"], trips["service"], strict=True) if service in running}
        served = [stop for trip, stop in zip(calls["trip"], calls["stop"], strict=True) if trip in under_way]
        return len(running), len(under_way), len(served), len(set(served))


@pytest.mark.parametrize(
    ("name", "stops", "lines", "trips", "calls"),
    [(HEIDELBERG, 392, 7, 1_480, 46_269), (BUSES, 3_986, 115, 2_374, 130_019), (TRAINS, 24, 2, 1_248, 14_855)],
)
def test_a_feed_is_read_whole(name, stops, lines, trips, calls):
    town = read(name)
    assert (len(town.stops), len(town.lines)) == (stops, lines)
    assert (len(town.trip.columns["uid"]), len(town.stop_time.columns["trip"])) == (trips, calls)
    assert town.stops.left_out == town.lines.left_out == []
    assert set(town.stop_time.columns["stop"]) <= set(town.stops.uids)
    assert set(town.trip.columns["line"]) <= set(town.lines.uids)


def test_heidelberg_runs_on_its_weekday_and_its_sunday():
    town = read(HEIDELBERG)
    assert town.on(dt.date(2022, 9, 14)) == (11, 748, 22_969, 336)
    assert town.on(dt.date(2022, 9, 18)) == (13, 376, 10_388, 267)


def test_porto_alegre_runs_on_its_weekday_and_its_sunday():
    buses, trains = read(BUSES), read(TRAINS)
    assert buses.on(dt.date(2019, 5, 15))[1:3] == (2_374, 130_019) and buses.on(dt.date(2019, 5, 19))[1] == 0
    assert trains.on(dt.date(2019, 5, 15))[1:3] == (529, 6_347) and trains.on(dt.date(2019, 5, 19))[1:3] == (303, 3_592)
    assert not set(buses.stops.uids) & set(trains.stops.uids)


def test_heidelbergs_stations_stand_over_their_platforms_and_its_night_trams_run_past_midnight():
    town = read(HEIDELBERG)
    parents = {station for station in town.stops.fields["station"] if station}
    assert parents <= set(town.stops.uids) and sum(map(bool, town.stops.fields["station"])) == 103
    assert max(town.stop_time.columns["arrival"]) == 28 * 3600 + 15 * 60
    assert set(town.lines.estimated) == {"shape: straight from stop to stop"}
    assert any("has expired" in note for note in town.stops.notes)


def test_porto_alegres_buses_follow_their_drawn_ways_and_have_a_time_at_every_stop():
    town = read(BUSES)
    assert set(town.lines.estimated) == {None}
    times = zip(town.stop_time.columns["trip"], town.stop_time.columns["arrival"], strict=True)
    before = ("", 0)
    for trip, arrival in times:
        assert trip != before[0] or arrival >= before[1]
        before = (trip, arrival)
    assert "125271 of 130019 calls have no time" in " ".join(town.stops.notes)


def test_the_agency_of_porto_alegres_trains_is_read_past_the_blank_in_its_header():
    assert read(TRAINS).lines.fields["operator"] == ["TRENSURB", "TRENSURB"]
