"""Abstandsflächen, each rule with houses that can be drawn on paper."""

import datetime as dt

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from scenarios.indicators import indicators
from scenarios.indicators.spacing import rules_for, walls_of_area
from tests.drawn import figures, gabled, house, on_paper, plot, zone

WIDE = plot(-50, -50, 200, 200)


def walls(given, state="Sachsen-Anhalt"):
    return walls_of_area(given, rules_for(state).profile)


def facing(found, x, y):
    """The area before the wall whose normal points there."""
    return next(area for area, normal in zip(found.areas, found.normal, strict=True) if normal @ (x, y) > 0.99)


def test_a_flat_house_keeps_four_tenths_of_its_height_free():
    """10 x 8 m, 15 m high: 0.4 H = 6 m before each wall."""
    found = walls(on_paper(parcels=[WIDE], buildings=[house(0, 0, 10, 8, storeys=5, height=15.0)]))
    assert facing(found, 0, -1).equals(box(0, -6, 10, 0))
    assert facing(found, 1, 0).equals(box(10, 0, 16, 8))
    assert len(found.areas) == 4


def test_never_less_than_three_metres_and_half_as_much_in_a_commercial_area():
    low = house(0, 0, 10, 8, use="office", storeys=2, height=6.0)  # 0.4 H = 2.4 m
    assert facing(walls(on_paper(buildings=[low])), 0, -1).equals(box(0, -3, 10, 0))
    high = house(0, 0, 10, 8, use="industry", storeys=5, height=20.0)
    hall = on_paper(buildings=[high], zones=[zone(box(-50, -50, 50, 50), "GE")])
    assert facing(walls(hall), 0, -1).equals(box(0, -4, 10, 0))


def test_a_roof_counts_a_third_over_the_eaves():
    """Eaves 9 m, ridge 15 m: H = 9 + 6 / 3 = 11 m, 0.4 H = 4.40 m."""
    pitched = house(0, 0, 10, 8, storeys=3, height=15.0, eaves_height=9.0, roof_type="3100")
    assert facing(walls(on_paper(buildings=[pitched])), 0, 1).bounds == pytest.approx((0, 8, 10, 12.4))


def test_a_roof_steeper_than_70_degrees_counts_fully():
    """Eaves 9 m, ridge 15 m, 72 degrees: H = 15 m, 0.4 H = 6 m."""
    steep = house(0, 0, 10, 8, storeys=3, height=15.0, eaves_height=9.0, roof_type="3100", roof_pitch=72.0)
    assert facing(walls(on_paper(buildings=[steep])), 0, 1).bounds == pytest.approx((0, 8, 10, 14))
    shape, fields = house(0, 0, 14, 2, storeys=3, height=15.0, eaves_height=9.0, roof_type="3100")  # 80.5 degrees
    found = walls(on_paper(buildings=[(shape, {**fields, **gabled(0, 0, 14, 2, 9.0, 15.0)})]))
    assert facing(found, 0, -1).bounds == pytest.approx((0, -6, 14, 0))


def test_a_gable_is_folded_down_in_its_own_shape():
    """Eaves 9 m, ridge 15 m, ridge from west to east: eaves sides 4.40 m; the gable 3.60 m, and 6.00 m at the ridge."""
    shape, fields = house(0, 0, 14, 10, storeys=3, height=15.0, eaves_height=9.0, roof_type="3100")
    found = walls(on_paper(buildings=[(shape, {**fields, **gabled(0, 0, 14, 10, 9.0, 15.0)})]))
    assert facing(found, 0, -1).bounds == pytest.approx((0, -4.4, 14, 0))
    gable = shapely.Polygon([(14, 0), (17.6, 0), (20, 5), (17.6, 10), (14, 10)])
    assert facing(found, 1, 0).symmetric_difference(gable).area < 1e-6


def test_small_homes_need_three_metres_where_the_state_says_so():
    """A house of class 1 with three storeys and 9 m: 3 m by the Musterbauordnung, 3.60 m in Sachsen-Anhalt."""
    small = on_paper(buildings=[house(0, 0, 10, 10, storeys=3, height=9.0, dwellings=2)])
    assert facing(walls(small, "Musterbauordnung"), 0, -1).bounds[1] == pytest.approx(-3)
    assert facing(walls(small), 0, -1).bounds[1] == pytest.approx(-3.6)


