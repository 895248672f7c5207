"""Buildings from an outline, storeys and a roof."""

import itertools
from collections import Counter
from math import cos, radians, tan

import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Point, Polygon, box

from layers.codes import ROOF_TYPES
from layers.headways import Call, Headway, departures, headways_in_words, read_calls, read_headways, write_calls
from layers.storey_uses import read_storey_uses, storey_uses_in_words, write_storey_uses
from scenarios.forms import build, lowest_ground
from scenarios.forms.asked import build_asked, form_of
from scenarios.forms.library import TYPES, block_edge, draw, dwellings_in, outline
from scenarios.forms.roofs import CODES
from tests.hamlet import EAST, NORTH
from tests.test_ground import load, raster, slope_at  # noqa: F401  # raster is a fixture
from twin.errors import BadShape

HOUSE = box(EAST, NORTH, EAST + 12, NORTH + 8)
CORNER_HOUSE = Polygon([(0, 0), (20, 0), (20, 8), (8, 8), (8, 20), (0, 20)])
THREE_WINGS = Polygon([(0, 0), (30, 0), (30, 10), (20, 10), (20, 25), (10, 25), (10, 10), (0, 10)])
HORSESHOE = Polygon([(0, 0), (30, 0), (30, 20), (20, 20), (20, 9), (10, 9), (10, 20), (0, 20)])
BLOCK = box(0, 0, 60, 50).difference(box(12, 12, 48, 38))
TWO_COURTS = box(0, 0, 70, 40).difference(box(12, 12, 28, 28)).difference(box(40, 12, 58, 28))
FREE = Polygon([(0, 0), (14, -3), (25, 2), (22, 11), (30, 19), (12, 16), (5, 22), (3, 9)])
ROUND = Point(0, 0).buffer(9)
OUTLINES = {
    "house": HOUSE, "square": box(0, 0, 10, 10), "corner": CORNER_HOUSE, "wings": THREE_WINGS, "horseshoe": HORSESHOE,
    "block": BLOCK, "courts": TWO_COURTS, "free": FREE, "round": ROUND, "parts": MultiPolygon([HOUSE, ROUND]),
    "turned": affinity.translate(affinity.rotate(HORSESHOE, 17.3), 701_234.56, 5_664_321.12),
}  # fmt: skip


def faces(form):
    for polygon in shapely.from_wkb(form.surfaces).geoms:
        yield [shapely.get_coordinates(ring, include_z=True) for ring in (polygon.exterior, *polygon.interiors)]


def edges_of(form):
    return Counter((tuple(a), tuple(b)) for face in faces(form) for ring in face for a, b in itertools.pairwise(ring))


def unevenness(form):
    """Metres that a face's corner lies off its plane."""
    worst = 0.0
    for face in faces(form):
        across = sum(np.cross(ring[:-1] - ring[0], ring[1:] - ring[0]).sum(axis=0) for ring in face)
        across /= np.linalg.norm(across)
        worst = max(worst, *(np.abs((ring - face[0][0]) @ across).max() for ring in face))
    return worst


@pytest.mark.parametrize("roof", CODES)
@pytest.mark.parametrize("name", OUTLINES)
def test_walls_and_roofs_close_without_a_gap(name, roof):
    form = build(OUTLINES[name], 3, 3.0, roof, ground=80.0)
    edges = edges_of(form)
    assert all(edges[b, a] == times for (a, b), times in edges.items())
    assert unevenness(form) < 0.001
    assert len(form.surface_kinds) == len(list(faces(form)))
    assert form.roof_type in ROOF_TYPES


def seen_from_above(form):
    """The roof's faces, flat."""
    flat = [
        Polygon(face[0][:, :2], [ring[:, :2] for ring in face[1:]])
        for face, kind in zip(faces(form), form.surface_kinds, strict=True)
        if kind == "R"
    ]
    assert all(face.is_valid for face in flat)
    return flat


