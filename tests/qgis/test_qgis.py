"""QGIS opens the store as it is: a file by drag and drop, a server by its address."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from shapely.geometry import Point
from sqlalchemy import select, text

import layers
from layers.buildings import Building
from layers.trees import Tree
from tests.conftest import missing
from twin.store import file_of

LOOK = Path(__file__).with_name("look.py")
PYTHON = "/usr/bin/python3"  # Debian's, for which python3-qgis is built
WINDOW = [500_015, 5_930_000, 500_035, 5_930_005]  # of the sheds on the quay, only shed-1 lies in it


@pytest.fixture
def street(db, quay):
    """The quay, with three trees on it."""
    db.add_all(Tree(uid=f"lime-{i}", height=12.5, shape=Point(500_005 + 20 * i, 5_930_020)) for i in range(3))
    db.commit()
    return db


def addresses(db, where):
    """How QGIS is told each layer and each planned view."""
    names = [name for layer in layers.BY_NAME for name in (layer, f"planned_{layer}")]
    file = file_of(where)
    if file:
        return {name: ["ogr", f"{file}|layername={name}"] for name in names}
    url = db.get_bind().url
    server = f"dbname='{url.database}' host={url.host} port={url.port} user='{url.username}' srid=25832"
    return {
        name: ["postgres", f"""{server} key='{key}' type={kind} table="public"."{name}" (geom)"""]
        for name in names
        for layer in [layers.BY_NAME[name.removeprefix("planned_")]]
        for key, kind in [("fid" if name.startswith("planned_") else "id", kind_for_qgis(layer))]
    }


def kind_for_qgis(layer):
    return {"GEOMETRY": "Polygon", "POINT": "Point", "MULTILINESTRING": "MultiLineString"}.get(
        layer.geometry, layer.geometry.title()
    )


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


def test_every_layer_opens_with_its_projection_and_all_its_features(street, where, tmp_path):
    seen = ask_qgis(street, where, tmp_path)
    broken = {name: layer for name, layer in seen.items() if not layer["valid"] or layer["crs"] != "EPSG:25832"}
    assert broken == {}
    counts = {name: street.scalar(text(f'select count(*) from "{name}"')) for name in seen}
    assert {name: layer["count"] for name, layer in seen.items()} == counts
    assert (counts["buildings"], counts["planned_buildings"], counts["trees"]) == (5, 10, 3)


def test_no_two_rows_of_a_view_have_the_same_number(street, where, tmp_path):
    assert ask_qgis(street, where, tmp_path)["planned_buildings"]["ids"] == 10


def test_a_window_of_the_map_shows_what_lies_in_it(street, where, tmp_path):
    seen = ask_qgis(street, where, tmp_path)
    assert seen["buildings"]["index"]
    assert (seen["buildings"]["inside"], seen["planned_buildings"]["inside"], seen["trees"]["inside"]) == (1, 2, 0)


def test_numbers_are_numbers_and_words_are_words(street, where, tmp_path):
    types = ask_qgis(street, where, tmp_path)["planned_buildings"]["types"]
    kinds = [types[name].lower().replace("float8", "real").replace("text", "string") for name in ("height", "use")]
    assert kinds == ["real", "string"]
    assert types["storeys"].lower() in ("integer", "integer64", "int4")


def test_an_edit_in_qgis_is_in_the_city(street, where, tmp_path):
    seen = ask_qgis(street, where, tmp_path, edit=["buildings", "shed-1", "height", 30.0])
    assert seen["edit"][0], seen["edit"][1]
    street.expire_all()
    shed = street.scalar(select(Building).where(Building.uid == "shed-1"))
    assert shed.height == 30.0
    assert shed.shape.bounds == (500_021, 5_930_000, 500_031, 5_930_010)
