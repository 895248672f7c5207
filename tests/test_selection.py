"""Many features at once: taken by an outline or a filter, summed up, outlined, written to a file."""

import json

import pytest
from shapely.geometry import LineString
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.parcels import Parcel
from layers.streets import Street
from tests.hamlet import EAST, NORTH, at, settle
from tests.test_pages import numbers_of, unpacked
from twin.feature import Scenario
from twin.projection import LONLAT, transformer
from web import create_app, selection


@pytest.fixture
def page(store, where):
    with Session(store) as db:
        settle(db)
    return create_app(DATABASE=where).test_client()


def degrees(*places):
    return [list(transformer(25832, LONLAT).transform(EAST + x, NORTH + y)) for x, y in places]


def around(west, south, east, north):
    return degrees((west, south), (east, south), (east, north), (west, north))


def within(page, outline, *layers):
    return page.post("/api/scenarios/0/within", json={"outline": outline, "layers": list(layers)})


def test_a_rectangle_takes_what_it_touches(page):
    found = within(page, around(-5, -5, 25, 5), "buildings", "trees").json
    assert {layer: sorted(uids) for layer, uids in found.items()} == {"buildings": ["shed-0", "shed-1"]}
    assert within(page, around(20, 10, 40, 50), "buildings", "streets", "trees").json == {
        "streets": ["lane"],
        "trees": ["lime"],
    }


@pytest.mark.parametrize(
    "asked",
    [
        None,
        [],
        {},
        {"outline": [[9, 53]], "layers": ["buildings"]},
        {"outline": [[9, 53], [9, 54], [500, 53]], "layers": ["buildings"]},
        {"outline": [[9, 53], [9, 54], [None, 53]], "layers": ["buildings"]},
        {"outline": [[9, 53]] * 500, "layers": ["buildings"]},
        {"outline": [[9, 53], [9, 54], [10, 53]], "layers": "buildings"},
        {"outline": [[9, 53], [9, 54], [10, 53]], "layers": [7]},
    ],
)
def test_an_outline_that_is_none_is_refused(page, asked):
    answer = page.post("/api/scenarios/0/within", json=asked)
    assert answer.status_code == 400
    assert answer.json["error"]


def test_too_many_are_refused_with_the_remedy(page, monkeypatch):
    monkeypatch.setattr(selection, "MOST", 3)
    for answer in (
        within(page, around(-5, -5, 100, 50), "buildings"),
        page.get("/api/scenarios/0/fitting/buildings?height.from=1"),
        page.post("/api/scenarios/0/selection", json={"buildings": ["a", "b", "c", "d"]}),
    ):
        assert answer.status_code == 400
        assert "Nehmen Sie einen kleineren Ausschnitt" in answer.text


def test_a_filter_takes_all_that_fit(page):
    assert page.get("/api/scenarios/0/fitting/buildings?height.from=9").json == {"buildings": ["house"]}
    assert page.get("/api/scenarios/0/fitting/castles?height.from=9").status_code == 404


def test_the_panel_sums_what_can_be_summed_and_says_what_is_known(page):
    text = page.post("/api/scenarios/0/selection", json={"buildings": ["house", "shed-0", "shed-9"]}).text
    assert "<b>2</b>" in text
    assert "1 gibt es nicht mehr." in text
    assert "<td>200</td><td>100</td><td>80 – 120</td>" in text  # the ground that they cover, in m²
    assert "<td></td><td>6,8</td><td>4 – 9,5</td>" in text  # heights have a mean, and no sum
    assert "1 von 2 bekannt" in text
    assert "1 geschätzt" in text  # the storeys of the house
    assert "Zollhaus &lt;b&gt;" in text
    lane = page.post("/api/scenarios/0/selection?lang=en", json={"streets": ["lane"]}).text
    assert "Length (from the geometry)" in lane
    assert "<td>200</td>" in lane


def test_of_a_selection_a_file_for_a_spreadsheet_is_made(page):
    answer = page.post("/api/scenarios/0/selection/buildings.csv", data={"chosen": '["shed-1", "shed-0"]'})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.text.strip().splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["shed-0", "shed-1"]
    assert page.post("/api/scenarios/0/selection/buildings.csv", data={"chosen": "shed-1"}).status_code == 400


def test_outlines_follow_what_stands_there(page):
    asked = {"streets": ["lane"], "stops": ["stop"], "water": ["pond"]}
    found = {one["uid"]: one for one in page.post("/api/scenarios/0/outlines", json=asked).json}
    assert (found["lane"]["title"], found["lane"]["of"]) == ("Kaiweg", "Straßen und Wege")
    assert len(found["lane"]["lines"][0]) > 5  # 200 m, with a point each 25 m to follow the terrain
    assert len(found["stop"]["points"]) == 1
    ring = found["pond"]["areas"][0][0]
    assert ring[0] == ring[-1]
    assert ring[0][:2] == pytest.approx(degrees((75, 60))[0], abs=1e-5)


def test_a_selection_of_all_layers_of_the_town_may_be_empty(page):
    assert page.post("/api/scenarios/0/selection", json={}).text.strip() == ""
    assert page.post("/api/scenarios/0/outlines", json={"buildings": []}).json == []


