"""Vector files as offices deliver them: each count and measure equals the one in the folder's SOURCE.md."""

import pytest
import shapely
from pyproj import CRS

from layers.reading import vector
from layers.reading.batch import Wanted
from layers.reading.load import Asked, load
from layers.reading.recognise import HEAD
from layers.reading.shapes import to_city
from tests.real import REAL, needs_real_data

pytestmark = needs_real_data


def read(name):
    path = REAL / name
    with path.open("rb") as file:
        assert vector.recognises(path, file.read(HEAD))
    return {batch.layer: batch for batch in vector.read(path, Wanted())}


def only(name):
    [batch] = read(name).values()
    return batch


def test_prague_has_its_four_layers_and_their_true_areas():
    layers = read("bubenec-prague/bubenec.gpkg")
    assert {name: len(batch) for name, batch in layers.items()} == {
        "buildings": 144,
        "streets": 35,
        "parcels": 407,
        "tessellation": 144,
    }
    buildings = layers["buildings"]
    assert buildings.crs.to_epsg() == 3857 and len(set(buildings.uids)) == 144
    to_city(buildings, 32633, (14.4, 50.1))
    assert shapely.area(buildings.shapes).sum() == pytest.approx(43_151, abs=1)  # not 2.4 times as much


@pytest.mark.parametrize("name", ["dutch_addresses_28992.gpkg"])
def test_dutch_addresses_keep_their_columns_and_ids(name):
    batch = only(f"dutch-addresses/{name}")
    assert batch.layer == "addresses" and len(batch) == 2481 and batch.crs.to_epsg() == 28992
    assert {"straatnaam", "huisnummer", "postcode"} <= set(batch.fields)
    assert batch.uids[0].startswith("inspireadressen.") and len(set(batch.uids)) == 2481


def test_the_zipped_shapefile_and_the_geopackage_hold_the_same_addresses(tmp_path):
    report = load(Asked([str(REAL / "dutch-addresses")], str(tmp_path / "otterlo.gpkg")))
    first, second = (file for file in report.files if file.layer == "addresses")
    assert (first.read, first.loaded) == (2481, 2481)
    assert (second.read, second.loaded, second.changed + second.unchanged) == (2481, 0, 2481)
    assert {first.kind, second.kind} == {"GeoPackage", "Shapefile"}


def test_ulm_buildings_are_known_by_their_very_long_name():
    batch = only("ulm-alkis/ALKIS_testGebaeude.gpkg")
    assert batch.layer == "buildings" and len(batch) == 16 and batch.crs.to_epsg() == 25832
    assert shapely.area(batch.shapes).sum() == pytest.approx(6232.6, abs=0.1)
    assert [round(value) for value in shapely.total_bounds(batch.shapes)] == [570903, 5361519, 571043, 5361830]


def test_goteborg_buildings_are_read_in_swedish_letters():
    batch = only("goteborg-rasters/buildings.shp")
    assert batch.layer == "buildings" and len(batch) == 137 and batch.crs.to_epsg() == 3007
    assert shapely.area(batch.shapes).sum() == pytest.approx(108_220, abs=1)
    assert (~shapely.is_valid(batch.shapes)).sum() == 2
    assert any("OPERATÖR" in note for note in batch.notes) and any("CP1252" in note for note in batch.notes)


def test_goteborgs_mask_is_a_boundary_in_the_projection_that_it_names():
    batch = only("goteborg-rasters/mask_layer.geojson")
    assert batch.layer == "boundary" and batch.crs.to_epsg() == 3007 and batch.uids == ["mask_layer:1"]


def test_berlin_blocks_keep_the_zeros_of_their_numbers():
    batch = only("berlin-mierendorff-lod2/block_shape/00_block_shape.shp")
    assert batch.layer == "blocks" and len(batch) == 45 and batch.crs.to_epsg() == 25833
    assert batch.uids == batch.fields["number"] and "019017" in batch.uids


@pytest.mark.parametrize(
    ("name", "count"), [("heidelberg-osm-gtfs/borders.geojson", 4), ("stoke-brownfield/boundary.geojson", 1)]
)
def test_borders_are_a_layer_that_the_town_brings(name, count):
    batch = only(name)
    assert batch.layer == "boundary" and len(batch) == count and batch.crs == CRS(4326)
    assert all(batch.fields["name"])
