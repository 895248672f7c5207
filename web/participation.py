"""The pages of citizens: what a session is about, what others said, what one thinks of it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup, escape
from sqlalchemy import func, select

from scenarios.participation import contributing, moderating, sessions
from scenarios.participation.allowed import open_phases, permit, permitted, phases_of
from scenarios.participation.results import published
from scenarios.participation.tables import Comment, Contribution, Participation, Photo, Rating, SessionPicture
from scenarios.project import Project, now
from twin.errors import LoginNeeded, NotFound, TwinError
from twin.feature import TODAY, Scenario, Words
from twin.store import begin_writing
from web.asked import city, db, find_scenario
from web.contract import contract
from web.errors import STATUS, sentence_of
from web.language import language, words
from web.pages import first_table, layer_list, scene
from web.participation_place import asked_scenario, place_of, places_of, size_of
from web.participation_simple import is_simple, keep_simple
from web.participation_tickets import (
    asks_code,
    check_code,
    check_pace,
    check_ticket,
    known_pseudonym,
    new_ticket,
    pseudonym,
    remember,
    ticket_for_again,
)
from web.people import LARGEST, login_words, person, ran_out
from web.plans import camera
from web.schemas import NUMBER, TEXT, WHOLE, YES_NO, list_of, object_of
from web.tool_words import SHORTCUTS

participation = Blueprint("participation", __name__)

PIN = object_of(
    {
        "number": WHOLE, "title": TEXT, "longitude": NUMBER, "latitude": NUMBER, "height": NUMBER, "agree": WHOLE,
        "corners": list_of(list_of(NUMBER, 3, 3)), "closed": YES_NO,
    },
    ("number", "title", "longitude", "latitude", "height", "agree"), "Pin",
)  # fmt: skip
PINS = object_of({"mark": TEXT, "pins": list_of(PIN)})
SHORT = 90  # letters of a pin's title
LINK = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
SAID_BY_THE_MAP = (
    "p-tap-now", "p-tap-stop", "p-tap", "p-about-this", "p-pin", "p-of", "p-agree-n", "p-comments-n", "p-hidden",
    "p-draw-now",
    "p-line", "p-area", "p-open", "p-number", *(f"p-status-{name}" for name in moderating.STATUS),
)  # fmt: skip
MOST_PAGE = 200  # contributions of a list


def with_ticket(view: Callable) -> Callable:
    """The view looks at the ticket of its form itself."""
    view.has_ticket = True  # type: ignore[attr-defined]
    return view


@participation.get("/participation")
def overview():
    """All sessions that whoever asks may see."""
    found = db().scalars(select(Participation).order_by(Participation.id.desc()))
    seen = [one for one in found if permitted(person(), "see", one)]
    projects = {one.id: db().get(Project, one.project_id) for one in seen}
    return render_template("participations.html", sessions=seen, projects=projects)


@participation.get("/participation/<int:id>")
def page(id: int):
    """The map first, with what others said beside it; with ?part the list alone."""
    session = find_session(id)
    told = about(session)
    if "part" in request.args:
        return render_template("contributions.html", **told)
    shown = told["scenario"]
    filled = layer_list(shown.id)
    seen = scene(shown.id) if filled else None
    return render_template(
        "participation.html" if filled else "participation_flat.html",
        city=city(), layers=filled, scene=seen, planner=None, first_table=first_table(filled) if filled else "",
        shortcuts=SHORTCUTS, map=map_told(session, shown), **told,
    )  # fmt: skip


@participation.get("/participation/<int:id>/about")
def about_page(id: int):
    session = find_session(id)
    return render_template("participation_about.html", **about(session, light=True))


@participation.get("/participation/<int:id>/<int:number>")
def contribution(id: int, number: int):
    session = find_session(id)
    return _one(session, moderating.by_number(db(), session.id, number))


@participation.get("/participation/<int:id>/<int:number>/photo.jpg")
def photo(id: int, number: int):
    """For everyone once a moderator has seen it; before that for its author and for moderators."""
    session = find_session(id)
    one = moderating.by_number(db(), session.id, number)
    kept = db().get(Photo, one.id)
    if kept is None or not sees_photo(session, one):
        abort(404)
    answer = Response(kept.jpeg, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


@participation.post("/participation/<int:id>/<int:number>/rate")
@with_ticket
def rate(id: int, number: int):
    begin_writing(db())
    session = find_session(id)
    one = moderating.by_number(db(), session.id, number)
    try:
        permit(person(), "rate", session)
        check_pace("rate")
        check_ticket(session, quickest=0)
        check_code(session)
        contributing.rate(db(), one, -1 if request.form.get("value") == "-1" else 1, pseudonym=pseudonym(session))
    except TwinError as error:
        return _one(session, one, error)
    db().commit()
    return remember(_back(session, one, "voices"), session)


@participation.post("/participation/<int:id>/<int:number>/comment")
@with_ticket
def comment(id: int, number: int):
    begin_writing(db())
    session = find_session(id)
    one = moderating.by_number(db(), session.id, number)
    try:
        permit(person(), "comment", session)
        check_pace("say")
        ticket = check_ticket(session)
        check_code(session)
        contributing.comment(
            db(), session, one, request.form.get("text", ""), pseudonym=pseudonym(session), ticket=ticket.nonce,
            trusted=ticket.trusted,
        )  # fmt: skip
    except TwinError as error:
        return _one(session, one, error)
    db().commit()
    return remember(_back(session, one, "comments"), session)


@participation.get("/api/participation/<int:id>/contributions")
@contract(PINS)
def pins(id: int):
    """What everyone sees of a session, where it has a place; `mark` changes with each contribution."""
    session = find_session(id)
    mark, at_rest = mark_of(session)
    known = current_app.extensions["twin_pins"].get(session.id)
    if known is None or known[0] != mark:
        known = (mark, pins_of(published(db(), session), moderating.beside(db(), session).agree))
        if at_rest:
            current_app.extensions["twin_pins"][session.id] = known
    return jsonify(mark=mark, pins=known[1])


def find_session(id: int) -> Participation:
    """The session, for those who may see it; for all others there is none."""
    found = db().get(Participation, id) if id < LARGEST else None
    if found is not None and permitted(person(), "see", found):
        g.members_only = g.get("members_only", False) or found.state != "open"
        return found
    g.members_only = True
    if ran_out():
        raise LoginNeeded(login_words())
    raise NotFound(Words(f"Hier gibt es keine Beteiligung {id}.", f"There is no participation {id}."))


def about(session: Participation, light: bool = False) -> dict[str, Any]:
    """What the pages of a session say of it. light: without the contributions."""
    shown = sessions.scenarios_of(db(), session)
    seen = [] if light else visible(session)
    return {
        "session": session,
        "project": db().get_one(Project, session.project_id),
        "scenarios": shown,
        "scenario": _shown_now(shown),
        "phases": phases_of(session),
        "pictures": pictures_of(session),
        "running": open_phases(session),
        "can": lambda verb: permitted(person(), verb, session),
        "entries": entries(session, seen),
        "mark": mark_of(session)[0],
        "camera": camera(session.area) or None,
        "ticket": None if light else new_ticket(session),
        "asks_code": asks_code(session),
    }


def pictures_of(session: Participation) -> list[tuple[int, str]]:
    """(id, caption) of the pictures that say what it is about."""
    found = select(SessionPicture.id, SessionPicture.caption).where(SessionPicture.participation_id == session.id)
    return [(id, caption) for id, caption in db().execute(found.order_by(SessionPicture.id))]


def visible(session: Participation) -> list[Contribution]:
    """What everyone sees, and what whoever asks has said themselves; the newest first, what is hidden last."""
    own = known_pseudonym(session)
    asked = moderating.asked_for(
        session, moderating.Filter(request.args.get("q", "")[:200], category=_asked_category())
    )
    found = db().scalars(asked.limit(MOST_PAGE * 5))
    seen = [
        one
        for one in found
        if one.state in ("published", "hidden")
        or (own is not None and one.pseudonym == own and one.state in ("waiting", "asked"))
    ]
    return sorted(seen, key=lambda one: one.state == "hidden")


def entries(session: Participation, seen: list[Contribution]) -> list[dict[str, Any]]:
    """Contributions as the pages show them. Of what is hidden nothing but the reason."""
    belongs = moderating.beside(db(), session)
    titles = dict(
        db().execute(select(Scenario.id, Scenario.title).where(Scenario.id.in_({o.scenario for o in seen}))).all()
    )
    told: list[dict[str, Any]] = [
        {
            "one": one,
            "category": belongs.categories.get(one.category_id or 0, ""),
            "about": words("today") if one.scenario == TODAY else titles.get(one.scenario, ""),
            "agree": belongs.agree.get(one.id, 0),
            "disagree": belongs.disagree.get(one.id, 0),
            "comments": belongs.comments.get(one.id, 0),
            "photo": one.id in belongs.photos and sees_photo(session, one),
            "answers": belongs.answers.get(one.id, []),
        }
        for one in seen
    ]
    if request.args.get("sort") == "agree":
        told.sort(key=lambda entry: belongs.agree.get(entry["one"].id, 0), reverse=True)
    return told


def sees_photo(session: Participation, one: Contribution) -> bool:
    if one.state == "published" and one.checked:
        return True
    return permitted(person(), "moderate", session) or one.pseudonym == known_pseudonym(session)


def pins_of(shown: list[Contribution], agree: dict[int, int]) -> list[dict[str, Any]]:
    places = places_of(shown)
    return [
        {"number": one.number, "title": shortened(one.text), **places[one.id], "agree": agree.get(one.id, 0)}
        for one in shown
        if one.id in places
    ]


def mark_of(session: Participation) -> tuple[str, bool]:
    """What changes with each contribution and each voice; and whether it is older than its clock is coarse."""
    ours = Contribution.participation_id == session.id
    count, newest = db().execute(select(func.count(), func.max(Contribution.changed_at)).where(ours)).one()
    rated = select(func.count(), func.sum(Rating.value)).join(Contribution, Contribution.id == Rating.contribution_id)
    voices, balance = db().execute(rated.where(ours)).one()
    at_rest = newest is None or now() - newest > dt.timedelta(seconds=2)
    return f"{count}-{newest.isoformat() if newest else 0}-{voices}-{balance or 0}", at_rest


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1].rstrip() + "…"


def title_in(session: Participation) -> str:
    """The session's title, for this reader."""
    return session.title_en or session.title if language() == "en" else session.title


