"""A project that Twin writes opens in the real QGIS: valid layers, equal counts, and the colours of our page."""

import json
import os
import subprocess
from pathlib import Path

import pyogrio
import pytest
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from layers.brought import layers_of
from layers.palette import BUILDINGS, COLORS, PAPER, color_of
from layers.trees import Tree
from layers.water import Water
from layers.writing.qgis.styles import HEIGHT
from scenarios.diary import Change
from scenarios.planned import planned
from tests.browser.conftest import served
from tests.conftest import missing
from tests.hamlet import EAST, NORTH, PIA, at, change, planner, settle
from twin.feature import Scenario, Source
from twin.projection import transformer
from web import create_app
from web.cli import main as twin

OPEN = Path(__file__).with_name("open.py")
PYTHON = "/usr/bin/python3"  # Debian's, for which python3-qgis is built
CORNER = [EAST - 20, NORTH - 10, EAST + 130, NORTH + 90]


@pytest.fixture
def planned_hamlet(store, where):
    """The hamlet, and a published scenario with a higher house, a new one, and one shed less."""
    with Session(store) as db:
        settle(db)
        source = db.scalars(select(Source)).one()
        for layer in layers_of(db).values():  # as whatever was loaded
            db.execute(update(layer).values(source_id=source.id))
        db.add(Scenario(id=1, title="Kai 2040"))
        db.commit()
    change(store, "place", "house", height=14.0)
    change(store, "place", "tower", shape=at(110, 50), seen=None, height=30.0)
    change(store, "clear", "shed-4")
    with Session(store) as db:
        db.get_one(Scenario, 1).state = "published"
        db.commit()
    return where


def opened(store, tmp_path, projects, draw=None, tiles=()):
    if subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True).returncode:  # noqa: S603
        missing("QGIS is not installed: apt install python3-qgis")
    question, answer = tmp_path / "question.json", tmp_path / "answer.json"
    question.write_text(
        json.dumps({"projects": {name: str(one) for name, one in projects.items()}, "draw": draw or {}, "tiles": tiles})
    )
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PYTHONPATH": ""}
    passfile = store.url.query.get("passfile")
    surroundings |= {"PGPASSFILE": passfile} if passfile else {}
    done = subprocess.run(  # noqa: S603
        [PYTHON, OPEN, question, answer], capture_output=True, text=True, env=surroundings, timeout=180
    )
    assert answer.exists(), f"{done.returncode}: {done.stderr}"
    return json.loads(answer.read_text())


def called(*words):
    done = CliRunner().invoke(twin, list(map(str, words)))
    assert done.exit_code == 0, done.output
    return done.output


def counts(store, scenario):
    with Session(store) as db:
        view = {name: planned(layer) for name, layer in layers_of(db).items()}
        found = {
            name: db.scalar(select(func.count()).select_from(one).where(one.c.scenario_id == scenario))
            for name, one in view.items()
        }
    return {name: count for name, count in found.items() if count}


def by_layer(project, scenario):
    """name -> count, of the layers of one scenario, whose ids end with its number."""
    found = {}
    for id, layer in project["layers"].items():
        assert layer["valid"], layer
        if id.endswith(f"_{scenario}"):
            name = id.rsplit("_", 2)[0]
            found[name] = found.get(name, 0) + layer["count"]
    return found


def web_bounds(bounds):
    return transformer(25832, 3857).transform_bounds(*bounds)


def roof(look):
    return BUILDINGS[look]["roof"]


def test_a_project_shows_the_scenario_beside_today_in_the_colours_of_the_page(planned_hamlet, store, tmp_path):
    own, data, picture = tmp_path / "kai.qgz", tmp_path / "kai.gpkg", tmp_path / "map.png"
    called("qgis", planned_hamlet, own, "--scenario", 1)
    called("qgis", planned_hamlet, data, "--scenario", 1)
    with served(create_app(DATABASE=planned_hamlet)) as url:
        service = tmp_path / "service.qgz"
        called("qgis", planned_hamlet, service, "--scenario", 1, "--service", url)
        projects = {"own": own, "data": f"geopackage:{data}?projectName=Twin", "service": service}
        tiles = [
            [f"type=xyz&url={url}/ogc/scenarios/1/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}&zmax=18", web_bounds(CORNER)]
        ]
        seen = opened(store, tmp_path, projects, {"data": [str(picture), CORNER, None]}, tiles)
    assert seen.pop("tiles")[0] > 1000  # pixels of houses, lane and pond
    for name, project in seen.items():
        assert project["read"], project["error"]
        assert by_layer(project, 1) == counts(store, 1), name
        assert by_layer(project, 0) == counts(store, 0), name
        assert list(project["groups"]) == ["Kai 2040", "Heute (zum Vergleich)"]
        assert project["groups"]["Kai 2040"][-1] == "Gewässer"
    for name in ("own", "data", "service"):
        check_looks(seen[name])
    check_form(seen["data"]["layers"]["buildings_polygon_1"])
    check_picture(picture)