@pytest.mark.parametrize("roof", CODES)
@pytest.mark.parametrize("name", OUTLINES)
def test_roofs_cover_the_outline_once_and_nothing_else(name, roof):
    flat = seen_from_above(build(OUTLINES[name], 3, 3.0, roof))
    area = OUTLINES[name].area
    assert sum(face.area for face in flat) == pytest.approx(area, rel=1e-3)
    assert shapely.union_all(flat, grid_size=1e-4).symmetric_difference(OUTLINES[name]).area < 1e-3 * area


@pytest.mark.parametrize("name", OUTLINES)
def test_a_roof_of_one_pitch_is_as_large_as_its_outline_over_the_cosine(name):
    form = build(OUTLINES[name], 2, 3.0, "hip", 35)
    assert form.roof_area * cos(radians(35)) == pytest.approx(OUTLINES[name].area, rel=1e-3)


def test_the_volume_is_that_of_the_prism_and_the_roof():
    walls, rise = 12 * 8 * 6.0, 4 * tan(radians(40))
    volumes = {roof: build(HOUSE, 2, 3.0, roof, 40, ground=90).volume for roof in CODES}
    assert volumes["flat"] == pytest.approx(walls)
    assert volumes["gable"] == pytest.approx(walls + 12 * 8 * rise / 2)
    assert volumes["hip"] == pytest.approx(walls + 4 * 8 * rise / 2 + 8 * 8 * rise / 3)
    assert volumes["tent"] == pytest.approx(walls + 12 * 8 * rise / 3)
    assert volumes["pent"] == pytest.approx(walls + 12 * 8 * rise)  # twice as high, over the whole depth
    assert volumes["gable"] > volumes["half_hip"] > volumes["hip"]
    assert volumes["mansard"] > volumes["gable"]


def test_a_house_of_two_storeys_under_a_gable_is_as_high_as_both():
    form = build(HOUSE, 2, 2.9, "gable", 45, ground=103.25)
    assert (form.eaves_height, form.height, form.base_height) == (5.8, 9.8, 103.25)
    assert form.floor_area == pytest.approx(2 * 96)
    heights = shapely.get_coordinates(shapely.from_wkb(form.surfaces), include_z=True)[:, 2]
    assert (heights.min(), heights.max()) == pytest.approx((103.25, 113.05))
    assert form.surface_kinds == "GWWWWRR"


def test_the_ridge_runs_along_the_house_unless_it_is_turned():
    def gabled_walls(form):
        return [len(face[0]) for face, kind in zip(faces(form), form.surface_kinds, strict=True) if kind == "W"]

    assert gabled_walls(build(HOUSE, 1, 3.0, "gable", 45)) == [6, 5, 6, 5]  # east, north, west, south
    turned = build(HOUSE, 1, 3.0, "gable", 45, ridge_direction=0)
    assert gabled_walls(turned) == [5, 6, 5, 6]
    assert turned.height == 9.0


def test_a_corner_house_has_a_gable_at_both_ends_and_three_wings_have_three():
    for shape, gables in ((CORNER_HOUSE, 2), (THREE_WINGS, 3), (HORSESHOE, 2), (BLOCK, 0)):
        form = build(shape, 1, 3.0, "gable", 40)
        walls = [face for face, kind in zip(faces(form), form.surface_kinds, strict=True) if kind == "W"]
        assert sum(len(face[0]) == 6 for face in walls) == gables


def test_each_storey_may_have_its_own_height():
    form = build(HOUSE, [4.5, 3.0, 3.0], roof="flat")
    assert (form.storeys, form.height, form.storey_height) == (3, 10.5, 3.5)


def test_a_top_storey_may_stand_back_from_the_walls():
    form = build(HOUSE, 3, 3.0, setback=1.5)
    assert form.floor_area == pytest.approx(2 * 96 + 9 * 5)
    assert form.volume == pytest.approx(2 * 96 * 3 + 45 * 3)
    assert all(edges_of(form)[b, a] == times for (a, b), times in edges_of(form).items())
    with pytest.raises(BadShape, match="Choose less"):
        build(HOUSE, 3, 3.0, setback=5)