def text_in(session: Participation) -> str:
    """What it is about, in the reader's language, where planners have written it in that."""
    if is_simple():
        return session.simple or session.text
    return session.text_en or session.text if language() == "en" else session.text


def day(moment: dt.date) -> str:
    return f"{moment:%d.%m.%Y}" if language() == "de" else f"{moment:%Y-%m-%d}"


def linked(one: Contribution) -> Markup:
    """The text, escaped; its links can be followed once a moderator has looked at them."""
    if not one.checked:
        return escape(one.text)
    parts = LINK.split(one.text)
    link = Markup('<a href="{0}" rel="nofollow ugc noreferrer">{0}</a>')
    return Markup("").join(link.format(part) if i % 2 else escape(part) for i, part in enumerate(parts))


def has_photo(one: Contribution) -> bool:
    return db().scalar(select(Photo.contribution_id).where(Photo.contribution_id == one.id)) is not None


def map_told(session: Participation, shown: Scenario) -> dict[str, Any]:
    """What the page's scripts are told."""
    lang = language()
    return {
        "pins": url_for("participation.pins", id=session.id),
        "events": url_for("participation_news.watch", id=session.id),
        "list": url_for("participation.page", id=session.id, part="", lang=lang),
        "new": url_for("participation_forms.new", id=session.id, scenario=shown.id, lang=lang),
        "one": url_for("participation.contribution", id=session.id, number=0, lang=lang),
        "camera": camera(session.area),
        "words": {key: words(key) for key in SAID_BY_THE_MAP},
        "about": {TODAY: words("today"), **{one.id: one.title for one in sessions.scenarios_of(db(), session)}},
    }


