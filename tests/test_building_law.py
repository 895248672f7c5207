"""Measure of building use, each rule with a plot of 1,000 m² that can be drawn on paper: 40 m wide, 25 m deep."""

import datetime as dt

import pytest
from shapely.geometry import LineString, box

from scenarios.indicators import indicators
from scenarios.indicators.plots import allowed_with_ancillary
from scenarios.rules import rules
from tests.drawn import figures, house, on_paper, plot, zone
from twin.errors import NotFound

PLOT = plot(0, 0, 40, 25)


@pytest.mark.parametrize(
    ("kind", "main", "with_ancillary"),
    [("WA", 400, 600), ("WS", 200, 300), ("MI", 600, 800), ("GE", 800, 800), ("MK", 1000, 1000)],
)
def test_on_1000_square_metres_section_17_points_to_so_much(kind, main, with_ancillary):
    """The check values of the field notes; MI is capped at 0.8, not 0.9."""
    grz = rules("baunvo")["orientation"][kind]["grz"]
    assert grz * 1000 == pytest.approx(main)
    assert allowed_with_ancillary(grz) * 1000 == pytest.approx(with_ancillary)


def test_grz_gfz_and_bmz_are_the_house_through_the_plot():
    """A house of 20 x 12 m with three storeys and 9 m: 240, 720, 2,160 on 1,000 m²."""
    found = figures("law", on_paper(parcels=[PLOT], buildings=[house(5, 5, 20, 12, storeys=3, height=9.0)]))
    assert found["grz_1"].value == pytest.approx(0.24)
    assert found["gfz"].value == pytest.approx(0.72)
    assert found["bmz"].value == pytest.approx(2.16)
    assert "240 m² / 1.000 m² Grundstück = 0,24" in found["grz_1"].by_hand.de


def test_garages_and_paving_count_for_grz_2_alone_and_paving_under_a_roof_once():
    given = on_paper(
        parcels=[PLOT],
        buildings=[house(5, 5, 20, 12), house(30, 5, 6, 5, use="garage", storeys=1, height=3.0)],
        surfaces=[(box(25, 5, 36, 15), {"kind": "asphalt"})],
    )
    found = figures("law", given)
    assert found["grz_1"].value == pytest.approx(0.24)
    assert found["grz_2"].value == pytest.approx(0.24 + 0.11)
    assert found["gfz"].value == pytest.approx(0.48)


def test_a_plan_in_force_wins_over_the_orientation_value():
    house_of_3 = house(5, 5, 20, 12, storeys=3)
    land = zone(box(-10, -10, 60, 60), "WA", gfz=0.7, grz=0.4)
    found = figures("law", on_paper(parcels=[PLOT], buildings=[house_of_3], zones=[land]))
    assert (found["gfz"].limit, found["gfz"].limit_kind, found["gfz"].above) == (0.7, "plan", True)
    draft = zone(box(-10, -10, 60, 60), "WA", gfz=0.7, grz=0.4, state_of_law="2000")
    found = figures("law", on_paper(parcels=[PLOT], buildings=[house_of_3], zones=[draft]))
    assert found["gfz"].limit is None


def test_without_a_plan_the_orientation_value_is_named_as_what_it_is():
    general = (box(-10, -10, 60, 60), {"kind": "W", "plan_kind": "fplan"})
    given = on_paper(parcels=[PLOT], buildings=[house(0, 0, 40, 20, storeys=2)], zones=[general])
    found = figures("law", given)
    assert (found["grz_1"].limit, found["grz_1"].limit_kind, found["grz_1"].above) == (0.4, "orientation", True)
    (place,) = indicators()["law"].answer(given).places
    assert "Orientierungswert BauNVO § 17" in place.told.de
    assert "GRZ I (Hauptanlagen) 0,80 über 0,40" in place.told.de
    assert "illegal" not in place.told.en + place.told.de


def test_a_building_on_two_plots_counts_on_each_by_its_share():
    given = on_paper(parcels=[plot(0, 0, 20, 25), plot(20, 0, 20, 25)], buildings=[house(15, 5, 20, 10, storeys=2)])
    one, other = indicators()["law"].answer(given).places
    assert one.values["grz_1"] == pytest.approx(50 / 500)
    assert other.values["grz_1"] == pytest.approx(150 / 500)
    assert other.values["gfz"] == pytest.approx(300 / 500)


def test_a_wall_beyond_the_building_line_is_told_in_metres():
    given = on_paper(
        parcels=[PLOT], zones=[zone(PLOT[0], "WA", grz=0.4)], buildings=[house(5, 3, 20, 12)],
        building_lines=[(box(3, 5, 37, 20), {}), (LineString([(3, 5), (37, 5)]), {})],
    )  # fmt: skip
    assert figures("law", given)["lines_crossed"].value == 1
    (crossed,) = [one for one in indicators()["law"].answer(given).places if one.key.startswith("lines/")]
    assert "um bis zu 2,00 m auf 40,0 m²" in crossed.told.de


