"""The ground of a city: on a GeoPackage file and on a PostGIS server."""

import subprocess
import warnings

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import CRS
from rasterio.transform import from_origin
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import missing
from twin import ground
from twin.errors import BadFile
from twin.projection import transformer

UTM = CRS(25832)
WEST, NORTH = 500_000.0, 5_930_000.0  # of the quay


def slope_at(x, y):
    """A plain that rises 5 m on 100 m to the east and 2 m to the north."""
    return 10 + (np.asarray(x) - WEST) * 0.05 + (np.asarray(y) - NORTH) * 0.02


@pytest.fixture
def raster(tmp_path):
    """Writes a raster of the plain, `lifted` above it, in cells of the city's metres; returns its path."""

    def write(name, size=600, cell=1.0, west=WEST, north=NORTH, lifted=0.0, hole=None, estimated=None):
        x, y = west + (np.arange(size) + 0.5) * cell, north - (np.arange(size) + 0.5) * cell
        heights = (slope_at(x[None, :], y[:, None]) + lifted).astype("float32")
        bands = [heights]
        if hole is not None:
            heights[hole] = np.nan
        if estimated is not None:
            bands.append(np.zeros_like(heights))
            bands[1][estimated] = 1
        path = tmp_path / name
        place = {"transform": from_origin(west, north, cell, cell), "crs": "EPSG:25832", "nodata": np.nan}
        with rasterio.open(
            path, "w", driver="GTiff", width=size, height=size, count=len(bands), dtype="float32", **place
        ) as file:
            file.write(np.array(bands))
        return str(path)

    return write


def load(db, path, crs=UTM):
    written = ground.write_terrain(db, 25832, path, crs)
    db.commit()
    return written


def places(n=500, size=600.0, inset=2.0):
    rng = np.random.default_rng(7)
    return WEST + inset + rng.random(n) * (size - 2 * inset), NORTH - inset - rng.random(n) * (size - 2 * inset)


def test_the_ground_is_as_high_as_the_survey_says(db, raster):
    written = load(db, raster("dgm1.tif"))
    x, y = places()
    assert written.cells == 600 * 600
    assert written.changed == 0
    assert np.abs(ground.heights_at(db, x, y) - slope_at(x, y)).max() < 0.005


def test_beyond_the_terrain_nothing_is_known(db, raster):
    load(db, raster("dgm1.tif"))
    heights = ground.heights_at(db, [WEST - 50, WEST + 300, np.nan], [NORTH - 10, NORTH + 1, NORTH])
    assert np.isnan(heights).all()
    assert ground.bounds_of(db) == (WEST, NORTH - 600, WEST + 600, NORTH)


def test_a_city_without_terrain_has_no_heights(db):
    assert ground.bounds_of(db) is None
    assert np.isnan(ground.heights_at(db, [WEST], [NORTH])).all()
    assert np.isnan(ground.window(db, (WEST, NORTH - 10, WEST + 10, NORTH), 1)).all()


def test_a_window_shows_the_cells_north_up(db, raster):
    load(db, raster("dgm1.tif"))
    heights = ground.window(db, (WEST + 100, NORTH - 150, WEST + 200, NORTH - 100), 1)
    assert heights.shape == (50, 100)
    assert heights[0, 0] == pytest.approx(slope_at(WEST + 100.5, NORTH - 100.5), abs=0.005)
    assert heights[-1, -1] == pytest.approx(slope_at(WEST + 199.5, NORTH - 149.5), abs=0.005)


@pytest.mark.parametrize("cell", [0.5, 3, 10, 40])
def test_a_window_may_have_cells_of_any_size(db, raster, cell):
    load(db, raster("dgm1.tif"))
    heights = ground.window(db, (WEST + 80, NORTH - 480, WEST + 480, NORTH - 80), cell)
    columns = heights.shape[1]
    expected = slope_at(WEST + 80 + (np.arange(columns) + 0.5) * cell, NORTH - 80 - cell / 2)
    assert np.abs(heights[0] - expected).max() < 0.06


def test_a_window_reaches_past_the_rim_of_the_terrain(db, raster):
    load(db, raster("dgm1.tif"))
    heights = ground.window(db, (WEST - 100, NORTH - 100, WEST + 100, NORTH + 100), 10)
    assert np.isnan(heights[:, :9]).all()
    assert np.isnan(heights[:9]).all()
    assert not np.isnan(heights[10:, 10:]).any()


def test_loading_the_same_terrain_again_changes_nothing(db, raster):
    path = raster("dgm1.tif", cell=0.7)
    load(db, path)
    before = db.execute(text("select id, tile_data from terrain order by id")).fetchall()
    written = load(db, path)
    assert (written.cells, written.changed) == (0, 0)
    assert db.execute(text("select id, tile_data from terrain order by id")).fetchall() == before


