"""Searching, tables and filters of a hamlet, on both kinds of store."""

import csv
import io

import pytest
from shapely.geometry import LineString
from sqlalchemy.orm import Session

from layers.brought import bring
from layers.buildings import Building
from layers.parcels import Parcel
from layers.streets import Street
from tests.hamlet import EAST, NORTH, at, settle
from twin.feature import Scenario
from web import create_app

DANGER = '=HYPERLINK("http://evil")'


@pytest.fixture
def page(store, where):
    with Session(store) as db:
        settle(db)
        for i in range(3):
            shape = LineString([(EAST + 20 * i, NORTH - 30), (EAST + 20 * i + 20, NORTH - 30)])
            db.add(Street(uid=f"m{i}", name="Mühlgräbenstraße", kind="residential", shape=shape))
        db.add(Building(uid="mill", name="100%_Mühle", address="Mühlgräbenstr. 5", height=12.0, dwellings=3,
                        function="31001_1010", storeys=None, shape=at(0, -20)))  # fmt: skip
        db.add(Parcel(uid="p1", number="123/4", key="150001-001-00123/0004", owner_kind=None, shape=at(0, -20)))
        db.add(Building(uid="x/y z", name=DANGER, shape=at(40, -20)))
        db.commit()
    return create_app(DATABASE=where).test_client()


def titles(page, asked, **more):
    answer = page.get("/api/scenarios/0/search", query_string={"q": asked, **more})
    assert answer.status_code == 200, answer.text
    return [hit["title"] for hit in answer.json]


