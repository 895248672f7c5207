"""The moderators' desk: a queue with filter and search, what can be done to each contribution, and paper."""

import secrets
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from sqlalchemy import func, select

from scenarios.diary import Change
from scenarios.participation import contributing, moderating
from scenarios.participation.allowed import permit, permitted
from scenarios.participation.sessions import categories_of
from scenarios.participation.tables import Answer, Comment, Contribution, Participation, Shown
from scenarios.project import Person
from twin.errors import BadValue, TwinError
from twin.feature import Scenario, Words
from twin.store import begin_writing
from web.asked import db
from web.errors import STATUS, sentence_of
from web.language import language
from web.participation import about, entries, find_session
from web.participation_forms import form_told, said_in_form, with_photo
from web.participation_mail import tell_author
from web.participation_place import place_of
from web.people import person

at_desk = Blueprint("participation_desk", __name__)

PAGE = 50  # contributions of the queue at a time
STEPS = 40  # of the diary to choose from
WAYS = ("paper", "spoken")
TOLD = ("publish", "ask", "hide", "status", "answer")  # of these the author is told
VERBS = {"publish": "moderate", "ask": "moderate", "hide": "moderate", "merge": "moderate", "assign": "moderate",
         "status": "moderate", "answer": "answer", "link": "link"}  # fmt: skip


@at_desk.get("/participation/<int:id>/desk")
def desk(id: int):
    session = find_session(id)
    permit(person(), "desk", session)
    wanted = _filter()
    found = db().scalars(moderating.asked_for(session, wanted).limit(PAGE).offset(PAGE * _page())).all()
    counted = select(Contribution.state, func.count()).where(Contribution.participation_id == session.id)
    comments = select(Comment, Contribution.number).join(Contribution, Contribution.id == Comment.contribution_id)
    comments = comments.where(Contribution.participation_id == session.id, Comment.state == "waiting")
    return render_template(
        "participation_desk.html", wanted=wanted, counts=dict(db().execute(counted.group_by(Contribution.state)).all()),
        states=moderating.STATES, statuses=moderating.STATUS, categories=categories_of(db(), session),
        waiting=db().execute(comments.order_by(Comment.id)).all(), page=_page(), more=len(found) == PAGE,
        **{**about(session, light=True), "entries": entries(session, list(found))},
    )  # fmt: skip


@at_desk.get("/participation/<int:id>/desk/<int:number>")
def one(id: int, number: int):
    session = find_session(id)
    permit(person(), "desk", session)
    return _one(session, moderating.by_number(db(), session.id, number))


@at_desk.post("/participation/<int:id>/desk/<int:number>")
def act(id: int, number: int):
    """Does what the button `does` says, with what stands beside it."""
    session = find_session(id)
    of = moderating.by_number(db(), session.id, number)
    does = request.form.get("does", "")
    try:
        if does not in VERBS:
            raise BadValue(Words("Das gibt es hier nicht zu tun.", "There is no such thing to do here."))
        permit(person(), VERBS[does], session)
        _do(does, of)
    except TwinError as error:
        db().rollback()
        session = find_session(id)
        return _one(session, moderating.by_number(db(), session.id, number), error)
    moderating.touched(of)
    db().commit()
    if does in TOLD:
        tell_author(session, of)
    return redirect(url_for("participation_desk.one", id=id, number=number, done=does, lang=language()), 303)


@at_desk.post("/participation/<int:id>/desk/<int:number>/comments/<int:comment>")
def comment(id: int, number: int, comment: int):
    session = find_session(id)
    permit(person(), "moderate", session)
    of = moderating.by_number(db(), session.id, number)
    state = "hidden" if request.form.get("state") == "hidden" else "published"
    moderating.moderate_comment(db(), of, comment, state, request.form.get("reason", ""))
    db().commit()
    to = url_for("participation.contribution", id=id, number=number, lang=language(), _anchor="comments")
    return redirect(to, 303)


