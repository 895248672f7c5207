"""CityJSON of Dutch cities: each count equals the one in the folder's SOURCE.md."""

from collections import Counter

import numpy as np
import pytest
import shapely
from pyproj import CRS

from layers.reading import cityjson
from layers.reading.batch import Wanted
from layers.reading.recognise import HEAD
from tests.real import REAL, needs_real_data

pytestmark = needs_real_data
FOLDER = REAL / "cityjson-nl"
DELFT, ROTTERDAM, DEN_HAAG = "delft.json", "rotterdam_subset.json", "DH_01_subs.city.json"


def read(name):
    return {batch.layer: batch for batch in cityjson.read(FOLDER / name, Wanted())}


def test_everything_in_delft_finds_its_layer():
    delft = read(DELFT)
    assert {layer: len(batch) for layer, batch in delft.items()} == {
        "buildings": 160,
        "surfaces": 81 + 126 + 143,
        "bridges": 3,
        "water": 3,
        "generic": 54,
    }
    assert Counter(delft["surfaces"].fields["kind"]) == {"other": 81, "scrub": 126, "asphalt": 143}
    for batch in delft.values():
        assert batch.left_out == [] and batch.crs.to_epsg() == 28992
        assert shapely.is_valid(batch.shapes).all() and shapely.area(batch.shapes).min() > 0
        assert shapely.get_type_id(batch.shapes).min() >= 3


def test_delft_lies_within_the_extent_that_its_file_states():
    delft = read(DELFT)
    bounds = shapely.total_bounds(np.concatenate([batch.shapes for batch in delft.values()]))
    assert bounds.tolist() == pytest.approx((84616.468, 447422.999, 85140.839, 447750.636), abs=0.002)
    assert cityjson.survey(FOLDER / DELFT, Wanted()).bounds == pytest.approx((4.362, 52.011, 4.370, 52.014), abs=0.001)


def test_a_roof_stated_above_sea_level_does_not_make_a_building_taller():
    buildings = read(DELFT)["buildings"]
    assert (buildings.fields["height"][0], buildings.fields["base_height"][0]) == (6.1, -0.1)
    assert buildings.estimated[0] == "height: highest less lowest point of its surfaces"


def test_what_a_bridge_is_told_about_comes_along():
    bridges = read(DELFT)["bridges"]
    assert bridges.fields["class"] == ["dek"] * 3 and bridges.titles == {"": "Brücken"}


def test_a_file_without_a_projection_is_not_guessed():
    for name, count in ((ROTTERDAM, 16), (DEN_HAAG, 4)):
        look = cityjson.survey(FOLDER / name, Wanted())
        assert look.crs is None and look.bounds is None and look.layers == {"buildings": count}
        assert read(name)["buildings"].crs is None


def test_a_projection_that_the_planner_names_is_taken():
    dutch = Wanted(crs=CRS(28992))
    [batch] = cityjson.read(FOLDER / ROTTERDAM, dutch)
    assert batch.crs.to_epsg() == 28992 and len(batch) == 16
    look = cityjson.survey(FOLDER / ROTTERDAM, dutch)
    assert look.bounds == pytest.approx((4.452, 51.903, 4.500, 51.910), abs=0.05)


def test_buildings_of_den_haag_are_whole_with_their_parts():
    buildings = read(DEN_HAAG)["buildings"]
    assert len(buildings) == 4 and sum(parts or 0 for parts in buildings.fields["parts"]) == 8
    assert sum(parts is not None for parts in buildings.fields["parts"]) == 3
    assert Counter("".join(buildings.fields["surface_kinds"]))["G"] >= 9
    assert all(5 < height < 12 for height in buildings.fields["height"])


def test_roofs_of_rotterdam_keep_what_they_are():
    buildings = read(ROTTERDAM)["buildings"]
    surfaces = shapely.from_wkb(buildings.surfaces)
    assert shapely.get_num_geometries(surfaces).tolist() == list(map(len, buildings.fields["surface_kinds"]))
    assert all({"R", "G", "W"} <= set(kinds) for kinds in buildings.fields["surface_kinds"])


def test_every_file_is_recognised():
    for name in (DELFT, ROTTERDAM, DEN_HAAG):
        with (FOLDER / name).open("rb") as file:
            assert cityjson.recognises(FOLDER / name, file.read(HEAD))
