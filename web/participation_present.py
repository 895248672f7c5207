"""The presenter's screen: a tour through the scenarios, what people say as they say it, polls, and a clock."""

from typing import Any, NamedTuple

from flask import Blueprint, Flask, jsonify, render_template, url_for

from scenarios.participation.allowed import permit
from scenarios.participation.results import results_of
from scenarios.participation.tables import Participation
from scenarios.project import Project
from twin.feature import TODAY, Scenario
from web.asked import city, db, find_scenario
from web.contract import contract
from web.language import words
from web.participation import about, find_session, map_told
from web.people import person
from web.plans import camera
from web.schemas import TEXT, WHOLE, list_of, object_of
from web.stories import walk_of

presenting = Blueprint("participation_present", __name__)

COUNTED = ("contributions", "participants", "ratings", "comments", "answered", "decided")
CHOICE = object_of({"choice": TEXT, "count": WHOLE}, title="PollChoice")
POLL = object_of({"question": TEXT, "choices": list_of(CHOICE)}, title="Poll")
RESULTS = object_of({**dict.fromkeys(COUNTED, WHOLE), "polls": list_of(POLL)}, title="ParticipationResults")


class Stop(NamedTuple):
    """A view of the tour, where the project has no viewpoints: a scenario from above."""

    title: str
    text: str
    view: str


@presenting.get("/participation/<int:id>/present")
def page(id: int):
    """For the wall of a room, led by a keyboard or a presenter's remote control."""
    session = find_session(id)
    permit(person(), "desk", session)
    told = about(session)
    return render_template(
        "participation_present.html", city=city(), walk=_walk(session, told["scenarios"]),
        found=results_of(db(), session), map=_board_told(session, told["scenario"]), **told,
    )  # fmt: skip


@presenting.get("/api/participation/<int:id>/results")
@contract(RESULTS, also=(401, 403))
def counted(id: int):
    """How many, and what they reply to the polls, as it stands now; in the phases that show results."""
    session = find_session(id)
    permit(person(), "results", session)
    found = results_of(db(), session)
    polls = [
        {"question": title, "choices": [{"choice": choice, "count": count} for choice, count in choices]}
        for title, choices in found.polls
    ]
    return jsonify(**{name: getattr(found, name) for name in COUNTED}, polls=polls)


def init_app(app: Flask) -> None:
    app.register_blueprint(presenting)


def _board_told(session: Participation, shown: Scenario) -> dict[str, Any]:
    told = map_told(session, shown)
    said = {key: words(key) for key in ("p-clock-start", "p-clock-stop")}
    results = url_for("participation_present.counted", id=session.id)
    return {**told, "results": results, "words": {**told["words"], **said}}


def _walk(session: Participation, shown: list[Scenario]) -> list[tuple[Any, Scenario]]:
    """The project's viewpoints of what the session is about; where there are none, each of them from above."""
    project = db().get_one(Project, session.project_id)
    known = {TODAY, *(one.id for one in shown)}
    kept = [(stop, scenario) for stop, scenario in walk_of(project) if scenario.id in known]
    view = camera(session.area if session.area is not None else project.area)
    above = [(Stop(one.title, one.description, view), one) for one in shown]
    return kept or [(Stop(words("today"), session.text, view), find_scenario(TODAY)), *above]
