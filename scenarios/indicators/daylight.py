"""DIN EN 17037: hours of sun on the facades of homes, before and after, and what each neighbour loses."""

from typing import NamedTuple

import numpy as np
import shapely

from scenarios.counting import heights
from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Place, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.plots import row_title
from scenarios.indicators.sunlight import MOST, SUN_READS, notes, too_large
from scenarios.indicators.walls import Walls, outer_walls
from scenarios.rows import Rows
from scenarios.rules import rules, source_of
from scenarios.shade.relief import bases
from scenarios.shade.scene import AROUND, Scene, area_bounds, lit_hours, positions, scene_of
from twin.feature import Words

HOMES = ("residential", "mixed", "care")
NEIGHBOURS = 100.0  # metres around the area in which homes are looked at
APART = 5.0  # metres between two proof points of a wall
NOTICED = 5.0  # minutes from which on a neighbour is named
COLUMNS = {
    "before": Column(Words("heute", "today"), "h", 1),
    "after": Column(Words("danach", "after"), "h", 1),
    "top": Column(Words("danach, oberstes Geschoss", "after, top storey"), "h", 1),
    "lost": Column(Words("verloren, am stärksten betroffene Wand", "lost, the wall that loses most"), "min", 0),
}


class _Lit(NamedTuple):
    """Hours of sun on the m walls of homes. lowest, top: (m,) at those storeys; of_storeys: (m,) mean of all."""

    rows: Rows
    walls: Walls
    lowest: np.ndarray
    top: np.ndarray
    of_storeys: np.ndarray
    scene: Scene


def answer(given: Given) -> Answer:
    refused = too_large(area_bounds(given, AROUND))
    if refused is not None:
        return Answer([Figure("homes_lit", Words("Häuser mit Sonne", "Homes with sun"), "%", None, refused=refused)])
    after = _lit(given)
    before = after if given.before is None else _lit(given.before)
    places = _places(given, before, after)
    verdicts = _verdicts(after.lowest)
    shapes = shapely.linestrings(np.stack([after.walls.start, after.walls.end], axis=1)) if len(after.lowest) else None
    drawn = [Drawn(level, shapes[verdicts == level]) for level in LEVELS] if shapes is not None else []
    return Answer(_figures(given, after, places), places, COLUMNS, drawn, notes=notes(given, after.scene))


LEVELS = ("none", "minimum", "medium", "high")


def _verdicts(hours: np.ndarray) -> np.ndarray:
    levels = rules("daylight")["levels"]
    return np.select([hours >= levels[name] for name in ("high", "medium", "minimum")], LEVELS[:0:-1], "none")


def _lit(given: Given) -> _Lit:
    rules_of = rules("daylight")["sunlight"]
    scene = scene_of(given, area_bounds(given, AROUND))
    rows = given.rows["buildings"]
    near = np.ones(len(rows), bool) if given.area is None else shapely.dwithin(rows.shapes, given.area, NEIGHBOURS)
    homes = near & np.array([use in HOMES for use in rows["use"]], bool)
    walls = outer_walls(rows.shapes)
    walls = walls.where(homes[walls.owner])
    azimuth, altitude = positions(given.sun_day, given.place, rules_of["altitude"])
    points, wall, storey = _points(walls, rows, given, scene, rules_of["sill"])
    hours = lit_hours(scene, points, walls.normal[wall], azimuth, altitude)
    many = len(walls.owner)
    last = np.zeros(many, int)
    np.maximum.at(last, wall, storey)
    lowest, top = (_mean(hours[chosen], wall[chosen], many) for chosen in (storey == 0, storey == last[wall]))
    return _Lit(rows, walls, lowest, top, _mean(hours, wall, many), scene)


