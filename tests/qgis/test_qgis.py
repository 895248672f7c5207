"""QGIS opens the store as it is: a file by drag and drop, a server by its address."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from shapely.geometry import LineString, Point, Polygon
from sqlalchemy import select, text

import layers
from layers.buildings import Building
from layers.lines import Line
from layers.streets import Street
from tests.conftest import missing, square
from twin.store import file_of

LOOK = Path(__file__).with_name("look.py")
PYTHON = "/usr/bin/python3"  # Debian's, for which python3-qgis is built
LINES = (Line, Street)
WINDOW = [500_015, 5_930_000, 500_035, 5_930_005]  # of the sheds on the quay, only shed-1 lies in it


@pytest.fixture
def full(db, quay):
    """The quay, and three things of every other layer."""
    for layer in layers.DRAWN:
        if layer is not Building:
            shape = LineString if layer in LINES else Point if layer.geometry == "POINT" else Polygon
            db.add_all(layer(uid=f"{layer.__tablename__}-{i}", shape=shape(corners(20 * i, shape))) for i in range(3))
    db.commit()
    return db


def corners(x, shape):
    """Of something north of the sheds."""
    outline = square(x).exterior.coords
    return {Point: outline[2], LineString: outline[1:3], Polygon: [(x, y + 30) for x, y in outline]}[shape]


def addresses(db, where):
    """How QGIS is told each layer; on a server also each planned view."""
    file = file_of(where)
    if file:
        return {name: ["ogr", f"{file}|layername={name}"] for name in layers.BY_NAME}
    return {
        name: ["postgres", address(db.get_bind().url, name, layer, key)]
        for table, layer in layers.BY_NAME.items()
        for name, key in ((table, "id"), (f"planned_{table}", "fid"))
    }


def address(url, name, layer, key):
    kind = "LineString" if layer in LINES else "Point" if layer.geometry == "POINT" else "Polygon"
    server = f"dbname='{url.database}' host={url.host} port={url.port} user='{url.username}'"
    return f"""{server} key='{key}' srid=25832 type={kind} table="public"."{name}" (geom)"""


def ask_qgis(db, where, tmp_path, edit=None):
    (tmp_path / "question.json").write_text(
        json.dumps({"layers": addresses(db, where), "window": WINDOW, "edit": edit})
    )
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PYTHONPATH": ""}
    if not file_of(where) and "passfile" in db.get_bind().url.query:
        surroundings["PGPASSFILE"] = db.get_bind().url.query["passfile"]
    if subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True).returncode:  # noqa: S603
        missing("QGIS is not installed: apt install python3-qgis")
    db.rollback()  # the file is free for another program
    done = subprocess.run(  # noqa: S603
        [PYTHON, LOOK, tmp_path / "question.json", tmp_path / "answer.json"],
        capture_output=True,
        text=True,
        env=surroundings,
        timeout=120,
    )
    assert (tmp_path / "answer.json").exists(), done.stderr
    return json.loads((tmp_path / "answer.json").read_text())


def test_every_layer_opens_with_its_projection_and_all_its_features(full, where, tmp_path):
    seen = ask_qgis(full, where, tmp_path)
    broken = {name: layer for name, layer in seen.items() if not layer["valid"] or layer["crs"] != "EPSG:25832"}
    assert broken == {}
    counts = {name: full.scalar(text(f'select count(*) from "{name}"')) for name in seen}
    assert {name: layer["count"] for name, layer in seen.items()} == counts
    assert (counts["buildings"], counts["trees"]) == (5, 3)


@pytest.mark.parametrize("where", ["postgis"], indirect=True)  # a file lists the layers of today alone
def test_every_row_of_a_view_has_a_number_of_its_own(full, where, tmp_path):
    planned = ask_qgis(full, where, tmp_path)["planned_buildings"]
    assert (planned["count"], planned["ids"], planned["inside"]) == (10, 10, 2)  # today, and one scenario


def test_a_window_of_the_map_shows_what_lies_in_it(full, where, tmp_path):
    seen = ask_qgis(full, where, tmp_path)
    assert seen["buildings"]["index"]
    assert (seen["buildings"]["inside"], seen["trees"]["inside"]) == (1, 0)


def test_numbers_are_numbers_and_words_are_words(full, where, tmp_path):
    types = ask_qgis(full, where, tmp_path)["buildings"]["types"]
    assert types["height"] in ("Real", "float8")
    assert types["storeys"] in ("Integer", "Integer64", "int4")
    assert types["use"] in ("String", "text")


def test_an_edit_in_qgis_is_in_the_city(full, where, tmp_path):
    seen = ask_qgis(full, where, tmp_path, edit=["buildings", "shed-1", "height", 30.0])
    assert seen["edit"][0], seen["edit"][1]
    full.expire_all()
    shed = full.scalar(select(Building).where(Building.uid == "shed-1"))
    assert shed.height == 30.0
    assert shed.shape.bounds == (500_021, 5_930_000, 500_031, 5_930_010)
