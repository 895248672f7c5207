"""What comes twice: a house of two surveys, a stop of two maps, a hill of two flights."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.stops import Stop
from tests.test_gtfs import FEED
from tests.test_load import bring_in, feature, figures, only, write
from tests.test_osm import node, village, way
from tests.test_raster import HEIGHTS, NORTH, WEST, tiff
from twin import ground
from twin.store import open_store
from web.cli import main

CORNERS = [(11.0, 50.0), (11.001, 50.0), (11.001, 50.001), (11.0, 50.001)]
SHED = {21: (50.003, 11.0), 22: (50.003, 11.001), 23: (50.004, 11.001), 24: (50.004, 11.0)}


def uids(where, layer):
    engine = open_store(where)
    with Session(engine) as db:
        found = set(db.scalars(select(layer.uid)))
    engine.dispose()
    return found


@pytest.fixture
def delivery(tmp_path):
    """A surveyed house, and OpenStreetMap's outline of it beside a shed that the office does not know."""
    folder = tmp_path / "delivery"
    ring = [[x + 0.0001, y] for x, y in [*CORNERS, CORNERS[0]]]
    write(folder / "gebaeude.geojson", feature("office-1", {"type": "Polygon", "coordinates": [ring]}, hoehe=9.0))
    shed = [node(number, place) for number, place in SHED.items()]
    things = [*shed, way(1, [1, 2, 3, 4, 1], building="house"), way(2, [*SHED, 21], building="shed")]
    (folder / "village.osm").write_text(village(*things), encoding="utf-8")
    return folder


def test_a_house_that_the_office_has_surveyed_is_not_taken_from_openstreetmap_too(where, delivery):
    office, osm = bring_in(where, delivery).files
    assert figures(office) == (1, 1, 0, 0, 0)
    assert figures(osm) == (2, 1, 0, 0, 1)
    assert osm.left_out[0].where.endswith("1") and "cover most of it" in osm.left_out[0].reason
    assert len(uids(where, Building)) == 2
    again = bring_in(where, delivery)
    assert again.written == 0 and not [note for file in again.files for note in file.notes if "stay in" in note]


def test_a_stop_of_the_timetable_is_not_taken_from_openstreetmap_too(where, tmp_path):
    feed = tmp_path / "delivery" / "gtfs"
    feed.mkdir(parents=True)
    for name, words in FEED.items():
        (feed / name).write_text(words, encoding="utf-8")
    stops = [
        node(31, (51.06005, 12.14005), highway="bus_stop", name="Musterstadt, Markt"),
        node(32, (51.06005, 12.14005), highway="bus_stop", name="Rathaus"),
        node(33, (51.0620, 12.14), highway="bus_stop", name="Markt"),
    ]
    (tmp_path / "delivery" / "town.osm").write_text(village(*stops), encoding="utf-8")
    osm = next(file for file in bring_in(where, tmp_path / "delivery").files if file.kind == "OpenStreetMap")
    assert (osm.layer, *figures(osm)) == ("stops", 3, 2, 0, 0, 1)
    assert "timetable" in osm.left_out[0].reason
    assert len(uids(where, Stop)) == 4 + 2
    assert bring_in(where, tmp_path / "delivery").written == 0


def test_two_flights_over_one_hill_do_not_take_turns(where, tmp_path):
    tiff(tmp_path / "delivery_dgm1_2019.tif", HEIGHTS)
    tiff(tmp_path / "delivery_dgm1_2024.tif", HEIGHTS[:20] + 7)
    bring_in(where, tmp_path)

    def heights():
        engine = open_store(where)
        with Session(engine) as db:
            found = ground.window(db, (WEST, NORTH - 30, WEST + 40, NORTH), 1.0)
        engine.dispose()
        return found

    first = heights()
    assert first[:19, 1:-1] == pytest.approx(HEIGHTS[:19, 1:-1] + 7, abs=0.02)
    assert first[21:-1, 1:-1] == pytest.approx(HEIGHTS[21:-1, 1:-1], abs=0.02)
    again = bring_in(where, tmp_path)
    assert again.written == 0 and np.array_equal(heights(), first, equal_nan=True)


def test_numbers_that_are_there_twice_are_told(where, tmp_path):
    path = tmp_path / "baenke.csv"
    path.write_text("id;lon;lat;holz\n" + "".join(f"{i % 3};{12.1 + i / 1000};51.05;Eiche\n" for i in range(9)))
    [note] = [note for note in only(bring_in(where, path)).notes if "does not tell the rows apart" in note]
    assert note.startswith("id ") and "Give each row its own number" in note


def test_a_program_gets_the_report_even_where_nothing_can_be_used(where, tmp_path):
    (tmp_path / "lod2.gml").write_text("this is no GML")
    (tmp_path / "notes.pdf").write_text("%PDF")
    answer = CliRunner().invoke(main, ["load", str(tmp_path / "lod2.gml"), "--into", where, "--json"])
    report = json.loads(answer.stdout)
    assert (answer.exit_code, report["city"]) == (1, None)
    assert "begins with" in report["files"][0]["left_out"][0]["reason"]
    answer = CliRunner().invoke(main, ["load", str(tmp_path / "notes.pdf"), "--into", where, "--json"])
    report = json.loads(answer.stdout)
    assert (answer.exit_code, report["city"], report["files"][-1]["failed"]) == (1, None, True)
    assert "no file that Twin reads" in report["files"][-1]["left_out"][0]["reason"]


def test_a_file_of_which_nothing_can_be_used_tells_how_much_was_read(where, tmp_path):
    points = [feature(f"h{i}", {"type": "Point", "coordinates": [12.13, 51.05]}) for i in range(3)]
    report = bring_in(where, write(tmp_path / "gebaeude.geojson", *points), layer="buildings")
    failed = only(report)
    assert (failed.failed, failed.read, failed.loaded, len(failed.left_out)) == (True, 3, 0, 4)
    assert report.city is None
