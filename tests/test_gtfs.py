"""What the timetable of two bus lines and a station says, and what is wrong with it."""

import datetime as dt
import zipfile

import pytest

from layers import BY_NAME
from layers.codes import LINE_KINDS
from layers.lines import TIMETABLE
from layers.reading import gtfs
from layers.reading.batch import Rows, Wanted
from twin.errors import BadFile

TUESDAY = dt.date(2026, 6, 9)
FEED = {
    "agency.txt": "agency_id,agency_name\nSTB,Stadtbus Musterstadt\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code,wheelchair_boarding\n"
        "bf,Bahnhof,51.05,12.13,1,,,\n"
        'bf1,"Bahnhof, Steig 1",51.05,12.131,0,bf,1,1\n'
        "de:15084:7,Markt,51.06,12.14,0,,,2\n"
        "ost,Ost,51.07,12.15,,,,\n"
        "tor,Eingang,51.05,12.13,2,bf,,\n"
    ),
    "routes.txt": (
        "route_id,agency_id,route_short_name,route_long_name,route_type,route_color\n"
        "1,STB,1,Bahnhof - Ost,3,0B6E6E\n"
        "S5,STB,S5,Bahnhof - Markt,109,\n"
    ),
    "trips.txt": (
        "route_id,service_id,trip_id,direction_id,trip_headsign\n"
        "1,week,a,0,Ost\n1,week,b,1,Bahnhof\n1,night#1,c,0,Ost\nS5,week,s,0,\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "a,08:00:00,08:00:00,bf1,1\na,08:05:00,08:06:00,de:15084:7,2\na,08:10:00,08:10:00,ost,3\n"
        "b,09:10:00,09:10:00,bf1,30\nb,,,de:15084:7,20\nb,09:00:00,09:00:00,ost,10\n"
        "c,24:30:00,24:30:00,bf1,1\nc,25:10:00,25:10:00,ost,2\n"
        "s,07:00:00,07:00:00,bf1,1\ns,07:02:00,07:02:00,de:15084:7,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "week,1,1,1,1,1,0,0,20260601,20260621\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\nnight#1,20260606,1\nweek,20260610,2\n",
}


@pytest.fixture
def feed(tmp_path):
    """Writes the feed as a zip; files may be given anew, or taken away with None."""

    def write(folder="", **anew):
        path = tmp_path / "feed.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in {**FEED, **{f"{name}.txt": text for name, text in anew.items()}}.items():
                if text is not None:
                    archive.writestr(folder + name, text)
        return path

    return write


class Read:
    """What came of a feed: batches and timetable by name."""

    def __init__(self, path):
        for piece in gtfs.read(path, Wanted()):
            setattr(self, piece.table if isinstance(piece, Rows) else piece.layer, piece)

    def stop(self, uid):
        number = self.stops.uids.index(uid)
        return {name: values[number] for name, values in self.stops.fields.items()}

    def line(self, uid):
        number = self.lines.uids.index(uid)
        return {name: values[number] for name, values in self.lines.fields.items()}

    def calls(self, trip):
        columns = self.stop_time.columns
        rows = zip(*(columns[name] for name in ("trip", "place", "stop", "arrival", "departure")), strict=True)
        return [row[1:] for row in rows if row[0] == trip]

    def left_out(self):
        return [(left.where, left.reason) for batch in (self.stops, self.lines) for left in batch.left_out]


def test_stops_and_lines_are_named_after_the_agency_and_german_stops_by_their_number(feed):
    read = Read(feed())
    assert read.stops.uids == ["stb:bf", "stb:bf1", "de:15084:7", "stb:ost"]
    assert read.lines.uids == ["stb:1", "stb:S5"] and read.left_out() == []


def test_a_stop_says_its_station_its_platform_and_whether_one_gets_there_without_steps(feed):
    read = Read(feed())
    stop = read.stop("stb:bf1")
    assert (stop["station"], stop["platform"], stop["wheelchair"]) == ("stb:bf", "1", True)
    assert read.stop("de:15084:7")["wheelchair"] is False and read.stop("stb:ost")["wheelchair"] is None


def test_an_entrance_is_not_a_stop_and_the_report_says_so(feed):
    assert "1 entrances are not stops and are not loaded." in Read(feed()).stops.notes


def test_departures_are_those_of_an_ordinary_weekday_and_a_station_has_those_of_its_platforms(feed):
    read = Read(feed())
    assert f"Departures and trips on a weekday are those of {TUESDAY:%A, %Y-%m-%d}." in read.stops.notes
    assert [read.stop(uid)["departures"] for uid in ("stb:bf1", "stb:bf", "de:15084:7", "stb:ost")] == [2, 2, 2, 1]
    assert read.line("stb:1")["trips"] == 2 and read.line("stb:S5")["trips"] == 1


