"""What the tools beside the city ask for: sources, heights, names."""

import json
from configparser import ConfigParser
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from layers.buildings import Building
from layers.parcels import Parcel
from tests.hamlet import EAST, NORTH, at, settle
from tests.test_pages import numbers_of, unpacked
from twin.projection import LONLAT, transformer
from web import about, create_app
from web.drawn.colouring import coloured


@pytest.fixture
def page(store, where):
    with Session(store) as db:
        settle(db)
    return create_app(DATABASE=where).test_client()


def heights_at(page, x, y):
    longitude, latitude = transformer(25832, LONLAT).transform(EAST + x, NORTH + y)
    return page.get(f"/api/height?longitude={longitude}&latitude={latitude}").json


def test_the_about_page_names_each_layer_with_its_sources(page):
    text = page.get("/about").text
    for words in ("Über diese Stadt: Kai", "Gebäude", "LoD2_32_500_5930.gml", "CityGML 1.0 LoD2", "dl-de/by-2-0"):
        assert words in text
    for words in ("15.01.2026", "01.02.2026", "EPSG:25832", "Ohne Angabe der Quelle", "EUPL-1.2", "deck.gl"):
        assert words in text


def test_the_about_page_tells_what_is_estimated_and_how(page):
    text = page.get("/about").text
    assert "Geschosse" in text
    assert "height / 3.2 m" in text
    assert "Storeys" in page.get("/about?lang=en").text


def test_the_about_page_needs_no_city(tmp_path):
    answer = create_app(DATABASE=str(tmp_path / "city.gpkg")).test_client().get("/about")
    assert answer.status_code == 200
    assert "EUPL-1.2" in answer.text


def test_every_library_is_named_with_its_licence():
    config = ConfigParser()
    config.read(Path(__file__).parents[1] / "setup.cfg")
    wanted = {name.split("[")[0] for name in config["options"]["install_requires"].split()}
    assert wanted == set(about.ON_THE_SERVER)


def test_a_picture_names_each_source_once(page):
    buildings = next(layer for layer in page.get("/api/sources").json if layer["name"] == "buildings")
    assert buildings["lines"] == ["CityGML 1.0 LoD2, 2026-01-15, dl-de/by-2-0"]


def test_the_roof_of_a_surveyed_house_is_measured_where_one_points(page):
    ridge, eaves = heights_at(page, 6, 35)["roof"], heights_at(page, 6, 30.01)["roof"]
    assert ridge["height"] == pytest.approx(12.5 + 9.5, abs=0.02)
    assert eaves["height"] == pytest.approx(12.5 + 6.0, abs=0.02)
    assert (ridge["surveyed"], ridge["uid"]) == (True, "house")


def test_without_terrain_a_shed_has_its_height_above_the_ground(page):
    found = heights_at(page, 5, 4)
    assert found["ground"] is None
    assert (found["roof"]["height"], found["roof"]["above"], found["roof"]["surveyed"]) == (None, 4.0, False)
    assert heights_at(page, 100, 100) == {"ground": None, "roof": None}


@pytest.mark.parametrize(
    "question", ["", "longitude=9", "longitude=x&latitude=3", "longitude=9&latitude=53&scenario=x"]
)
def test_a_height_without_a_place_is_a_bad_question(page, question):
    assert page.get(f"/api/height?{question}").status_code == 400


def test_the_names_of_a_tile_are_those_of_its_streets_and_stops(page):
    x, y = numbers_of(14)
    found = [
        label
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        for label in json.loads(page.get(f"/tiles/0/labels/14/{x + i}/{y + j}").data)
    ]
    assert {label["text"] for label in found} == {"Kaiweg", "Kai, Zollhaus", "Ententeich"}
    street = next(label for label in found if label["text"] == "Kaiweg")
    place = transformer(LONLAT, 25832).transform(*street["place"][:2])
    assert place[1] == pytest.approx(NORTH + 20, abs=0.2)
    along = transformer(LONLAT, 25832).transform(*street["along"])
    assert abs(along[0] - place[0]) == pytest.approx(15, abs=0.3)


def test_a_layer_is_coloured_by_a_field_and_the_legend_counts(page):
    found = page.get("/api/scenarios/0/buildings/colours?field=height").json
    assert (found["title"], found["unit"], found["kind"]) == ("Höhe", "m", "values")
    assert sum(one["count"] for one in found["classes"]) == 6
    assert [one["label"] for one in found["classes"]] == ["4", "9,5"]
    kinds = page.get("/api/scenarios/0/buildings/colours?field=roof_type").json
    assert [(one["label"], one["count"]) for one in kinds["classes"]] == [("Satteldach", 1), ("nicht bekannt", 5)]


def test_a_tile_bears_the_class_of_each_building(page):
    x, y = numbers_of(14)
    classes = {}
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            found = unpacked(page.get(f"/tiles/0/buildings/14/{x + i}/{y + j}?colour=buildings.height.equal"))
            classes.update(zip(found["uids"], found["classes"].tolist(), strict=True))
    assert classes["house"] > classes["shed-0"] == classes["shed-4"] == 0


def test_what_is_painted_on_the_land_is_coloured_too(page, store):
    with Session(store) as db:
        db.add(Parcel(uid="P1", area=100.0, shape=at(0, 0)))
        db.add(Parcel(uid="P2", area=900.0, shape=at(20, 0)))
        db.add(Parcel(uid="P3", shape=at(40, 0)))
        db.commit()
    x, y = numbers_of(16)
    groups = unpacked(page.get(f"/tiles/0/land/16/{x}/{y}?colour=parcels.area.quantile"))["groups"]
    parcels = next(group for group in groups if group["layer"] == "parcels")
    assert len(parcels["fills"]) == 3
    assert 255 in parcels["fills"]  # the area of one is not known


def test_years_are_coloured_by_decade():
    found = coloured(Building, "year", [1890, 1955, 1958, 2011, 2019, None], "quantile")
    assert found.class_of([1890, 1958, 2015, None]).tolist() == [0, 1, len(found.colors) - 1, 255]
    assert (sum(found.counts), found.unknown) == (5, 1)


@pytest.mark.parametrize("values", [[], [None], [4.0], [4.0, 4.0], [0.0, 1e9], [True, False], [1.5, None, 2.5]])
@pytest.mark.parametrize("name", ["height", "year", "use"])
@pytest.mark.parametrize("scale", ["quantile", "equal"])
def test_few_or_odd_values_have_classes_too(values, name, scale):
    found = coloured(Building, name, values, scale)
    assert sum(found.counts) + found.unknown == len(values)
    assert len(found.counts) == len(found.colors) or not values or found.unknown == len(values)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/scenarios/0/buildings/colours?field=gold", 404),
        ("/api/scenarios/0/buildings/colours?field=surfaces", 404),
        ("/api/scenarios/0/buildings/colours?field=height&scale=golden", 400),
        ("/tiles/0/land/14/8600/5300?colour=parcels", 400),
    ],
)
def test_a_colouring_that_cannot_be_is_refused(page, address, status):
    assert page.get(address).status_code == status