def _points(walls: Walls, rows: Rows, given: Given, scene: Scene, sill: float):
    """Proof points (n, 3) on the outer planes, at least every 5 m, on every storey; the wall and the storey of each."""
    storeys, height, eaves = heights(rows, given.assume("storey_height"))
    foot = bases(rows, scene.ground, scene.bounds, scene.cell)
    each = np.minimum(eaves / storeys, height)
    length = np.linalg.norm(walls.end - walls.start, axis=1)
    along = np.maximum(np.ceil(length / APART), 1).astype(int)
    many = along * storeys[walls.owner].astype(int)
    wall = np.repeat(np.arange(len(many)), many)
    place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    storey, at = place // along[wall], place % along[wall]
    share = (at + 0.5) / along[wall]
    xy = walls.start[wall] + (walls.end - walls.start)[wall] * share[:, None]
    owner = walls.owner[wall]
    return np.column_stack([xy, foot[owner] + storey * each[owner] + sill]), wall, storey


def _mean(values: np.ndarray, group: np.ndarray, many: int) -> np.ndarray:
    return np.bincount(group, values, many) / np.maximum(np.bincount(group, minlength=many), 1)


def _figures(given: Given, lit: _Lit, places: list[Place]) -> list[Figure]:
    levels, source = rules("daylight")["levels"], source_of(rules("daylight")["sunlight"])
    best = _best(lit, lit.lowest)
    title = Words("Wohngebäude mit mindestens 1,5 h Sonne", "Homes with at least 1.5 h of sun")
    if not best:
        none = Words("Im Gebiet und um es stehen keine Wohngebäude.", "There are no homes in the area or around it.")
        return [Figure("homes_lit", title, "%", None, refused=none)]
    hours = np.array(list(best.values()))
    enough = hours >= levels["minimum"]
    by_hand = sentence("{n} von {all} Wohngebäuden haben am {day} an einer Wand im Erdgeschoss so viel Sonne über 11°",
                       "{n} of {all} homes have that much sun above 11° at a wall of the ground floor on {day}",
                       n=(int(enough.sum()), 0), all=(len(hours), 0), day=f"{given.sun_day:%d.%m.%Y}")  # fmt: skip
    lost = [one.values["lost"] or 0.0 for one in places]
    return [
        Figure("homes_lit", title, "%", 100 * float(enough.mean()), 1, by_hand=by_hand, sources=(source,)),
        Figure("homes_medium", Words("mit mindestens 3 h (mittel)", "with at least 3 h (medium)"), "%",
               100 * float((hours >= levels["medium"]).mean()), 1, sources=(source,)),
        Figure("homes_high", Words("mit mindestens 4 h (hoch)", "with at least 4 h (high)"), "%",
               100 * float((hours >= levels["high"]).mean()), 1, sources=(source,)),
        Figure("facades_mean", Words("Sonne auf Wänden von Wohngebäuden", "Sun on walls of homes"), "h",
               float(lit.of_storeys.mean()), 1, sources=(source,)),
        Figure("neighbours_losing", Words("Häuser, die 5 Minuten oder mehr verlieren", "Homes that lose 5 minutes"),
               "", float(sum(minutes >= NOTICED for minutes in lost)), sources=(source,)),
        Figure("minutes_lost", Words("Größter Verlust an einer Wand", "Largest loss at a wall"), "min",
               max(lost, default=0.0), sources=(source,)),
    ]  # fmt: skip


def _best(lit: _Lit, of_walls: np.ndarray) -> dict[str, float]:
    """uid -> hours at the best of its walls. of_walls: (m,) hours."""
    best: dict[str, float] = {}
    for owner, hours in zip(lit.walls.owner.tolist(), of_walls.tolist(), strict=True):
        uid = str(lit.rows["uid"][owner])
        best[uid] = max(best.get(uid, 0.0), hours)
    return best


