"""What the map of OpenStreetMap says of a village, and what is wrong with it."""

import gzip

import pytest
import shapely

from layers import BY_NAME
from layers.codes import BUILDING_FUNCTIONS, FACILITY_KINDS, ROOF_TYPES, STREET_CLASSES, SURFACE_KINDS, USES
from layers.reading import osm, osm_tags, osm_words
from layers.reading.batch import Wanted
from layers.water import WATER_KINDS
from twin.errors import BadFile

CORNERS = {1: (50.0, 11.0), 2: (50.0, 11.001), 3: (50.001, 11.001), 4: (50.001, 11.0)}
COURTYARD = {5: (50.0003, 11.0003), 6: (50.0003, 11.0006), 7: (50.0006, 11.0006), 8: (50.0006, 11.0003)}
FAR = {9: (50.005, 11.0), 10: (50.005, 11.001)}


def node(number, at, **tags):
    return f'<node id="{number}" lat="{at[0]}" lon="{at[1]}">{said(tags)}</node>'


def way(number, nodes, **tags):
    refs = "".join(f'<nd ref="{ref}"/>' for ref in nodes)
    return f'<way id="{number}">{refs}{said(tags)}</way>'


def multipolygon(number, outer, inner=(), **tags):
    members = "".join(f'<member type="way" ref="{ref}" role="outer"/>' for ref in outer)
    members += "".join(f'<member type="way" ref="{ref}" role="inner"/>' for ref in inner)
    return f'<relation id="{number}">{members}{said({"type": "multipolygon", **tags})}</relation>'


def said(tags):
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())


