"""How much is built, for how many, and what it costs: sums that can be checked by hand."""

import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from layers.brought import bring
from layers.buildings import Building
from layers.codes import SEALED_PERCENT
from layers.parcels import Parcel
from scenarios import nhk
from scenarios.assumptions import defaults
from scenarios.changes import place, step
from scenarios.indicators import Inquiry, indicators
from scenarios.indicators.figures import causes
from tests.drawn import figures, house, on_paper, plot
from tests.hamlet import EAST, NORTH, at, settle
from twin.feature import Scenario

AREA = box(0, 0, 100, 100)


def test_floor_area_goes_by_use_and_storey():
    """20 x 10 m, four storeys, a shop on the ground floor: 800 m², of which 200 m² trade."""
    block = house(10, 10, 20, 10, storeys=4, storey_uses="0:trade;1-3:residential", dwellings=6)
    found = figures("areas", on_paper(AREA, buildings=[block]))
    assert (found["floor_area"].value, found["floor_area_residential"].value) == (800, 600)
    assert found["floor_area_trade"].value == 200
    assert (found["dwellings"].value, found["people"].value) == (6, 12)
    assert found["jobs"].value == pytest.approx(200 / 40)
    assert found["parking"].value == pytest.approx(6 * 1.0 + 5 * 0.33)
    assert "6 Wohnungen × 2,00 Personen = 12" in found["people"].by_hand.de


def test_ground_is_cut_at_the_area_s_edge():
    ground = [
        (box(-50, 0, 50, 100), {"kind": "asphalt", "sealed_percent": 90.0}),
        (box(50, 0, 150, 100), {"kind": "park"}),
    ]
    found = figures("areas", on_paper(AREA, surfaces=ground))
    assert found["sealed"].value == pytest.approx(4500)
    assert found["sealed_share"].value == pytest.approx(45)
    assert found["green"].value == pytest.approx(5000)
    assert "bei 1 von 2 geschätzt" in found["sealed"].estimated.de


def test_a_building_belongs_to_the_area_by_its_middle():
    found = figures("areas", on_paper(AREA, buildings=[house(95, 10, 8, 10), house(97, 30, 8, 10)]))
    assert found["buildings"].value == 1


def test_what_is_not_known_is_refused_with_the_remedy_and_never_zero():
    found = figures("areas", on_paper(AREA, buildings=[house(10, 10, 10, 10)]))
    assert [found[name].value for name in ("plots", "sealed", "green")] == [None] * 3
    assert "ALKIS" in found["plots"].refused.de
    assert "--as surfaces" in found["sealed"].refused.en
    figures_of_cost = figures("cost", on_paper(AREA, before=on_paper(AREA), buildings=[house(10, 10, 10, 10)]))
    assert "Eigentümerart" in figures_of_cost["cost_town"].refused.de


def planned(**more):
    """Today a hall of 1,000 m³ and an office; then the hall is gone, the office a home, and a block of flats is new."""
    office = house(60, 60, 20, 10, use="office", storeys=2, uid="office", height=6.0)
    today = on_paper(AREA, buildings=[house(0, 0, 20, 10, use="industry", storeys=1, height=5.0, uid="hall"), office])
    block = house(10, 30, 30, 10, storeys=4, dwellings=12, height=12.0, uid="block")
    turned = (office[0], {**office[1], "use": "residential", "dwellings": 4})
    return today, on_paper(
        AREA, before=today, buildings=[block, turned], own={"buildings": ["hall", "office", "block"]},
        parcels=[plot(0, 0, 100, 50, owner_kind="town"), plot(0, 50, 100, 50, owner_kind="private")], **more,
    )  # fmt: skip


def test_twelve_flats_cost_by_type_4_2_with_the_range_of_its_standards():
    """1,200 m² x 765 EUR x 1.85 = 1,698,300 EUR; from standard 3 (765) to 5 (1,105)."""
    found = figures("cost", planned()[1])
    new = found["cost_building"]
    assert new.value == pytest.approx(1200 * 765 * 1.85)
    assert (new.low, new.high) == pytest.approx((1200 * 765 * 1.85, 1200 * 1105 * 1.85))
    assert new.sources[0].mark == "2"
    (place,) = indicators()["cost"].answer(planned()[1]).places
    assert (place.uid, place.told.de) == ("block", "NHK 4.2 Mehrfamilienhaus, 7 bis 20 Wohnungen")


def test_reuse_demolition_trees_and_streets_are_counted_apart():
    given = planned()[1]
    outside = on_paper(
        AREA, before=given.before, buildings=[], own={},
        trees=[(Point(5, 5), {}), (Point(9, 5), {})], streets=[(LineString([(0, 20), (50, 20)]), {"width": 6.0})],
    )  # fmt: skip
    found = figures("cost", given)
    assert found["cost_conversion"].value == pytest.approx(400 * 1200)
    assert found["cost_demolition"].value == pytest.approx(1000 * 35)
    assert found["co2"].value == pytest.approx((1200 * 500 + 400 * 200) / 1000)
    found = figures("cost", outside)
    assert found["cost_tree"].value == 2 * 1500
    assert found["cost_street"].value == pytest.approx(50 * 6 * 180)


def test_groups_of_din_276_and_the_payers_add_up_to_the_whole():
    found = figures("cost", planned()[1])
    whole = found["cost"].value
    assert sum(found[name].value for name in ("kg200", "kg300", "kg400", "kg500", "kg700")) == pytest.approx(whole)
    assert found["cost_town"].value + found["cost_others"].value == pytest.approx(whole)
    assert found["cost_others"].value == pytest.approx(400 * 1200)


