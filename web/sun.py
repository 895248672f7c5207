"""What the sun slider asks for: the sun's way over the city on a day."""

import datetime as dt

from flask import Blueprint, Flask, jsonify, request

from twin.sun import sun_day
from web.asked import city
from web.errors import BadQuestion

sun = Blueprint("sun", __name__, url_prefix="/api")

YEARS = range(1900, 2101)  # for which the algorithm is tabulated well


@sun.get("/sun")
def day():
    """?date=2026-03-21"""
    here = city()
    answer = jsonify(sun_day(_date(), round(here.longitude, 3), round(here.latitude, 3)))
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def init_app(app: Flask) -> None:
    app.register_blueprint(sun)


def _date() -> dt.date:
    text = request.args.get("date", "")
    try:
        asked = dt.date.fromisoformat(text)
    except ValueError:
        asked = None
    if asked is None or asked.year not in YEARS:
        raise BadQuestion(f"date has to be a day from {YEARS[0]} to {YEARS[-1]}, such as 2026-03-21.")
    return asked
