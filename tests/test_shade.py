"""Shadows: against exact ones, after an edit, and hours of sun that can be reckoned from the sun's way."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry import Point, box

from scenarios.indicators import indicators
from scenarios.indicators.walls import outer_walls
from scenarios.rows import Rows
from scenarios.shade import relief
from scenarios.shade.scene import Scene, lit_hours, positions, scene_of, sun_hours
from scenarios.shade.sweep import Heights, changed_box, count_shade, recount, shaded, shadow_heights
from tests.drawn import EQUINOX, HALLE, figures, flat, gabled, house, on_paper

SIZE, CELL = 160, 1.0


def town(seed=3, many=9):
    """Houses of all heights on level ground, at odd places and angles."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(many):
        x, y, turn = rng.uniform(50, 110), rng.uniform(50, 110), rng.uniform(0, 90)
        shape = affinity.rotate(box(x, y, x + rng.uniform(6, 20), y + rng.uniform(6, 14)), turn)
        found.append((shape, float(rng.uniform(3, 20))))
    return found


def raster(houses, size=SIZE):
    heights = np.zeros((size, size), np.float32)
    shapes = np.array([shape for shape, _ in houses], object)
    tall = np.array([height for _, height in houses])
    relief.raise_cells(heights, (0, 0, size, size), CELL, shapes, lambda x, y, i: tall[i])
    return heights


def exact(houses, azimuth, altitude):
    """The shadow of each prism on level ground: its outline, drawn out away from the sun by height / tan(altitude)."""
    away = -np.sin(np.radians(azimuth)), -np.cos(np.radians(azimuth))
    shadows = []
    for shape, height in houses:
        reach = height / np.tan(np.radians(altitude))
        points = shapely.get_coordinates(shape.exterior)
        edges = np.stack([points[:-1], points[1:], points[1:] + reach * np.array(away)], axis=1)
        quads = np.concatenate([edges, points[:-1, None] + reach * np.array(away)], axis=1)
        ground = shapely.union_all([shape, *shapely.make_valid(shapely.polygons(quads))])
        shadows.append(ground.union(affinity.translate(shape, reach * away[0], reach * away[1])))
    return np.array(shadows, object)


def depth(shadows, x, y):
    """(n,) metres from each place to the edge of the shadow that covers it most; below 0 beyond all of them."""
    places = shapely.points(x, y)
    away = shapely.distance(shapely.boundary(shadows)[:, None], places[None, :])
    return np.where(shapely.intersects(shadows[:, None], places[None, :]), away, -away).max(axis=0)


@pytest.mark.parametrize("azimuth", [100, 135, 161, 180, 200, 225, 250, 280, 20, 315])
@pytest.mark.parametrize("altitude", [14, 30, 55])
def test_shadows_are_those_of_prisms_to_within_one_cell(azimuth, altitude):
    houses = town()
    heights = raster(houses)
    shade = shaded(Heights.of(heights, CELL), azimuth, altitude) & (heights == 0)
    row, column = np.nonzero(heights == 0)
    x, y = column + 0.5, SIZE - row - 0.5
    shadows = exact(houses, azimuth, altitude)
    wrong = shapely.contains_xy(shapely.union_all(shadows), x, y) != shade[row, column]
    assert wrong.mean() < 0.008
    # Where two shadows meet within a cell, light may fall between them: each is judged by its own edge.
    off = np.abs(depth(shadows, x[wrong], y[wrong]))
    assert off.max(initial=0) < CELL * np.sqrt(2)  # one cell along the edge, whichever way it runs


def test_a_wall_of_ten_metres_shades_as_far_as_the_tangent_says():
    """Sun in the south at 45 degrees: 10 m to the north, and not one cell more."""
    heights = raster([(box(60, 60, 100, 70), 10.0)])
    shade = shaded(Heights.of(heights, CELL), 180.0, 45.0)
    column = shade[:, 80]
    assert column[SIZE - 79 : SIZE - 70].all()
    assert not column[: SIZE - 80].any()
    assert not column[SIZE - 60 :].any()


@pytest.mark.parametrize("seed", range(4))
def test_after_an_edit_the_counts_are_those_of_a_full_run_to_the_last_bit(seed):
    rng = np.random.default_rng(seed)
    before = raster(town(seed)) + rng.uniform(0, 0.5, (SIZE, SIZE)).astype(np.float32)
    after = before.copy()
    row, column = rng.integers(10, 130, 2)
    after[row : row + 14, column : column + 9] = rng.uniform(0, 30)
    azimuth, altitude = positions(EQUINOX, HALLE, 2.0)
    counts = count_shade(Heights.of(before, CELL), azimuth, altitude)
    changed = changed_box(before, after)
    quick = recount(counts.copy(), Heights.of(before, CELL), Heights.of(after, CELL), changed, azimuth, altitude)
    full = count_shade(Heights.of(after, CELL), azimuth, altitude, threads=2)
    assert (quick.total() == full.total()).all()
    assert (full.total() != counts.total()).any()