def test_a_newer_delivery_replaces_the_heights(db, raster):
    load(db, raster("old.tif"))
    x, y = places()
    ground.heights_at(db, x, y)
    written = load(db, raster("new.tif", lifted=3.0))
    assert written.changed == 600 * 600
    assert np.abs(ground.heights_at(db, x, y) - slope_at(x, y) - 3).max() < 0.005


def test_half_a_delivery_that_was_taken_back_leaves_no_trace(db, raster):
    load(db, raster("old.tif"))
    x, y = places()
    ground.write_terrain(db, 25832, raster("wrong.tif", lifted=50.0), UTM)
    assert ground.heights_at(db, x, y).mean() > 50
    db.rollback()
    load(db, raster("right.tif", lifted=1.0))
    assert np.abs(ground.heights_at(db, x, y) - slope_at(x, y) - 1).max() < 0.005


def test_what_a_savepoint_took_back_is_forgotten_too(db, raster):
    x, y = places()
    savepoint = db.begin_nested()
    ground.write_terrain(db, 25832, raster("wrong.tif", lifted=50.0), UTM)
    ground.heights_at(db, x, y)
    savepoint.rollback()
    load(db, raster("right.tif"))
    assert np.abs(ground.heights_at(db, x, y) - slope_at(x, y)).max() < 0.005


@pytest.mark.parametrize("order", [("fine", "coarse"), ("coarse", "fine")])
def test_finer_terrain_wins_over_coarser_whichever_comes_first(db, raster, order):
    paths = {"fine": raster("fine.tif"), "coarse": raster("coarse.tif", 200, 32.0, WEST - 3200, NORTH + 3200, 20.0)}
    for name in order:
        load(db, paths[name])
    x, y = places()
    assert np.abs(ground.heights_at(db, x, y) - slope_at(x, y)).max() < 0.005
    outside = ground.heights_at(db, [WEST - 1000.0], [NORTH - 1000.0])
    assert outside[0] == pytest.approx(slope_at(WEST - 1000, NORTH - 1000) + 20, abs=0.05)
    overview = ground.window(db, (WEST + 128, NORTH - 384, WEST + 256, NORTH - 256), 32)
    middles = np.arange(4) * 32 + 16
    assert np.abs(overview - slope_at(WEST + 128 + middles[None], NORTH - 256 - middles[:, None])).max() < 0.5


def test_a_hole_is_filled_by_another_file_and_by_nothing_else(db, raster):
    hole = np.s_[200:300, 200:300]
    load(db, raster("with_hole.tif", hole=hole))
    middle = [WEST + 250.0], [NORTH - 250.0]
    assert np.isnan(ground.heights_at(db, *middle)).all()
    load(db, raster("other.tif", lifted=1.0))
    load(db, raster("with_hole.tif", hole=hole))
    assert ground.heights_at(db, *middle)[0] == pytest.approx(slope_at(WEST + 250, NORTH - 250) + 1, abs=0.005)
    assert ground.heights_at(db, [WEST + 50.0], [NORTH - 50.0])[0] == pytest.approx(
        slope_at(WEST + 50, NORTH - 50), abs=0.005
    )


def test_an_estimate_gives_way_to_a_survey_and_never_the_other_way(db, raster):
    part = np.s_[200:300, 200:300]
    middle = [WEST + 250.0], [NORTH - 250.0]
    guess, survey = raster("guess.tif", lifted=9.0, estimated=part), raster("survey.tif")
    for path, lifted in ((guess, 9.0), (survey, 0.0), (guess, 0.0)):
        load(db, path)
        expected = slope_at(WEST + 250, NORTH - 250) + lifted
        assert ground.heights_at(db, *middle)[0] == pytest.approx(expected, abs=0.005)


def test_terrain_in_degrees_comes_to_stand_in_the_right_place(db, tmp_path):
    step = 1 / 3600
    longitude, latitude = 9.0 + (np.arange(80) + 0.5) * step, 53.52 - (np.arange(80) + 0.5) * step
    to_city = transformer(CRS("OGC:CRS84"), UTM)
    all_x, all_y = to_city.transform(*np.meshgrid(longitude, latitude))
    with rasterio.open(
        tmp_path / "srtm.tif", "w", driver="GTiff", width=80, height=80, count=1, dtype="float32", crs="EPSG:4326",
        transform=from_origin(9.0, 53.52, step, step), nodata=-32768,
    ) as file:  # fmt: skip
        file.write(slope_at(all_x, all_y).astype("float32"), 1)
    load(db, str(tmp_path / "srtm.tif"), CRS(4326))
    x, y = to_city.transform(*np.meshgrid(longitude[5:-5:7], latitude[5:-5:7]))
    assert np.abs(ground.heights_at(db, x.ravel(), y.ravel()) - slope_at(x, y).ravel()).max() < 0.3