def uids(page, questions, layer="buildings"):
    """In the order of the table."""
    text = page.get(f"/scenarios/0/table/{layer}/csv?{questions}").get_data(as_text=True)
    return [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")][1:]


@pytest.mark.parametrize(
    "asked", ["Mühlgräbenstraße", "muehlgraebenstrasse", "MÜHLGRÄBENSTR.", "mühlgräbenstr", "graeben"]
)
def test_a_street_is_found_however_it_is_spelled_and_once(page, asked):
    assert titles(page, asked).count("Mühlgräbenstraße") == 1


@pytest.mark.parametrize(
    ("asked", "layer", "uid"),
    [
        ("mühlgräbenstraße 5", "buildings", "mill"),
        ("123/4", "parcels", "p1"),
        ("150001-001", "parcels", "p1"),
        ("zollhaus", "buildings", "house"),
        ("shed-3", "buildings", "shed-3"),
        ("kai, zoll", "stops", "stop"),
        ("V1", "vacancies", "V1"),
        ("ententeich", "water", "pond"),
        ("lime", "trees", "lime"),
        ("m2", "streets", "m2"),
    ],
)
def test_what_has_a_name_a_number_or_an_id_is_found(page, asked, layer, uid):
    hits = page.get("/api/scenarios/0/search", query_string={"q": asked}).json
    assert (layer, uid) in [(hit["layer"], hit["uid"]) for hit in hits]


def test_a_hit_says_where_it_is(page):
    (hit,) = page.get("/api/scenarios/0/search?q=ententeich").json
    assert hit["longitude"] == pytest.approx(9.0009, abs=1e-3)
    assert hit["latitude"] == pytest.approx(53.52, abs=0.01)
    assert hit["detail"].startswith("Gewässer")


def test_what_begins_with_the_words_stands_first(page):
    assert titles(page, "Kai")[0] == "Kaiweg"
    assert "Kai, Zollhaus" in titles(page, "Kai")


@pytest.mark.parametrize("asked", ["%", "%%", "__", "100%x", "'; drop table buildings; --", "\\", "(((("])
def test_a_search_takes_signs_for_signs(page, asked):
    assert titles(page, asked) == []


def test_a_percent_sign_is_found_as_such(page):
    assert titles(page, "100%_m") == ["100%_Mühle"]


def test_a_search_is_short_and_gives_as_much_as_is_asked_for(page):
    assert page.get("/api/scenarios/0/search?q=" + "a" * 81).status_code == 400
    assert titles(page, "s") == []
    assert len(titles(page, "shed", limit=3)) == 3


def test_what_a_town_brought_is_found_by_its_name_columns(store, where):
    with Session(store) as db:
        settle(db)
        layer = bring(db, "spielplaetze", "Spielplätze", {"bezeichnung": ("Bezeichnung", "text")})
        db.add(layer(uid="s1", bezeichnung="Räuberwäldchen", shape=at(0, 0)))
        db.commit()
    page = create_app(DATABASE=where).test_client()
    (hit,) = page.get("/api/scenarios/0/search?q=raeuberwaeld").json
    assert (hit["layer"], hit["uid"]) == ("spielplaetze", "s1")
    assert page.get("/scenarios/0/table/spielplaetze?bezeichnung.has=wäld").text.count("Räuberwäldchen") >= 1


def test_without_scripts_a_search_is_a_page(page):
    text = page.get("/scenarios/0/search?q=zollhaus").text
    assert 'href="/scenarios/0/buildings/house?lang=de"' in text
    assert "Zollhaus &lt;b&gt;" in text


def test_a_table_tells_every_field_with_its_unit_and_its_words(page):
    text = page.get("/scenarios/0/table/buildings").text
    for words in (
        "Höhe <small>m</small>",
        "Satteldach",
        "9,5",
        "geschätzt",
        "Zollhaus &lt;b&gt;",
        "/scenarios/0/buildings/x/y%20z",
    ):
        assert words in text
    assert "<b>8</b>" in text


@pytest.mark.parametrize(
    ("questions", "found"),
    [
        ("height.from=9", {"house", "mill"}),
        ("height.from=9&height.to=10", {"house"}),
        ("storeys.from=1.5", {"house"}),
        ("function.is=31001_1010", {"house", "mill"}),
        ("function.is=31001_1010&name.has=muehle", {"mill"}),
        ("height.state=unknown", {"x/y z"}),
        ("name.state=known", {"house", "mill", "x/y z"}),
        ("storeys.state=estimated", {"house"}),
        ("storeys_below.state=estimated", set()),
        ("name.has=%25_", {"mill"}),
    ],
)
def test_a_filter_leaves_what_fits(page, questions, found):
    assert set(uids(page, questions)) == found
    answer = page.get(f"/api/scenarios/0/matching/buildings?{questions}").json
    assert answer["count"] == len(found)
    assert answer["of"] == 8
    everything = set(uids(page, ""))
    assert (everything - set(answer["uids"]) if answer["without"] else set(answer["uids"])) == found
    assert f'data-hits="{len(found)}"' in page.get(f"/scenarios/0/table/buildings?{questions}").text


def test_a_table_is_sorted_by_any_column_and_the_unknown_stands_last(page):
    assert uids(page, "sort=height")[-1] == "x/y z"
    assert uids(page, "sort=-height")[:2] == ["mill", "house"]
    assert uids(page, "sort=-height")[-1] == "x/y z"
    for column in ("name", "function", "roof_type", "year", "uid", "-uid", "-function"):
        assert len(uids(page, f"sort={column}")) == 8


def test_codes_are_counted_under_the_other_filters(page):
    text = page.get("/scenarios/0/table/buildings?height.from=10&function.is=31001_1010").text
    assert 'value="31001_1010" checked><span>Wohnhaus</span><b>1</b>' in text


def test_dates_and_yes_or_no_are_filtered(page, store):
    with Session(store) as db:
        db.query(Street).filter_by(uid="lane").one().oneway = True
        db.commit()
    assert uids(page, "oneway.is=yes", "streets") == ["lane"]
    assert uids(page, "oneway.is=no", "streets") == []
    assert uids(page, "since.from=2020-01-01", "vacancies") == []


@pytest.mark.parametrize(
    ("questions", "sentence"),
    [
        ("gold.from=1", "kein Feld gold"),
        ("surfaces.has=a", "kein Feld surfaces"),
        ("height.has=1", "fragt man mit from, to, state"),
        ("height.from=abc", "ist keine Zahl"),
        ("height.from=nan", "ist keine Zahl"),
        ("height.from=1e999", "ist keine Zahl"),
        ("height.state=nice", "ist eines von known"),
        ("sort=gold", "kein Feld gold"),
        ("name.has=" + "a" * 81, "80 Zeichen"),
    ],
)
def test_a_filter_that_cannot_be_is_answered_with_a_sentence(page, questions, sentence):
    answer = page.get(f"/scenarios/0/table/buildings?{questions}")
    assert answer.status_code == 400
    assert sentence in answer.text


@pytest.mark.parametrize(
    "questions", ["page=0", "page=99999999999999999999", "page=x", "_external=1&_anchor=a.b", "id=5&name=streets"]
)
def test_an_odd_address_still_shows_the_table(page, questions):
    assert "Zollhaus" in page.get(f"/scenarios/0/table/buildings?{questions}").text


def test_a_long_table_comes_page_by_page(page, store):
    with Session(store) as db:
        db.add_all(Building(uid=f"hut-{i:03}", shape=at(i, 200)) for i in range(120))
        db.commit()
    first, third = (page.get(f"/scenarios/0/table/buildings?name.state=unknown&page={n}").text for n in (1, 3))
    assert (first.count("<tr>"), third.count("<tr>")) == (51, 26)
    assert "name.state=unknown&amp;page=2" in first
    assert "Seite 3 von 3" in third


def test_a_download_holds_the_filtered_rows_as_excel_reads_them(page):
    answer = page.get("/scenarios/0/table/buildings/csv?height.from=9&sort=uid")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="buildings.csv"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";")
    assert header[:2] == ["Kennung", "Name"]
    house = dict(zip(header, lines[0], strict=True))
    assert (house["Höhe (m)"], house["Dachform"], house["Funktion"]) == ("9,5", "Satteldach", "Wohnhaus")
    english = page.get("/scenarios/0/table/buildings/csv?height.from=9&lang=en").get_data(as_text=True)
    assert ";9.5;" in english


def test_a_formula_that_a_file_brought_is_text_in_the_download(page):
    text = page.get("/scenarios/0/table/buildings/csv?name.has=hyper").get_data(as_text=True)
    assert "'=HYPERLINK" in text
    assert ";=HYPERLINK" not in text.replace('"', "")


def test_in_a_scenario_the_table_is_the_planned_city(page, store):
    with Session(store) as db:
        db.add(Scenario(id=1, title="Higher", state="published"))
        db.flush()
        db.add(Building(uid="house", scenario_id=1, name="Turm", height=30.0, shape=at(0, 30)))
        db.add(Building(uid="mill", scenario_id=1, gone=True, shape=at(0, -20)))
        db.commit()
    assert "Turm" in page.get("/scenarios/1/table/buildings?height.from=9").text
    assert page.get("/api/scenarios/1/matching/buildings?height.from=9").json["count"] == 1
    assert page.get("/api/scenarios/1/search?q=100%25").json == []
    assert [hit["uid"] for hit in page.get("/api/scenarios/1/search?q=turm").json] == ["house"]


def test_the_other_language_keeps_the_filter(page):
    text = page.get("/scenarios/0/table/buildings?height.from=9&sort=-height").text
    assert "height.from=9&amp;sort=-height&amp;lang=en" in text
    assert "Height: from 9 m" in page.get("/scenarios/0/table/buildings?height.from=9&lang=en").text
