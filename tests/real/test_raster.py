"""Terrain of Bayreuth, Porto Alegre and Göteborg: each count equals the one in the folder's SOURCE.md."""

import zipfile
from collections import Counter

import numpy as np
import pytest
from pyproj import CRS
from sqlalchemy.orm import Session

from layers.reading import raster
from layers.reading.batch import Batch, Wanted
from tests.real import REAL, needs_real_data
from twin import ground
from twin.city import City
from twin.projection import LONLAT, transformer
from twin.store import create_store

pytestmark = needs_real_data


@pytest.fixture
def city(tmp_path):
    """Makes an empty city in this projection."""
    opened = []

    def make(srid):
        engine = create_store(
            tmp_path / "city.gpkg", City(name="City", srid=srid, longitude=11.5, latitude=50.0, state=None)
        )
        opened.append(Session(engine))
        return opened[-1]

    yield make
    for db in opened:
        db.close()


def load(db, srid, path):
    """The pieces that the reader gave, their terrain written."""
    given = []
    for piece in raster.read(path, Wanted()):
        given.append(piece)
        if not isinstance(piece, Batch) and piece.path:
            ground.write_terrain(db, srid, piece.path, piece.crs)
    db.commit()
    return given


def heights(db, srid, longitude, latitude):
    return ground.heights_at(db, *transformer(LONLAT, CRS(srid)).transform(longitude, latitude))


@pytest.fixture
def bayreuth(tmp_path):
    """The two tiles that meet at 50 degrees north."""
    for name in ("N49E011", "N50E011"):
        with zipfile.ZipFile(REAL / f"bayreuth-osm-srtm/{name}.hgt.zip") as archive:
            archive.extractall(tmp_path)
    return [tmp_path / "N49E011.hgt", tmp_path / "N50E011.hgt"]


def test_bayreuth_has_its_hills_and_its_voids_are_filled(city, bayreuth):
    db = city(25832)
    south, north = (load(db, 25832, path)[0] for path in bayreuth)
    assert (south.read, south.holes, north.read, north.holes) == (1201 * 1201, 0, 1201 * 1201, 0)
    assert south.notes == ["small holes filled from their rim (estimated): 3, of 20 cells in all"]
    assert north.notes == ["small holes filled from their rim (estimated): 2, of 8 cells in all"]
    assert heights(db, 25832, np.array([11.575]), np.array([49.945]))[0] == pytest.approx(342, abs=6)
    longitude, latitude = np.meshgrid(np.linspace(11.01, 11.99, 400), np.linspace(49.01, 50.99, 400))
    known = heights(db, 25832, longitude.ravel(), latitude.ravel())
    assert not np.isnan(known).any()
    assert known.min() > 129 - 5 and known.max() < 1044 + 5


def test_loading_bayreuths_tiles_again_changes_nothing(city, bayreuth):
    db = city(25832)
    for path in bayreuth:
        load(db, 25832, path)
    for path in bayreuth:
        [terrain] = (ground.write_terrain(db, 25832, piece.path, piece.crs) for piece in raster.read(path, Wanted()))
        assert terrain.cells == 0


@pytest.mark.parametrize("first", [0, 1])
def test_the_seam_between_bayreuths_tiles_does_not_show(city, bayreuth, first):
    db = city(25832)
    for path in (bayreuth[first], bayreuth[1 - first]):
        load(db, 25832, path)
    longitude = np.linspace(11.399, 11.675, 2000)
    step = 20 / 111_200  # degrees: 20 m

    def climb(latitude):
        """Mean change of height over 20 m across a parallel."""
        south, north = (heights(db, 25832, longitude, np.full(2000, latitude + d)) for d in (-step / 2, step / 2))
        assert not np.isnan(south).any() and not np.isnan(north).any()
        return np.abs(north - south).mean()

    elsewhere = [climb(50 + offset) for offset in np.linspace(0.003, 0.02, 12)]
    assert max(climb(50 + offset) for offset in np.linspace(-0.0009, 0.0009, 13)) < max(elsewhere) * 1.15


def test_porto_alegre_lies_in_the_south_and_ends_at_255_metres(city):
    db = city(32722)
    [terrain] = load(db, 32722, REAL / "porto-alegre/poa_elevation.tif")
    assert (terrain.read, terrain.holes) == (403 * 413, 0)
    assert terrain.notes[0].endswith("which may be higher in truth: 1")
    assert len(ground.heights_at(db, [], [])) == 0
    known = heights(db, 32722, np.linspace(-51.25, -51.145, 200), np.full(200, -30.05))
    assert not np.isnan(known).any()
    assert 0 <= known.min() < 20 < known.max() < 256


def test_goteborg_stands_on_its_dem_alone(city):
    db = city(3007)
    folder = REAL / "goteborg-rasters"
    [terrain] = load(db, 3007, folder / "DEM_KRbig.tif")
    assert (terrain.read, terrain.holes, terrain.notes) == (234 * 223, 0, [])
    assert ground.bounds_of(db) == (147720, 6398557, 147954, 6398780)
    known = ground.window(db, (147720, 6398557, 147954, 6398780), 1)
    assert known.min() == pytest.approx(0.01, abs=0.005)
    assert known.max() == pytest.approx(23.2, abs=0.01)
    for name in ("DSM_KRbig.tif", "CDSM_KRbig.tif", "CDSM_KRbig.asc"):
        [piece] = load(db, 3007, folder / name)
        assert piece.left_out[0].reason.startswith("a surface model")
    assert np.array_equal(ground.window(db, (147720, 6398557, 147954, 6398780), 1), known)


def test_goteborgs_land_cover_keeps_its_areas():
    cells = Counter()
    for batch in raster.read(REAL / "goteborg-rasters/landcover.tif", Wanted()):
        for kind, shape in zip(batch.fields["kind"], batch.shapes, strict=True):
            cells["water" if batch.layer == "water" else kind] += int(shape.area)
    assert cells == {"asphalt": 18832, "building": 25867, "grass": 4649, "water": 2834}
