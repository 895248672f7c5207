"""CityJSON and its text sequences, by a village of very small houses."""

import copy
import gzip
import json

import pytest
import shapely

from layers.reading import cityjson
from layers.reading.batch import Wanted
from twin.errors import BadFile

EAST, NORTH = 680_000.0, 5_660_000.0
UTM32 = "https://www.opengis.net/def/crs/EPSG/0/25832"


def corners(x=0.0, side=10.0, height=6.0):
    """Whole millimetres, as a file has them: a floor of four and a roof of four."""
    flat = [(x, 0), (x, side), (x + side, side), (x + side, 0)]
    return [[round(1000 * a), round(1000 * b), round(1000 * z)] for z in (0, height) for a, b in flat]


FLOOR, ROOF = [0, 1, 2, 3], [7, 6, 5, 4]
WALLS = [[0, 4, 5, 1], [1, 5, 6, 2], [2, 6, 7, 3], [3, 7, 4, 0]]
BOX = [[FLOOR], *([wall] for wall in WALLS), [ROOF]]
NAMED = {
    "surfaces": [{"type": "GroundSurface"}, {"type": "WallSurface"}, {"type": "RoofSurface"}],
    "values": [[0, 1, 1, 1, 1, 2]],
}


def shifted(faces, by):
    return [[[corner + by for corner in ring] for ring in face] for face in faces]


def house(by=0, named=True, lod="2", **attributes):
    solid = {"type": "Solid", "lod": lod, "boundaries": [shifted(BOX, by)]}
    if named:
        solid["semantics"] = NAMED
    return {"type": "Building", "attributes": attributes, "geometry": [solid]}


def ground(kind, by=0, **attributes):
    face = {"type": "MultiSurface", "lod": "1", "boundaries": shifted([[FLOOR]], by)}
    return {"type": kind, "attributes": attributes, "geometry": [face]}


def city(objects, houses=1, reference=UTM32, version="2.0"):
    return {
        "type": "CityJSON",
        "version": version,
        "metadata": {"referenceSystem": reference, "referenceDate": "2024-05-01"} if reference else {},
        "transform": {"scale": [0.001] * 3, "translate": [EAST, NORTH, 150.0]},
        "CityObjects": objects,
        "vertices": [corner for i in range(houses) for corner in corners(x=20.0 * i)],
    }


@pytest.fixture
def read(tmp_path):
    def read(content, name="village.city.json", **wanted):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return {batch.layer: batch for batch in cityjson.read(path, Wanted(**wanted))}

    return read


@pytest.fixture
def refused(read):
    def refused(content, name="village.city.json"):
        with pytest.raises(BadFile) as error:
            read(content, name)
        return str(error.value)

    return refused


def lines(*pages):
    return "\n".join(json.dumps(page) for page in pages) + "\n"


def feature(name, thing, x=0.0):
    return {"type": "CityJSONFeature", "id": name, "CityObjects": {name: thing}, "vertices": corners(x=x)}


def test_a_house_has_a_footprint_a_height_and_walls(read):
    told = {"measuredHeight": 6.2, "function": "1010", "roofType": "1000", "yearOfConstruction": 1931}
    batch = read(city({"house": house(**told, storeysAboveGround=2)}))["buildings"]
    assert batch.uids == ["house"] and batch.crs.to_epsg() == 25832
    assert batch.shapes[0].equals(shapely.box(EAST, NORTH, EAST + 10, NORTH + 10))
    found = {name: values[0] for name, values in batch.fields.items()}
    assert (found["height"], found["base_height"], found["surface_kinds"]) == (6.2, 150.0, "GWWWWR")
    assert (found["function"], found["use"], found["storeys"], found["year"]) == ("31001_1010", "residential", 2, 1931)
    assert batch.estimated == [None]


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_all_versions_are_read(tmp_path, read, version):
    text = city({"house": house()}, version=version, reference="urn:ogc:def:crs:EPSG::25832")
    assert read(text)["buildings"].crs.to_epsg() == 25832
    look = cityjson.survey(tmp_path / "village.city.json", Wanted())
    assert (look.kind, look.layers) == (f"CityJSON {version}", {"buildings": 1})
    assert look.delivered.isoformat() == "2024-05-01" and look.bounds == pytest.approx(
        (11.56, 51.06, 11.57, 51.07), abs=0.02
    )


