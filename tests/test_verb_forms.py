"""Verbs on several features by form, without the map."""

import re
from urllib.parse import unquote_plus

import pytest
from shapely.geometry import Point

from tests.hamlet import EAST, NORTH, TOKEN, as_planner
from tests.test_planner import page  # noqa: F401  # fixtures
from tests.test_several import DO, land, there  # noqa: F401
from web import create_app
from web.verb_fields import DESCRIBED
from web.verbs import VERBS

FORM = "/scenarios/1/do/"
CUT = f"{EAST + 20} {NORTH + 90}\n{EAST + 20} {NORTH + 150}"
YARD = f"{EAST + 10:.0f},5 {NORTH + 10:.0f}; {EAST + 60:.0f} {NORTH + 10:.0f}; {EAST + 60:.0f} {NORTH + 60:.0f}"
WAY = f"LINESTRING ({EAST} {NORTH + 80}, {EAST + 60} {NORTH + 80})"


@pytest.fixture
def app(page):  # noqa: F811
    return page.application


def send(page, verb, **entered):  # noqa: F811
    return page.post(FORM + verb, data={"token": TOKEN, **entered})


def test_every_verb_is_described_and_listed(page):  # noqa: F811
    assert DESCRIBED.keys() == VERBS.keys()
    told = page.get("/scenarios/1/do").text
    for name, verb in DESCRIBED.items():
        assert f"/scenarios/1/do/{name}?" in told
        form = page.get(FORM + name).text
        assert all(f'name="{field.name}"' in form for field in verb.fields)


@pytest.mark.parametrize(
    ("verb", "entered", "layer", "count"),
    [
        ("split-parcel", {"parcel": "7", "line": CUT}, "parcels", 3),
        ("merge-parcels", {"parcels": "P1\r\n8\r\n"}, "parcels", 1),
        ("rezone", {"area": YARD, "kind": "MU", "fields.grz": "0,6"}, "zones", 2),
        ("rezone", {"area": "parcels/P1\nparcels/P2", "kind": "WA"}, "zones", 2),
        ("resurface", {"area": YARD, "kind": "grass"}, "surfaces", 2),
        ("row-of-trees", {"line": WAY, "spacing": "10", "species": "Linde"}, "trees", 8),
        ("row-of-trees", {"line": "streets/Kaiweg", "spacing": "50"}, "trees", 6),
        ("grove", {"area": YARD, "spacing": "9", "species": "Buche, Eiche"}, "trees", None),
        ("redesign-street", {"street": "Kaiweg", "speed": "30", "trees_every": "20"}, "trees", None),
        ("new-stop", {"place": f"{EAST + 90} {NORTH + 24}", "name": "Werk", "kind": "bus"}, "stops", 2),
        ("move-stop", {"stop": "stop", "place": f"POINT ({EAST + 90} {NORTH + 24})"}, "stops", 1),
        ("reuse", {"building": "shed-3", "use": "culture"}, "vacancies", 0),
        ("take-down", {"building": "Zollhaus <b>"}, "buildings", 5),
    ],
)  # fmt: skip
def test_each_verb_is_done_by_its_form_and_stands_in_the_history(page, land, verb, entered, layer, count):  # noqa: F811
    answer = send(page, verb, **entered)
    assert answer.status_code == 303, re.findall(r'role="alert"[^>]*>([^<]*)', answer.text)
    assert answer.location.startswith("/scenarios/1/history")
    found = there(land, layer)
    assert len(found) == count if count else len(found) != len(there(land, layer, 0))
    assert page.post("/scenarios/1/history", data={"token": TOKEN, "does": "undo"}).status_code == 303
    assert there(land, layer).keys() == there(land, layer, 0).keys()


def test_a_line_gets_stops_by_name_and_then_other_headways_and_a_way(page, land):  # noqa: F811
    send(page, "new-stop", place=f"{EAST + 800} {NORTH + 24}", name="Werk")
    made = send(page, "new-line", number="9", stops="Kai, Zollhaus\nWerk", headways="6-20:15", kind="bus")
    assert made.status_code == 303
    ((uid, line),) = there(land, "lines").items()
    assert (line["name"], line["trips"]) == ("Kai, Zollhaus - Werk", 112)
    assert send(page, "change-line", line="9", headways="6-20:30;20-23:60").status_code == 303
    after = there(land, "lines")[uid]
    assert (after["trips"], after["calls"], after["number"]) == (2 * (28 + 3), line["calls"], "9")
    way = f"{EAST + 20} {NORTH + 24}\n{EAST + 400} {NORTH + 400}\n{EAST + 800} {NORTH + 24}"
    assert send(page, "change-line", line=uid, way=way, stops="Werk\nstop").status_code == 303
    after = there(land, "lines")[uid]
    assert (after["name"], after["geom"].length) == ("Werk - Kai, Zollhaus", pytest.approx(1083.6, abs=0.1))
    told = send(page, "change-line", line=uid)
    assert told.status_code == 422 and "Was soll sich ändern?" in told.text


