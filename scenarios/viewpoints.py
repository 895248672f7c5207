"""Viewpoints of a project and the walk through them: kept, changed, put in order, taken away."""

import math
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from scenarios.permissions import allow, may
from scenarios.project import Person, Project, Viewpoint
from scenarios.projects import fit_text, fit_title
from twin.errors import BadValue
from twin.feature import TODAY, Scenario, Words
from twin.projection import to_lonlat

MOST = 60  # of a project: a council has no more patience
LONGEST = 2000  # letters of a view
KNOWN = {
    "camera",
    "layers",
    "sun",
    "colour",
    "filter",
    "select",
    "chosen",
    "labels",
    "opacity",
    "background",
    "overview",
}
CAMERA = ((-180, 180), (-85, 85), (0, 24), (0, 85), (-360, 360))  # longitude, latitude, zoom, pitch, bearing

PITCH, BEARING = 56, -24
PIXELS = 1500  # of a wide screen that a first view should fill
METRES_PER_PIXEL = 78271.5  # of a tile of 512 pixels at the equator, zoom 0
CLOSEST, FARTHEST = 17.2, 12.5  # zoom of a first view


def viewpoints_of(db: Session, project: Project, person: Person | None) -> list[tuple[Viewpoint, Scenario]]:
    """The walk, as far as this person may see the scenarios that it shows."""
    question = select(Viewpoint, Scenario).join(Scenario, Scenario.id == Viewpoint.scenario_id)
    found = db.execute(question.where(Viewpoint.project_id == project.id).order_by(Viewpoint.position, Viewpoint.id))
    return [(viewpoint, scenario) for viewpoint, scenario in found if may(person, "see", None, scenario)]


def keep(
    db: Session, person: Person, project: Project, scenario: Scenario, title: str, text: str, view: str
) -> Viewpoint:
    """One more at the end of the walk. view: the page's address after the #. Raises BadValue, NotAllowed."""
    allow(person, "edit", project)
    last = _positions(db, project)
    if len(last) >= MOST:
        raise BadValue(
            Words(
                f"Ein Rundgang hat bis zu {MOST} Blickpunkte. Nehmen Sie zuerst einen heraus.",
                f"A story has up to {MOST} viewpoints. Take one out first.",
            )
        )
    made = Viewpoint(project_id=project.id, position=len(last) + 1, person_id=person.id)
    describe(db, person, made, scenario, title, text, view)
    db.add(made)
    db.flush()
    return made


def describe(
    db: Session, person: Person, viewpoint: Viewpoint, scenario: Scenario, title: str, text: str, view: str
) -> None:
    """Raises BadValue, NotAllowed."""
    project = db.get_one(Project, viewpoint.project_id)
    allow(person, "edit", project)
    if scenario.id != TODAY and scenario.project_id != project.id:
        raise BadValue(
            Words(
                f"„{scenario.title}“ gehört nicht zu diesem Projekt. Wählen Sie eine seiner Varianten, oder heute.",
                f"“{scenario.title}” is not of this project. Choose one of its scenarios, or today.",
            )
        )
    title, text, view = fit_title(title), fit_text(text), fit_view(view)
    viewpoint.scenario_id, viewpoint.title, viewpoint.text, viewpoint.view = scenario.id, title, text, view


def move(db: Session, person: Person, viewpoint: Viewpoint, steps: int) -> None:
    """Earlier (-1) or later (1) on the walk; at its ends nothing happens."""
    project = db.get_one(Project, viewpoint.project_id)
    allow(person, "edit", project)
    walk = _positions(db, project)
    at = walk.index(viewpoint)
    walk.insert(min(max(at + steps, 0), len(walk) - 1), walk.pop(at))
    _number(walk)


def take_out(db: Session, person: Person, viewpoint: Viewpoint) -> None:
    project = db.get_one(Project, viewpoint.project_id)
    allow(person, "edit", project)
    db.delete(viewpoint)
    db.flush()
    _number(_positions(db, project))


def fit_view(view: str) -> str:
    """What of the address the page understands; nothing is the view with which it opens. Raises BadValue."""
    view = view.strip().rpartition("#")[2]
    if len(view) > LONGEST or not view.isprintable():
        raise BadValue(
            Words(
                f"Die Ansicht hat bis zu {LONGEST} druckbare Zeichen. Öffnen Sie den Blickpunkt in der Stadt und merken"
                " Sie ihn dort neu.",
                f"A view has up to {LONGEST} printable letters. Open the viewpoint in the city and keep it anew there.",
            )
        )
    parts = {key: value for key, value in parse_qsl(view) if key in KNOWN}
    if "camera" in parts and not _is_camera(parts["camera"]):
        raise BadValue(
            Words(
                "Diese Kamera kann es nicht geben: Sie besteht aus Länge, Breite, Zoom, Neigung und Richtung.",
                "There can be no such camera: it consists of longitude, latitude, zoom, pitch and bearing.",
            )
        )
    return urlencode(parts, safe=",/:")


def camera_over(area: Any, srid: int, pitch: float = PITCH, bearing: float = BEARING, closest: float = CLOSEST) -> str:
    """longitude, latitude, zoom, pitch, bearing with which the area, in metres, fills the picture."""
    west, south, east, north = area.bounds
    middle = to_lonlat(Point((west + east) / 2, (south + north) / 2), srid)
    zoom = zoom_over(max(east - west, north - south) * 0.7, middle.y, closest)
    return f"{middle.x:.6f},{middle.y:.6f},{zoom:.2f},{pitch:g},{bearing:g}"


def zoom_over(radius: float, latitude: float, closest: float = CLOSEST) -> float:
    """radius: metres around the middle of the picture that it should show."""
    across = METRES_PER_PIXEL * math.cos(math.radians(latitude)) * PIXELS
    return float(np.clip(math.log2(across / (2 * max(radius, 1.0))), FARTHEST, closest))


def _is_camera(text: str) -> bool:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return False
    return len(numbers) == len(CAMERA) and all(
        low <= number <= high for number, (low, high) in zip(numbers, CAMERA, strict=True)
    )


def _positions(db: Session, project: Project) -> list[Viewpoint]:
    question = select(Viewpoint).where(Viewpoint.project_id == project.id)
    return list(db.scalars(question.order_by(Viewpoint.position, Viewpoint.id)))


def _number(walk: list[Viewpoint]) -> None:
    for position, viewpoint in enumerate(walk, 1):
        viewpoint.position = position
