"""GDAL reads the store without a word of complaint."""

import shutil
import subprocess
import warnings

import pyogrio
import pytest

import layers
from tests.conftest import missing
from twin.store import file_of
from web.exports.formats import FORMATS
from web.exports.gather import delivery

VALIDATE = ["/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg"]  # GDAL's own, from python3-gdal
in_a_file = pytest.mark.parametrize("where", ["geopackage"], indirect=True)


def test_ogrinfo_lists_every_layer_without_a_warning(db, quay, where):
    if not shutil.which("ogrinfo"):
        missing("GDAL is not installed: apt install gdal-bin")
    url = db.get_bind().url
    server = f"PG:host={url.host} port={url.port} dbname={url.database} user={url.username}"
    server += f" passfile={url.query['passfile']}" if "passfile" in url.query else ""
    done = subprocess.run(  # noqa: S603
        ["ogrinfo", "-ro", "-al", "-so", file_of(where) or server],  # noqa: S607
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for name in layers.BY_NAME:
        assert f"Layer name: {name}\n" in done.stdout


@in_a_file
def test_the_file_is_a_valid_geopackage(quay, where):
    if subprocess.run(["/usr/bin/python3", "-c", "import osgeo_utils.samples.validate_gpkg"]).returncode:
        missing("GDAL's checker is not installed: apt install python3-gdal")
    done = subprocess.run([*VALIDATE, "-k", "--warning-as-error", where], capture_output=True, text=True)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@in_a_file
def test_columns_have_their_types_and_the_window_its_sheds(quay, where):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        known = dict(pyogrio.list_layers(where))
        about, _, shapes, fields = pyogrio.raw.read(
            where,
            layer="buildings",
            bbox=(500_015, 5_930_000, 500_035, 5_930_005),
            columns=["uid", "height", "storeys"],
        )
    assert set(layers.BY_NAME) <= set(known)
    assert about["crs"] == "EPSG:25832"
    assert len(shapes) == 1
    found = dict(zip(about["fields"], fields, strict=True))
    assert (found["uid"][0], found["height"][0], found["storeys"][0]) == ("shed-1", 9.0, 3)
    assert found["storeys"].dtype.kind == "i"


@in_a_file
def test_what_is_handed_out_is_a_valid_geopackage(db, quay, tmp_path):
    if subprocess.run(["/usr/bin/python3", "-c", "import osgeo_utils.samples.validate_gpkg"]).returncode:
        missing("GDAL's checker is not installed: apt install python3-gdal")
    FORMATS["gpkg"].write(delivery(db, quay, ["buildings"], with_today=True), tmp_path / "quay.gpkg")
    checked = [*VALIDATE, "-k", "--warning-as-error", tmp_path / "quay.gpkg"]
    done = subprocess.run(checked, capture_output=True, text=True)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
