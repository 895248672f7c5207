"""A project that comes as a file: made, and its designs planned through the verbs that planners have."""

import json
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy.orm import Session

from scenarios import story
from scenarios.project import Membership, Person, Project, Viewpoint, now
from scenarios.projects import fit_text, fit_title
from scenarios.viewpoints import MOST, camera_over
from twin.city import city_of
from twin.errors import BadFile
from twin.feature import TODAY, Scenario

LARGEST = 20_000_000  # bytes
CLOSEST = 18.6  # zoom of a viewpoint: a house fills the picture
FAULTS = (IndexError, KeyError, TypeError, ValueError, AttributeError, StopIteration, shapely.errors.ShapelyError)


def read_project(path: Path) -> dict[str, Any]:
    """Raises BadFile."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile(f"{path} is larger than {LARGEST // 1_000_000} MB. It is not a project of designs.")
        told = json.loads(path.read_text("utf-8"))
        if not (isinstance(told["project"], str) and told["designs"]):
            raise ValueError("its project has no name or no designs")
    except (OSError, RecursionError, *FAULTS) as error:
        raise BadFile(f"{path} cannot be read as a project: {error}. `twin sample` writes one to look at.") from error
    return told


def bring_project(db: Session, told: dict[str, Any], person: Person | None = None) -> Project:
    """The project with one published scenario a design, and its story.

    Raises TwinError; the caller commits, or drops all of it.
    """
    project = Project(title=told["project"], brief=told.get("brief", ""), made_by=person.id if person else None)
    db.add(project)
    db.flush()
    if person is not None:
        db.add(Membership(project_id=project.id, person_id=person.id, role="planner"))
    try:
        project.area = shapely.geometry.shape(told["designs"][0]["area"])
        scenarios = [_plan(db, project, design, person) for design in told["designs"]]
        _walk(db, project, scenarios, told.get("story", []))
    except FAULTS as error:
        raise BadFile(f"The design cannot be planned here: {error!r}. Was it drawn for this city?") from error
    return project


def _plan(db: Session, project: Project, design: dict[str, Any], person: Person | None) -> Scenario:
    scenario = Scenario(
        title=design["title"]["de"],
        description=design["description"]["de"],
        project_id=project.id,
        made_by=project.made_by,
        made_at=now(),
    )
    db.add(scenario)
    db.flush()
    story.plan(db, scenario, person, design)
    scenario.state, scenario.published_at = "published", now()
    db.flush()
    return scenario


def _walk(db: Session, project: Project, scenarios: list[Scenario], story: list[dict[str, Any]]) -> None:
    """Viewpoints over what they are to show: the number of a design, or none for today."""
    city = city_of(db)
    if city is None or len(story) > MOST:
        raise ValueError(f"its story has more than {MOST} viewpoints, or there is no city")
    for position, stop in enumerate(story, 1):
        around = shapely.geometry.shape(stop["around"])
        shown = TODAY if stop["design"] is None else scenarios[stop["design"]].id
        camera = camera_over(around, city.srid, float(stop["pitch"]), float(stop["bearing"]), CLOSEST)
        db.add(
            Viewpoint(
                project_id=project.id, scenario_id=shown, position=position, title=fit_title(stop["title"]),
                text=fit_text(stop["text"]), view=f"camera={camera}", person_id=project.made_by,
            )
        )  # fmt: skip
    db.flush()
