"""Land that coheres, candidates in the data, and which use fits which empty place."""

import numpy as np
import pytest
from shapely.geometry import Point, box

from layers.facilities import Facility
from layers.parcels import Parcel
from layers.vacancies import Vacancy
from layers.zones import Zone
from scenarios.assumptions import defaults
from scenarios.places.candidates import candidates
from scenarios.places.land import Around, Wanted, search
from scenarios.places.matching import fitting, match, ranked, use_called, uses
from scenarios.planned import planned
from scenarios.project import Project
from tests.drawn import columns, house, plot, zone
from tests.hamlet import EAST, NORTH, TOKEN, as_planner, planner, settle
from tests.lanes import rows_of, street
from twin.feature import Scenario
from web import create_app


def land(parcels, *, buildings=(), zones=(), streets=(), slopes=None):
    return Around(
        rows_of(parcels, ("number", "use", "owner_kind"), "p"), rows_of(list(zones), ("kind", "gfz"), "z"),
        rows_of(list(buildings), ("kind",), "b"), rows_of(list(streets), ("kind",)),
        np.zeros(len(parcels)) if slopes is None else np.array(slopes, float),
    )  # fmt: skip


def strip(count, **fields):
    """Parcels of one hectare side by side."""
    return [plot(100 * i, 0, 100, 100, owner_kind="town", use="Brachland", **fields) for i in range(count)]


def test_parcels_that_touch_make_a_site_together():
    apart = [*strip(2), plot(205, 0, 100, 100, owner_kind="town"), plot(305, 0, 100, 100, owner_kind="town")]
    sites = search(land(apart), Wanted(2.0))
    assert [sorted(site.uids) for site in sites] == [["p1", "p2"], ["p3", "p4"]]
    assert search(land(apart), Wanted(2.5)) == []
    assert sites[0].hectares == pytest.approx(2.0)
    assert sites[0].shape.area == pytest.approx(20_000, rel=0.001)


def test_a_street_s_parcel_joins_nothing_and_is_no_site():
    between = [plot(0, 0, 100, 100), plot(100, 0, 8, 100, use="Straßenverkehr"), plot(108, 0, 100, 100)]
    assert search(land(between), Wanted(1.5)) == []
    assert len(search(land(between), Wanted(1.0))) == 2


def test_each_condition_takes_parcels_away():
    parcels = strip(4)
    parcels[1][1]["owner_kind"] = "private"
    around = land(
        parcels, zones=[zone(box(0, 0, 200, 100), "GE")], buildings=[house(310, 10, 80, 50)], slopes=[1, 2, 12, 1],
        streets=[street((0, -20), (90, -20), kind="primary")],
    )  # fmt: skip

    def uids(**wanted):
        return sorted(uid for site in search(around, Wanted(0.5, **wanted)) for uid in site.uids)

    assert uids() == ["p1", "p2", "p3"]
    assert uids(built=0.5) == ["p1", "p2", "p3", "p4"]
    assert uids(zones=("GE",)) == ["p1", "p2"]
    assert uids(owners=("town",)) == ["p1", "p3"]
    assert uids(slope=5.0) == ["p1", "p2"]
    assert uids(road=50.0) == ["p1", "p2"]
    assert uids(rail=50.0) == []
    assert uids(outside={"Flut": np.array([box(-5, 0, 50, 50)], object)}) == ["p2", "p3"]


def test_the_least_in_the_way_comes_first():
    parcels = [plot(0, 0, 200, 200, owner_kind="private"), plot(500, 0, 150, 150, owner_kind="town")]
    around = land(
        parcels, zones=[zone(box(500, 0, 650, 150), "GE")], streets=[street((0, 0), (900, 0), kind="primary")]
    )
    first, second = search(around, Wanted(2.0))
    assert (first.uids, first.obstacles) == (["p2"], [])
    assert [one.en for one in second.obstacles] == [
        "no plan known: clear up building rights", "4.00 ha in private or unknown hands",
    ]  # fmt: skip


def guesses(parcels, buildings, blocks=(), zones=(), registered=()):
    names = columns()
    return candidates(
        rows_of(parcels, ("number", "use"), "p"), rows_of(buildings, names["buildings"][2:], "b"),
        rows_of(list(blocks), names["blocks"][2:], "k"), rows_of(list(zones), ("kind", "gfz"), "z"), defaults(),
        np.array(list(registered), object),
    )  # fmt: skip


def test_a_bare_plot_between_two_houses_is_a_gap_until_the_register_knows_it():
    plots = [plot(20 * i, 0, 20, 30) for i in range(4)]
    houses = [house(2, 2, 12, 12), house(42, 2, 12, 12)]
    assert [(one.kind, one.uid) for one in guesses(plots, houses)] == [("gap", "p2")]
    assert guesses(plots, houses, registered=[Point(30, 15)]) == []


def test_a_plot_far_below_its_gfz_and_a_block_without_people_are_told():
    plots, houses = [plot(0, 0, 40, 50)], [house(5, 5, 10, 10, dwellings=2)]
    law = [zone(box(-5, -5, 60, 60), "MU", gfz=2.0)]
    reserve, empty = guesses(plots, houses, [(box(-5, -5, 60, 60), {"number": "7", "inhabitants": 0})], law)
    assert reserve.why.en == "GFZ 0.10 of 2.00: 3,800 m² of floor free"
    assert empty.why.de == "im Block 7 wohnt niemand"