def test_a_courtyard_survives_a_set_back_storey():
    form = build(BLOCK, 5, 3.0, setback=2, roof="flat")
    assert all(edges_of(form)[b, a] == times for (a, b), times in edges_of(form).items())
    flat = seen_from_above(form)
    assert shapely.union_all(flat).equals(BLOCK)
    assert sum(face.area for face in flat) == pytest.approx(BLOCK.area)
    assert form.volume == pytest.approx(BLOCK.area * 12 + BLOCK.buffer(-2, join_style="mitre").area * 3)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"footprint": Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])}, "crosses itself"),
        ({"footprint": Point(0, 0)}, "needs an outline"),
        ({"footprint": Polygon()}, "needs an outline"),
        ({"footprint": box(0, 0, 0.5, 0.5)}, "less than 1 m²"),
        ({"footprint": Polygon([(0, 0), (float("inf"), 0), (0, 9)])}, "nowhere"),
        ({"storeys": 0}, "1 to 120"),
        ({"storeys": -3}, "not -3"),
        ({"storeys": 2.5}, "whole storeys"),
        ({"storeys": float("nan")}, "whole storeys"),
        ({"storeys": float("inf")}, "whole storeys"),
        ({"storeys": []}, "storeys, not 0"),
        ({"storeys": [3, 50]}, "Storey 1 is 50 m high"),
        ({"storey_height": 0.5}, "0.5 m high"),
        ({"roof": "onion"}, "no roof called onion"),
        ({"roof": "gable", "pitch": 89}, "89°"),
        ({"roof": "hip", "pitch": -5}, "-5°"),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_remedy(asked, told):
    with pytest.raises(BadShape, match=told):
        build(**{"footprint": HOUSE, "storeys": 2, **asked})


def test_an_outline_of_many_corners_gets_a_flat_roof_and_says_so():
    form = build(Point(0, 0).buffer(500, quad_segs=200), 1, 3.0, "hip", 30)
    assert form.height == 3.0
    assert "too intricate" in form.messages[0].en


def test_a_tent_needs_an_outline_that_is_seen_from_its_middle():
    assert build(ROUND, 1, roof="tent").messages == []
    assert "hipped" in build(HORSESHOE, 1, roof="tent").messages[0].en


def test_a_building_stands_on_the_lowest_ground_under_it(db, raster):  # noqa: F811
    south = affinity.translate(HOUSE, 100, -100)
    assert lowest_ground(db, south) is None
    load(db, raster("dgm.tif"))
    assert lowest_ground(db, south) == pytest.approx(slope_at(EAST + 100, NORTH - 100), abs=0.01)


@pytest.mark.parametrize("name", TYPES)
def test_each_type_of_the_library_can_be_built_where_it_is_put(name):
    shape = outline(name, (EAST, NORTH), angle=30)
    form, fields = draw(name, shape, ground=90.0)
    assert form.messages == []
    assert shape.centroid.distance(Point(EAST, NORTH)) < 0.01
    assert fields["storeys"] == TYPES[name].storeys
    assert (fields["dwellings"] is not None) == (fields["use"] == "residential")


def test_a_block_is_built_along_its_edge_around_a_courtyard():
    block = Polygon([(0, 0), (80, 5), (75, 70), (2, 60)])
    edge = block_edge(block, 12)
    assert len(edge.interiors) == 1
    assert Polygon(edge.interiors[0]).distance(block.exterior) == pytest.approx(12)
    with pytest.raises(BadShape, match="courtyard"):
        block_edge(box(0, 0, 25, 25), 12)