@pytest.fixture
def lanes(page, store):
    with Session(store) as db:
        for i, speed in enumerate((30.0, 50.0, None)):
            line = LineString([(EAST, NORTH + 30 * i), (EAST + 50, NORTH + 30 * i)])
            db.add(Street(uid=f"lane-{i}", kind="residential", speed=speed, shape=line))
        db.add(Parcel(uid="P1", area=100.0, shape=at(0, 0)))
        db.commit()


def streets_of(page, questions):
    x, y = numbers_of(15, EAST + 20, NORTH + 30)
    groups = unpacked(page.get(f"/tiles/0/land/15/{x}/{y}{questions}"))["groups"]
    return [group for group in groups if group["layer"] == "streets"]


def test_what_does_not_fit_a_filter_is_painted_pale(page, lanes):
    pale, fitting = streets_of(page, "?filter=streets%3Fspeed.from%3D40")
    assert (pale["pale"], pale["parts"]) == (True, 3)
    assert (fitting.get("pale"), fitting["parts"]) == (None, 1)
    assert [group["parts"] for group in streets_of(page, "?filter=parcels%3Farea.from%3D40")] == [4]
    x, y = numbers_of(15)
    assert page.get(f"/tiles/0/land/15/{x}/{y}?filter=streets%3Fgold.from%3D40").status_code == 400


def test_of_a_filter_on_what_is_painted_the_page_needs_but_the_count(page, lanes):
    found = page.get("/api/scenarios/0/matching/streets?speed.from=40").json
    assert (found["count"], found["of"], found["uids"]) == (1, 4, [])
    assert "Filter auf der Karte zeigen" in page.get("/scenarios/0/table/streets?speed.from=40").text


def test_streets_keep_their_kind_when_they_are_coloured(page, lanes):
    (group,) = streets_of(page, "?colour=streets.speed.quantile")
    assert set(group["classes"]) == {"residential"}
    assert sorted(group["fills"]) == [0, 1, 255]
    legend = page.get("/api/scenarios/0/streets/colours?field=speed").json["classes"]
    assert [(one["label"], one["count"]) for one in legend] == [("30", 1), ("50", 1), ("nicht bekannt", 2)]


def test_trees_and_stops_are_coloured_too(page):
    x, y = numbers_of(15, EAST + 30, NORTH + 40)
    assert unpacked(page.get(f"/tiles/0/trees/15/{x}/{y}?colour=trees.height.quantile"))["classes"].tolist() == [0]
    x, y = numbers_of(13, EAST + 20, NORTH + 24)
    groups = unpacked(page.get(f"/tiles/0/markers/13/{x}/{y}?colour=stops.kind.quantile"))["groups"]
    assert next(group for group in groups if group["layer"] == "stops")["fills"] == [0]


def test_buildings_are_coloured_by_what_they_are(page, store):
    with Session(store) as db:
        db.add(Scenario(id=1, title="Neu am Kai", state="published"))
        db.flush()
        db.add(Building(uid="shed-0", scenario_id=1, height=12.0, shape=at(0, 0)))
        db.add(Building(uid="tower", scenario_id=1, height=40.0, shape=at(100, 40)))
        db.commit()
    today = page.get("/api/scenarios/0/buildings/colours?field=status").json
    assert (today["title"], today["kind"]) == ("Stand", "codes")
    assert [(one["label"], one["count"]) for one in today["classes"]] == [("Bestand", 5), ("leer stehend", 1)]
    planned = page.get("/api/scenarios/1/buildings/colours?field=status").json["classes"]
    assert {one["label"]: one["count"] for one in planned} == {
        "Bestand": 4,
        "leer stehend": 1,
        "geändert": 1,
        "neu": 1,
    }
    x, y = numbers_of(14, EAST + 100, NORTH + 40)
    tile = unpacked(page.get(f"/tiles/1/buildings/14/{x}/{y}?colour=buildings.status.quantile"))
    assert tile["classes"][tile["uids"].index("tower")] == len(planned) - 1
    assert "</i>neu</li>" not in page.get("/").text
    assert "</i>neu</li>" in page.get("/scenarios/1").text


def test_a_plan_of_the_whole_town_lies_behind_what_is_in_it(page, store):
    with Session(store) as db:
        db.add(Parcel(uid="all", shape=at(-1000, -1000, 2000, 2000)))
        db.commit()
    longitude, latitude = degrees((45, 20))[0]
    found = page.get(f"/api/scenarios/0/at?longitude={longitude}&latitude={latitude}&layers=streets,parcels").json
    assert [one["uid"] for one in found] == ["lane", "all"]


def test_a_selection_is_json_of_ids(page):
    for asked in ({"buildings": "house"}, {"buildings": [1]}, [], "house"):
        assert page.post("/api/scenarios/0/selection", json=asked).status_code == 400
    answer = page.post("/api/scenarios/0/selection", data="{}", content_type="text/plain")
    assert answer.status_code == 415
    assert page.post("/api/scenarios/7/outlines", json={"buildings": ["house"]}).status_code == 404


def test_a_question_that_is_far_too_long_is_refused(page):
    uids = ["x" * 1000] * 3000
    assert page.post("/api/scenarios/0/selection", json={"buildings": uids}).status_code in (400, 413)
    answer = page.post("/api/scenarios/0/selection/buildings.csv", data={"chosen": json.dumps(uids)})
    assert answer.status_code in (400, 413)