def test_a_stop_is_of_the_best_kind_that_calls(feed):
    read = Read(feed())
    assert read.stop("stb:bf")["kind"] == "metro" and read.stop("stb:ost")["kind"] == "bus"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        *(("0", "tram"), ("2", "rail"), ("109", "metro"), ("101", "rail"), ("714", "bus"), ("900", "tram")),
        *(("1000", "ferry"), ("11", "bus"), ("1500", "other"), ("", "other")),
    ],
)
def test_means_of_transport_come_from_plain_and_extended_route_types(feed, number, kind):
    routes = f"route_id,agency_id,route_type\n1,STB,{number}\nS5,STB,3\n"
    assert Read(feed(routes=routes)).line("stb:1")["kind"] == kind and kind in LINE_KINDS


def test_a_line_without_a_drawn_way_goes_straight_from_stop_to_stop(feed):
    read = Read(feed())
    assert read.lines.estimated == ["shape: straight from stop to stop"] * 2
    assert read.lines.shapes[1].coords[:] == [(12.131, 51.05), (12.14, 51.06)]


def test_a_line_with_a_drawn_way_takes_it(feed):
    trips = "route_id,service_id,trip_id,shape_id\n1,week,a,w1\n1,week,b,\n1,night#1,c,\nS5,week,s,\n"
    shapes = (
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "w1,51.07,12.15,3\nw1,51.05,12.131,1\nw1,51.05,12.16,2\nw1,north,12.16,4\n"
    )
    read = Read(feed(trips=trips, shapes=shapes))
    assert read.lines.shapes[0].coords[:] == [(12.131, 51.05), (12.16, 51.05), (12.15, 51.07)]
    assert read.lines.estimated == [None, "shape: straight from stop to stop"]
    assert read.left_out() == [("shapes.txt, line 5", "The point has no coordinates on earth, or no place.")]


def test_calls_are_in_the_order_of_the_trip_and_times_may_pass_midnight(feed):
    read = Read(feed())
    assert [call[1] for call in read.calls("stb:b")] == ["stb:ost", "de:15084:7", "stb:bf1"]
    assert read.calls("stb:c") == [(0, "stb:bf1", 88_200, 88_200), (1, "stb:ost", 90_600, 90_600)]


def test_a_missing_time_lies_between_its_neighbours_and_is_said(feed):
    read = Read(feed())
    assert read.calls("stb:b")[1] == (1, "de:15084:7", 9 * 3600 + 300, 9 * 3600 + 300)
    assert "1 of 10 calls have no time; it is spread evenly between those that have one." in read.stops.notes


def test_a_trip_without_its_first_time_is_left_out_by_its_line(feed):
    times = FEED["stop_times.txt"].replace("s,07:00:00,07:00:00,bf1,1", "s,,,bf1,1")
    read = Read(feed(stop_times=times))
    assert read.left_out()[0] == ("stop_times.txt, line 10", 'The trip "s" has no time at its first or last stop.')
    assert read.calls("stb:s") == [] and read.lines.uids == ["stb:1"]


def test_services_run_on_the_days_of_both_calendars(feed):
    columns = Read(feed()).service_day.columns
    days = set(zip(columns["service"], columns["day"], strict=True))
    assert ("stb:night#1", dt.date(2026, 6, 6)) in days and ("stb:week", dt.date(2026, 6, 10)) not in days
    assert len(days) == 1 + 15 - 1


def test_a_feed_with_only_single_dates_is_read(feed):
    read = Read(feed(calendar=None, calendar_dates="service_id,date,exception_type\nweek,20260609,1\n"))
    assert read.service_day.columns == {"service": ["stb:week"], "day": [TUESDAY]}
    assert read.line("stb:1")["trips"] == 2


def test_a_bus_by_headway_counts_each_of_its_runs(feed):
    frequencies = (
        "trip_id,start_time,end_time,headway_secs\na,06:00:00,07:00:00,600\na,07:00:00,08:00:00,1800\nx,1,2,3\n"
    )
    read = Read(feed(frequencies=frequencies))
    assert read.line("stb:1")["trips"] == 6 + 2 + 1
    trips = read.trip.columns
    windows = zip(*(trips[name] for name in ("uid", "first", "last", "headway")), strict=True)
    assert [row for row in windows if row[3]] == [("stb:a", 21_600, 25_200, 600), ("stb:a", 25_200, 28_800, 1800)]
    assert read.left_out()[0][0] == "frequencies.txt, line 4"


def test_the_columns_of_the_timetable_are_those_of_its_tables(feed):
    read = Read(feed())
    for name, table in TIMETABLE.items():
        assert set(getattr(read, name).columns) == set(table.__table__.columns.keys()) - {"id", "source_id"}
    planned = {"headways", "calls"}  # of a line that a scenario draws
    for name in ("stops", "lines"):
        assert set(getattr(read, name).fields) == {column.name for column in BY_NAME[name].fields()} - planned


