"""Who looks at a session sees each contribution within two seconds: one look into the store for all who watch."""

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from queue import Empty, Full, Queue
from typing import Any

from flask import Blueprint, Flask, Response, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from scenarios.participation.sessions import categories_of
from scenarios.participation.tables import Comment, Contribution, Participation, Rating
from scenarios.project import now
from web import edit_words
from web.asked import db
from web.contract import contract
from web.events import HEARTBEAT, TooManyListeners
from web.participation import find_session, shortened
from web.participation_place import places_of

news = Blueprint("participation_news", __name__)

PAUSE = 0.5  # seconds between two looks
OVERLAP = dt.timedelta(seconds=10)  # a transaction that began earlier may be written later, on another server's clock
COARSE = dt.timedelta(seconds=2)  # moments in a file are whole seconds
MOST_WATCHERS = 1200  # at once, of one process; each has a thread of its own, which sleeps
MOST_WAITING = 60  # events that a browser may be behind before it has to load everything anew
LONG = 220  # letters of a text in the list
SEEN = ("published", "hidden")  # what everyone sees; of the latter the reason alone


class Watchers:
    """One thread of this process looks for news of the sessions that somebody watches."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.watching: dict[int, set[Queue]] = {}
        self.told: dict[int, dict[int, tuple[dt.datetime, str]]] = {}  # session -> number -> what was said of it last
        self.state: dict[int, str] = {}
        self.thread: threading.Thread | None = None

    def watch(self, app: Flask, session: Participation) -> Queue:
        heard: Queue = Queue(MOST_WAITING)
        with self.lock:
            if sum(map(len, self.watching.values())) >= MOST_WATCHERS:
                raise TooManyListeners(edit_words.TOO_MANY_WATCH)
            if session.id not in self.watching:
                self.told[session.id], self.state[session.id] = {}, session.state
            self.watching.setdefault(session.id, set()).add(heard)
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, args=(app,), daemon=True, name="participation")
                self.thread.start()
        return heard

    def leave(self, session: int, heard: Queue) -> None:
        with self.lock:
            self.watching.get(session, set()).discard(heard)

    def _run(self, app: Flask) -> None:
        while self._someone_watches():
            began = time.monotonic()
            try:
                for id in list(self.told):
                    with app.app_context():
                        self._look(id)
            except SQLAlchemyError:  # a server that starts anew, a file that another program locks: ask again
                time.sleep(1)
            time.sleep(max(PAUSE - (time.monotonic() - began), 0.05))

    def _someone_watches(self) -> bool:
        with self.lock:
            self.watching = {id: heard for id, heard in self.watching.items() if heard}
            self.told = {id: told for id, told in self.told.items() if id in self.watching}
            if not self.watching:
                self.thread = None
            return bool(self.watching)

    def _look(self, id: int) -> None:
        session = db().get(Participation, id)
        if session is None or session.state != self.state[id]:
            return self._hang_up(id)
        fresh = self._fresh(session)
        if fresh:
            self._tell(id, f"event: contributions\ndata: [{','.join(fresh)}]\n\n")

    def _fresh(self, session: Participation) -> list[str]:
        """What is new of each contribution that was changed lately, as JSON."""
        told, moment = self.told[session.id], now()
        asked = select(Contribution).where(
            Contribution.participation_id == session.id, Contribution.changed_at > moment - OVERLAP
        )
        rows = [
            one
            for one in db().scalars(asked.order_by(Contribution.number))
            if one.number not in told or told[one.number][0] != one.changed_at or moment - one.changed_at < COARSE
        ]
        fresh = []
        for one, shown in zip(rows, shown_of(session, rows), strict=True):
            text = json.dumps(shown, ensure_ascii=False)
            if told.get(one.number, (None, ""))[1] != text:
                fresh.append(text)
            told[one.number] = (one.changed_at, text)
        return fresh

    def _tell(self, id: int, event: str) -> None:
        with self.lock:
            listening = list(self.watching.get(id, ()))
        for heard in listening:
            try:
                heard.put_nowait(event)
            except Full:  # a browser that has fallen asleep: it comes back and loads everything anew
                self.leave(id, heard)

    def _hang_up(self, id: int) -> None:
        """The session was opened or closed: whoever may still see it asks again."""
        with self.lock:
            for heard in self.watching.pop(id, set()):
                heard.queue.clear()
                heard.put_nowait(None)


@news.get("/api/participation/<int:id>/events")
@contract("text/event-stream", also=(503,))
def watch(id: int):
    """Each contribution that everyone sees, as it appears or changes: server-sent events with a list in `data`."""
    session = find_session(id)
    watchers: Watchers = current_app.extensions["twin_watchers"]
    heard = watchers.watch(current_app._get_current_object(), session)  # type: ignore[attr-defined]
    answer = Response(_stream(watchers, id, heard), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # nginx hands on each line at once
    return answer


def shown_of(session: Participation, rows: list[Contribution]) -> list[dict[str, Any]]:
    """What everyone may know of each: number, text, place, voices; of one that nobody sees, that it is gone."""
    ids = [one.id for one in rows]
    titles = {one.id: one.title for one in categories_of(db(), session)} if rows else {}
    agreed = select(Rating.contribution_id, func.count()).where(Rating.contribution_id.in_(ids), Rating.value > 0)
    agree = dict(db().execute(agreed.group_by(Rating.contribution_id)).all()) if rows else {}
    said = select(Comment.contribution_id, func.count()).where(
        Comment.contribution_id.in_(ids), Comment.state == "published"
    )
    comments = dict(db().execute(said.group_by(Comment.contribution_id)).all()) if rows else {}
    places = places_of([one for one in rows if one.state == "published"])
    return [
        {"number": one.number, "gone": True}
        if one.state not in SEEN
        else {"number": one.number, "hidden": one.reason}
        if one.state == "hidden"
        else {
            "number": one.number, "title": shortened(one.text),
            "text": one.text if len(one.text) <= LONG else shortened(one.text), "place": one.place,
            "about": one.scenario, "category": titles.get(one.category_id or 0, ""), "status": one.status,
            "agree": agree.get(one.id, 0), "comments": comments.get(one.id, 0), **(places.get(one.id) or {}),
            **_size(one.shape),
        }
        for one in rows
    ]  # fmt: skip


def init_app(app: Flask) -> None:
    app.extensions["twin_watchers"] = Watchers()
    app.register_blueprint(news)


def _size(shape: Any) -> dict[str, int]:
    """Metres of a line, square metres of an area; nothing of a point."""
    drawn = shape.geom_type if shape is not None else ""
    if drawn == "LineString":
        return {"line": round(shape.length)}
    return {"area": round(shape.area)} if drawn == "Polygon" else {}


def _stream(watchers: Watchers, session: int, heard: Queue) -> Iterator[str]:
    try:
        yield "retry: 2000\n\n"
        while heard in watchers.watching.get(session, ()) or not heard.empty():
            try:
                event = heard.get(timeout=HEARTBEAT)
            except Empty:
                event = ": still here\n\n"
            if event is None:
                return
            yield event
    finally:
        watchers.leave(session, heard)
