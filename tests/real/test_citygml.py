"""LoD2 as survey offices deliver it: each count equals the one in the folder's SOURCE.md."""

from collections import Counter
from statistics import median

import numpy as np
import pytest
import shapely

from layers.reading import citygml
from layers.reading.batch import Wanted
from layers.reading.recognise import HEAD
from tests.real import REAL, needs_real_data

pytestmark = needs_real_data
SELFKANT_NORTH = "selfkant-lod2-nrw-5659/LoD2_32_280_5659_1_NW.gml"
SELFKANT_SOUTH = "selfkant-lod2-nrw-5657/LoD2_32_280_5657_1_NW.gml"
ESSEN = "essen-lod2/EssenExample.gml"
BERLIN = ["partialMierendorffInselLoD2.gml", "20240216_PartialMierendorff.gml", "Block020023.gml"]


def read(name):
    [batch] = citygml.read(REAL / name, Wanted())
    return batch


def survey(name):
    return citygml.survey(REAL / name, Wanted())


def known(values):
    return [value for value in values if value is not None]


def of_one_piece(batch, field):
    pairs = zip(batch.fields[field], batch.fields["parts"], strict=True)
    return known(value for value, parts in pairs if not parts)


def ground_polygons_area(batch):
    kinds = "".join(batch.fields["surface_kinds"])
    polygons = shapely.get_parts(shapely.from_wkb(batch.surfaces))
    return sum(shapely.area(polygons[[kind == "G" for kind in kinds]]))


@pytest.mark.parametrize(
    ("name", "count", "parts", "in_parts", "area", "heights", "addresses"),
    [
        (SELFKANT_NORTH, 109, 55, 24, 6665.0, (1.00, 3.74, 10.15), 87),
        (SELFKANT_SOUTH, 83, 50, 20, 4807.6, (1.00, 3.57, 13.13), 69),
        (ESSEN, 117, 0, 0, 18249.6, (10.28, 13.12, 16.93), 117),
    ],
)
def test_a_tile_of_north_rhine_westphalia_is_read_whole(name, count, parts, in_parts, area, heights, addresses):
    batch = read(name)
    assert len(batch) == len(set(batch.uids)) == count and batch.left_out == []
    assert sum(known(batch.fields["parts"])) == parts and len(known(batch.fields["parts"])) == in_parts
    assert shapely.area(batch.shapes).sum() == pytest.approx(area, abs=0.05)
    own = of_one_piece(batch, "height")
    assert (min(own), median(own), max(own)) == pytest.approx(heights, abs=0.006)
    assert len(known(batch.fields["address"])) == addresses
    assert len(known(batch.fields["height"])) == count and not any(batch.estimated)
    assert batch.crs.to_epsg() == 25832 and shapely.is_valid(batch.shapes).all()


@pytest.mark.parametrize(
    ("name", "count", "area"), list(zip(BERLIN, (17, 2, 4), (10_188.9, 3_232.1, 2_547.5), strict=True))
)
def test_a_quarter_of_berlin_is_read_whole(name, count, area):
    batch = read(f"berlin-mierendorff-lod2/{name}")
    assert len(batch) == count and batch.left_out == []
    assert ground_polygons_area(batch) == pytest.approx(area, abs=0.05)
    assert area * 0.99 < shapely.area(batch.shapes).sum() < area + 0.05  # some ground polygons lie over each other
    assert len(known(batch.fields["height"])) == len(known(batch.fields["address"])) == count
    assert batch.crs.to_epsg() == 25833
    assert all(function.startswith("31001_") for function in known(batch.fields["function"]))


def test_functions_and_roofs_are_those_of_the_cadastre():
    batch = read(SELFKANT_NORTH)
    functions = Counter(batch.fields["function"])
    assert (functions["31001_1010"], functions["31001_2463"], functions["51009_1610"]) == (36, 32, 15)
    assert set(zip(batch.fields["function"], batch.fields["use"], strict=True)) >= {
        ("31001_1010", "residential"),
        ("31001_2463", "garage"),
        ("51009_1610", "other"),
    }
    assert {"1000", "3100"} <= set(batch.fields["roof_type"]) and None not in batch.fields["roof_type"]
    assert set(read(ESSEN).fields["function"]) == {"31001_1010"}