def test_in_open_bauweise_houses_that_touch_are_one_row():
    """Three houses of 18 m wall to wall are 54 m long; a fourth stands 3 m away."""
    row = [house(18 * i, 5, 18, 10) for i in range(3)] + [house(57, 5, 10, 10)]
    land = zone(box(-10, -10, 100, 60), "WA", building_method="offen")
    found = figures("law", on_paper(parcels=[plot(-5, 0, 80, 30)], buildings=row, zones=[land]))
    assert found["open_length"].value == pytest.approx(54.0)
    assert found["open_length"].above is True


def test_a_plot_without_a_zone_or_a_kind_is_not_judged_and_says_why():
    built = {"parcels": [PLOT], "buildings": [house(5, 5, 20, 12)]}
    found = figures("law", on_paper(**built))
    assert found["plots_above"].value is None
    assert "Laden Sie ihn (XPlanung)" in found["plots_above"].refused.de
    nameless = figures("law", on_paper(**built, zones=[zone(PLOT[0], None, plan_kind="fplan")]))
    assert "Die Gebietsart fehlt" in nameless["plots_above"].refused.de


def test_without_parcels_there_is_no_ratio_rather_than_zero():
    found = figures("law", on_paper(buildings=[house(5, 5, 20, 12)]))
    assert [found[name].value for name in ("grz_1", "grz_2", "gfz", "bmz")] == [None] * 4
    assert "kataster" in found["gfz"].refused.de
    assert "XPlanung" in found["lines_crossed"].refused.de


def test_rules_that_do_not_hold_on_the_day_are_marked():
    given = on_paper(parcels=[PLOT], day=dt.date(2020, 1, 1))
    assert "gilt am 01.01.2020 nicht" in indicators()["law"].answer(given).notes[0].de
    with pytest.raises(NotFound, match=r"moonlight\.toml"):
        rules("moonlight")


def test_green_land_has_no_measure():
    meadow = zone(box(-10, -10, 60, 60), "green", gfz=2.4)
    (_, place) = (
        indicators()["law"].answer(on_paper(parcels=[PLOT], buildings=[house(5, 5, 20, 12)], zones=[meadow])).places
    )
    assert place.above is None
    assert "nennt § 17 BauNVO keine Werte" in place.told.de


def test_the_room_to_build_in_lies_within_lines_and_spacing():
    """40 x 25 m with GRZ 0.4 and GFZ 0.8: two storeys of 3 m keep 3 m free; the line lies 5 m from the street."""
    land = zone(PLOT[0], "WA", grz=0.4, gfz=0.8)
    given = on_paper(parcels=[PLOT], zones=[land], buildings=[house(5, 5, 20, 12)])
    answer = indicators()["envelope"].answer(given)
    (place,) = answer.places
    assert place.shape.equals(box(3, 3, 37, 22))
    assert (place.values["storeys"], place.values["height"]) == (2, 6)
    assert (place.values["footprint"], place.values["floor"]) == (400, 800)
    assert place.values["floor_left"] == 800 - 480
    assert answer.drawn[0].heights.tolist() == [6.0]
    lined = on_paper(parcels=[PLOT], zones=[land], building_lines=[(box(0, 5, 40, 14), {})])
    (place,) = indicators()["envelope"].answer(lined).places
    assert place.shape.equals(box(3, 5, 37, 14))
    assert place.values["footprint"] == 34 * 9
    assert "XPlanung" in figures("envelope", on_paper(parcels=[PLOT]))["allowed_floor"].refused.de


def test_what_is_around_gives_the_range_of_section_34():
    """Three houses around of 6, 7 and 9 m; the plan's one has 12 m."""
    around = [house(60 * i, 0, 10, 10, height=height, uid=f"old{i}") for i, height in enumerate((6.0, 7.0, 9.0))]
    today = on_paper(parcels=[plot(-5, -5, 200, 50)], buildings=around)
    given = on_paper(
        parcels=[plot(-5, -5, 200, 50)], buildings=[*around, house(30, 0, 10, 10, height=12.0, uid="new")],
        before=today, own={"buildings": ["new", "old0"]},
    )  # fmt: skip
    found = figures("surroundings", given)
    assert (found["around_height"].low, found["around_height"].value, found["around_height"].high) == (6.0, 7.0, 9.0)
    (place,) = indicators()["surroundings"].answer(given).places
    assert (place.uid, place.above) == ("new", True)
    assert "Höhe 12,0 über 9,0" in place.told.de
