"""The docs' pictures of QGIS, taken anew: python -m tests.qgis.pictures. The sample town, as the real QGIS draws it."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import shapely
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.reading.load import Asked, load
from layers.writing.vector import geopackage
from sample_city import generate
from sample_city.deliver.project import FILE
from scenarios.bringing import bring_project, read_project
from scenarios.project import Project
from tests.browser.pictures import FOLDER, save
from tests.qgis.test_project import OPEN, PYTHON
from twin.feature import Scenario
from twin.store import open_store
from web.exports.gather import delivery

BUILDINGS = 800
WIDE, HIGH = 480.0, 300.0  # metres of a picture; it has two pixels each


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        generate(place / "sample", BUILDINGS, 1)
        load(Asked([str(place / "sample")], str(place / "city.gpkg")))
        with Session(open_store(place / "city.gpkg")) as db:
            bring_project(db, read_project(place / "sample" / FILE), None)
            db.commit()
            scenario = db.scalars(select(Scenario).where(Scenario.id > 0).order_by(Scenario.id).limit(1)).one()
            area = db.scalars(select(Project.area).limit(1)).one()
            names = ["surfaces", "water", "streets", "lines", "stops", "trees", "buildings", "vacancies", "facilities"]
            geopackage(delivery(db, scenario, names, with_today=True), place / "town.gpkg")
            x, y = shapely.get_coordinates(shapely.centroid(area))[0].tolist()
        bounds = [x - WIDE / 2, y - HIGH / 2, x + WIDE / 2, y + HIGH / 2]
        for name, style in (("qgis", None), ("qgis-raised", "2,5D")):
            picture = place / f"{name}.png"
            _draw(place, f"geopackage:{place}/town.gpkg?projectName=Twin", picture, bounds, style)
            save(picture.read_bytes(), FOLDER / f"{name}.png")
            print(FOLDER / f"{name}.png", Image.open(picture).size)


def _draw(place: Path, project: str, picture: Path, bounds: list[float], style: str | None) -> None:
    question = {"projects": {"town": project}, "draw": {"town": [str(picture), bounds, style]}}
    (place / "question.json").write_text(json.dumps(question))
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(place), "PYTHONPATH": ""}
    command = [PYTHON, str(OPEN), str(place / "question.json"), str(place / "answer.json")]
    subprocess.run(command, env=surroundings, check=True, stderr=subprocess.DEVNULL)  # noqa: S603


if __name__ == "__main__":
    main()
