"""Who may do what: one table of roles and verbs, and what the state of a scenario leaves of it."""

from sqlalchemy import select
from sqlalchemy.orm import object_session

from scenarios.project import Membership, Person, Project
from twin.errors import NotAllowed
from twin.feature import TODAY, Scenario, Words

VERBS = frozenset({"see", "comment", "edit", "publish", "manage", "moderate", "administer"})
MEMBERS = ("planner", "moderator", "viewer")  # the roles that a project gives

MAY: dict[str, frozenset[str]] = {
    "everyone": frozenset(),
    "viewer": frozenset({"see", "comment"}),
    "moderator": frozenset({"see", "comment", "moderate"}),
    "planner": frozenset({"see", "comment", "edit", "publish", "manage"}),
    "administrator": VERBS,
}
OF_TODAY = frozenset({"see"})  # what stands there is changed by deliveries alone
NOT_OF_THE_PUBLISHED = frozenset({"edit"})  # what all have seen stays as they saw it
PUBLISHED = Words(
    "Diese Variante ist veröffentlicht. Nehmen Sie sie zuerst zurück, oder planen Sie in einer Kopie.",
    "This scenario is published. Withdraw it first, or plan in a copy of it.",
)
OF_THE_ARCHIVED = frozenset({"see", "manage", "administer"})  # to manage is to take it back


def may(person: Person | None, verb: str, project: Project | None = None, scenario: Scenario | None = None) -> bool:
    """May this person, or nobody we know, do this in the project, with the scenario?

    Without either, "manage" asks for the right to make a project: whoever plans in one has it.
    """
    if scenario is not None and scenario.id == TODAY:
        return verb in OF_TODAY
    if verb == "see" and _is_open(project, scenario):
        return True
    if person is None or not person.is_active:
        return False
    project = project or _project_of(scenario)
    archived = (scenario is not None and scenario.state == "archived") or (project and project.archived_at)
    if archived and verb not in OF_THE_ARCHIVED:
        return False
    if scenario is not None and scenario.state == "published" and verb in NOT_OF_THE_PUBLISHED:
        return False
    if project is None and scenario is None and verb == "manage":
        return person.is_administrator or "planner" in roles(person).values()
    return verb in MAY[role_of(person, project)]


def allow(person: Person | None, verb: str, project: Project | None = None, scenario: Scenario | None = None) -> None:
    """Nothing, or the sentence that says whom to ask."""
    if not may(person, verb, project, scenario):
        if verb in NOT_OF_THE_PUBLISHED and scenario is not None and may(person, "publish", project, scenario):
            raise NotAllowed(PUBLISHED)  # they could, were it a draft
        raise NotAllowed(_refusal(verb, project or _project_of(scenario), scenario))


def role_of(person: Person, project: Project | None) -> str:
    if person.is_administrator:
        return "administrator"
    return roles(person).get(project.id, "everyone") if project is not None else "everyone"


def roles(person: Person) -> dict[int, str]:
    """The person's role in each project."""
    db = object_session(person)
    found = select(Membership.project_id, Membership.role).where(Membership.person_id == person.id)
    return dict(db.execute(found).all()) if db else {}


def _is_open(project: Project | None, scenario: Scenario | None) -> bool:
    """For everyone to see: what is published, and a project in which something is."""
    if scenario is not None:
        return scenario.state == "published"
    db = object_session(project) if project is not None else None
    if db is None or project is None:
        return False
    published = select(Scenario.id).where(Scenario.project_id == project.id, Scenario.state == "published")
    return db.scalar(published.limit(1)) is not None


def _project_of(scenario: Scenario | None) -> Project | None:
    db = object_session(scenario) if scenario is not None else None
    return db.get(Project, scenario.project_id) if db and scenario and scenario.project_id else None


def _refusal(verb: str, project: Project | None, scenario: Scenario | None) -> Words:
    if scenario is not None and scenario.id == TODAY:
        return Words(
            "Der heutige Stand wird nicht bearbeitet. Legen Sie in einem Projekt eine Variante an.",
            "Today's city is not edited. Make a scenario in a project.",
        )
    if (scenario is not None and scenario.state == "archived") or (project is not None and project.archived_at):
        return Words(
            "Das ist abgelegt und wird nicht mehr geändert. Holen Sie es zuerst zurück.",
            "This is archived and no longer changed. Take it back first.",
        )
    if project is None:
        return Words("Das darf nur die Administration.", "Only administrators may do this.")
    return Words(
        f"Dazu fehlt Ihnen im Projekt „{project.title}“ das Recht. Wer dort plant, kann es Ihnen geben.",
        f"You lack the right to do this in the project “{project.title}”. Its planners can give it to you.",
    )
