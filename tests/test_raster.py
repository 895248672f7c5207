"""Terrain and land cover as offices deliver them, and what is wrong with it at times."""

import gzip

import numpy as np
import pytest
import rasterio
from pyproj import CRS
from rasterio.transform import from_origin

from layers.reading import raster, xyz
from layers.reading.batch import Batch, Terrain, Wanted
from layers.reading.recognise import HEAD
from twin.errors import BadFile

WEST, NORTH = 700_000, 5_651_000
HEIGHTS = (200 + np.arange(30)[:, None] * 0.5 + np.arange(40)[None, :] * 0.25).astype("float32")


def tiff(path, heights=HEIGHTS, crs="EPSG:25832", place=None, **more):
    bands = heights if heights.ndim == 3 else heights[None]
    with rasterio.open(
        path, "w", driver="GTiff", count=len(bands), height=bands.shape[1], width=bands.shape[2], dtype=bands.dtype,
        crs=crs, transform=place or from_origin(WEST, NORTH, 1, 1), **more,
    ) as file:  # fmt: skip
        file.write(bands)
    return path


def points():
    rows, columns = np.indices(HEIGHTS.shape)
    return np.column_stack([WEST + columns.ravel() + 0.5, NORTH - rows.ravel() - 0.5, HEIGHTS.ravel()])


def write_xyz(path, rows, separator=" ", number="{:.2f}", comma=False, header=""):
    lines = [separator.join(number.format(value) for value in row) for row in rows]
    content = header + "\n".join(lines) + "\n"
    path.write_text(content.replace(".", ",") if comma else content)
    return path


def pieces(path, **wanted):
    head = path.read_bytes()[:HEAD]
    assert raster.recognises(path, gzip.decompress(head) if head[:2] == b"\x1f\x8b" else head)
    return raster.read(path, Wanted(**wanted))


def terrain_of(path, **wanted):
    """What is handed over, and the heights in it, NaN where there is none."""
    for piece in pieces(path, **wanted):
        assert isinstance(piece, Terrain)
        with rasterio.open(piece.path) as file:
            return piece, file.read(1, masked=True).astype("float32").filled(np.nan)
    return None


def why_not(path, **wanted):
    with pytest.raises(BadFile) as told:
        list(pieces(path, **wanted))
    return str(told.value)


def test_a_geotiff_is_taken_as_it_is(tmp_path):
    path = tiff(tmp_path / "dgm1.tif")
    terrain, heights = terrain_of(path)
    assert (terrain.path, terrain.crs, terrain.read, terrain.holes) == (str(path), CRS(25832), 1200, 0)
    assert np.array_equal(heights, HEIGHTS)
    survey = raster.survey(path, Wanted())
    assert survey.kind == "GeoTIFF terrain"
    assert survey.layers == {"terrain": 1200}
    assert survey.bounds[0] == pytest.approx(11.85, abs=0.01)


@pytest.mark.parametrize("separator", [" ", "\t", ";", ",", "   "])
@pytest.mark.parametrize("order", ["rows", "columns", "any"])
def test_xyz_may_be_separated_and_sorted_in_any_way(tmp_path, separator, order):
    rows = points()
    if order == "columns":
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    elif order == "any":
        np.random.default_rng(3).shuffle(rows)
    terrain, heights = terrain_of(write_xyz(tmp_path / "dgm1.xyz", rows, separator))
    assert np.allclose(heights, HEIGHTS)
    assert terrain.crs is None


def test_xyz_may_have_decimal_commas_and_a_header(tmp_path):
    path = write_xyz(tmp_path / "dgm.xyz", points(), ";", comma=True, header="x;y;z\n")
    assert np.allclose(terrain_of(path)[1], HEIGHTS)


def test_xyz_may_be_packed(tmp_path):
    plain = write_xyz(tmp_path / "dgm1_32_700_5650_1_st.xyz", points())
    packed = tmp_path / "dgm1_32_700_5650_1_st.xyz.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    terrain, heights = terrain_of(packed)
    assert np.allclose(heights, HEIGHTS)
    assert terrain.crs == CRS(25832)


def test_points_that_are_missing_in_xyz_are_holes(tmp_path):
    rows = points()
    small = (np.abs(rows[:, 0] - WEST - 20) < 2) & (np.abs(rows[:, 1] - NORTH + 15) < 2)
    terrain, heights = terrain_of(write_xyz(tmp_path / "dgm.xyz", rows[~small]))
    assert terrain.holes == 0
    assert terrain.notes == ["small holes filled from their rim (estimated): 1, of 16 cells in all"]
    assert np.abs(heights - HEIGHTS).max() < 1