def test_a_turned_raster_comes_to_stand_in_the_right_place(db, tmp_path):
    turned = from_origin(WEST + 300, NORTH - 100, 1, 1) @ rasterio.Affine.rotation(30)
    columns, rows = np.meshgrid(np.arange(200) + 0.5, np.arange(200) + 0.5)
    x, y = turned @ (columns, rows)
    with rasterio.open(
        tmp_path / "turned.tif", "w", driver="GTiff", width=200, height=200, count=1, dtype="float32",
        crs="EPSG:25832", transform=turned, nodata=-9999,
    ) as file:  # fmt: skip
        file.write(slope_at(x, y).astype("float32"), 1)
    load(db, str(tmp_path / "turned.tif"))
    inside = np.s_[10:190:30, 10:190:30]
    heights = ground.heights_at(db, x[inside].ravel(), y[inside].ravel())
    assert np.abs(heights - slope_at(x[inside], y[inside]).ravel()).max() < 0.02


@pytest.mark.parametrize(("size", "step", "told"), [(10, 0.1, "too coarse"), (5000, 0.005, "km wide|does not hold")])
def test_terrain_of_half_a_continent_is_refused(db, tmp_path, size, step, told):
    path = str(tmp_path / "far.tif")
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="uint8", crs="EPSG:4326",
        transform=from_origin(8, 54, step, step), sparse_ok=True,
    ):  # fmt: skip
        pass
    with pytest.raises(BadFile, match=told):
        ground.write_terrain(db, 25832, path, CRS(4326))


def test_streets_know_how_steep_they_are(db, raster):
    load(db, raster("dgm1.tif"))
    east = shapely.linestrings([[WEST + 50, NORTH - 300], [WEST + 350, NORTH - 300]])
    north = shapely.linestrings([[WEST + 50, NORTH - 350], [WEST + 50, NORTH - 250]])
    there_and_back = shapely.linestrings(
        [[WEST + 50, NORTH - 300], [WEST + 250, NORTH - 300], [WEST + 50, NORTH - 300]]
    )
    outside = shapely.linestrings([[WEST - 900, NORTH - 300], [WEST - 800, NORTH - 300]])
    two_parts = shapely.multilinestrings([east, shapely.affinity.translate(east, yoff=-100)])
    lines = np.array([east, north, there_and_back, outside, two_parts, shapely.Point(WEST + 50, NORTH - 50), None])
    slopes = ground.line_slopes(db, lines)
    assert slopes[:5] == pytest.approx([5, 2, 5, np.nan, 5], abs=0.02, nan_ok=True)
    assert np.isnan(slopes[5:]).all()
    assert len(ground.line_slopes(db, np.array([], object))) == 0


def test_gdal_opens_the_terrain_as_a_raster_without_a_warning(tmp_path, raster, store):
    if store.dialect.name != "sqlite":
        pytest.skip("a GeoPackage file only")
    with Session(store) as db:
        load(db, raster("coarse.tif", 100, 32.0, WEST - 1600, NORTH + 1600, 20.0))
        load(db, raster("dgm1.tif"))
        load(db, raster("dgm1_newer.tif", lifted=1.0))
    with warnings.catch_warnings(), rasterio.open(store.url.database) as terrain:
        warnings.simplefilter("error")
        assert terrain.crs.to_epsg() == 25832
        assert terrain.res == (1, 1)
        assert terrain.overviews(1)[:2] == [2, 4]
        [height] = terrain.sample([(WEST + 100.5, NORTH - 100.5)])
        assert height[0] == pytest.approx(slope_at(WEST + 100.5, NORTH - 100.5) + 1, abs=0.005)
        [beyond] = terrain.sample([(WEST - 1000.5, NORTH - 100.5)])
        assert beyond[0] == terrain.nodata
    tiles = text("select count(*) from terrain")
    known = text("select count(*) from gpkg_2d_gridded_tile_ancillary join terrain on tpudt_id = terrain.id")
    with store.connect() as connection:
        assert connection.scalar(tiles) == connection.scalar(known)


def test_gdalinfo_has_nothing_to_complain_about(raster, store):
    if store.dialect.name != "sqlite":
        pytest.skip("a GeoPackage file only")
    with Session(store) as db:
        load(db, raster("dgm1.tif"))
    try:
        told = subprocess.run(["gdalinfo", "-checksum", store.url.database], capture_output=True, text=True)  # noqa: S603, S607
    except FileNotFoundError:
        missing("gdalinfo is not installed (gdal-bin)")
    assert told.returncode == 0
    assert told.stderr == ""
    assert "NoData Value=-9999" in told.stdout
