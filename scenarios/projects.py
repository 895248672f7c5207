"""Projects and their scenarios: made, forked, named, published, withdrawn, archived; and who belongs to them."""

from typing import Any

import shapely
from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from layers.brought import layers_of
from scenarios.permissions import MEMBERS, allow
from scenarios.project import Membership, Person, Project, now
from twin.errors import BadShape, BadValue
from twin.feature import Scenario, Words

TITLE, TEXT = 120, 4000  # letters
LARGEST = 2_000e6  # m² of an area: more than Germany's largest city has
CORNERS = 20_000  # of an area


def make_project(db: Session, person: Person, title: str, brief: str = "") -> Project:
    """A new project; whoever makes it plans in it."""
    allow(person, "manage")
    project = Project(title=fit_title(title), brief=fit_text(brief), made_by=person.id)
    db.add(project)
    db.flush()
    db.add(Membership(project_id=project.id, person_id=person.id, role="planner"))
    db.flush()
    return project


def describe(person: Person, project: Project, title: str, brief: str) -> None:
    allow(person, "manage", project)
    project.title, project.brief = fit_title(title), fit_text(brief)


def set_area(person: Person, project: Project, area: Any | None) -> None:
    """area: polygons in the city's metres, or none for the whole city."""
    allow(person, "manage", project)
    project.area = None if area is None else fit_area(area)


def archive_project(person: Person, project: Project) -> None:
    """Folded away and no longer edited; what is published stays to be seen."""
    allow(person, "manage", project)
    project.archived_at = now()


def reopen_project(person: Person, project: Project) -> None:
    allow(person, "manage", project)
    project.archived_at = None


def members(db: Session, project: Project) -> list[tuple[Person, str]]:
    """The project's people with their roles, by name."""
    question = select(Person, Membership.role).join(Membership, Membership.person_id == Person.id)
    found = db.execute(question.where(Membership.project_id == project.id).order_by(Person.name, Person.id))
    return [(person, role) for person, role in found]


def set_member(db: Session, person: Person, project: Project, member: Person, role: str | None) -> None:
    """Takes somebody into the project, gives them another role, or with None lets them go."""
    allow(person, "manage", project)
    if role is not None and role not in MEMBERS:
        raise BadValue(f"There is no role {role}. A project has {', '.join(MEMBERS)}.")
    there = db.scalar(select(Membership).where(Membership.project_id == project.id, Membership.person_id == member.id))
    if there is not None and there.role == "planner" and role != "planner":
        _keep_one_planner(db, project)
    if role is None:
        if there is not None:
            db.delete(there)
    elif there is None:
        db.add(Membership(project_id=project.id, person_id=member.id, role=role))
    else:
        there.role = role
    db.flush()


def make_scenario(db: Session, person: Person, project: Project, title: str, description: str = "") -> Scenario:
    """A new draft, which shows the city of today until somebody changes it."""
    allow(person, "edit", project)
    return _add(db, person, project.id, title, description)


def fork(db: Session, person: Person, scenario: Scenario, title: str) -> Scenario:
    """A new draft that begins as the other one stands now, with a diary of its own."""
    allow(person, "manage", None, scenario)
    allow(person, "edit", db.get(Project, scenario.project_id))
    copy = _add(db, person, scenario.project_id, title, scenario.description)
    copy.parent_id = scenario.id
    db.flush()
    for layer in layers_of(db).values():
        table = layer.__table__
        columns = [column for column in table.columns if column.name not in ("id", "scenario_id")]
        rows = select(literal(copy.id), *columns).where(table.c.scenario_id == scenario.id)
        db.execute(insert(layer).from_select(["scenario_id", *(column.name for column in columns)], rows))
    return copy


def rename(person: Person, scenario: Scenario, title: str, description: str) -> None:
    allow(person, "publish", None, scenario)  # a name is not a plan: what is published may have a better one
    scenario.title, scenario.description = fit_title(title), fit_text(description)


def publish(person: Person, scenario: Scenario) -> None:
    """For everyone to see."""
    allow(person, "publish", None, scenario)
    scenario.state, scenario.published_at = "published", now()


def withdraw(person: Person, scenario: Scenario) -> None:
    """A draft again, which the project's people alone see."""
    allow(person, "publish", None, scenario)
    scenario.state = "draft"


def archive(person: Person, scenario: Scenario) -> None:
    """Folded away: seen by the project's people, changed by nobody."""
    allow(person, "manage", None, scenario)
    scenario.state = "archived"


def unarchive(person: Person, scenario: Scenario) -> None:
    allow(person, "manage", None, scenario)
    if scenario.state == "archived":
        scenario.state = "draft"


def fit_title(title: str) -> str:
    title = " ".join(title.split())
    if not 1 <= len(title) <= TITLE:
        raise BadValue(
            Words(
                f"Ein Titel hat 1 bis {TITLE} Zeichen, dieser {len(title)}. Bitte ändern Sie ihn.",
                f"A title has 1 to {TITLE} letters, this one {len(title)}. Please change it.",
            )
        )
    return title


def fit_text(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > TEXT:
        raise BadValue(
            Words(
                f"Eine Beschreibung hat bis zu {TEXT} Zeichen, diese {len(text)}. Bitte kürzen Sie sie.",
                f"A description has up to {TEXT} letters, this one {len(text)}. Please shorten it.",
            )
        )
    return text


def fit_area(area: Any) -> Any:
    """Polygons without heights, or the sentence that says what to draw again."""
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty or not area.is_valid:
        raise BadShape(
            Words(
                "Das Gebiet muss eine Fläche sein, deren Umriss sich nicht kreuzt. Bitte zeichnen Sie es neu.",
                "The area has to be a surface whose outline does not cross itself. Please draw it again.",
            )
        )
    if not area.area <= LARGEST or shapely.get_num_coordinates(area) > CORNERS:
        raise BadShape(
            Words(
                f"Das Gebiet ist zu groß: bis zu {LARGEST / 1e6:.0f} km² und {CORNERS} Ecken sind möglich.",
                f"The area is too large: up to {LARGEST / 1e6:.0f} km² and {CORNERS} corners are possible.",
            )
        )
    return shapely.force_2d(area)


def _add(db: Session, person: Person, project: int | None, title: str, description: str) -> Scenario:
    scenario = Scenario(
        title=fit_title(title), description=fit_text(description), state="draft", project_id=project,
        made_by=person.id, made_at=now(),
    )  # fmt: skip
    db.add(scenario)
    db.flush()
    return scenario


def _keep_one_planner(db: Session, project: Project) -> None:
    planners = select(func.count()).where(Membership.project_id == project.id, Membership.role == "planner")
    if db.scalar(planners) == 1:
        raise BadValue(
            Words(
                "In einem Projekt plant mindestens eine Person. Geben Sie zuerst jemand anderem diese Rolle.",
                "At least one person plans in a project. Give somebody else this role first.",
            )
        )