@at_desk.route("/participation/<int:id>/enter", methods=["GET", "POST"])
@with_photo
def enter(id: int):
    """What came on paper or was spoken: keyed in quickly, marked as such, and the next one at once."""
    if request.method == "POST":
        begin_writing(db())
    session = find_session(id)
    permit(person(), "enter", session)
    if request.method == "GET":
        return _entering(session, request.args)
    way = request.form.get("way", "")
    try:
        said = said_in_form(session, way if way in WAYS else WAYS[0])
        key = request.form.get("key", "")[:60] or secrets.token_urlsafe(12)
        made = contributing.contribute(
            db(), session, said, pseudonym=f"{way}-{secrets.token_urlsafe(9)}", ticket=f"{way}-{key}",
            secret=secrets.token_urlsafe(24),
        )  # fmt: skip
        moderating.publish(made)
    except TwinError as error:
        db().rollback()
        return _entering(find_session(id), request.form, error)
    number = made.number
    db().commit()
    to = url_for(
        "participation_desk.enter", id=id, done=number, category=said.category, scenario=said.scenario, way=way
    )
    return redirect(f"{to}&lang={language()}", 303)


def init_app(app: Flask) -> None:
    app.register_blueprint(at_desk)


def _do(does: str, of: Contribution) -> None:
    sent = lambda name: request.form.get(name, "")  # noqa: E731
    if does == "publish":
        moderating.publish(of)
    elif does == "ask":
        moderating.ask_back(of, sent("question"))
    elif does == "hide":
        moderating.hide(of, sent("reason"))
    elif does == "merge":
        moderating.merge(db(), of, _whole(sent("number")))
    elif does == "assign":
        moderating.assign(of, sent("office"))
    elif does == "status":
        moderating.set_status(of, sent("status"))
    elif does == "answer":
        moderating.answer(db(), of, person(), sent("text"))
    elif does == "link":
        moderating.link(db(), of, _whole(sent("step")) or None)


def _whole(text: str) -> int:
    text = text.strip().lstrip("#")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _filter() -> moderating.Filter:
    asked = request.args
    state, status = asked.get("state", ""), asked.get("status", "")
    return moderating.Filter(
        asked.get("q", "")[:200], state if state in moderating.STATES else "",
        status if status in moderating.STATUS else "", _whole(asked.get("category", "")) or None,
    )  # fmt: skip


def _page() -> int:
    return min(_whole(request.args.get("page", "")), 10_000)


def _one(session: Participation, of: Contribution, error: TwinError | None = None):
    answered = db().execute(select(Answer, Person.name).outerjoin(Person, Person.id == Answer.person_id)
                            .where(Answer.contribution_id == of.id).order_by(Answer.id)).all()  # fmt: skip
    merged = db().get(Contribution, of.merged_into) if of.merged_into else None
    page = render_template(
        "participation_desk_one.html", one=of, entry=entries(session, [of])[0], answered=answered, merged=merged,
        followed=moderating.followed(db(), of), steps=_steps(session), place=place_of(of), statuses=moderating.STATUS,
        said=sentence_of(error) if error else None, typed=request.form,
        rights={verb: permitted(person(), verb, session) for verb in ("moderate", "answer", "link")},
        **{name: value for name, value in about(session, light=True).items() if name != "entries"},
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page


def _steps(session: Participation) -> list[tuple[int, str]]:
    """The newest steps of the session's scenarios, as a list to choose from."""
    found = db().execute(
        select(Change.step, func.min(Scenario.title), func.min(Change.made_at), func.count(), func.min(Change.layer),
               func.min(Change.uid))
        .join(Scenario, Scenario.id == Change.scenario_id)
        .join(Shown, Shown.scenario_id == Change.scenario_id)
        .where(Shown.participation_id == session.id)
        .group_by(Change.step).order_by(Change.step.desc()).limit(STEPS)
    )  # fmt: skip
    return [
        (step, f"{title}, {made:%d.%m.%Y %H:%M}: {layer} {uid} ({count})")
        for step, title, made, count, layer, uid in found
    ]


def _entering(session: Participation, typed: Any, error: TwinError | None = None):
    key = request.form.get("key") or secrets.token_urlsafe(12)
    page = render_template(
        "participation_enter.html", said=sentence_of(error) if error else None, key=key, ways=WAYS,
        **{**form_told(session, typed), "asks_code": False, "ticket": ""},
    )  # fmt: skip
    return (page, STATUS[type(error)]) if error else page
