"""What a design in plain data says (sample_city/designs.py), as the deeds of one step in a scenario."""

from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import shape
from sqlalchemy.orm import Session

from layers.codes import SEALED_PERCENT
from layers.stops import Stop
from scenarios import changes
from scenarios.changes import Step
from scenarios.forms import lowest_ground
from scenarios.forms.library import draw
from scenarios.project import Person
from scenarios.verbs import Deed, There, along, new, perform, touching
from scenarios.verbs.houses import reuse, take_down
from scenarios.verbs.land import cut_out, rezone
from scenarios.verbs.planting import grove, row_of_trees
from scenarios.verbs.traffic import new_line, new_stop
from twin.feature import Scenario

FROM_WALL = 4.0  # metres between a wall and the nearest tree
DRAWN = ("storeys", "storey_height", "roof", "pitch", "setback", "ridge_direction")
SAID = ("use", "function", "storey_uses", "dwellings", "name")


def plan(db: Session, scenario: Scenario, person: Person | None, told: dict[str, Any]) -> Step:
    """Put a whole design into a scenario, as one step. The caller commits. Raises BadShape."""
    with changes.step(db, scenario, person, "design") as step:
        perform(step, deeds_of(db, scenario.id, told))
        stops = {one["name"]: _stop(step, one) for one in told["stops"]}
        perform(step, transport_of(db, scenario.id, told, stops))
    return step


def deeds_of(db: Session, scenario: int, told: dict[str, Any]) -> list[Deed]:
    """Clear the area but for what is kept, and plan what the design says. Raises BadShape."""
    area = shape(told["area"])
    standing = [one for one in touching(db, scenario, "buildings", area) if area.contains(one["geom"].centroid)]
    kept = [one for one in standing if one.get("name") in told["keep"]]
    gone = [one for one in standing if one not in kept]
    vacancies = touching(db, scenario, "vacancies", area)
    deeds = _cleared(db, scenario, gone, area, vacancies)
    for one in kept:
        inside = [vacancy for vacancy in vacancies if ("vacancies", vacancy["uid"]) not in _seen(deeds)]
        deeds += reuse(one, told["reuse"], inside)
    deeds += rezone(touching(db, scenario, "zones", area), area, **told["zone"])
    deeds += _ground(db, scenario, told["surfaces"])
    houses = [_house(db, one) for one in told["buildings"]]
    walls = shapely.union_all([house.shape for house in houses] + [one["geom"] for one in kept]).buffer(FROM_WALL)
    deeds += houses
    deeds += [new("streets", shape(one.pop("geometry")), **one) for one in map(dict, told["streets"])]
    for one in told["rows"]:
        if shape(one["geometry"]).difference(walls).length > one["spacing"] * 2:
            deeds += row_of_trees(shape(one["geometry"]), one["spacing"], one["species"], avoid=walls)
    for number, one in enumerate(told["groves"]):
        if shape(one["geometry"]).difference(walls).area > 4 * one["spacing"] ** 2:
            deeds += grove(shape(one["geometry"]), one["spacing"], one["species"], seed=number, avoid=walls)
    return deeds


def transport_of(db: Session, scenario: int, told: dict[str, Any], stops: dict[str, str]) -> list[Deed]:
    """The lines of a design, once its stops are there. stops: name -> uid."""
    deeds: list[Deed] = []
    for line in told["lines"]:
        around = touching(db, scenario, "stops", shape(told["area"]).buffer(2500))
        start = next(stop for stop in around if stop["uid"] == stops[line["from"]])
        way = _onwards(start, [stop for stop in around if stop is not start], line["stops"])
        streets = touching(db, scenario, "streets", along.around([stop["geom"] for stop in way]))
        deeds += new_line(line["number"], way, line["headways"], streets=streets)
    return deeds


def _stop(step: Step, told: dict[str, Any]) -> str:
    """The uid of a new stop."""
    (deed,) = new_stop(shape(told["geometry"]), told["name"])
    return changes.place(step, Stop, None, deed.shape, deed.fields, seen=None).uid


def _cleared(db: Session, scenario: int, gone: list[There], area: Any, vacancies: list[There]) -> list[Deed]:
    deeds: list[Deed] = []
    around: dict[str, Sequence[There]] = {"vacancies": vacancies, "trees": touching(db, scenario, "trees", area)}
    for one in gone:
        deeds += [deed for deed in take_down(one, around) if (deed.layer, deed.uid) not in _seen(deeds)]
    return deeds


def _seen(deeds: list[Deed]) -> set[tuple[str, str | None]]:
    return {(deed.layer, deed.uid) for deed in deeds}


def _ground(db: Session, scenario: int, pieces: list[dict[str, Any]]) -> list[Deed]:
    """All pieces are cut out of what is there at once: they do not overlap."""
    shapes = [shape(one["geometry"]) for one in pieces]
    whole = shapely.union_all(shapes).buffer(0.02).buffer(-0.02)
    laid = [
        new("surfaces", piece, kind=one["kind"], sealed_percent=SEALED_PERCENT.get(one["kind"], 0.0))
        for piece, one in zip(shapes, pieces, strict=True)
    ]
    return [*cut_out("surfaces", touching(db, scenario, "surfaces", whole), whole), *laid]


def _house(db: Session, told: dict[str, Any]) -> Deed:
    outline = shape(told["geometry"])
    form = {name: told[name] for name in DRAWN if name in told}
    _, fields = draw(told["type"], outline, lowest_ground(db, outline), **form)
    fields |= {name: told[name] or None for name in SAID if name in told}
    return new("buildings", outline, **fields)


def _onwards(start: There, others: list[There], count: int) -> list[There]:
    """From stop to stop towards where most stops are: the middle of the town."""
    middle = shapely.points(*(sum(one["geom"].coords[0][k] for one in others) / len(others) for k in (0, 1)))
    ranked = sorted(others, key=lambda one: one["geom"].distance(middle))
    end = ranked[0]
    length = start["geom"].distance(end["geom"])
    way = [start]
    for step in range(1, count):
        wanted = shapely.line_interpolate_point(
            shapely.LineString([start["geom"], end["geom"]]), length * step / (count - 1)
        )
        nearest = min(others, key=lambda one: one["geom"].distance(wanted))
        names = {one.get("name") for one in way}
        if nearest.get("name") not in names:
            way.append(nearest)
    return way
