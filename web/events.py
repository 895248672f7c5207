"""Who looks at a project hears of every change within a second: server-sent events, read from the diary."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from queue import Empty, Full, Queue
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import SQLAlchemyError

from scenarios.project import Project
from twin.errors import NotFound, TwinError
from twin.projection import degrees
from web import edit_words
from web.asked import db
from web.contract import WHOLE, asked, contract
from web.errors import STATUS
from web.people import LARGEST, require
from web.schemas import whole

events = Blueprint("events", __name__)

PAUSE = 0.3  # seconds between two looks into the diary
HEARTBEAT = 15  # seconds of silence after which a word is said, so that no proxy hangs up
MOST_LISTENERS = 100  # at once, of one process; each has a thread of its own
MOST_AT_ONCE = 500  # changes; who missed more is told to load everything anew
ONE_BY_ONE = 20  # changes of a step in a layer; more are told as one

_NEWEST = text("select max(c.id) from scenario s join change c on c.scenario_id = s.id where s.project_id = :project")
_NEWS = text(
    "select c.id, c.scenario_id, c.step, c.what, c.verb, c.layer, c.uid, c.version, c.min_x, c.min_y, c.max_x, c.max_y,"
    " c.person_id, p.name from scenario s join change c on c.scenario_id = s.id and c.id > :since"
    " left join person p on p.id = c.person_id"
    " where s.project_id = :project order by c.id limit :most"
)


class TooManyListeners(TwinError):
    """Nobody is turned away for good: the browser asks again by itself."""


STATUS[TooManyListeners] = 503


class Watch:
    """One thread of this process looks into the diary for all who listen, as long as somebody does."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.listeners: dict[int, set[Queue]] = {}
        self.told: dict[int, int] = {}  # project -> the newest change that its listeners were told of
        self.thread: threading.Thread | None = None

    def listen(self, engine: Engine, project: int, since: int | None) -> Queue:
        """A queue of events; None in it is the end. since: the last change that the browser has heard of."""
        heard: Queue = Queue(MOST_AT_ONCE * 2)
        with self.lock, engine.connect() as connection:
            if sum(map(len, self.listeners.values())) >= MOST_LISTENERS:
                raise TooManyListeners(edit_words.TOO_MANY_WATCH)
            if project not in self.told:
                self.told[project] = connection.scalar(_NEWEST, {"project": project}) or 0
            if since is not None:
                news = _news(connection, project, since)
                for event in _told([row for row in news if row.id <= self.told[project]], engine):
                    heard.put_nowait(event)
            self.listeners.setdefault(project, set()).add(heard)
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, args=(engine,), daemon=True, name="events")
                self.thread.start()
        return heard

    def leave(self, project: int, heard: Queue) -> None:
        with self.lock:
            self.listeners.get(project, set()).discard(heard)

    def _run(self, engine: Engine) -> None:
        while self._someone_listens():
            try:
                with engine.connect() as connection:
                    for project in list(self.told):
                        self._tell(project, _news(connection, project, self.told[project]), engine)
            except SQLAlchemyError:  # a server that starts anew, a file that another program locks: ask again
                time.sleep(1)
            time.sleep(PAUSE)

    def _someone_listens(self) -> bool:
        with self.lock:
            self.listeners = {project: heard for project, heard in self.listeners.items() if heard}
            self.told = {project: newest for project, newest in self.told.items() if project in self.listeners}
            if not self.listeners:
                self.thread = None
            return bool(self.listeners)

    def _tell(self, project: int, news: Sequence[Row], engine: Engine) -> None:
        if not news:
            return
        told = list(_told(news, engine))
        with self.lock:
            self.told[project] = news[-1].id
            for heard in list(self.listeners.get(project, ())):
                try:
                    for event in told:
                        heard.put_nowait(event)
                except Full:  # a browser that has fallen asleep: it comes back with the last it has heard
                    self.listeners[project].discard(heard)


@events.get("/api/projects/<int:id>/events")
@contract("text/event-stream", asks={"after": whole()}, also=(503,))
def listen(id: int):
    """Each change as it happens, as server-sent events with JSON in `data`.

    after or Last-Event-ID: the last change that the page knows of; without either, what happens from now on.
    """
    project = db().get(Project, id) if id < LARGEST else None
    if project is None:
        raise NotFound(edit_words.filled(edit_words.NO_PROJECT, id=id))
    require("comment", project)
    watch: Watch = current_app.extensions["twin_watch"]
    heard = watch.listen(db().get_bind(), id, _since())  # type: ignore[arg-type]
    answer = Response(_stream(watch, id, heard), mimetype="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"  # nginx hands on each line at once
    return answer


def init_app(app: Flask) -> None:
    app.extensions["twin_watch"] = Watch()
    app.register_blueprint(events)


def _stream(watch: Watch, project: int, heard: Queue) -> Iterator[str]:
    try:
        yield "retry: 2000\n\n"
        while heard in watch.listeners.get(project, ()):
            try:
                yield heard.get(timeout=HEARTBEAT)
            except Empty:
                yield ": still here\n\n"
    finally:
        watch.leave(project, heard)


def _since() -> int | None:
    said = request.headers.get("Last-Event-ID")
    return int(said) if said and WHOLE.fullmatch(said) else asked("after")


def _news(connection: Connection, project: int, since: int) -> Sequence[Row]:
    return connection.execute(_NEWS, {"project": project, "since": since, "most": MOST_AT_ONCE}).all()


def _told(news: Sequence[Row], engine: Engine) -> Iterable[str]:
    """Each change as the text of an event; the many of a large step as one for each layer."""
    if len(news) == MOST_AT_ONCE:
        yield _event(news[-1].id, {"change": news[-1].id}, "reload")
        return
    size = Counter((row.step, row.layer) for row in news)
    listed: dict[Any, list[Row]] = {}
    for row in news:
        whole = (row.step, row.layer)
        listed.setdefault(whole if size[whole] > ONE_BY_ONE else row.id, []).append(row)
    for rows in sorted(listed.values(), key=lambda rows: rows[-1].id):
        yield _event(rows[-1].id, _described(rows, engine))


def _described(rows: list[Row], engine: Engine) -> dict[str, Any]:
    last = rows[-1]
    return {
        "scenario": last.scenario_id,
        "layer": last.layer,
        "uid": last.uid if len(rows) == 1 else None,
        "verb": last.verb,
        "version": last.version if len(rows) == 1 else None,
        "things": len(rows),
        "change": last.id,
        "step": last.step,
        "what": last.what,
        "by": last.name,
        "person": last.person_id,
        "bounds": _degrees(rows, engine.dialect.city_srid),  # type: ignore[attr-defined]
    }


def _degrees(rows: list[Row], srid: int) -> list[float] | None:
    known = [row for row in rows if row.min_x is not None]
    if not known:
        return None
    west, south, east, north = (fold(row[i] for row in known) for fold, i in ((min, 8), (min, 9), (max, 10), (max, 11)))
    return degrees((west, south, east, north), srid)


def _event(id: int, data: dict[str, Any], kind: str = "change") -> str:
    return f"id: {id}\nevent: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