@pytest.mark.parametrize(
    ("fields", "beside", "code"),
    [
        ({"dwellings": 1}, 0, "1.33"), ({"dwellings": 1, "storeys_below": 1}, 0, "1.11"), ({"dwellings": 1}, 1, "2.31"),
        ({"dwellings": 1}, 2, "3.31"), ({"dwellings": 6}, 0, "4.1"), ({"dwellings": 30}, 0, "4.3"),
        ({"use": "mixed"}, 0, "5.1"), ({"use": "office"}, 0, "6.1"), ({"use": "education"}, 0, "8.2"),
        ({"use": "care", "function": "31001_3065"}, 0, "8.1"), ({"use": "health"}, 0, "10.2"),
        ({"use": "garage", "function": "31001_2465"}, 0, "14.3"), ({"use": "storage"}, 0, "16.1"),
    ],
)  # fmt: skip
def test_the_type_follows_from_use_dwellings_and_neighbours(fields, beside, code):
    houses = [house(10, 10, 10, 10, uid="new", **{"dwellings": None, **fields})]
    old = [house(0 if i == 0 else 20, 10, 10, 10, uid=f"old{i}", use="industry") for i in range(beside)]
    today = on_paper(AREA, buildings=old)
    given = on_paper(AREA, before=today, buildings=[*old, *houses])
    (place,) = indicators()["cost"].answer(given).places
    assert place.told.de.startswith(f"NHK {code} ")


def test_between_two_standards_the_rate_is_between_and_below_the_annex_it_is_its_lowest():
    (row,) = nhk.rates(np.array(["1.33"]), 3.5, 0).tolist()
    assert row == [1102.5, 785, 1510]
    (row,) = nhk.rates(np.array(["4.2"]), 1.0, 0).tolist()
    assert row == [765, 765, 1105]


def test_a_building_of_no_type_is_marked():
    given = on_paper(AREA, before=on_paper(AREA), buildings=[house(10, 10, 10, 10, use="culture", storeys=1)])
    found = figures("cost", given)["cost_building"]
    assert found.value == pytest.approx(100 * 970 * 1.85)
    assert "ohne NHK-Typ" in found.estimated.de


def test_a_difference_names_what_caused_it():
    today, given = planned()
    before, after = (figures("areas", one)["floor_area"] for one in (today, given))
    found = {cause.kind: cause for cause in causes(before, after)}
    assert found["new"].value == 1200
    assert found["new"].named[0][:2] == ("buildings", "block")
    assert (found["gone"].features, found["gone"].value) == (1, -200)
    assert sum(cause.value for cause in found.values()) == pytest.approx(after.value - before.value)


def test_what_is_unsealed_follows_from_the_kind_of_ground_where_no_share_is_told():
    """400 m² of asphalt become a garden: 400 x 35 EUR, less what a garden itself is sealed."""
    square = box(40, 0, 60, 20)
    today = on_paper(AREA, surfaces=[(square, {"kind": "asphalt"})])
    told = on_paper(AREA, before=today, surfaces=[(square, {"kind": "asphalt", "sealed_percent": 20.0})])
    found = figures("cost", told)["cost_unsealing"]
    assert found.value == pytest.approx(400 * (SEALED_PERCENT["asphalt"] - 20) / 100 * 35)
    streets = [(LineString([(0, 20), (50, 20)]), {})]
    guessed = figures("cost", on_paper(AREA, before=today, streets=streets))["cost_street"]
    assert guessed.value == pytest.approx(50 * 5 * 180)
    assert "Breite von 5 m bei 1 von 1 geschätzt" in guessed.estimated.de


def test_land_is_worth_its_area_by_the_zone_of_land_values():
    """The block stands on the town's 5,000 m² at 90 EUR; the office is only converted, so its plot is not counted."""
    zones = [(box(-10, -10, 200, 50), {"value": 90.0}), (box(-10, 50, 200, 200), {"value": 60.0})]
    found = figures("cost", planned(land_values=zones)[1])
    assert found["kg100"].value == pytest.approx(5000 * 90)
    assert found["kg100_town"].value == pytest.approx(5000 * 90)
    assert "1 bebaute Flurstücke, 5.000 m²" in found["kg100"].by_hand.de
    assert "Bodenrichtwert" in figures("cost", planned()[1])["kg100"].refused.de


def test_reuse_saves_emissions_and_energy_against_building_it_new():
    """1,200 m² new, 400 m² converted: 1,200 x 1,500 + 400 x 600 kWh; all new it would be 400 x 900 kWh more."""
    found = figures("cost", planned()[1])
    assert found["energy"].value == pytest.approx((1200 * 1500 + 400 * 600) / 1000)
    assert found["energy_saved"].value == pytest.approx(400 * 900 / 1000)
    assert found["co2_saved"].value == pytest.approx(400 * 300 / 1000)
    assert found["co2"].assumed == ("co2_new", "co2_conversion")


def test_a_layer_with_land_values_is_found_whatever_its_name(db):
    settle(db)
    zones = bring(db, "bodenrichtwerte_2026", "Bodenrichtwerte", {"brw": ("BRW", "float")})
    plot_of = box(EAST - 10, NORTH - 10, EAST + 100, NORTH + 60)
    db.add_all([zones(uid="z1", brw=120.0, shape=plot_of), Parcel(uid="plot", number="1", shape=plot_of)])
    db.add(Scenario(id=1, title="Plan"))
    db.flush()
    with step(db, db.get(Scenario, 1), None, "draw") as now:
        place(now, Building, "new", at(0, 50), {"height": 9.0, "storeys": 3, "use": "office"}, seen=None)
    answer = Inquiry(db, [indicators()["cost"]], plot_of, defaults()).of(1)["cost"]
    worth = next(one for one in answer.figures if one.name == "kg100")
    assert worth.value == pytest.approx(110 * 70 * 120)