def test_a_solid_without_names_tells_floor_walls_and_roof_from_how_they_lie(read):
    batch = read(city({"house": house(named=False, lod="1.2")}))["buildings"]
    assert batch.fields["surface_kinds"] == ["GWWWWR"]


def test_one_null_may_stand_for_all_names_of_a_shell(read):
    one = house()
    one["geometry"][0]["semantics"] = {"surfaces": [{"type": "RoofSurface"}], "values": [None]}
    assert read(city({"house": one}))["buildings"].fields["surface_kinds"] == ["GWWWWR"]


def test_a_building_and_its_parts_are_one(read):
    parent = {"type": "Building", "children": ["west", "east"], "attributes": {"function": "31001_2000"}}
    west = house() | {"type": "BuildingPart", "parents": ["hall"]}
    east = house(by=8) | {"type": "BuildingPart", "parents": ["hall"]}
    batch = read(city({"west": west, "hall": parent, "east": east}, houses=2))["buildings"]
    assert batch.uids == ["hall"] and batch.fields["parts"] == [2] and batch.fields["function"] == ["31001_2000"]
    assert batch.shapes[0].area == 200 and batch.fields["surface_kinds"] == ["GWWWWRGWWWWR"]


def test_things_that_are_each_others_children_do_not_go_round_for_ever(read):
    a = house() | {"children": ["b"]}
    b = house() | {"type": "BuildingPart", "children": ["a", "b"], "parents": ["a"]}
    assert read(city({"a": a, "b": b}))["buildings"].fields["parts"] == [1]


def test_of_several_levels_of_detail_the_best_is_drawn(read):
    one = house()
    rough = house(by=8)["geometry"][0] | {"lod": "1.3"}
    one["geometry"] = [rough, *one["geometry"], rough | {"lod": "0"}]
    assert read(city({"house": one}, houses=2))["buildings"].shapes[0].bounds[0] == EAST


def test_each_thing_finds_its_layer(read):
    kinds = ["LandUse", "PlantCover", "Road", "Railway", "WaterBody", "Bridge", "GenericCityObject", "+Fence"]
    objects = {kind: ground(kind, by=8 * i, height=i) for i, kind in enumerate(kinds)}
    layers = read(city(objects, houses=len(kinds)))
    assert {name: batch.uids for name, batch in layers.items()} == {
        "surfaces": ["LandUse", "PlantCover", "Road", "Railway"],
        "water": ["WaterBody"],
        "bridges": ["Bridge"],
        "generic": ["GenericCityObject", "+Fence"],
    }
    assert layers["surfaces"].fields["kind"] == ["other", "scrub", "asphalt", "railway"]
    assert layers["generic"].fields["height"] == [6, 7]
    assert "height" in layers["surfaces"].notes[0]


def test_trees_drawn_from_a_template_stand_where_they_are_put(read):
    tree = {"type": "GeometryInstance", "template": 0, "boundaries": [2], "transformationMatrix": []}
    objects = {
        "lime": {"type": "SolitaryVegetationObject", "attributes": {"species": "Linde"}, "geometry": [tree]},
        "oak": ground("SolitaryVegetationObject", height=12.5),
        "nowhere": {"type": "SolitaryVegetationObject", "geometry": [tree | {"boundaries": [99]}]},
    }
    trees = read(city(objects))["trees"]
    assert trees.uids == ["lime", "oak"] and trees.fields == {"species": ["Linde", None], "height": [None, 12.5]}
    assert trees.shapes[0].equals(shapely.Point(EAST + 10, NORTH + 10))
    assert [left.where for left in trees.left_out] == ["nowhere"]


def test_what_is_left_out_says_why(read):
    layers = read(city({"house": house(), "hills": ground("TINRelief"), "list": {"type": "CityObjectGroup"}}))
    left_out = {left.where: left.reason for left in layers["buildings"].left_out}
    assert "terrain" in left_out["hills"] and "lists other features" in left_out["list"]


def test_nothing_but_terrain_is_told(read):
    batch = read(city({"hills": ground("TINRelief")}))["buildings"]
    assert len(batch) == 0 and [left.where for left in batch.left_out] == ["hills"]