def village(*things):
    nodes = "".join(node(number, place) for number, place in {**CORNERS, **COURTYARD, **FAR}.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">{nodes}{"".join(things)}</osm>'


@pytest.fixture
def map_of(tmp_path):
    def write(*things):
        path = tmp_path / "village.osm"
        path.write_text(village(*things), encoding="utf-8")
        return path

    return write


@pytest.fixture
def read(map_of):
    """The batches by layer."""

    def read_village(*things, layer=None):
        return {batch.layer: batch for batch in osm.read(map_of(*things), Wanted(layer=layer))}

    return read_village


def row(batch, number=0):
    return {name: values[number] for name, values in batch.fields.items()}


def test_every_word_that_a_tag_is_given_is_in_the_value_lists():
    functions = [*osm_tags.BUILDINGS.values(), *osm_tags.BUILDINGS_BY_TAG.values()]
    assert {function for function, _ in functions} <= set(BUILDING_FUNCTIONS)
    assert {use for _, use in functions if use} | set(osm_tags.LAST_USES.values()) <= set(USES)
    assert set(osm_tags.ROOFS.values()) <= set(ROOF_TYPES)
    assert {*osm_tags.STREETS.values(), *osm_tags.RAILS.values(), *osm_tags.WIDTHS} <= set(STREET_CLASSES)
    assert {*osm_tags.SURFACES.values(), *osm_tags.PAVINGS.values()} <= set(SURFACE_KINDS)
    assert {*osm_tags.WATERS.values(), *osm_tags.WATER_AREAS.values()} <= set(WATER_KINDS)
    assert set(osm_tags.FACILITY_OF.values()) <= set(FACILITY_KINDS)


def test_a_house_brings_what_its_tags_say_and_flags_what_was_guessed(read):
    tags = {"building": "house", "building__levels": "2.5", "height": "9,5 m", "roof__shape": "gabled"}
    tags |= {"roof__height": "3", "start_date": "~1890", "addr__street": "Am Anger", "addr__housenumber": "4a"}
    house = read(way(20, [1, 2, 3, 4, 1], **tags))["buildings"]
    assert row(house) == {
        **{"name": None, "address": "Am Anger 4a", "function": "31001_1010", "use": "residential"},
        **{"storeys": 2, "storeys_below": None, "height": 9.5, "eaves_height": 6.5, "roof_type": "3100"},
        **{"roof_pitch": None, "year": 1890, "dwellings": None},
    }
    assert house.estimated == ["function: from building=house; use: from building=house"]
    assert house.uids == ["w20"] and house.shapes[0].area == pytest.approx(1e-6)


def test_a_building_of_unknown_kind_stays_unknown(read):
    batch = read(way(20, [1, 2, 3, 4, 1], building="yes"))["buildings"]
    assert row(batch)["function"] is None and batch.estimated == [None]


def test_a_school_is_a_building_and_a_facility(read):
    batches = read(way(20, [1, 2, 3, 4, 1], building="yes", amenity="school", name="Grundschule", capacity="120"))
    assert row(batches["buildings"])["function"] == "31001_3021"
    assert batches["buildings"].estimated == ["function: from amenity=school; use: from amenity=school"]
    school = row(batches["facilities"])
    assert (school["kind"], school["detail"], school["places"]) == ("education", "school", 120)


@pytest.mark.parametrize(
    ("text", "metres"),
    [("12 m", 12), ("12.5", 12.5), ("12,5", 12.5), ("40'", 12.19), ("40 ft", 12.19), ("5'6\"", 1.68), ("low", None)],
)
def test_heights_are_understood_in_the_manners_in_which_they_are_written(text, metres):
    assert osm_words.metres(text) == metres


@pytest.mark.parametrize(
    ("text", "speed"),
    [
        ("50", 50),
        ("30 mph", 48.3),
        ("DE:urban", 50),
        ("DE:zone:30", 30),
        ("walk", 7),
        ("none", None),
        ("signals", None),
    ],
)
def test_speed_limits_are_understood_in_the_manners_in_which_they_are_written(text, speed):
    assert osm_words.speed(text) == speed


def test_a_palace_of_a_relation_keeps_its_courtyard(read):
    palace = read(
        way(20, [1, 2, 3, 4, 1]), way(21, [5, 6, 7, 8, 5]), multipolygon(30, [20], [21], building="yes", name="Schloss")
    )["buildings"]
    assert palace.uids == ["r30"] and len(palace.shapes[0].interiors) == 1


def test_a_wood_tagged_in_the_manner_of_before_2016_keeps_its_clearing(read):
    wood = read(way(20, [1, 2, 3, 4, 1], landuse="forest"), way(21, [5, 6, 7, 8, 5]), multipolygon(30, [20], [21]))
    assert wood["surfaces"].uids == ["w20"] and len(wood["surfaces"].shapes[0].interiors) == 1


def test_a_wood_whose_outline_is_two_untidy_ways_is_one_surface(read):
    parts = way(20, [1, 2, 3], natural="wood"), way(21, [3, 4, 1], natural="wood")
    wood = read(*parts, multipolygon(30, [20, 21]))["surfaces"]
    assert wood.uids == ["r30"] and wood.left_out == []


def test_an_outline_tagged_like_its_relation_does_not_count_twice(read):
    wood = read(way(20, [1, 2, 3, 4, 1], landuse="forest"), multipolygon(30, [20], landuse="forest"))["surfaces"]
    assert wood.uids == ["r30"]
    assert [(left.where, left.reason) for left in wood.left_out] == [
        ("way 20", "It is the outline of relation 30, which is loaded.")
    ]


def test_a_relation_that_reaches_out_of_the_extract_is_left_out_and_its_own_layer_told(read):
    batches = read(way(20, [1, 2, 3]), multipolygon(30, [20, 99], landuse="forest"), way(40, [1, 2], highway="path"))
    [left] = batches["surfaces"].left_out
    assert left.where == "relation 30" and left.reason.startswith("1 of its 2 ways are not in this file.")
    assert len(batches["streets"]) == 1 and batches["streets"].left_out == []


def test_an_open_building_and_a_way_without_its_nodes_are_left_out_by_name(read):
    batches = read(way(20, [1, 2, 3], building="yes"), way(21, [1, 2, 77], highway="residential"))
    assert [left.where for left in batches["buildings"].left_out] == ["way 20"]
    assert [(left.where, left.reason) for left in batches["streets"].left_out] == [
        ("way 21", "1 of its 3 nodes are not in this file. Ask for a larger extract.")
    ]


def test_a_street_without_width_or_speed_gets_the_usual_ones_flagged(read):
    street = read(way(20, [1, 2], highway="residential", name="Lange Gasse"))["streets"]
    assert (row(street)["speed"], row(street)["width"], row(street)["oneway"]) == (50.0, 5.5, False)
    assert street.estimated == ["speed: usual for class residential; width: usual for class residential"]


def test_a_street_that_says_all_of_itself_has_nothing_guessed(read):
    tags = {"highway": "secondary", "maxspeed": "70", "width": "6.5", "lanes": "2", "surface": "asphalt"}
    street = read(way(20, [1, 2], **tags))["streets"]
    assert row(street) | {"name": None} == {
        **{"name": None, "kind": "secondary", "speed": 70.0, "width": 6.5, "lanes": 2, "oneway": False},
        "surface": "asphalt",
    }
    assert street.estimated == [None]


def test_a_oneway_against_its_drawing_is_turned_round(read):
    street = read(way(20, [1, 2], highway="service", oneway="-1"))["streets"]
    assert row(street)["oneway"] is True and street.shapes[0].coords[0] == (11.001, 50.0)


def test_an_autobahn_without_limit_has_no_limit(read):
    assert row(read(way(20, [1, 2], highway="motorway", maxspeed="none", width="12"))["streets"])["speed"] is None


def test_a_planned_road_is_no_street_yet(read):
    streets = read(way(20, [1, 2], highway="proposed"))["streets"]
    assert len(streets) == 0 and streets.left_out[0].where == "way 20"


def test_a_building_site_is_no_building_yet(read):
    buildings = read(way(20, [1, 2, 3, 4, 1], building="construction"))["buildings"]
    assert len(buildings) == 0 and buildings.left_out[0].where == "way 20"


def test_a_square_is_ground_and_a_roundabout_is_a_street(read):
    batches = read(
        way(20, [1, 2, 3, 4, 1], highway="pedestrian", area="yes", surface="sett"),
        way(21, [5, 6, 7, 8, 5], highway="tertiary", junction="roundabout"),
    )
    assert batches["surfaces"].uids == ["w20"] and row(batches["surfaces"])["kind"] == "paving"
    assert batches["streets"].uids == ["w21"] and row(batches["streets"])["oneway"] is True


def test_land_is_told_how_much_of_it_is_usually_sealed(read):
    surfaces = read(
        way(20, [1, 2, 3, 4, 1], landuse="farmyard"), way(21, [5, 6, 7, 8, 5], amenity="parking", surface="gravel")
    )["surfaces"]
    assert surfaces.fields["kind"] == ["farmyard", "gravel"] and surfaces.fields["sealed_percent"] == [60.0, 50.0]
    assert surfaces.estimated == ["sealed_percent: usual share of land of this kind"] * 2


def test_a_pond_is_water_and_a_brook_a_line_of_it(read):
    water = read(way(20, [1, 2, 3, 4, 1], natural="water"), way(21, [1, 3], waterway="stream", width="1.5"))["water"]
    assert sorted(zip(water.uids, water.fields["kind"], water.fields["width"], strict=True)) == [
        ("w20", "lake", None),
        ("w21", "stream", 1.5),
    ]
    assert sorted(shape.geom_type for shape in water.shapes) == ["LineString", "Polygon"]


def test_a_tree_has_its_girth_in_centimetres(read):
    tree = read(node(50, (50.0, 11.0), natural="tree", species="Tilia cordata", circumference="2.1", height="18 m"))
    assert row(tree["trees"])["trunk"] == 210.0 and row(tree["trees"])["height"] == 18.0


def test_what_stands_empty_is_found_by_its_tags(read):
    vacancies = read(
        node(50, (50.0, 11.0), shop="vacant", addr__street="Markt", addr__housenumber="1"),
        node(51, (50.0, 11.0), disused__amenity="pub", name="Zum Hirsch"),
        way(20, [1, 2, 3, 4, 1], building="industrial", abandoned="yes"),
        way(21, [5, 6, 7, 8, 5], building="ruins"),
        way(22, [5, 6, 7, 8, 5], disused__railway="rail"),
    )["vacancies"]
    rows = zip(*(vacancies.fields[name] for name in ("kind", "use", "building", "condition")), strict=True)
    assert dict(zip(vacancies.uids, rows, strict=True)) == {
        "n50": ("shop", "trade", None, None),
        "n51": ("shop", "trade", None, None),
        "w20": ("hall", "industry", "w20", None),
        "w21": ("building", None, "w21", "ruin"),
    }
    assert vacancies.fields["address"][0] == "Markt 1" and vacancies.fields["remark"][0] == "OpenStreetMap: shop=vacant"


def test_a_platform_is_a_stop_only_where_no_stop_stands_beside_it(read):
    stops = read(
        node(50, (50.0, 11.0), highway="bus_stop", name="Markt", ref__IFOPT="de:09472:1"),
        node(51, (50.0001, 11.0001), public_transport="platform", bus="yes"),
        way(20, [9, 10], public_transport="platform", tram="yes", name="Bahnhof"),
    )["stops"]
    assert sorted(zip(stops.uids, stops.fields["kind"], stops.fields["name"], strict=True)) == [
        ("n50", "bus", "Markt"),
        ("w20", "tram", "Bahnhof"),
    ]
    assert {shape.geom_type for shape in stops.shapes} == {"Point"}
    assert "1 platforms stand beside a stop and are not loaded as stops of their own." in stops.notes


def test_what_has_no_layer_is_counted_and_said(read):
    [batch] = read(
        *(node(50 + i, (50.0, 11.0), barrier="bollard") for i in range(3)),
        node(60, (50.0, 11.0), amenity="bench"),
        way(20, [1, 2, 3, 4, 1], building__part="yes"),
    ).values()
    assert batch.notes == [
        "1 building parts are not read: the outline of the building stands for them.",
        "No layer here has a place for: 3 barrier, 1 amenity=bench.",
    ]


def test_every_field_is_a_field_of_its_layer(read):
    batches = read(
        way(20, [1, 2, 3, 4, 1], building="yes", shop="bakery", disused="yes"),
        way(21, [1, 2], highway="path"),
        way(22, [5, 6, 7, 8, 5], landuse="meadow"),
        way(23, [5, 6, 7, 8, 5], natural="water"),
        node(50, (50.0, 11.0), natural="tree"),
        node(51, (50.0, 11.0), railway="halt"),
    )
    assert set(batches) == set(osm.LAYERS)
    for name, batch in batches.items():
        assert set(batch.fields) <= {column.name for column in BY_NAME[name].fields()}


def test_one_layer_alone_may_be_asked_for(read):
    things = way(20, [1, 2, 3, 4, 1], building="yes"), way(21, [1, 2], highway="path")
    assert list(read(*things, layer="buildings")) == ["buildings"]
    with pytest.raises(BadFile, match="not parcels"):
        read(*things, layer="parcels")


def test_a_way_there_and_back_is_no_area(read):
    surfaces = read(way(20, [1, 2, 2, 1], landuse="forest"))["surfaces"]
    assert not any(shape is not None and shape.geom_type == "Polygon" for shape in surfaces.shapes)


def test_a_first_look_says_town_extent_and_licence(map_of):
    path = map_of(
        way(20, [1, 2, 3, 4, 1], building="yes"),
        node(50, (50.0005, 11.0005), place="village", name="Kleindorf", population="900"),
        node(51, (50.0005, 11.0005), place="town", name="Großstadt", population="9000"),
    )
    survey = osm.survey(path, Wanted())
    assert survey.place == "Großstadt" and survey.licence == "ODbL 1.0, © OpenStreetMap contributors"
    assert survey.layers == {"buildings": 1} and survey.crs.to_epsg() == 4326
    assert survey.bounds == pytest.approx((11.0, 50.0, 11.001, 50.005), abs=1e-4)


def test_a_map_is_known_by_its_first_lines_not_by_its_name(tmp_path):
    path = tmp_path / "village.xml"
    text = village(way(20, [1, 2], highway="path")).encode()
    path.write_bytes(gzip.compress(text))
    assert osm.recognises(path, text[:100]) and not osm.recognises(path, b"<osmChange version='0.6'>")
    assert [batch.layer for batch in osm.read(path, Wanted())] == ["streets"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE osm [<!ENTITY a "b">]><osm version="0.6"><node id="1" lat="5" lon="1"/></osm>', "entities"),
        ('<osm version="0.6"><node id="1" lat="50" lon="11">', "line 1"),
        ('<osm version="0.6"><node id="1" lat="500" lon="11"/></osm>', "500"),
        ('<osm version="0.6"><node id="house" lat="50" lon="11"/></osm>', "house"),
        ("", "line 1"),
    ],
)
def test_a_damaged_map_is_refused_with_the_place_and_the_remedy(tmp_path, text, reason):
    path = tmp_path / "broken.osm"
    path.write_text(text)
    with pytest.raises(BadFile, match=rf"(?s){reason}.*Download"):
        list(osm.read(path, Wanted()))


def test_a_map_that_would_unpack_without_end_is_refused(tmp_path):
    path = tmp_path / "bomb.osm.gz"
    path.write_bytes(gzip.compress(b'<osm version="0.6">' + b" " * 50_000_000))
    with pytest.raises(BadFile, match="unpacks to more than"):
        osm.survey(path, Wanted())


def test_a_self_crossing_outline_is_handed_on_for_the_loader_to_mend(read):
    batch = read(way(20, [1, 3, 2, 4, 1], building="yes"))["buildings"]
    assert len(batch) == 1 and not shapely.is_valid(batch.shapes[0])