def test_two_houses_too_near_are_told_by_metres_and_paragraph():
    """Both 15 m high, 10 m apart: 6 + 6 - 10 = 2 m too near, over 10 m of wall."""
    given = on_paper(
        parcels=[WIDE],
        buildings=[house(0, 0, 10, 10, height=15.0, name="Haus A"), house(0, 20, 10, 10, height=15.0, name="Haus B")],
    )
    found = figures("spacing", given)
    assert (found["overlaps"].value, found["overlap_most"].value) == (1, pytest.approx(2.0))
    (place,) = indicators()["spacing"].answer(given).places
    assert place.told.de == "überdeckt sich mit der von Haus B um bis zu 2,00 m auf 20,0 m² (BauO LSA § 6 Abs. 3)"
    assert place.shape.equals(box(0, 14, 10, 16))


def test_walls_at_a_right_angle_may_share_their_areas():
    """The second house stands so that only its western area meets the southern one of the first."""
    first = house(0, 0, 10, 10, height=15.0)
    second = house(11, -11, 10, 10, height=15.0)
    given = on_paper(parcels=[WIDE], buildings=[first, second])
    assert figures("spacing", given)["overlaps"].value == 0


def test_an_area_beyond_the_plot_is_told_with_the_parcel():
    """15 m high, 4 m from the edge: 2 m beyond it, on 12/4."""
    given = on_paper(
        parcels=[plot(0, 0, 30, 30), plot(30, 0, 30, 30, number="12/4")],
        buildings=[house(16, 8, 10, 10, height=15.0)],
    )
    found = figures("spacing", given)
    assert (found["crossings"].value, found["crossing_most"].value) == (1, pytest.approx(2.0))
    (place,) = indicators()["spacing"].answer(given).places
    assert "bis zu 2,00 m über das eigene Grundstück hinaus, auf Flurstück 12/4" in place.told.de


@pytest.mark.parametrize(("width", "beyond"), [(12.0, 0), (2.0, 1)])
def test_on_a_street_the_area_may_lie_up_to_its_middle(width, beyond):
    """15 m high, 2 m from the street: 4 m on it. A street of 12 m has 6 m to its middle, one of 2 m has 1 m."""
    given = on_paper(
        parcels=[
            plot(0, 0, 40, 30), plot(0, -width, 40, width, number="99", use="Straßenverkehr"),
            plot(0, -width - 30, 40, 30, number="13"),
        ],
        buildings=[house(15, 2, 10, 10, height=15.0)],
    )  # fmt: skip
    found = figures("spacing", given)
    assert found["crossings"].value == beyond
    assert found["crossing_most"].value == pytest.approx(3.0 if beyond else 0.0)


def test_before_a_round_tower_the_areas_are_one_ring():
    """A tower of 24 corners, 4 m wide, 10 m high: 4 m all around, without gaps between its walls."""
    corners = [(4 * np.cos(turn), 4 * np.sin(turn)) for turn in np.arange(24) * np.pi / 12]
    tower = (shapely.Polygon(corners), {"use": "other", "storeys": 1, "height": 10.0})
    ring = shapely.union_all(walls(on_paper(buildings=[tower])).areas)
    between = shapely.Point(0, 0).buffer(7.9).difference(tower[0])
    assert ring.buffer(1e-6).contains(between.buffer(-0.02))


def test_a_small_garage_at_the_edge_keeps_nothing_free_and_a_party_wall_neither():
    garage = house(0, 0, 6, 6, use="garage", storeys=1, height=2.8)
    assert len(walls(on_paper(buildings=[garage])).areas) == 0
    pair = walls(on_paper(buildings=[house(0, 0, 10, 10), house(10, 0, 10, 10)]))
    assert len(pair.areas) == 6


def test_a_house_on_no_parcel_is_not_judged():
    found = figures("spacing", on_paper(buildings=[house(0, 0, 10, 10)]))
    assert found["crossings"].value is None
    assert "1 Gebäude stehen auf keinem Flurstück" in found["crossings"].refused.de


def test_a_state_s_rules_that_do_not_hold_yet_are_marked():
    given = on_paper(parcels=[WIDE], state="Thüringen", day=dt.date(2023, 5, 1))
    (note,) = indicators()["spacing"].answer(given).notes
    assert note.de.startswith("ThürBO § 6 (Fassung 2024, Wortlaut prüfen) gilt am 01.05.2023 nicht")


def test_a_state_without_rules_of_its_own_is_told():
    (note,) = indicators()["spacing"].answer(on_paper(parcels=[WIDE], state="Hessen")).notes
    assert "Für Hessen liegt kein Regelsatz vor" in note.de
