"""Figures that take long are computed beside the answers to others: begun once, looked at by all, ended on demand."""

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from flask import Blueprint, Flask, current_app, jsonify, redirect, request

from twin import work
from twin.errors import NotFound, TwinError
from twin.feature import Words
from web.contract import contract
from web.errors import STATUS
from web.language import said, words
from web.schemas import ACTION, NUMBER, TEXT, object_of, one_of, or_null

working = Blueprint("working", __name__)

PATIENCE = 0.8  # seconds that an answer waits: what is done by then needs no second look
MOST = 12  # works that wait or run
REMEMBERED = 120.0  # seconds after which the end of a work is forgotten
WORKING, DONE, CANCELLED, FAILED = "working", "done", "cancelled", "failed"
WORK = object_of(
    {"state": one_of([WORKING, DONE, CANCELLED, FAILED]), "percent": NUMBER, "doing": TEXT, "why": or_null(TEXT)},
    title="Work",
)  # fmt: skip


class TooMuchWork(TwinError):
    """Others' figures are computed first."""


STATUS[TooMuchWork] = 503


@dataclass
class Job:
    """mark: of what is asked, the same for all who ask it. project, scenarios: whoever may see them may see this."""

    mark: str
    total: int
    do: Callable[[], None]
    project: int | None
    scenarios: tuple[int, ...]
    state: str = WORKING
    why: Words | str | None = None
    ended: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.progress = work.Progress(self.total)

    def run(self) -> None:
        try:
            with work.told_to(self.progress):
                self.progress.check()
                self.do()
            self.state = DONE
        except work.Cancelled as error:
            self.state, self.why = CANCELLED, error.args[0]
        except TwinError as error:
            self.state, self.why = FAILED, error.args[0]
        except Exception:
            logging.getLogger(__name__).exception("figures could not be computed")
            self.state = FAILED
        self.ended = time.monotonic()
        self.over.set()


class Desk:
    """The works of this server; one at a time, as each uses all cores."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.jobs: dict[str, Job] = {}
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="figures")

    def begin(self, job: Job) -> Job:
        with self.lock:
            now = time.monotonic()
            self.jobs = {mark: one for mark, one in self.jobs.items()
                         if one.state == WORKING or now - one.ended < REMEMBERED}  # fmt: skip
            there = self.jobs.get(job.mark)
            if there is not None and (there.state == WORKING or "again" not in request.args) and there.state != DONE:
                return there
            if sum(one.state == WORKING for one in self.jobs.values()) >= MOST:
                raise TooMuchWork(
                    Words("Gerade wird viel berechnet. Bitte versuchen Sie es in einer Minute noch einmal.",
                          "Much is being computed just now. Please try again in a minute.")
                )  # fmt: skip
            self.jobs[job.mark] = job
        self.pool.submit(contextvars.Context().run, job.run)
        return job


def begin(job: Job) -> Job:
    """The work with its mark: the one that runs or was just ended, else this one, begun. Waits a moment for its end."""
    found = desk().begin(job)
    found.over.wait(PATIENCE)
    return found


def desk() -> Desk:
    return current_app.extensions["twin_desk"]


@working.get("/api/projects/<int:id>/work/<mark>")
@contract(WORK, path={"mark": ACTION})
def look(id: int, mark: str):
    """How far the figures are that are being computed."""
    return jsonify(told(_find(id, mark)))


@working.delete("/api/projects/<int:id>/work/<mark>")
@contract(WORK, path={"mark": ACTION})
def cancel(id: int, mark: str):
    """Ends the computation; what is found already is kept."""
    job = _find(id, mark)
    job.progress.cancel()
    return jsonify(told(job))


@working.post("/projects/<int:id>/work/<mark>")
def cancelled(id: int, mark: str):
    """The same by form; afterwards the page says so."""
    _find(id, mark).progress.cancel()
    back = request.form.get("back", "")
    ours = back.startswith(f"/projects/{id}/") and back.isprintable() and "\\" not in back
    return redirect(back if ours else f"/projects/{id}/figures", 303)


def told(job: Job) -> dict[str, object]:
    why = job.why if job.why is None or isinstance(job.why, str) else said(job.why)
    return {
        "state": job.state, "percent": job.progress.percent, "doing": said(job.progress.doing),
        "why": why or (words("work-failed") if job.state == FAILED else None),
    }  # fmt: skip


def init_app(app: Flask) -> None:
    app.extensions["twin_desk"] = Desk()
    app.register_blueprint(working)
    app.jinja_env.globals.update(told_work=told)


def _find(id: int, mark: str) -> Job:
    """For those who may see all that it is about."""
    from web.asked import find_scenario  # only here: web/answers.py begins works, and asks who may see what
    from web.projects import find_project

    find_project(id)
    job = desk().jobs.get(mark)
    if job is None or job.project != id:
        raise NotFound(words("no-work"))
    for scenario in job.scenarios:
        find_scenario(scenario)
    return job