def test_the_height_of_the_shadow_tells_which_storey_is_lit():
    """10 m high, sun in the south at 45 degrees: 4 m behind the wall the shadow reaches 6 m up."""
    heights = raster([(box(60, 60, 100, 70), 10.0)])
    reach = shadow_heights(Heights.of(heights, CELL), 180.0, 45.0)
    assert reach[SIZE - 74, 80] == pytest.approx(6.0, abs=0.01)


def test_over_halle_the_sun_stands_as_the_field_notes_say():
    """38.7 degrees at noon on 21 March, 21.3 on 1 February (pvlib: 21.5); above 11 degrees for 9.7 h and 6.0 h."""
    for day, noon, hours in ((dt.date(2026, 3, 21), 38.7, 9.7), (dt.date(2026, 2, 1), 21.3, 6.0)):
        _, altitude = positions(day, HALLE, 11.0)
        assert altitude.max() == pytest.approx(noon, abs=0.25)
        assert len(altitude) / 6 == pytest.approx(hours, abs=0.17)


def test_open_ground_has_sun_all_day_and_a_court_less():
    given = on_paper(box(0, 0, 60, 60), buildings=[house(20, 20, 20, 10, height=12.0, storeys=4)])
    found = figures("sunlight", given)
    _, altitude = positions(EQUINOX, HALLE, 0.0)
    scene = scene_of(given, (-100, -100, 160, 160))
    hours = sun_hours(scene, *positions(EQUINOX, HALLE, 0.0))
    assert np.nanmax(hours) == pytest.approx(len(altitude) / 6)
    assert 6 < found["sun_ground"].value < 12
    assert found["sun_roofs"].value == pytest.approx(len(altitude) / 6, abs=0.2)
    north, south = hours[160 - 31, 130], hours[160 - 19, 130]  # beside the northern and the southern wall
    assert north < 3 < south


def test_a_roof_casts_the_shadow_of_its_ridge_not_of_a_box():
    shape, fields = house(0, 0, 12, 10, height=9.0, eaves_height=6.0, roof_type="3100")
    surveyed = {**fields, **gabled(0, 0, 12, 10, 6.0, 9.0), "base_height": 100.0}
    scene = scene_of(on_paper(buildings=[(shape, surveyed)]), (-5, -5, 20, 20))
    across = scene.heights[::-1, 10][5:15]  # from the southern eaves to the northern one
    assert across[[0, 4, 5, 9]] == pytest.approx([106.3, 108.7, 108.7, 106.3], abs=0.01)
    box_of_it = scene_of(on_paper(buildings=[(shape, fields)]), (-5, -5, 20, 20))
    assert box_of_it.heights.max() == pytest.approx(107.5)


def test_a_crown_takes_its_share_of_the_sun_and_the_ground_below_it_counts():
    tree = [(Point(30, 30), {"height": 12.0, "crown": 8.0})]
    given = on_paper(box(0, 0, 60, 60), trees=tree)
    scene = scene_of(given, (-60, -60, 120, 120))
    azimuth, altitude = positions(EQUINOX, HALLE, 0.0)
    hours = sun_hours(scene, azimuth, altitude)
    whole = len(azimuth) / 6
    below = hours[120 - 30, 90]
    assert below == pytest.approx(whole * (1 - given.assume("crown_winter")), abs=0.3)
    assert scene.heights.max() == pytest.approx(100.0)


def test_facades_are_lit_from_the_side_of_the_sun_and_higher_storeys_longer():
    """A wall of 12 m stands 10 m south of the house."""
    given = on_paper(buildings=[house(0, 20, 10, 10), house(-20, -2, 50, 12, height=12.0, use="office")])
    scene = scene_of(given, (-80, -80, 100, 100))
    azimuth, altitude = positions(EQUINOX, HALLE, 11.0)
    points = np.array([(5.0, 20.0, 101.2), (5.0, 20.0, 110.0), (5.0, 30.0, 101.2)])
    normals = np.array([(0.0, -1.0), (0.0, -1.0), (0.0, 1.0)])
    low, high, north = lit_hours(scene, points, normals, azimuth, altitude)
    assert north == 0
    assert low < high <= 9.7
    assert high > 8


def test_walls_to_a_courtyard_are_facades_too():
    """A block of 30 x 30 m around a court of 10 x 10 m: eight walls, of which the court's northern one looks south."""
    block = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    found = outer_walls(np.array([block], object))
    assert len(found.owner) == 8
    northern = found.where((found.middle[:, 1] == 20) & (found.middle[:, 0] == 15))
    assert northern.normal.tolist() == [[0.0, -1.0]]