@pytest.mark.parametrize(
    ("verb", "entered", "told"),
    [
        ("split-parcel", {"parcel": "7"}, "Teilungslinie"),
        ("split-parcel", {"parcel": "99", "line": CUT}, "„99“ gibt es in diesem Szenario nicht"),
        ("split-parcel", {"parcel": "7", "line": "von hier nach dort"}, "von hier nach dort"),
        ("split-parcel", {"parcel": "7", "line": "1 2 3"}, "500000 5930000"),
        ("merge-parcels", {"parcels": "P1"}, "zwei Flurstücke"),
        ("rezone", {"area": "parcels/99", "kind": "WA"}, "99"),
        ("rezone", {"area": "moats/1", "kind": "WA"}, "moats/1"),
        ("rezone", {"area": '{"type": "Polygon"}', "kind": "WA"}, "GeoJSON"),
        ("row-of-trees", {"line": WAY, "spacing": "weit"}, "Abstand"),
        ("redesign-street", {"street": "Kaiweg"}, "Hier ändert sich nichts"),
        ("redesign-street", {"street": "Kaiweg", "lanes": "9"}, "27"),
        ("new-line", {"number": "9", "stops": "stop", "headways": "6-20:15"}, "zwei Haltestellen"),
        ("reuse", {"building": "shed-3", "use": "castle"}, "castle"),
    ],
)  # fmt: skip
def test_what_is_refused_stands_in_the_form_beside_what_was_entered(page, land, verb, entered, told):  # noqa: F811
    answer = send(page, verb, **entered)
    assert 400 <= answer.status_code < 500
    assert told in re.search(r'role="alert"[^>]*>([^<]*)', answer.text)[1].replace("&#34;", '"')
    shown = answer.text.replace("&#34;", '"').replace("&#39;", "'")
    assert all(value in shown for value in entered.values())
    assert there(land, "parcels").keys() == {"P1", "P2"}


def test_two_of_one_name_are_told_apart_by_their_ids(page, land):  # noqa: F811
    for place in (90, 190):
        send(page, "new-stop", place=f"{EAST + place} {NORTH + 24}", name="Werk")
    answer = send(page, "move-stop", stop="Werk", place=f"{EAST} {NORTH}")
    assert answer.status_code == 400
    both = [uid for uid, one in there(land, "stops").items() if one["name"] == "Werk"]
    assert all(uid in answer.text for uid in both)


def test_a_feature_and_a_selection_lead_to_what_can_be_done_with_them(page, land):  # noqa: F811
    form = page.get("/scenarios/1/parcels/P1/edit").text
    links = re.findall(r'data-verb href="([^"]*)"', form)
    assert [link.partition("/do/")[2].partition("?")[0] for link in links] == [
        "split-parcel", "merge-parcels", "rezone", "resurface", "grove",
    ]  # fmt: skip
    assert 'value="P1"' in page.get(links[0].replace("&amp;", "&")).text
    street = page.get("/scenarios/1/do/redesign-street?street=Kaiweg").text
    assert 'placeholder="5"' in street and "bleibt: Anliegerstraße" in street  # as it stands now
    chosen = page.post("/api/scenarios/1/selection", json={"parcels": ["P1", "P2"]}).text
    link = re.search(r'href="(/scenarios/1/do/merge-parcels[^"]*)"', chosen)[1].replace("&amp;", "&")
    assert "P1\nP2" in page.get(link).text and "7, 8" in page.get(link).text
    area = re.search(r'href="(/scenarios/1/do/rezone[^"]*)"', chosen)[1]
    assert "area=parcels/P1" in unquote_plus(area)
    assert "/do/" not in page.post("/api/scenarios/2/selection", json={"parcels": ["P1"]}).text


def test_who_may_not_plan_finds_no_form(page, land, where):  # noqa: F811
    assert page.get("/scenarios/0/do/rezone").status_code == 403
    assert page.get("/scenarios/1/do/dance").status_code == 404
    assert send(page, "dance").status_code == 404
    stranger = create_app(DATABASE=where).test_client()
    assert stranger.get("/scenarios/1/do").status_code == 404
    assert page.post(FORM + "take-down", data={"building": "shed-3"}).status_code == 422  # without a token
    assert as_planner(stranger.application).post(DO + "take-down", json={"building": "shed-3"}).status_code == 200
    assert Point(EAST + 65, NORTH + 4).within(there(land, "buildings", 0)["shed-3"]["geom"])
