"""Where the sun stands over the city, and what of the city casts a shadow."""

import datetime as dt
import re

import numpy as np
import pytest

from tests.hamlet import EAST, NORTH
from tests.test_pages import hamlet, numbers_of, page, tile  # noqa: F401  (fixtures)
from twin.sun import sun_day, sun_positions, zone_at
from web.drawn.frame import UNIT, Frame

HALLE = (11.97, 51.48)


def noon(day, place=HALLE):
    return max(sun_day(day, *place)["positions"], key=lambda position: position["altitude"])


@pytest.mark.parametrize(
    ("day", "altitude"), [(dt.date(2026, 3, 21), 38.7), (dt.date(2026, 2, 1), 21.3), (dt.date(2026, 12, 21), 15.1)]
)
def test_the_sun_over_halle_at_noon_is_as_high_as_the_norm_reckons(day, altitude):
    assert noon(day)["altitude"] == pytest.approx(altitude, abs=0.25)  # the norm's year is not this one
    assert noon(day)["azimuth"] == pytest.approx(180, abs=2)


def test_the_sun_stands_where_the_algorithms_authors_say():
    """Reda and Andreas 2004, appendix A.5: Golden, Colorado, without its 1830 m and refraction."""
    when = dt.datetime(2003, 10, 17, 12, 30, 30, tzinfo=dt.timezone(dt.timedelta(hours=-7)))
    azimuth, altitude = sun_positions([when], -105.1786, 39.742476)
    assert azimuth[0] == pytest.approx(194.34024, abs=0.001)
    assert altitude[0] == pytest.approx(90 - 50.11162, abs=0.02)


def test_a_day_has_its_sunrise_and_its_sunset_on_the_clock_of_the_town():
    winter, summer = (sun_day(day, *HALLE) for day in (dt.date(2026, 12, 21), dt.date(2026, 6, 21)))
    assert (winter["sunrise"], winter["sunset"]) == ("08:15", "16:05")
    assert ("04:50" < summer["sunrise"] < "05:00") and ("21:25" < summer["sunset"] < "21:35")
    assert [position["time"] for position in winter["positions"]][:3] == ["00:00", "00:10", "00:20"]
    assert len(winter["positions"]) == 144


def test_in_the_far_north_the_sun_does_not_set_in_june():
    assert sun_day(dt.date(2026, 6, 21), 25.7, 70.0)["sunset"] is None


@pytest.mark.parametrize(
    ("place", "zone"),
    [((7.0, 51.4), "Europe/Berlin"), ((-2.2, 53.0), "Europe/London"), ((24.9, 60.2), "Europe/Helsinki")],
)
def test_a_town_keeps_the_time_of_its_country(place, zone):
    assert zone_at(*place) == zone


def test_the_page_asks_for_the_sun_of_a_day(page):  # noqa: F811
    answer = page.get("/api/sun?date=2026-03-21")
    assert answer.json["zone"] == "Europe/Berlin"
    position = {position["time"]: position for position in answer.json["positions"]}["15:20"]
    assert position["altitude"] == pytest.approx(26.9, abs=0.5)
    assert position["azimuth"] == pytest.approx(229, abs=2)


@pytest.mark.parametrize("date", ["", "2026-02-30", "yesterday", "1066-10-14", "<b>"])
def test_a_day_that_is_none_is_answered_with_a_sentence(page, date):  # noqa: F811
    answer = page.get("/api/sun", query_string={"date": date})
    assert answer.status_code == 400
    assert "date" in answer.json["error"]
    assert "2026-03-21" in answer.json["error"]


def test_the_page_has_a_sun_slider_in_both_languages(page):  # noqa: F811
    assert 'aria-label="Sonne und Schatten"' in page.get("/").text
    assert re.search(r'type="range" id="sun-time"[^>]*aria-label="Time of day"', page.get("/?lang=en").text)


def test_what_stands_beside_a_tile_casts_its_shadow_into_it_too(page):  # noqa: F811
    x, y = numbers_of(17)
    land = tile(page, "land", 17, x, y)
    shadows = next(group for group in land["groups"] if group["layer"] == "shadows")
    frame = Frame(17, x, y, 25832)
    sheds = frame.units(np.array([[EAST + 20 * i + 5, NORTH + 4] for i in range(5)])) / UNIT
    assert int((np.abs(sheds).max(axis=1) > 1).sum()) == 3
    assert shadows["parts"] == 5  # the house, two sheds, and of the three beside it those that stand near enough
    assert shadows["scale"] == 4


def test_the_higher_of_two_casts_the_longer_shadow(page):  # noqa: F811
    land = tile(page, "land", 16)
    shadows = [group["layer"] for group in land["groups"]].index("shadows")
    first = sum(group["parts"] for group in land["groups"][:shadows])
    heights = land["sizes"][first : first + 6] / 10
    assert sorted(heights) == pytest.approx([4.0] * 5 + [7.75], abs=0.06)  # between 6 m eaves and 9.5 m ridge