def test_dwellings_are_counted_in_the_storeys_that_are_lived_in():
    assert dwellings_in(500.0, 5, "residential", None, 100) == 5
    assert dwellings_in(500.0, 5, "residential", "0:trade", 100) == 4
    assert dwellings_in(500.0, 5, "mixed", "0-3:trade;4:residential", 50) == 2
    assert draw("row", box(0, 0, 48, 11))[1]["dwellings"] == 8


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ([3, 3], "nothing else"),
        ({"colour": "red"}, "nothing else"),
        ({"storeys": "four"}, "number of storeys"),
        ({"storeys": True}, "number of storeys"),
        ({"storeys": ["3", None]}, "number of storeys"),
        ({"storeys": [3] * 100_000}, "number of storeys"),
        ({"storeys": 2, "pitch": float("nan")}, "pitch: this takes a number"),
        ({"roof": ["gable"]}, "name of a roof"),
        ({"storeys": 10**400}, "number of storeys"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(form, told):
    with pytest.raises(BadShape, match=told):
        build_asked(form, HOUSE, 80.0)


def test_a_building_that_stands_there_can_be_drawn_again_from_its_fields():
    asked = {"storeys": 3, "storey_height": 3.1, "roof": "gable", "pitch": 42}
    form = build_asked(asked, HOUSE, 80.0)
    assert form_of(form.fields()) == asked
    assert form_of({"height": 9.1, "roof_type": None}) == {"storeys": 3, "storey_height": 3.03, "roof": "flat"}
    assert form_of({"height": 12.0, "roof_type": "3900", "storeys": 4})["roof"] == "flat"
    assert build_asked(form_of({}), HOUSE, None).height == 3.0


def test_each_storey_may_have_its_own_use():
    uses = read_storey_uses("0:trade; 1-3:residential;-1:garage", storeys=4)
    assert uses == {-1: "garage", 0: "trade", 1: "residential", 2: "residential", 3: "residential"}
    assert read_storey_uses("-2--1:garage;0-2:office") == {
        -2: "garage",
        -1: "garage",
        0: "office",
        1: "office",
        2: "office",
    }
    assert write_storey_uses({-2: "garage", -1: "garage", 0: "garage"}) == "-2--1:garage;0:garage"
    assert write_storey_uses(uses) == "-1:garage;0:trade;1-3:residential"
    assert read_storey_uses(write_storey_uses(uses)) == uses
    assert read_storey_uses(None) == {} and write_storey_uses({}) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trade", "0:trade;1-4"),
        ("0:pub", "no use called pub"),
        ("0-9:office", "top one 3"),
        ("0:office;0-1:trade", "two uses"),
        ("3-1:office", "no such storeys"),
        ("9" * 5000 + ":office", "0:trade;1-4"),
    ],
)
def test_a_use_that_no_storey_can_have_is_refused(text, told):
    with pytest.raises(BadShape, match=told):
        read_storey_uses(text, storeys=4)


def test_a_line_runs_by_headways_and_calls_at_its_stops():
    assert read_headways("9-20:15;6-9:10") == [Headway(21_600, 32_400, 600), Headway(32_400, 72_000, 900)]
    assert departures("6-9:10;9-20:15;20.30-24:60") == 18 + 44 + 4
    assert read_calls("de:1:2@0;market@4.5") == [Call("de:1:2", 0), Call("market", 270)]
    assert write_calls(read_calls("a@0;b@4.5;c@9")) == "a@0;b@4.5;c@9"


@pytest.mark.parametrize("text", ["often", "9-6:10", "6-9:0", "6-40:10", "6-9:10;8-10:5"])
def test_a_headway_that_cannot_be_run_is_refused(text):
    with pytest.raises(BadShape):
        read_headways(text)


@pytest.mark.parametrize("text", ["market", "@4", "a@0", "a@4;b@0", "a@x;b@3"])
def test_a_call_that_cannot_be_made_is_refused(text):
    with pytest.raises(BadShape):
        read_calls(text)


def test_uses_and_headways_are_said_as_people_say_them():
    assert storey_uses_in_words("0:trade;1-4:residential").de == "EG Handel und Dienstleistung; 1. OG bis 4. OG Wohnen"
    assert storey_uses_in_words("-1:garage;3:office").en == "basement 1: Garage and parking; storey 3: Office"
    assert storey_uses_in_words("-2--1:garage;0-2:office").de == "2. UG bis 1. UG Garage und Parken; EG bis 2. OG Büro"
    assert storey_uses_in_words(None) is None
    assert headways_in_words("6-9:10;9.30-20:15").de == "6–9 Uhr alle 10 min; 9:30–20 Uhr alle 15 min"