def test_what_does_not_fit_together_is_left_out_by_file_and_line(feed):
    read = Read(
        feed(
            stops=FEED["stops.txt"] + "weg,Nirgends,,,0,,,\nbf1,Doppelt,51.05,12.13,0,,,\n",
            routes=FEED["routes.txt"] + "9,STB,9,Ohne Fahrt,3,\n",
            trips=FEED["trips.txt"] + "7,week,z,0,\n",
            stop_times=FEED["stop_times.txt"]
            + "a,08:20:00,08:20:00,nowhere,4\nq,08:20:00,08:20:00,ost,1\na,8 Uhr,8 Uhr,ost,5\n"
            + "z,08:00:00,08:00:00,ost,1\na\n",
        )
    )
    assert [where for where, _ in read.left_out()] == [
        "stops.txt, line 7",
        "stops.txt, line 8",
        "trips.txt, line 6",
        "stop_times.txt, line 16",
        "stop_times.txt, line 13",
        "stop_times.txt, line 12",
        "stop_times.txt, line 14",
        "routes.txt, line 4",
    ]
    assert len(read.calls("stb:a")) == 3


def test_blanks_around_columns_a_byte_order_mark_and_no_last_newline_do_no_harm(feed):
    agency = "\ufeffagency_id, agency_name ,agency_url\nSTB, Stadtbus Musterstadt ,x"
    read = Read(feed(agency=agency))
    assert read.line("stb:1")["operator"] == "Stadtbus Musterstadt"
    assert read.stop("stb:bf1")["name"] == "Bahnhof, Steig 1"


def test_a_feed_of_an_old_program_in_windows_letters_is_read(feed):
    stops = FEED["stops.txt"].replace("Markt", "Töpfermarkt").encode("cp1252")
    assert Read(feed(stops=stops)).stop("de:15084:7")["name"] == "Töpfermarkt"


def test_a_feed_in_a_folder_or_in_a_folder_of_the_archive_is_read_alike(feed, tmp_path):
    uids = Read(feed()).stops.uids
    assert Read(feed(folder="gtfs/")).stops.uids == uids
    for name, text in FEED.items():
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / name).write_text(text)
    assert gtfs.recognises(tmp_path / "folder", b"") and Read(tmp_path / "folder").stops.uids == uids


def test_an_agency_with_a_mere_number_is_called_by_its_name(feed):
    agency = "agency_id,agency_name\n1,Stadtbus Müßighausen\n"
    routes = FEED["routes.txt"].replace("STB", "1")
    assert Read(feed(agency=agency, routes=routes)).lines.uids[0] == "stadtbus-muessighausen:1"


def test_an_expired_timetable_says_so(feed):
    old = FEED["calendar.txt"].replace("2026", "2019")
    read = Read(feed(calendar=old, calendar_dates=None))
    assert any("holds from 2019-06-03 to 2019-06-21. It has expired" in note for note in read.stops.notes)


@pytest.mark.parametrize("name", ["stops", "routes", "trips", "stop_times"])
def test_a_feed_without_one_of_its_tables_is_refused_by_name(feed, name):
    path = feed(**{name: None})
    assert gtfs.recognises(path, b"PK\x03\x04")
    with pytest.raises(BadFile, match=rf"^{name}\.txt is missing.*Ask"):
        Read(path)


def test_a_feed_without_any_calendar_is_refused(feed):
    with pytest.raises(BadFile, match="both missing"):
        Read(feed(calendar=None, calendar_dates=None))


@pytest.mark.parametrize(
    ("anew", "sentence"),
    [
        ({"stop_times": "trip_id,stop_id\na,ost\n"}, "stop_times.txt, line 1: the column stop_sequence is missing"),
        ({"stop_times": ""}, "stop_times.txt is empty"),
        ({"calendar_dates": "service_id,date,exception_type\nweek,9.6.2026,1\n"}, "calendar_dates.txt, line 2"),
    ],
)
def test_a_broken_table_is_refused_with_the_place(feed, anew, sentence):
    with pytest.raises(BadFile, match=sentence):
        Read(feed(**anew))


def test_a_broken_archive_is_no_timetable_and_a_bomb_is_refused(tmp_path, monkeypatch, feed):
    path = tmp_path / "broken.zip"
    path.write_bytes(feed().read_bytes()[:300])
    assert not gtfs.recognises(path, b"PK\x03\x04")
    with pytest.raises(BadFile, match="cannot be opened"):
        gtfs.survey(path, Wanted())
    monkeypatch.setattr("layers.reading.gtfs_feed.MOST", 1_000)
    with pytest.raises(BadFile, match="Cut the feed"):
        gtfs.survey(feed(), Wanted())


def test_a_first_look_counts_stops_and_lines_and_says_where_they_are(feed):
    survey = gtfs.survey(feed(), Wanted())
    assert survey.layers == {"stops": 4, "lines": 2} and survey.bounds == (12.13, 51.05, 12.15, 51.07)
