"""Streets are divided anew; stops are added and moved; lines get a way, stops and headways."""

import itertools
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, Point

from layers.codes import CYCLING, LINE_KINDS
from layers.headways import Call, departures, write_calls
from scenarios.verbs import Deed, There, changed, new, refuse
from scenarios.verbs.along import along
from scenarios.verbs.planting import SPECIES, row_of_trees

LANE, CYCLE_LANE, CYCLE_TRACK = 3.0, 1.85, 2.3  # metres wide: RASt 06, a lane for buses 3.25
FROM_KERB = 1.5  # metres from the street's edge to its trees
SPEEDS = {"bus": 20.0, "tram": 20.0, "metro": 35.0, "rail": 60.0, "ferry": 12.0, "other": 20.0}  # km/h with stops
DETOUR = 1.3  # how much longer the way is than the straight line, where no way is drawn


def width_needed(lanes: int, cycling: str | None) -> float:
    """Metres between the kerbs, with cycle lanes or tracks on both sides."""
    return lanes * LANE + 2 * {"lane": CYCLE_LANE, "track": CYCLE_TRACK}.get(cycling or "none", 0.0)


def redesign(
    street: There,
    *,
    lanes: int | None = None,
    speed: float | None = None,
    cycling: str | None = None,
    width: float | None = None,
    kind: str | None = None,
    trees_every: float | None = None,
    species: str = SPECIES,
    avoid: Any | None = None,
) -> list[Deed]:
    """A street's new fields, and trees on both sides of it. What is None stays as it is. Raises BadShape."""
    if cycling is not None and cycling not in CYCLING:
        refuse(
            f"Radverkehr: „{cycling[:40]}“ gibt es nicht. Es gibt: {', '.join(CYCLING)}.",
            f"Cycling: there is no {cycling[:40]}. Choose one of {', '.join(CYCLING)}.",
        )
    said = {"lanes": lanes, "speed": speed, "cycling": cycling, "width": width, "kind": kind}
    said = {name: value for name, value in said.items() if value is not None}
    planned = {**street, **said}
    needed = width_needed(planned.get("lanes") or 0, planned.get("cycling"))
    if planned.get("width") and ({"lanes", "cycling", "width"} & said.keys()) and needed > planned["width"] + 0.01:
        refuse(
            f"Dafür braucht die Straße {needed:.1f} m, sie hat {planned['width']:.1f} m. Bitte verbreitern oder eine"
            " Spur weniger.",
            f"This takes {needed:.1f} m, and the street has {planned['width']:.1f} m. Widen it, or take a lane less.",
        )
    deeds = [changed("streets", street, **said)] if said else []
    if trees_every is not None:
        deeds += _avenue(street["geom"], (planned.get("width") or needed or LANE) / 2, trees_every, species, avoid)
    if not deeds:
        refuse(
            "Hier ändert sich nichts: etwas angeben, oder für Bäume mehr Platz lassen.",
            "Nothing changes here: say what shall, or leave more room for trees.",
        )
    return deeds


def _avenue(axis: Any, half: float, spacing: float, species: str, avoid: Any | None) -> list[Deed]:
    deeds = []
    for part in shapely.get_parts(axis):
        for side in (half + FROM_KERB, -half - FROM_KERB):
            for kerb in shapely.get_parts(part.offset_curve(side)):
                room = None if avoid is None else kerb.intersection(avoid)
                if kerb.length >= spacing and (room is None or room.length < kerb.length - spacing):
                    deeds += row_of_trees(kerb, spacing, species, avoid=avoid, place="Straße")
    return deeds


def new_stop(place: Point, name: str, kind: str = "bus") -> list[Deed]:
    return [new("stops", place, name=name, kind=kind)]


def move_stop(stop: There, place: Point, lines: Sequence[There] = ()) -> list[Deed]:
    """lines: those of this scenario that call there; the point of their way that is nearest to the stop goes along."""
    deeds = [changed("stops", stop, place)]
    for line in lines:
        calls = (line.get("calls") or "").split(";")
        if line["geom"].geom_type == "LineString" and any(call.rpartition("@")[0] == stop["uid"] for call in calls):
            points = shapely.get_coordinates(line["geom"])
            nearest = shapely.distance(shapely.points(points), stop["geom"]).argmin()
            points[nearest] = place.coords[0]
            deeds.append(changed("lines", line, LineString(points)))
    return deeds


def new_line(
    number: str,
    stops: Sequence[There],
    headways: str,
    *,
    kind: str = "bus",
    way: LineString | None = None,
    streets: Sequence[There] = (),
    speed: float | None = None,
    color: str | None = None,
) -> list[Deed]:
    """A line in both directions. stops: in order; way: as drawn, else along the streets, or straight; speed: km/h."""
    if kind not in LINE_KINDS:
        known = ", ".join(LINE_KINDS)
        refuse(f"Es gibt diese Verkehrsmittel: {known}.", f"There are these means of transport: {known}.")
    way = way if way is not None else along([stop["geom"] for stop in stops], streets, kind)
    shape, route = _route(stops, way, speed or SPEEDS[kind])
    fields = {"number": number, "kind": kind, "color": color, **route, **_runs(headways)}
    return [new("lines", shape, **fields)]


def change_line(
    line: There,
    *,
    headways: str | None = None,
    number: str | None = None,
    stops: Sequence[There] = (),
    way: LineString | None = None,
    streets: Sequence[There] = (),
) -> list[Deed]:
    """A line's new headways, number, stops or way. stops: all of them, in order; what is not said stays."""
    kind = line.get("kind") or "bus"
    if stops and way is None:
        way = along([stop["geom"] for stop in stops], streets, kind)
    shape, fields = way, {"number": number} if number is not None else {}
    if stops:
        shape, route = _route(stops, way, SPEEDS.get(kind, SPEEDS["other"]))
        fields |= route
    if headways is not None:
        fields |= _runs(headways)
    if shape is None and not fields:
        refuse(
            "Was soll sich ändern? Takt, Linie, Halte oder Weg angeben.",
            "What shall change? Give headways, number, stops or way.",
        )
    return [changed("lines", line, shape, **fields)]


def _route(stops: Sequence[There], way: LineString | None, speed: float) -> tuple[LineString, dict[str, Any]]:
    """The shape of a line, and what follows from its stops. speed: km/h."""
    if len(stops) < 2:
        refuse("Eine Linie braucht zwei Haltestellen.", "A line takes two stops. Choose another one.")
    places = [stop["geom"] for stop in stops]
    shape = way if way is not None else LineString([place.coords[0] for place in places])
    if shape.length == 0:
        refuse("Die Haltestellen liegen an einem Ort.", "The stops are at one place. Choose others.")
    calls = [Call(stop["uid"], time) for stop, time in zip(stops, _times(places, way, speed), strict=True)]
    names = [stop.get("name") or stop["uid"] for stop in stops]
    return shape, {"name": f"{names[0]} - {names[-1]}", "calls": write_calls(calls)}


def _runs(headways: str) -> dict[str, Any]:
    return {"headways": headways, "trips": 2 * departures(headways)}


def _times(places: Sequence[Point], way: LineString | None, speed: float) -> list[int]:
    """Seconds since the first stop, in half minutes, each at least half a minute after the one before."""
    times = [0]
    for one, other in itertools.pairwise(places):
        if way is None:
            length = one.distance(other) * DETOUR
        else:
            length = max(abs(way.project(other) - way.project(one)), one.distance(other))
        times.append(times[-1] + max(round(length / (speed / 3.6) / 30) * 30, 30))
    return times