def test_several_addresses_of_a_building_are_kept_beside_each_other():
    addresses = known(read(ESSEN).fields["address"])
    assert sum(len(address.split("; ")) for address in addresses) == 123
    assert "Wildstr. 49" in addresses


def test_storeys_and_years_are_read_where_someone_added_them():
    batch = read(ESSEN)
    assert len(known(batch.fields["storeys"])) == len(known(batch.fields["year"])) == 117
    assert (batch.fields["storeys"][0], batch.fields["year"][0]) == (2, 1950)


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        (SELFKANT_NORTH, (280735, 5659009, 280995, 5659368)),
        (SELFKANT_SOUTH, (280847.9, 5657118.1, 281004.9, 5657727.9)),
        (ESSEN, (359853, 5706075, 360519, 5706840)),
    ],
)
def test_buildings_stand_where_they_are_even_beyond_the_edge_of_the_tile(name, bounds):
    assert shapely.total_bounds(read(name).shapes) == pytest.approx(bounds, abs=0.6)


def test_walls_and_roofs_stand_on_their_own_ground():
    batch = read(SELFKANT_NORTH)
    surfaces = shapely.from_wkb(batch.surfaces)
    assert shapely.get_num_geometries(surfaces).tolist() == list(map(len, batch.fields["surface_kinds"]))
    heights = shapely.get_coordinates(surfaces, include_z=True)[:, 2]
    assert (heights.min(), heights.max()) == pytest.approx((33.4, 45.7), abs=0.05)
    assert Counter("".join(batch.fields["surface_kinds"])) == {"W": 951, "R": 217, "G": 147, "C": 126}
    lows = np.array([bounds[2] for bounds in [shapely.get_coordinates(s, include_z=True).min(0) for s in surfaces]])
    assert np.abs(lows - np.array(batch.fields["base_height"])).max() < 0.002


def test_a_steep_roof_and_a_flat_one_are_told_apart():
    batch = read(SELFKANT_NORTH)
    roofs = list(zip(batch.fields["roof_type"], batch.fields["roof_pitch"], batch.fields["parts"], strict=True))
    assert all(pitch == 0 for kind, pitch, parts in roofs if kind == "1000" and not parts)
    assert all(15 < pitch < 70 for kind, pitch, parts in roofs if kind == "3100" and not parts)


def test_a_first_look_knows_the_place_the_date_and_the_number_of_buildings():
    look = survey(SELFKANT_NORTH)
    assert (look.kind, look.place, look.layers) == ("CityGML 1.0 LoD2", "Selfkant", {"buildings": 109})
    assert look.crs.to_epsg() == 25832 and look.delivered.isoformat() == "2021-03-19"
    assert look.bounds == pytest.approx((5.861, 51.040, 5.876, 51.050), abs=0.001)
    berlin = survey("berlin-mierendorff-lod2/Block020023.gml")
    assert (berlin.kind, berlin.place, berlin.crs.to_epsg()) == ("CityGML 2.0 LoD2", "Berlin", 25833)
    assert berlin.bounds == pytest.approx((13.302, 52.529, 13.303, 52.530), abs=0.001)


def test_every_delivered_tile_is_recognised():
    for name in [SELFKANT_NORTH, SELFKANT_SOUTH, ESSEN, *(f"berlin-mierendorff-lod2/{name}" for name in BERLIN)]:
        with (REAL / name).open("rb") as file:
            assert citygml.recognises(REAL / name, file.read(HEAD))


def test_textures_are_left_aside_and_other_attributes_are_named():
    [note] = read(SELFKANT_NORTH).notes
    assert "Gemeindeschluessel" in note and "DatenquelleDachhoehe" in note
