"""How long each piece of the net takes: on foot, by wheelchair, by bicycle, by car, each way."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from scenarios.access.ways import Ways
from scenarios.rules import Source, rules, source_of
from twin.errors import NotFound
from twin.feature import Words


class Mode(NamedTuple):
    """One way of moving, as rules/access.toml says it. speed, off: metres a second, on streets and beside them."""

    name: str
    title: Words
    speed: float
    off: float
    told: dict[str, Any]


class Costs(NamedTuple):
    """Seconds on each piece from its start to its end and back (m,); infinite where one may not go."""

    ahead: np.ndarray
    back: np.ndarray


@cache
def modes() -> dict[str, Mode]:
    return {
        name: Mode(name, Words(told["de"], told["en"]), told["speed"] / 3.6, told["off"] / 3.6, told)
        for name, told in rules("access")["modes"].items()
    }


def mode_called(name: str) -> Mode:
    """Raises NotFound."""
    if name not in modes():
        known = ", ".join(modes())
        raise NotFound(
            Words(f"So kommt hier niemand voran: {name[:40]}. Es gibt: {known}.", f"No mode {name[:40]}: {known}.")
        )
    return modes()[name]


def sources() -> tuple[Source, ...]:
    return tuple(source_of(rules("access")[name]) for name in ("hiking", "cycling", "barrier_free"))


def costs(ways: Ways, mode: Mode) -> Costs:
    told = mode.told
    kinds = np.array([kind or "other" for kind in ways.rows["kind"]], object)[ways.street]
    level = _level_speeds(ways, mode, kinds)
    closed = np.isin(kinds, told["closed"]) | _unusable(ways, told) | ways.island
    seconds = [_seconds(ways, told.get("slope"), sign) / level for sign in (1, -1)]
    ahead, back = (np.where(closed, np.inf, each) for each in seconds)
    if told.get("oneway"):
        oneway = np.array([value is not None and bool(value) for value in ways.rows["oneway"]], bool)[ways.street]
        back = np.where(oneway, np.inf, back)
    return Costs(ahead, back)


def _level_speeds(ways: Ways, mode: Mode, kinds: np.ndarray) -> np.ndarray:
    """(m,) metres a second on level ground."""
    told, speed = mode.told, np.full(len(kinds), mode.speed)
    speed[kinds == "steps"] *= told.get("steps", 1.0)
    speed[np.isin(kinds, told.get("pushed", []))] = mode.off
    if "limits" in told:
        usual = np.array([told["limits"].get(kind, told["speed"]) for kind in kinds], float)
        limit = ways.rows.numbers("speed")[ways.street]
        speed = np.where(np.isnan(limit) | (limit <= 0), usual, limit) * told["share"] / 3.6
    return speed


def _seconds(ways: Ways, formula: str | None, sign: int) -> np.ndarray:
    """(m,): metres of each piece, those that go up counted longer, as far as they take longer."""
    slope = sign * ways.rise / np.maximum(ways.run, 1e-9)
    if formula == "hiking":
        told = rules("access")["hiking"]
        slope = np.clip(slope, -told["steepest"], told["steepest"])
        factor = np.exp(told["falling"] * (np.abs(slope + told["easiest"]) - told["easiest"]))
    elif formula == "cycling":
        factor = _cycling(100 * slope)
    else:
        factor = np.ones(len(slope))
    return np.add.reduceat(ways.run * factor, ways.first[:-1]) if len(ways.start) else np.empty(0)


def _cycling(percent: np.ndarray) -> np.ndarray:
    told, speed = rules("access")["cycling"], rules("access")["modes"]["bicycle"]["speed"]
    there = speed - np.where(percent > 0, told["uphill"], told["downhill"]) * percent
    return speed / np.clip(there, told["slowest"], told["fastest"])


def _unusable(ways: Ways, told: dict[str, Any]) -> np.ndarray:
    """Too steep on average, or paved as one cannot roll on."""
    unusable = np.zeros(len(ways.start), bool)
    if "surfaces" in told:
        unusable |= np.isin(ways.rows["surface"].astype(str), told["surfaces"])[ways.street]
    if "steepest" in told and len(ways.start):
        climb = np.add.reduceat(np.abs(ways.rise), ways.first[:-1])
        unusable |= 100 * climb > told["steepest"] * np.maximum(ways.length, 1.0)
    return unusable