def _places(given: Given, before: _Lit, after: _Lit) -> list[Place]:
    """One line a home: what it has today, what it has then, and what its worst hit wall loses."""
    old, new, top = _best(before, before.lowest), _best(after, after.lowest), _best(after, after.top)
    walls_before = _by_wall(before)
    lost: dict[str, float] = {}
    for (uid, wall), hours in _by_wall(after).items():
        if (uid, wall) in walls_before:
            lost[uid] = max(lost.get(uid, 0.0), (walls_before[uid, wall] - hours) * 60)
    found = []
    for i in np.unique(after.walls.owner).tolist():
        uid = str(after.rows["uid"][i])
        values = {"before": old.get(uid), "after": new[uid], "top": top[uid], "lost": lost.get(uid)}
        told = _told(values["before"], new[uid])
        title = row_title(after.rows, i, "address", "name")
        above = None if told is None else new[uid] < rules("daylight")["levels"]["minimum"]
        found.append(Place(f"home/{uid}", "buildings", uid, title, values, told, above, after.rows.shapes[i]))
    return sorted(found, key=lambda one: -(one.values["lost"] or 0.0))


def _by_wall(lit: _Lit) -> dict[tuple[str, tuple[float, ...]], float]:
    """(uid, ends of the wall) -> hours: a wall is the same in two plans while it stands where it stood."""
    ends = np.concatenate([lit.walls.start, lit.walls.end], axis=1).round(1)
    uids = lit.rows["uid"][lit.walls.owner]
    return {
        (str(uid), tuple(at)): hours for uid, at, hours in zip(uids, ends.tolist(), lit.lowest.tolist(), strict=True)
    }


WORDS = {
    "none": Words("unter dem Mindestwert", "below the minimum"),
    "minimum": Words("Mindestwert", "minimum"),
    "medium": Words("mittel", "medium"),
    "high": Words("hoch", "high"),
}


def _told(before: float | None, after: float) -> Words:
    new = WORDS[str(_verdicts(np.array([after]))[0])]
    if before is None:
        return Words(f"DIN EN 17037: {new.de}", f"DIN EN 17037: {new.en}")
    old = WORDS[str(_verdicts(np.array([before]))[0])]
    if old == new:
        return Words(f"DIN EN 17037: {new.de}, wie heute", f"DIN EN 17037: {new.en}, as today")
    return Words(f"DIN EN 17037: {new.de}, heute {old.de}", f"DIN EN 17037: {new.en}, today {old.en}")


INDICATOR = Indicator(
    "daylight", 70,
    Words("Besonnung der Wohnungen (DIN EN 17037)", "Sun on homes (DIN EN 17037)"),
    Words("Wem nimmt der Plan die Sonne?", "Whose sun does the plan take?"),
    Words(
        "Für jede freie Außenwand der Wohngebäude im Gebiet und bis 100 m darum: Stunden am gewählten Tag, an denen"
        " die Sonne höher als 11° vor der Wand steht und nichts dazwischen liegt. Nachweispunkte mindestens alle 5 m,"
        " 1,20 m über dem Fußboden jedes Geschosses, in der Ebene der Wand. Das Haus wird nach seiner besten Wand im"
        " Erdgeschoss beurteilt: 1,5 h Mindestwert, 3 h mittel, 4 h hoch. Der Verlust ist der der am stärksten"
        " betroffenen Wand.",
        "For each free outer wall of homes in the area and up to 100 m around it: hours of the chosen day during"
        " which the sun stands higher than 11° before the wall and nothing lies between. Proof points at least every"
        " 5 m, 1.20 m above each storey's floor, in the plane of the wall. A home is judged by its best wall of the"
        " ground floor: 1.5 h minimum, 3 h medium, 4 h high. The loss is that of the wall that loses most.",
    ),
    Words(
        "Kein Nachweis nach DIN EN 17037: Der gilt für Räume; Fenster, Balkone und Vordächer sind nicht bekannt. Von"
        " Baumkronen nimmt die Rechnung einen angenommenen Teil der Sonne an. Gerichte fragen nach der Veränderung an"
        " benannten Wänden, nicht nach einem Grenzwert.",
        "No proof after DIN EN 17037, which judges rooms: windows, balconies and canopies are not known. Crowns"
        " take an assumed share of the sun. Courts ask for the change at named walls, not for a limit.",
    ),
    (source_of(rules("daylight")["sunlight"]),),
    SUN_READS,
    answer,
    ("homes_lit", "homes_medium", "neighbours_losing", "minutes_lost"),
    margin=AROUND,
    slow=True,
    most=MOST,
)  # fmt: skip
