"""Sun on facades and roofs: storey by storey, on a day and in a year, before and after."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from scenarios.indicators import indicators
from scenarios.indicators.lit import lit_of
from scenarios.shade.scene import lit_hours, positions, scene_of
from scenarios.shade.sweep import shadow_heights
from tests.drawn import EQUINOX, HALLE, figures, gabled, house, on_paper

ALONE = house(0, 0, 10, 10, storeys=3, height=9.0, address="Kaiweg 4", uid="alone")
AREA = box(-30, -30, 40, 40)


def by_side(lit):
    """Compass letter -> hours by storey, of one house."""
    sides = {(0, -1): "S", (0, 1): "N", (1, 0): "E", (-1, 0): "W"}
    return {sides[tuple(normal.round().astype(int))]: hours for normal, hours in
            zip(lit.walls.normal, lit.hours, strict=True)}  # fmt: skip


def test_a_wall_in_the_open_has_the_sun_of_its_side():
    """21 March over Halle: 9.7 h above 11 degrees, all of them in the south, half in the east, none in the north."""
    found = by_side(lit_of(on_paper(AREA, buildings=[ALONE])))
    assert found["S"] == pytest.approx([9.7] * 3, abs=0.17)
    assert found["E"] == pytest.approx([4.85] * 3, abs=0.2)
    assert found["W"] == pytest.approx([4.85] * 3, abs=0.2)
    assert found["N"].tolist() == [0, 0, 0]


def before_and_after():
    """A block of 15 m rises 12 m south of the house."""
    today = on_paper(AREA, buildings=[ALONE])
    block = house(-20, -26, 50, 14, height=15.0, storeys=5, uid="block", use="office")
    return today, on_paper(AREA, before=today, buildings=[ALONE, block], own={"buildings": ["block"]})


def test_each_facade_tells_every_storey_the_verdict_of_both_plans_and_what_it_loses():
    today, given = before_and_after()
    answer = indicators()["facades"].answer(given)
    first = answer.places[0]
    assert first.title.de == "Kaiweg 4, Süd"
    ground, second, third = (first.values[f"storey_{i}"] for i in range(3))
    assert ground <= second < third
    assert first.values["before"] == pytest.approx(9.7, abs=0.17)
    assert first.values["lost"] == pytest.approx((first.values["before"] - ground) * 60)
    assert first.told.de.endswith(", heute hoch")
    found = {one.name: one for one in answer.figures}
    assert found["facades_losing"].value >= 1
    assert found["facades_sun"].value < figures("facades", today)["facades_sun"].value
    (roof,) = (one.values["roof"] for one in answer.places if one.key == "roof-sun/block")
    assert roof == pytest.approx(9.7, abs=0.17)


def test_over_a_year_a_south_wall_has_more_than_an_east_wall_and_the_day_stays_beside_it():
    given = replace(on_paper(AREA, buildings=[ALONE]), year=True)
    lit = lit_of(given)
    of_year = by_side(lit._replace(hours=lit.of_year))
    assert of_year["S"][0] > of_year["E"][0] > of_year["N"][0] > 0  # in summer the sun rises north of east
    assert by_side(lit)["N"][0] == 0
    found = figures("facades", given)
    assert (found["facades_sun"].unit, found["roofs_sun"].unit) == ("h/a", "h/a")
    middles = [EQUINOX.replace(month=month, day=15) for month in range(1, 13)]
    whole = sum(len(positions(day, HALLE, 11.0, 20)[0]) / 3 * 365 / 12 for day in middles)
    assert found["roofs_sun"].value == pytest.approx(whole, rel=0.02)
    ground = figures("sunlight", given)["sun_ground"]
    assert ground.unit == "h/a"
    assert 365 * 6 < ground.value < 365 * 12.5


def test_the_way_to_the_sun_meets_what_a_sweep_meets():
    """Points on walls are found by walking towards the sun; a sweep over the whole raster says the same."""
    rng = np.random.default_rng(5)
    houses = [house(*rng.uniform(0, 80, 2), 12, 9, height=float(rng.uniform(4, 20))) for _ in range(12)]
    scene = scene_of(on_paper(buildings=houses), (-40, -40, 140, 140))
    points = np.column_stack([rng.uniform(0, 100, (400, 2)), rng.uniform(101, 112, 400)])
    turn = rng.uniform(0, 2 * np.pi, 400)
    normals = np.column_stack([np.sin(turn), np.cos(turn)])
    azimuth, altitude = positions(EQUINOX, HALLE, 5.0, 30)
    rows, columns = scene.cells_of(points[:, :2] + normals)
    swept = np.zeros(400)
    for one, up in zip(azimuth.tolist(), altitude.tolist(), strict=True):
        before = normals @ np.array([np.sin(np.radians(one)), np.cos(np.radians(one))]) > 1e-3
        swept += before & (points[:, 2] >= shadow_heights(scene.bare, one, up)[rows, columns])
    assert lit_hours(scene, points, normals, azimuth, altitude, 60).tolist() == swept.tolist()


def test_in_3d_each_storey_is_a_face_before_its_wall_and_each_roof_lies_on_its_slope():
    shape, fields = house(0, 0, 12, 10, storeys=2, height=9.0, eaves_height=6.0, roof_type="3100")
    surveyed = {**fields, **gabled(0, 0, 12, 10, 6.0, 9.0), "base_height": 100.0}
    walls, roofs = indicators()["facades"].answer(on_paper(AREA, buildings=[(shape, surveyed)])).drawn
    assert len(walls.shapes) == 4 * 2
    heights = shapely.get_coordinates(walls.shapes, include_z=True)[:, 2]
    assert sorted(set(heights.round(2).tolist())) == [100.0, 103.0, 106.0]
    assert not shapely.intersects(walls.shapes, shape).any()
    on_slope = shapely.get_coordinates(roofs.shapes, include_z=True)
    assert on_slope[:, 2].max() == pytest.approx(109.12)
    assert on_slope[:, 2].min() == pytest.approx(106.12)
    assert len(roofs.classes) == len(roofs.shapes) == 2


def test_the_norm_judges_in_late_winter_only():
    summer = replace(on_paper(AREA, buildings=[ALONE]), sun_day=EQUINOX.replace(month=6, day=21))
    assert "urteilt an einem Tag vom 1. Februar bis 21. März" in indicators()["facades"].answer(summer).notes[0].de
    assert "urteilt an einem Tag" in indicators()["daylight"].answer(summer).notes[0].de


def test_without_buildings_there_is_no_facade_rather_than_zero():
    assert "keine Gebäude" in figures("facades", on_paper(AREA))["facades_sun"].refused.de