def test_addresses_are_read_in_old_and_new_files(read):
    old = {"ThoroughfareName": "Wasserstraße", "ThoroughfareNumber": "3"}
    one, two = house(), house(by=8)
    one["address"], two["address"] = old, [old, {"ThoroughfareName": "Am Markt", "ThoroughfareNumber": 1}]
    batch = read(city({"one": one, "two": two}, houses=2))["buildings"]
    assert batch.fields["address"] == ["Wasserstraße 3", "Wasserstraße 3; Am Markt 1"]


def test_a_sequence_is_read_line_by_line(read, tmp_path, monkeypatch):
    monkeypatch.setattr(cityjson, "AT_ONCE", 10)
    features = [feature(f"house-{i}", house(), x=20.0 * i) for i in range(25)]
    header = city({}, houses=0)
    read(lines(header, *features), "village.city.jsonl")
    batches = list(cityjson.read(tmp_path / "village.city.jsonl", Wanted()))
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert batches[1].shapes[0].bounds[0] == EAST + 200
    look = cityjson.survey(tmp_path / "village.city.jsonl", Wanted())
    assert (look.kind, look.layers) == ("CityJSONSeq 2.0", {"buildings": 25})


def test_a_sequence_without_its_first_line_is_refused(refused):
    assert "begins with a line of the type CityJSON" in refused(lines(feature("house", house())), "v.city.jsonl")


def test_an_empty_file_is_refused(refused):
    assert "cut off" in refused("") and "cut off" in refused("", "v.city.jsonl")


def test_a_line_that_is_no_json_is_named(refused):
    text = lines(city({}, houses=0)) + '{"type": "CityJSONFeature", oops}\n' + lines(feature("house", house()))
    assert "line 2:" in refused(text, "v.city.jsonl")


def test_a_file_that_is_cut_off_says_so(refused):
    text = json.dumps(city({"house": house()}), indent=1)
    assert "cut off" in refused(text[:-300])


def test_broken_json_names_line_and_column(refused):
    text = json.dumps(city({"house": house()}), indent=1).replace('"vertices":', '"vertices" oops')
    assert "column" in refused(text) and "not sound JSON" in refused(text)


@pytest.mark.parametrize(
    "harm",
    [
        lambda one: one["geometry"][0].update(boundaries=[[[[0, 1, 999]]]]),
        lambda one: one["geometry"][0].update(boundaries=[[[[0, -1, 2]]]]),
        lambda one: one["geometry"][0].update(boundaries=[0, 1, 2]),
        lambda one: one["geometry"][0].update(boundaries=[[[["a", "b", "c"]]]]),
        lambda one: one["geometry"][0].update(lod="fine"),
        lambda one: one["geometry"][0].update(lod=-1),
        lambda one: one["geometry"][0].update(semantics={"surfaces": [], "values": [[5] * 6]}),
        lambda one: one.update(geometry="none"),
        lambda one: one.update(geometry=[]),
    ],
)
def test_a_building_with_broken_geometry_is_left_out_and_the_others_stay(read, harm):
    broken = copy.deepcopy(house())
    harm(broken)
    batch = read(city({"broken": broken, "house": house()}))["buildings"]
    assert batch.uids == ["house"] and [left.where for left in batch.left_out] == ["broken"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.update(vertices=[[1, 2], [3]]),
        lambda file: file.update(vertices=[[1, 2], [3, 4]]),
        lambda file: file.update(transform={"scale": [1]}),
        lambda file: file.update(CityObjects=[]),
        lambda file: file.update(type="FeatureCollection"),
        lambda file: file.update(metadata={"referenceSystem": "EPSG:99999"}),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(refused, harm):
    file = city({"house": house()})
    harm(file)
    assert refused(file).endswith((".", "for example."))


def test_a_file_without_a_projection_is_not_guessed(read, tmp_path):
    assert read(city({"house": house()}, reference=None))["buildings"].crs is None
    look = cityjson.survey(tmp_path / "village.city.json", Wanted())
    assert look.crs is None and look.bounds is None


def test_a_gzipped_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "village.city.json.gz"
    path.write_bytes(gzip.compress(json.dumps(city({"house": house()})).encode()))
    [batch] = cityjson.read(path, Wanted())
    assert batch.uids == ["house"]


def test_geojson_is_not_taken_for_a_city():
    assert cityjson.recognises(None, b'{"CityObjects": {}')
    assert cityjson.recognises(None, b'\xef\xbb\xbf{"type": "CityJSON"')
    assert not cityjson.recognises(None, b'{"type": "FeatureCollection", "features": []}')