def test_a_point_twice_is_told(tmp_path):
    terrain, _ = terrain_of(write_xyz(tmp_path / "dgm.xyz", [*points(), points()[0]]))
    assert terrain.notes == ["points in a cell that had one already, of which the last one was taken: 1"]


def test_a_broken_line_of_xyz_is_named(tmp_path):
    path = write_xyz(tmp_path / "dgm.xyz", points())
    lines = path.read_text().splitlines()
    lines[700] = "700020.5 5650990.5 hoch"
    path.write_text("\n".join(lines))
    assert why_not(path).startswith("line 701: “700020.5 5650990.5 hoch” is not x, y and height.")
    lines[700] = "700020.5 5650990.5"
    path.write_text("\n".join(lines))
    assert why_not(path).startswith("line 701:")


def test_a_point_cloud_is_no_terrain(tmp_path):
    cloud = np.random.default_rng(5).random((2000, 3)) * [100, 100, 10] + [WEST, NORTH, 200]
    assert "point cloud" in why_not(write_xyz(tmp_path / "dgm.xyz", cloud))


def test_a_register_is_no_terrain():
    assert not xyz.recognises(b"id;x;y\n1;700000,5;5650000,5\n2;700001,5;5650000,5\n")
    assert not xyz.recognises(b"name,longitude,latitude\nA,12.1,51.0\n")


@pytest.mark.parametrize(
    ("shift", "name", "code"),
    [
        (0, "dgm1_32_700_5650_1_st.xyz", 25832),
        (0, "dgm1_33_700_5650_1_sn.xyz", 25833),
        (0, "dgm_33700-5650.xyz", 25833),
        (33_000_000, "dgm1_33_700_5650.xyz", 5650),
        (32_000_000, "gelaende.xyz", 4647),
        (0, "dgm1_32_123_4567_1_st.xyz", None),
    ],
)
def test_the_projection_is_read_from_the_tiles_name_where_it_agrees(tmp_path, shift, name, code):
    path = write_xyz(tmp_path / name, points() + np.array([shift, 0, 0]))
    expected = CRS(code) if code else None
    assert raster.survey(path, Wanted()).crs == expected
    assert terrain_of(path)[0].crs == expected


def test_an_ascii_grid_is_read_with_or_without_its_projection(tmp_path):
    path = tmp_path / "dgm.asc"
    head = f"ncols 40\nnrows 30\nxllcorner {WEST}\nyllcorner {NORTH - 30}\ncellsize 1\nNODATA_value -9999\n"
    path.write_text(head + "\n".join(" ".join(f"{value:.2f}" for value in row) for row in HEIGHTS) + "\n")
    terrain, heights = terrain_of(path)
    assert terrain.crs is None
    assert np.allclose(heights, HEIGHTS, atol=0.006)
    path.with_suffix(".prj").write_text(CRS(25833).to_wkt("WKT1_ESRI"))
    assert terrain_of(path)[0].crs.to_epsg(min_confidence=20) == 25833
    assert terrain_of(path, crs=CRS(25832))[0].crs == CRS(25832)


def test_a_second_number_for_no_height_is_seen(tmp_path):
    heights = HEIGHTS.copy()
    heights[3, 3], heights[20, 7], heights[20, 9] = -9999, -3.4028235e38, np.nan
    terrain, filled = terrain_of(tiff(tmp_path / "dgm.tif", heights, nodata=-9999))
    assert terrain.notes[0] == "cells of -3.40282e+38, taken as cells without a height: 1"
    assert terrain.holes == 0
    assert np.abs(filled - HEIGHTS).max() < 0.5


def test_a_large_hole_stays_open_and_is_named(tmp_path):
    heights = np.tile(HEIGHTS, (4, 4))
    heights[40:80, 100:130] = -9999
    heights[5:8, 5:8] = -9999
    terrain, open_ones = terrain_of(tiff(tmp_path / "dgm.tif", heights, nodata=-9999))
    assert terrain.holes == 1200
    [left] = terrain.left_out
    x, y = (int(word) for word in left.where.removeprefix("around ").split(" / "))
    assert WEST + 100 <= x <= WEST + 130 and NORTH - 80 <= y <= NORTH - 40
    assert left.reason == "a hole of 1,200 cells without a height. It stays open."
    assert np.isnan(open_ones).sum() == 1200


def test_a_raster_of_holes_is_refused(tmp_path):
    path = tiff(tmp_path / "dgm.tif", np.full((20, 20), -9999, "float32"), nodata=-9999)
    assert "only holes" in why_not(path)