def init_app(app: Flask) -> None:
    app.register_blueprint(participation)
    app.extensions["twin_pins"] = {}  # session -> the mark and the pins that belong to it
    app.url_defaults(keep_simple)
    app.jinja_env.globals.update(
        title_in=title_in,
        text_in=text_in,
        is_simple=is_simple,
        day=day,
        linked=linked,
        has_photo=has_photo,
        shortened=shortened,
        size_of=size_of,
    )


def _asked_category() -> int | None:
    sent = request.args.get("category", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else None


def _shown_now(shown: list[Scenario]) -> Scenario:
    """The scenario that the address asks for, else the first one of the session."""
    wanted = asked_scenario()
    if "scenario" not in request.args and shown:
        return shown[0]
    return next((one for one in shown if one.id == wanted), find_scenario(TODAY))


def _one(session: Participation, one: Contribution, error: TwinError | None = None):
    """One contribution with its comments; after an error once more, with the sentence and what was typed."""
    if not (one in visible(session) or permitted(person(), "desk", session)):
        raise NotFound(Words("Diesen Beitrag gibt es hier nicht.", "There is no such contribution here."))
    own = known_pseudonym(session)
    said = db().scalars(select(Comment).where(Comment.contribution_id == one.id).order_by(Comment.id)).all()
    staff = permitted(person(), "moderate", session)
    comments = [c for c in said if c.state != "waiting" or staff or c.pseudonym == own]
    told = {**about(session, light=True), "entries": entries(session, [one])}
    page = render_template(
        "contribution.html", entry=told["entries"][0], comments=comments, followed=moderating.followed(db(), one),
        said=sentence_of(error) if error else None, typed=request.form, place=place_of(one),
        **{**told, "ticket": ticket_for_again(session) if error else new_ticket(session)},
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page


def _back(session: Participation, one: Contribution, anchor: str) -> Any:
    to = url_for("participation.contribution", id=session.id, number=one.number, lang=language(), _anchor=anchor)
    return redirect(to, 303)
