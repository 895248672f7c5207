"""Vollgeschosse, Baulinien and courtyards: rules of the states and of BauNVO, each with a house drawn on paper."""

import pytest
from shapely.geometry import LineString, Polygon, box

from scenarios.indicators import indicators
from scenarios.indicators.storeys import full_storeys, rule_of
from tests.drawn import figures, house, on_paper, plot, zone

PLOT = plot(0, 0, 40, 25)
GABLE = {"roof_type": "3100", "storeys": 2, "storey_height": 3.0}


def storeys(*, state="Sachsen-Anhalt", **fields):
    """Vollgeschosse of a house of 12 x 10 m, and the share of its attic that is high enough."""
    given = on_paper(buildings=[house(0, 0, 12, 10, **fields)], state=state)
    found = full_storeys(given.rows["buildings"], given)
    return float(found.full[0]), float(found.attic[0])


def test_an_attic_counts_where_two_thirds_of_it_are_high_enough():
    """Eaves at 6 m, ridge at 10 m: 2.30 m and 0.30 m of rafters are reached at 2.6 / 4 of the way: 35 % remain.

    With a knee wall of 1.50 m and the ridge at 12 m, 1.1 / 4.5 of the way are lost: 76 % remain, more than two thirds.
    """
    assert storeys(**GABLE, eaves_height=6.0, height=10.0) == (2, pytest.approx(0.35))
    assert storeys(**GABLE, eaves_height=7.5, height=12.0) == (3, pytest.approx(1 - 1.1 / 4.5))


def test_a_storey_that_is_told_but_lies_under_the_roof_is_judged_too():
    """Three storeys told, the wall has room for two: the third lies under the roof, and 35 % of it are high enough."""
    assert storeys(**{**GABLE, "storeys": 3}, eaves_height=6.0, height=10.0)[0] == 2
    assert storeys(storeys=3, eaves_height=9.0, height=9.0)[0] == 3


def test_a_hip_roof_loses_height_from_all_sides():
    """12 x 10 m, 5 m rise over 6 m eaves: 2.6 / 5 of 5 m are lost on each side: 6.8 x 4.8 of 120 m² remain."""
    count, share = storeys(**{**GABLE, "roof_type": "3200"}, eaves_height=6.0, height=11.0)
    assert (count, share) == (2, pytest.approx(6.8 * 4.8 / 120))


@pytest.mark.parametrize(("state", "full"), [("Sachsen-Anhalt", 2), ("Sachsen", 3), ("Thüringen", 3), (None, 3)])
def test_a_cellar_that_stands_out_counts_by_the_state_s_measure(state, full):
    """Two storeys of 3 m in a wall of 7.50 m: the cellar's ceiling is 1.50 m out; 1.60 m count here, 1.40 m there."""
    fields = {"storeys": 2, "storey_height": 3.0, "height": 7.5, "storeys_below": 1}
    assert storeys(state=state, **fields)[0] == full
    assert storeys(state=state, **{**fields, "storeys_below": 0})[0] == 2
    assert rule_of(state)[1].mark == "g"


def test_gfz_counts_full_storeys():
    """120 m² on 1,000 m²: two storeys and an attic that counts give 0.36, without it 0.24."""
    tall = {**GABLE, "eaves_height": 7.5, "height": 12.0}
    found = figures("law", on_paper(parcels=[PLOT], buildings=[house(5, 5, 12, 10, **tall)]))
    assert found["gfz"].value == pytest.approx(0.36)
    assert "1 von 1 Dachgeschossen" in found["full_storeys"].by_hand.de
    low = {**GABLE, "eaves_height": 6.0, "height": 10.0}
    found = figures("law", on_paper(parcels=[PLOT], buildings=[house(5, 5, 12, 10, **low)]))
    assert found["gfz"].value == pytest.approx(0.24)


def on_the_line(y):
    """A house on a plot of 40 x 25 m with a Baulinie 5 m behind its southern edge."""
    line = (LineString([(-10, 5), (60, 5)]), {"kind": "Baulinie"})
    given = on_paper(parcels=[PLOT], buildings=[house(5, y, 20, 12)], building_lines=[line])
    places = [one for one in indicators()["law"].answer(given).places if one.key.startswith("line/")]
    return figures("law", given)["off_the_line"], [one.told.de for one in places]


def test_on_a_baulinie_one_builds_neither_behind_nor_before_it():
    assert on_the_line(5)[0].value == 0
    behind, told = on_the_line(7)
    assert behind.value == 1
    assert "bleibt um 2,00 m hinter der Baulinie zurück (BauNVO § 23 Abs. 2)" in told[0]
    before, told = on_the_line(3.5)
    assert before.value == 1
    assert "tritt um 1,50 m über die Baulinie vor" in told[0]


def test_without_a_baulinie_nothing_is_judged_and_a_garage_may_stand_off_it():
    given = on_paper(parcels=[PLOT], buildings=[house(5, 5, 20, 12)])
    assert "keine Baulinie bekannt" in figures("law", given)["off_the_line"].refused.de
    line = (LineString([(-10, 5), (60, 5)]), {"kind": "Baulinie"})
    houses = [house(5, 5, 20, 12), house(30, 15, 6, 5, use="garage", storeys=1, height=3.0)]
    assert figures("law", on_paper(parcels=[PLOT], buildings=houses, building_lines=[line]))["off_the_line"].value == 0


def test_a_window_of_lines_alone_bounds_as_one_of_areas_does():
    """Three Baugrenzen and a Baulinie close around 5..35 x 5..20 m; the house reaches 2 m beyond."""
    corners = [(5, 5), (35, 5), (35, 20), (5, 20), (5, 5)]
    lines = [(LineString(corners[i : i + 2]), {"kind": "Baulinie" if i == 0 else "Baugrenze"}) for i in range(4)]
    given = on_paper(
        parcels=[PLOT], buildings=[house(10, 5, 20, 17)], building_lines=lines, zones=[zone(PLOT[0], "WA", gfz=1.2)]
    )
    assert figures("law", given)["lines_crossed"].value == 1


def court(wide):
    """A block of 5 storeys, 15 m high, around a courtyard of that width."""
    outline = box(0, 0, wide + 24, 60).exterior.coords
    shape = Polygon(outline, [box(12, 12, 12 + wide, 48).exterior.coords])
    given = on_paper(buildings=[(shape, {"storeys": 5, "height": 15.0})], parcels=[plot(-50, -50, 200, 200)])
    return indicators()["spacing"].answer(given)


def test_walls_across_a_courtyard_keep_their_distance_too():
    """15 m x 0.4 = 6 m on each side: a court of 10 m is 2 m too narrow, one of 12 m is wide enough."""
    (place,) = court(10).places
    assert place.values["metres"] == pytest.approx(2.0)
    assert "eigenen Wand gegenüber (Hof)" in place.told.de
    assert "§ 6 Abs. 3" in place.told.de
    assert court(12).places == []
    found = {one.name: one.value for one in court(10).figures}
    assert (found["overlaps"], found["overlap_most"]) == (1, pytest.approx(2.0))
