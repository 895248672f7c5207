"""What is done once a day without anybody's doing: personal data go on their day, and subscribers hear of news."""

import logging
import threading
import time

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from scenarios.participation.allowed import today
from scenarios.participation.keeping import forget
from twin.errors import TwinError
from twin.store import begin_writing
from web.asked import db
from web.participation_subscribe import tell_subscribers

PAUSE = 6 * 3600  # seconds between two looks whether there is something to do: a day may begin in between
AGAIN = 600  # seconds, after a store that could not be written

_log = logging.getLogger(__name__)


def run(app: Flask) -> int:
    """Once; how many personal data were deleted. What another process has done already is not done again."""
    with app.app_context():
        begin_writing(db())
        gone = forget(db(), today())
        db().commit()
        if gone:
            _log.info("The personal data of %s people were deleted: their day has come.", gone)
        tell_subscribers()
        return gone


def start(app: Flask) -> None:
    """A thread that does it now, and then every day, as long as this process serves."""
    with app.extensions["twin_daily_lock"]:
        if app.extensions["twin_daily"] is None:
            thread = threading.Thread(target=_go_on, args=(app,), daemon=True, name="daily")
            app.extensions["twin_daily"] = thread
            thread.start()


def init_app(app: Flask) -> None:
    app.extensions["twin_daily"], app.extensions["twin_daily_lock"] = None, threading.Lock()
    app.before_request(_start_where_served)


def _go_on(app: Flask) -> None:
    while True:
        pause = PAUSE
        try:
            run(app)
        except (SQLAlchemyError, TwinError) as error:
            _log.warning("Personal data could not be looked through (%s). It is tried again.", error)
            pause = AGAIN
        time.sleep(pause)


def _start_where_served() -> None:
    """Where a real server serves: not for a test, nor for somebody who tries something out."""
    if request.environ.get("SERVER_SOFTWARE", "").startswith("gunicorn"):
        from flask import current_app

        start(current_app._get_current_object())  # type: ignore[attr-defined]
