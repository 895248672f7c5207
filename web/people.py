"""Who asks, and what they may do."""

from scenarios.project import Person, Project
from twin.feature import Scenario


def person() -> Person | None:
    return None


def require(verb: str, project: Project | None = None, scenario: Scenario | None = None) -> None:
    """Nothing, or the sentence that says whom to ask."""