def test_an_impossible_height_is_refused_with_its_place(tmp_path):
    heights = HEIGHTS.copy()
    heights[10, 20] = 12_345
    assert why_not(tiff(tmp_path / "dgm.tif", heights)).startswith("the height at 700020 / 5650990 is 12,345 m.")


def test_feet_become_metres(tmp_path):
    path = tiff(tmp_path / "dem.tif")
    with rasterio.open(path, "r+") as file:
        file.units = ("ft",)
    assert np.allclose(terrain_of(path)[1], HEIGHTS * 0.3048)


def test_whole_metres_that_end_at_255_are_told(tmp_path):
    heights = np.minimum(HEIGHTS.astype("int") + 45, 255).astype("uint8")
    [note] = terrain_of(tiff(tmp_path / "dem.tif", heights))[0].notes
    assert note.endswith(f"which may be higher in truth: {(heights == 255).sum()}")


def test_a_picture_is_not_taken_for_heights(tmp_path):
    path = tiff(tmp_path / "dop20.tif", np.ones((3, 9, 9), "uint8"), photometric="rgb")
    assert why_not(path).startswith("a picture, not heights")


def test_a_transparent_cell_is_a_hole(tmp_path):
    alpha = np.full(HEIGHTS.shape, 255, "float32")
    alpha[4, 4] = 0
    path = tiff(tmp_path / "dgm.tif", np.array([HEIGHTS, alpha]), photometric="minisblack", alpha="yes")
    assert terrain_of(path)[0].notes == ["small holes filled from their rim (estimated): 1, of 1 cells in all"]


def test_a_raster_that_lies_nowhere_is_refused(tmp_path):
    path = tiff(tmp_path / "dgm.tif", crs=None, place=rasterio.Affine.identity())
    assert "does not say where it lies" in why_not(path)


def test_a_geotiff_that_was_cut_off_is_refused(tmp_path):
    path = tiff(tmp_path / "dgm.tif", np.tile(HEIGHTS, (20, 20)))
    path.write_bytes(path.read_bytes()[:200_000])
    assert "cut off or damaged" in why_not(path)


def test_a_text_with_the_head_of_a_geotiff_is_refused(tmp_path):
    path = tmp_path / "dgm.tif"
    path.write_bytes(b"II*\0 this is a letter")
    assert "cut off or damaged" in why_not(path)


def test_an_hgt_without_its_name_is_refused(tmp_path):
    path = tmp_path / "hoehen.hgt"
    path.write_bytes(bytes(1201 * 1201 * 2))
    assert "N51E012.hgt" in why_not(path)


@pytest.mark.parametrize("name", ["DSM_2024.tif", "dom1_32_700_5650.tif", "ndom.tif", "CDSM_x.tif", "chm.tif"])
def test_a_surface_model_is_named_and_not_used(tmp_path, name):
    path = tiff(tmp_path / name)
    [piece] = pieces(path)
    assert (piece.path, piece.read) == ("", 0)
    assert piece.left_out[0].reason.startswith("a surface model: buildings would stand on roofs")
    assert terrain_of(path, layer="terrain")[0].read == 1200


def test_land_cover_becomes_surfaces_and_water(tmp_path):
    classes = np.full((20, 20), 5, "uint8")
    classes[:5], classes[5:10, :10], classes[15:], classes[0, 0] = 1, 2, 7, 0
    surfaces, water = pieces(tiff(tmp_path / "landcover.tif", classes, nodata=0))
    assert isinstance(surfaces, Batch)
    assert sorted(surfaces.fields["kind"]) == ["asphalt", "building", "grass"]
    assert water.layer == "water"
    assert water.shapes[0].area == 100
    assert sum(shape.area for shape in surfaces.shapes) == 299
    assert surfaces.estimated == ["sealed_percent: usual for the kind"] * 3
    assert surfaces.notes == ["cells without a class, on which nothing lies: 1"]


def test_land_cover_of_other_classes_is_named_and_not_used(tmp_path):
    [piece] = pieces(tiff(tmp_path / "landcover.tif", np.full((20, 20), 112, "uint8")))
    assert piece.left_out[0].reason.startswith("a land-cover raster with classes unknown here (112).")


def test_without_a_telling_name_the_numbers_decide(tmp_path):
    [_] = pieces(tiff(tmp_path / "raster1.tif", np.full((20, 20), 5, "float32")))
    assert raster.survey(tmp_path / "raster1.tif", Wanted()).kind == "GeoTIFF land cover"
    assert terrain_of(tiff(tmp_path / "raster2.tif"))[0].read == 1200
