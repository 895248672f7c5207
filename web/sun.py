"""What the sun slider asks for: the sun's way over the city on a day."""

import datetime as dt

from flask import Blueprint, Flask, jsonify

from twin.sun import sun_day
from web.asked import city
from web.contract import asked, contract
from web.errors import BadQuestion
from web.schemas import DAY, NUMBER, TEXT, list_of, object_of, or_null

sun = Blueprint("sun", __name__, url_prefix="/api")

YEARS = range(1900, 2101)  # for which the algorithm is tabulated well
SUN_DAY = object_of(
    {
        "date": DAY, "zone": TEXT, "sunrise": or_null(TEXT), "sunset": or_null(TEXT),
        "positions": list_of(object_of({"time": TEXT, "azimuth": NUMBER, "altitude": NUMBER})),
    },
    title="SunDay",
)  # fmt: skip


@sun.get("/sun")
@contract(SUN_DAY, asks={"date": DAY}, needs=("date",))
def day():
    """The sun over the city on a day: rise, set, and where it stands every few minutes, in degrees, by local time."""
    here = city()
    answer = jsonify(sun_day(_date(), round(here.longitude, 3), round(here.latitude, 3)))
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def init_app(app: Flask) -> None:
    app.register_blueprint(sun)


def _date() -> dt.date:
    if int(asked("date")[:4]) not in YEARS:
        raise BadQuestion(f"date has to be a day from {YEARS[0]} to {YEARS[-1]}, such as 2026-03-21.")
    return dt.date.fromisoformat(asked("date"))
