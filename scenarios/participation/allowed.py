"""Who may do what in a participation session, and when: one table, which the phases open day by day."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import object_session

from scenarios.participation.tables import Participation, Phase
from scenarios.permissions import may
from scenarios.project import Person, Project
from twin.errors import Closed, LoginNeeded, NotAllowed
from twin.feature import Words

PHASES: dict[str, frozenset[str]] = {  # what everyone may do in each
    "inform": frozenset(),
    "collect": frozenset({"contribute", "amend"}),
    "rate": frozenset({"rate"}),
    "discuss": frozenset({"comment"}),
    "results": frozenset({"results"}),
}
ALWAYS = frozenset({"see", "withdraw"})  # what one has said can be taken back at any time
STAFF: dict[str, tuple[str, ...]] = {  # verb -> the rights in the project of which one is needed, in any phase
    "moderate": ("moderate",),
    "answer": ("moderate",),
    "enter": ("moderate",),  # what came on paper
    "desk": ("moderate", "manage"),
    "link": ("moderate", "edit"),
    "manage": ("manage",),
}
VERBS = (*sorted(ALWAYS), "contribute", "amend", "rate", "comment", "results", *STAFF)


def today() -> dt.date:
    """The day that phases are asked by: of Germany's clock, wherever the server stands."""
    return dt.datetime.now(ZoneInfo("Europe/Berlin")).date()


def phases_of(session: Participation) -> list[Phase]:
    db = object_session(session)
    found = select(Phase).where(Phase.participation_id == session.id).order_by(Phase.begins, Phase.id)
    return list(db.scalars(found)) if db else []


def open_phases(session: Participation, day: dt.date | None = None) -> set[str]:
    day = day or today()
    return {phase.kind for phase in phases_of(session) if phase.begins <= day <= phase.ends}


def permitted(person: Person | None, verb: str, session: Participation, day: dt.date | None = None) -> bool:
    """May this person, or nobody we know, do this in the session on that day?"""
    db = object_session(session)
    project = db.get(Project, session.project_id) if db else None
    if verb in STAFF:
        return any(may(person, right, project) for right in STAFF[verb])
    is_staff = any(may(person, right, project) for right in STAFF["desk"])
    if session.state != "open":
        return verb == "see" and is_staff
    if verb in ALWAYS or (verb == "results" and is_staff):
        return True
    return any(verb in PHASES[kind] for kind in open_phases(session, day))


def permit(person: Person | None, verb: str, session: Participation, day: dt.date | None = None) -> None:
    """Nothing, or the sentence that says when, or whom to ask."""
    if permitted(person, verb, session, day):
        return
    if verb in STAFF and person is None:
        raise LoginNeeded(Words("Melden Sie sich zuerst an.", "Log in first."))
    if verb in STAFF:
        raise NotAllowed(
            Words(
                "Dazu fehlt Ihnen in diesem Projekt das Recht. Wer dort plant, kann es Ihnen geben.",
                "You lack the right to do this in this project. Its planners can give it to you.",
            )
        )
    raise Closed(_when(verb, session))


_DEEDS = {
    "contribute": Words("Beiträge sind", "Contributions are"),
    "amend": Words("Änderungen an Beiträgen sind", "Changes of contributions are"),
    "rate": Words("Zustimmung ist", "Ratings are"),
    "comment": Words("Kommentare sind", "Comments are"),
    "results": Words("Die Ergebnisse sind", "The results are"),
}


def _when(verb: str, session: Participation) -> Words:
    deed = _DEEDS.get(verb)
    if deed is None or session.state != "open":
        return Words("Diese Beteiligung ist nicht geöffnet.", "This participation is not open.")
    spans = [phase for phase in phases_of(session) if verb in PHASES[phase.kind]]
    if not spans:
        return Words(f"{deed.de} in dieser Beteiligung nicht vorgesehen.", f"{deed.en} not part of this participation.")
    span = next((one for one in spans if one.begins > today()), spans[-1])
    return Words(
        f"{deed.de} hier vom {span.begins:%d.%m.%Y} bis zum {span.ends:%d.%m.%Y} möglich.",
        f"{deed.en} possible here from {span.begins:%Y-%m-%d} to {span.ends:%Y-%m-%d}.",
    )
