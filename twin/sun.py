"""Where the sun stands over a place: NREL's algorithm (Reda and Andreas 2004, good to 0.0003 degrees), as in pvlib."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

STEP = 10  # minutes
GERMANY = (5.8, 47.2, 15.1, 55.1)  # west, south, east, north; where it reaches beyond, neighbours keep the same time
PRESSURE, TEMPERATURE, REFRACTION = 101325 / 100, 12.0, 0.5667  # as pvlib's own defaults: hPa, °C, degrees


def sun_positions(times: Sequence[dt.datetime], longitude: float, latitude: float) -> tuple[np.ndarray, np.ndarray]:
    """azimuth (n,), altitude (n,) in degrees: azimuth clockwise from north, altitude of the disc's middle without
    refraction, as DIN EN 17037 counts it. times: with their zone.
    """
    from pvlib import spa  # here, because it takes more than a second and a load needs none

    seconds = np.array([time.timestamp() for time in times])
    delta_t = spa.calculate_deltat(times[0].year, times[0].month)
    found = spa.solar_position(
        seconds, latitude, longitude, 0, PRESSURE, TEMPERATURE, delta_t, REFRACTION, numthreads=1
    )  # fmt: skip
    return found[4], found[3]


@lru_cache(maxsize=500)
def sun_day(day: dt.date, longitude: float, latitude: float) -> dict[str, Any]:
    """The sun's way on a day in local time, with its rise and set; None for those where it does neither."""
    zone = ZoneInfo(zone_at(longitude, latitude))
    midnight = dt.datetime.combine(day, dt.time(), zone)
    # On the clock on the wall, also on the two days of the year when it is put forward or back.
    times = [midnight + dt.timedelta(minutes=minutes) for minutes in range(0, 24 * 60, STEP)]
    azimuth, altitude = sun_positions(times, longitude, latitude)
    rise, set_ = _rise_and_set(day, longitude, latitude, zone)
    return {
        "date": day.isoformat(),
        "zone": zone.key,
        "sunrise": rise,
        "sunset": set_,
        "positions": [
            {"time": time.strftime("%H:%M"), "azimuth": round(float(east), 2), "altitude": round(float(up), 2)}
            for time, east, up in zip(times, azimuth, altitude, strict=True)
        ],
    }


@lru_cache(maxsize=500)
def zone_at(longitude: float, latitude: float) -> str:
    """The time zone of a place: Germany's, else that of the nearest city that names one."""
    west, south, east, north = GERMANY
    if west <= longitude <= east and south <= latitude <= north:
        return "Europe/Berlin"
    names, places = _zones()
    there = np.radians([longitude, latitude])
    east_of, north_of = (places - there).T
    across = np.sin(north_of / 2) ** 2 + np.cos(places[:, 1]) * np.cos(there[1]) * np.sin(east_of / 2) ** 2
    return names[int(across.argmin())]


def _rise_and_set(day: dt.date, longitude: float, latitude: float, zone: ZoneInfo) -> tuple[str | None, str | None]:
    from pvlib import spa

    midnight = np.array([dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()])
    delta_t = spa.calculate_deltat(day.year, day.month)
    _, rise, set_ = spa.transit_sunrise_sunset(midnight, latitude, longitude, delta_t, 1)
    rise_and_set = []
    for (seconds,) in (rise, set_):
        known = np.isfinite(seconds) and abs(seconds - midnight[0]) < 3 * 86400
        rise_and_set.append(dt.datetime.fromtimestamp(seconds, zone).strftime("%H:%M") if known else None)
    return rise_and_set[0], rise_and_set[1]


@lru_cache(maxsize=1)
def _zones() -> tuple[list[str], np.ndarray]:
    """Names, and (n, 2) longitude and latitude in radians, from the table beside the time zones themselves."""
    table = (files("tzdata") / "zoneinfo" / "zone1970.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return [row[2] for row in rows], np.radians([_place(row[1]) for row in rows])


def _place(text: str) -> tuple[float, float]:
    """ "+5230+01322" -> 13.37, 52.5"""
    at = max(text.rfind("+"), text.rfind("-"))
    latitude, longitude = text[:at], text[at:]
    return _degrees(longitude, 3), _degrees(latitude, 2)


def _degrees(text: str, digits: int) -> float:
    sign, whole, minutes = (-1 if text[0] == "-" else 1), text[1 : 1 + digits], text[1 + digits : 3 + digits]
    return sign * (int(whole) + int(minutes) / 60)