SHOP = {
    "kind": "shop",
    "area": 150.0,
    "broadband": 200.0,
    "stop": 3.0,
    "food": 4.0,
    "condition": "good",
    "people": 4000.0,
}


def test_a_place_that_has_all_gets_full_marks_and_what_is_missing_is_named():
    use = use_called("coworking")
    assert match(use, 0, SHOP).mark == pytest.approx(100)
    slow = match(use, 0, {**SHOP, "broadband": 25.0, "people": None})
    assert [one.told.en for one in slow.lacking] == ["broadband 25 Mbit/s (from 100)", "people within 10 min unknown"]
    assert slow.mark < 100
    assert not slow.refused
    small = match(use, 0, {**SHOP, "area": 60.0})
    assert small.refused


def test_what_lacks_the_needed_stands_at_the_end_even_where_all_else_is_fine():
    order = ranked(use_called("coworking"), [{**SHOP, "area": 60.0}, {"kind": "shop", "area": 130.0}, SHOP])
    assert [(one.row, one.refused) for one in order] == [(2, False), (1, False), (0, True)]


def test_the_other_way_round_a_hall_becomes_a_workshop_rather_than_a_surgery():
    found = fitting({"kind": "hall", "area": 900.0, "price": 60000.0, "condition": "fair", "people": 500.0})
    assert found[0].use.name == "workshop"
    assert next(one for one in found if one.use.name == "surgery").refused
    assert len(found) == len(uses())


@pytest.fixture
def kai(db, where):
    """The hamlet with its empty hall of 300 m² in shed 3, on a town's parcel, and a shop."""
    settle(db)
    hall = db.query(Vacancy).filter_by(uid="V1").one()
    hall.area, hall.condition, hall.address = 300.0, "fair", "Kai 3"
    db.add(Parcel(uid="plot", number="12/3", owner_kind="town", shape=box(EAST + 200, NORTH, EAST + 400, NORTH + 120)))
    db.add(Zone(uid="GE", kind="GE", plan="7", shape=box(EAST + 150, NORTH - 50, EAST + 500, NORTH + 200)))
    db.add(Facility(uid="shop", name="Laden", kind="food", detail="convenience", shape=Point(EAST + 90, NORTH + 22)))
    db.add_all([planner(), Project(id=1, title="Kai")])
    db.flush()
    db.add(Scenario(id=1, title="Plan", project_id=1))
    db.commit()
    return as_planner(create_app(DATABASE=where))


def test_sites_are_listed_drawn_and_told_to_programs(kai):
    page = kai.get("/scenarios/0/land?hectares=2").text
    assert "Flächen: 1" in page
    assert "Gewerbegebiet" in page
    assert "<circle" in kai.get("/scenarios/0/land.svg?hectares=2").text
    (site,) = kai.get("/api/scenarios/0/land?hectares=2,4").json["features"]
    assert site["properties"]["uids"] == ["plot"]
    assert "hat 2,4 ha" in kai.get("/scenarios/0/land?hectares=3").text
    assert "keine Zahl von" in kai.get("/scenarios/0/land?hectares=many").text
    assert kai.get("/scenarios/0/land?hectares=1&outside=moats").status_code == 400
    assert kai.get("/scenarios/0/candidates").status_code == 200


def test_a_use_moves_into_a_hall_with_one_click_and_back_again(kai, db):
    page = kai.get("/scenarios/1/uses?use=workshop").text
    assert "Kai 3" in page
    told = kai.get("/api/scenarios/1/uses/makerspace").json
    assert (told[0]["uid"], told[0]["refused"]) == ("V1", False)
    assert next(one["mark"] for one in told[0]["reasons"] if one["value"] == "stop") == 1
    done = kai.post("/scenarios/1/uses/makerspace/V1", data={"token": TOKEN})
    assert done.status_code == 303
    building, vacancy, facility = (_planned(db, layer) for layer in ("buildings", "vacancies", "facilities"))
    assert building["shed-3"].use == "culture"
    assert "V1" not in vacancy
    assert {one.detail for one in facility.values()} == {"convenience", "arts_centre"}
    assert "kein leerer Ort" in kai.get("/scenarios/1/uses").text
    assert "Kai 3" in kai.get("/scenarios/0/uses").text


def test_a_profile_that_nothing_meets_says_so_and_what_each_place_lacks(kai):
    page = kai.get("/scenarios/0/uses?use=housing_40").text
    assert "Kein Ort erfüllt, was dieses Profil unbedingt braucht" in page
    assert "Fläche 300 m² (ab 1.400)" in page
    assert "Pflicht nicht erfüllt" in page


def _planned(db, layer):
    from layers import BY_NAME

    db.rollback()
    view = planned(BY_NAME[layer])
    return {row.uid: row for row in db.execute(view.select().where(view.c.scenario_id == 1))}


def test_what_a_place_could_become_and_what_is_not_there_is_told(kai, where):
    page = kai.get("/scenarios/0/uses?place=V1").text
    listed = page[page.index("ranked") :]
    assert listed.index("Werkstatt") < listed.index("Arztpraxis")
    assert kai.get("/scenarios/0/uses?place=V9").status_code == 404
    assert kai.get("/scenarios/0/uses?use=palace").status_code == 404
    stranger = create_app(DATABASE=where).test_client()
    assert stranger.get("/scenarios/1/uses").status_code == 404
    assert stranger.post("/scenarios/1/uses/makerspace/V1").status_code in (401, 403, 404, 422)
    assert kai.post("/scenarios/0/uses/makerspace/V1", data={"token": TOKEN}).status_code == 403