def test_the_neighbour_who_loses_sun_is_named_with_minutes():
    """Before: open ground to the south. Then a block of 15 m, 12 m away."""
    neighbour = house(0, 30, 10, 10, address="Kaiweg 4", uid="old")
    area = box(-30, -20, 40, 20)
    today = on_paper(area, buildings=[neighbour])
    given = on_paper(
        area, buildings=[neighbour, house(-20, 2, 50, 14, height=15.0, storeys=5, uid="new")], before=today,
        own={"buildings": ["new"]},
    )  # fmt: skip
    answer = indicators()["daylight"].answer(given)
    first = answer.places[0]
    assert first.title.de == "Kaiweg 4"
    assert first.values["before"] > first.values["after"]
    assert first.values["lost"] > 120
    assert first.values["top"] > first.values["after"]
    found = {one.name: one for one in answer.figures}
    assert found["neighbours_losing"].value == 1
    assert found["minutes_lost"].value == first.values["lost"]
    assert first.told.de.startswith("DIN EN 17037: ")


def test_a_flat_roof_gets_the_year_s_irradiation_and_a_south_slope_more():
    """Open ground: 1,080 kWh/m² on the flat roof of 100 m²; x 0.6 x 0.21 x 0.85 = 11.6 MWh a year."""
    flat_roof = figures("solar", on_paper(box(0, 0, 60, 60), buildings=[house(20, 20, 10, 10)]))
    assert flat_roof["pv_roof"].value == pytest.approx(100)
    assert flat_roof["pv_power"].value == pytest.approx(100 * 1080 * 0.6 * 0.21 * 0.85 / 1000, rel=0.02)
    shape, fields = house(20, 20, 12, 10, height=10.0, eaves_height=6.0, roof_type="3100")
    surveyed = {**fields, **gabled(20, 20, 12, 10, 6.0, 10.0), "base_height": 100.0}
    answer = indicators()["solar"].answer(on_paper(box(0, 0, 60, 60), buildings=[(shape, surveyed)]))
    slopes = {one.kind: one.shapes for one in answer.drawn if len(one.shapes)}
    assert shapely.get_y(shapely.centroid(slopes["roof-good"]))[0] < 25
    assert "roof-good" not in {
        kind for kind, shapes in slopes.items() if shapely.get_y(shapely.centroid(shapes))[0] > 25
    }
    shaded_by = house(20, 8, 12, 10, height=40.0, use="office", storeys=10)
    dark = figures("solar", on_paper(box(19, 19, 60, 60), buildings=[(shape, surveyed), shaded_by]))
    assert dark["pv_power"].value < figures("solar", on_paper(buildings=[(shape, surveyed)]))["pv_power"].value * 0.7


def test_without_terrain_the_answer_says_so_and_too_large_an_area_is_refused():
    nowhere = lambda bounds, cell: flat(bounds, cell) * np.nan  # noqa: E731
    given = on_paper(box(0, 0, 60, 60), buildings=[house(20, 20, 20, 10)], heights=nowhere)
    answer = indicators()["sunlight"].answer(given)
    assert "auf ebenem Grund" in answer.notes[0].de
    assert answer.figures[0].value is not None
    large = on_paper(box(0, 0, 20_000, 20_000), buildings=[house(20, 20, 20, 10)])
    assert "zu groß" in figures("sunlight", large)["sun_ground"].refused.de
    assert "zu groß" in figures("daylight", large)["homes_lit"].refused.de


def test_a_terrain_coarser_than_two_metres_is_marked():
    given = on_paper(box(0, 0, 60, 60), buildings=[house(20, 20, 20, 10)])
    assert indicators()["sunlight"].answer(given).notes == ()
    (note,) = indicators()["sunlight"].answer(replace(given, ground_cell=5.0)).notes
    assert "5 m grob" in note.de


def test_cells_whose_ground_is_not_known_have_no_hours_and_cast_no_shade():
    heights = np.zeros((20, 20), np.float32)
    heights[8:12, 8:12] = np.nan
    scene = Scene(heights, heights, heights, (0, 0, 20, 20), CELL, False, 1.0)
    hours = sun_hours(scene, np.array([180.0]), np.array([20.0]))
    assert np.isnan(hours).sum() == 16
    assert np.nanmin(hours) == np.nanmax(hours) > 0


def test_a_raised_building_changes_the_box_of_its_cells_alone():
    before = on_paper(buildings=[house(10, 10, 10, 8, height=6.0), house(40, 40, 10, 8)])
    after = on_paper(buildings=[house(10, 10, 10, 8, height=9.0), house(40, 40, 10, 8)])
    scenes = [scene_of(one, (0, 0, 60, 60)) for one in (before, after)]
    assert changed_box(scenes[0].heights, scenes[1].heights) == (42, 50, 10, 20)
    assert changed_box(scenes[0].heights, scenes[0].heights) is None
    assert isinstance(before.rows["buildings"], Rows)