def check_looks(project):
    """Each thing in the colour in which the page draws it: by its kind, and buildings by what they are."""
    layers = project["layers"]
    houses = layers["buildings_polygon_1"]["drawn"]
    expected = {"house": roof("changed"), "tower": roof("new"), "shed-3": roof("empty"), "shed-0": roof("existing")}
    assert {uid: houses[uid] for uid in expected} == expected
    assert layers["streets_linestring_1"]["drawn"]["lane"] == COLORS["streets"]["residential"]
    assert layers["stops_point_1"]["drawn"]["stop"] == COLORS["stops"]["bus"]
    assert layers["vacancies_point_1"]["drawn"]["V1"] == COLORS["vacancies"]["hall"]
    assert layers["water_polygon_1"]["drawn"]["pond"] == color_of(Water)
    assert layers["trees_point_0"]["drawn"]["lime"] == color_of(Tree)


def check_form(buildings):
    assert (buildings["aliases"]["height"], buildings["aliases"]["storeys"]) == ("Höhe (m)", "Geschosse")
    assert {"Satteldach": "3100"} in buildings["lists"]["roof_type"]
    assert buildings["styles"] == ["2,5D", "Stadtplan"] and buildings["in_space"] == HEIGHT
    assert buildings["licences"] == ["dl-de/by-2-0"]
    assert "CityGML 1.0 LoD2 2026-01-15" in buildings["abstract"]


def check_picture(file):
    """The map as QGIS draws it: the roofs, the pond and the paper in the page's colours."""
    image = Image.open(file).convert("RGB")

    def color(x, y):
        return list(image.getpixel((round((x - CORNER[0] + EAST) * 2), round((CORNER[3] - y - NORTH) * 2))))

    assert color(6, 33) == roof("changed") and color(115, 53) == roof("new") and color(25, 4) == roof("existing")
    assert color(60, 67) == color_of(Water)
    assert color(100, 35) == PAPER


EDIT = """
import sys
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsProject
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
assert project.read(sys.argv[1])
houses, trees = (project.mapLayer(name) for name in ("buildings_polygon_1", "trees_point_1"))
assert not houses.readOnly() and project.mapLayer("buildings_polygon_0").readOnly()
of = {one["uid"]: one for one in houses.getFeatures()}
houses.startEditing()
houses.changeAttributeValue(of["shed-1"].id(), houses.fields().indexOf("height"), float(sys.argv[2]))
houses.deleteFeature(of["shed-2"].id())
assert houses.commitChanges(), houses.commitErrors()
trees.startEditing()
tree = QgsFeature(trees.fields())
tree.setGeometry(QgsGeometry.fromWkt("POINT (500080 5930050)"))
tree["species"] = "Ahorn"
assert trees.addFeature(tree) and trees.commitChanges(), trees.commitErrors()
"""


def edited(file, tmp_path, height):
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "PYTHONPATH": ""}
    command = [PYTHON, "-c", EDIT, f"geopackage:{file}?projectName=Twin", str(height)]
    done = subprocess.run(command, capture_output=True, text=True, env=surroundings, timeout=120)  # noqa: S603
    assert done.returncode == 0, done.stderr


def test_edits_made_in_qgis_come_back_by_the_same_rules_and_stand_in_the_diary(planned_hamlet, store, tmp_path):
    if subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True).returncode:  # noqa: S603
        missing("QGIS is not installed: apt install python3-qgis")
    with Session(store) as db:
        db.get_one(Scenario, 1).state = "draft"
        db.add(planner())
        db.commit()
    file = tmp_path / "kai.gpkg"
    called("qgis", planned_hamlet, file, "--scenario", 1)
    assert "Nothing was edited" in called("bring-back", file, "--into", planned_hamlet, "--by", "pia")
    edited(file, tmp_path, 9000.0)
    refused = CliRunner().invoke(twin, ["bring-back", str(file), "--into", planned_hamlet, "--by", "pia"])
    assert refused.exit_code == 1 and counts(store, 1)["trees"] == 1
    fields, _ = read_table(file, "buildings")
    assert "Erlaubt: 0 bis 1000 m" in fields["refused"][list(fields["uid"]).index("shed-1")]
    called("qgis", planned_hamlet, file, "--scenario", 1)
    edited(file, tmp_path, 12.0)
    assert "3 edits are in Kai 2040" in called("bring-back", file, "--into", planned_hamlet, "--by", "pia")
    with Session(store) as db:
        noted = select(Change.layer, Change.verb, Change.what).where(Change.person_id == PIA).order_by(Change.id)
        done = {tuple(row) for row in db.execute(noted)}
    assert done == {("buildings", "place", "qgis"), ("buildings", "clear", "qgis"), ("trees", "place", "qgis")}
    assert counts(store, 1)["trees"] == 2 and counts(store, 1)["buildings"] == 5
    fields, _ = read_table(file, "buildings")  # written anew, for the next edits
    assert dict(zip(fields["uid"], fields["height"], strict=True))["shed-1"] == 12.0


def read_table(file, name):
    about, _, shapes, values = pyogrio.raw.read(file, layer=name)
    return dict(zip(about["fields"], values, strict=True)), shapes
