"""Hours of sun on every facade, storey by storey, and on every roof: on a day or in a year, before and after."""

import numpy as np
import shapely

from scenarios.indicators.daylight import dated, verdict
from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Parts, Place, number, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.lit import Lit, by_wall, lit_of
from scenarios.indicators.plots import row_title
from scenarios.indicators.sunlight import SHADES, SUN_READS, notes, too_large, when
from scenarios.rules import rules, source_of
from scenarios.shade.relief import Roofs, cells_in, lifted, roofs_of
from scenarios.shade.scene import AROUND, area_bounds, hours_asked
from twin.feature import Words

MOST = 4_000  # buildings
STOREYS = 6  # that have a column of their own
NOTICED = 5.0  # minutes
PROUD = 0.12  # metres that a coloured face stands before its wall or over its roof
SIDES = (
    Words("Nord", "north"), Words("Nordost", "north-east"), Words("Ost", "east"), Words("Südost", "south-east"),
    Words("Süd", "south"), Words("Südwest", "south-west"), Words("West", "west"), Words("Nordwest", "north-west"),
)  # fmt: skip
GROUND = Words("EG", "ground floor")
COLUMNS = {
    "length": Column(Words("Länge", "Length"), "m", 1),
    "before": Column(Words("EG heute", "Ground floor today"), "h", 1),
    **{f"storey_{i}": Column(Words(f"{i}. OG", f"Storey {i}") if i else GROUND, "h", 1) for i in range(STOREYS)},
    "top": Column(Words("oberstes Geschoss", "top storey"), "h", 1),
    "year": Column(Words("EG im Jahr", "Ground floor, year"), "h/a", 0),
    "roof": Column(Words("Dach", "Roof"), "h", 1),
    "lost": Column(Words("verloren", "lost"), "min", 0),
}  # fmt: skip
TITLES = {
    "facades_sun": Words("Sonne über 11° auf Fassaden, im Mittel", "Sun above 11° on facades, on average"),
    "facades_enough": Words("Fassaden mit 1,5 h Sonne im EG", "Facades with 1.5 h of sun, ground floor"),
    "facades_losing": Words("Fassaden, die 5 Minuten oder mehr verlieren", "Facades that lose 5 minutes or more"),
    "roofs_sun": Words("Sonne über 11° auf Dächern, im Mittel", "Sun above 11° on roofs, on average"),
}


def answer(given: Given) -> Answer:
    refused = too_large(area_bounds(given, AROUND))
    if refused is not None:
        return Answer([Figure("facades_sun", TITLES["facades_sun"], "h", None, 1, refused=refused)])
    after = lit_of(given)
    if len(after.walls.owner) == 0:
        none = Words("Im Gebiet stehen keine Gebäude.", "There are no buildings in the area.")
        return Answer([Figure("facades_sun", TITLES["facades_sun"], "h", None, 1, refused=none)])
    before = after if given.before is None else lit_of(given.before)
    roofs, roof_hours = _roofs(given, after)
    lost = _lost(before, after)
    places = [*_walls(before, after, lost), *_roof_places(given, roofs, roof_hours)]
    drawn = [_panels(given, after, lost), _roof_panels(given, roofs, roof_hours)]
    figures = _figures(given, after, lost, roof_hours)
    return Answer(figures, places, COLUMNS, drawn, notes=(*notes(given, after.scene), *dated(given)))


def _lost(before: Lit, after: Lit) -> np.ndarray:
    """(m,) minutes that each wall loses on the ground floor; NaN where it does not stand today."""
    old, lost = by_wall(before), np.full(len(after.storeys), np.nan)
    for wall, i in by_wall(after).items():
        if wall in old:
            lost[i] = (before.lowest[old[wall]] - after.lowest[i]) * 60
    return lost


def _figures(given: Given, lit: Lit, lost: np.ndarray, roofs: np.ndarray) -> list[Figure]:
    source = source_of(rules("daylight")["sunlight"])
    unit, hours = ("h/a", lit.of_year) if lit.of_year is not None else ("h", lit.hours)
    losing = np.nan_to_num(lost) >= NOTICED
    uids = lit.rows["uid"][lit.walls.owner].astype(str)
    buildings = np.unique(uids)
    many = np.array([(uids[losing] == uid).sum() for uid in buildings], float)
    by_hand = sentence("Mittel über {n} Geschosse von {walls} freien Außenwänden, {day}, Sonne über 11°",
                       "mean of {n} storeys of {walls} free outer walls, {day}, sun above 11°",
                       n=(int(np.isfinite(lit.hours).sum()), 0), walls=(len(lit.storeys), 0),
                       day=when(given))  # fmt: skip
    none = Words("Im Gebiet ist kein Dach bekannt.", "No roof is known in the area.")
    known = roofs[np.isfinite(roofs)]
    return [
        Figure("facades_sun", TITLES["facades_sun"], unit, float(np.nanmean(hours)), 1, by_hand=by_hand,
               assumed=("storey_height",)),
        Figure("facades_enough", TITLES["facades_enough"], "%",
               100 * float((lit.lowest >= rules("daylight")["levels"]["minimum"]).mean()), 1, sources=(source,)),
        Figure("facades_losing", TITLES["facades_losing"], "", float(losing.sum()),
               parts=Parts("buildings", buildings, many)),
        Figure("roofs_sun", TITLES["roofs_sun"], unit, float(known.mean()) if known.size else None, 1,
               refused=None if known.size else none),
    ]  # fmt: skip


def _walls(before: Lit, after: Lit, lost: np.ndarray) -> list[Place]:
    """One line a wall, the one that loses most first."""
    old, found = by_wall(before), []
    for wall, i in by_wall(after).items():
        owner, hours = int(after.walls.owner[i]), after.hours[i]
        title = row_title(after.rows, owner, "address", "name")
        side = SIDES[round(float(np.degrees(np.arctan2(*after.walls.normal[i])) % 360) / 45) % 8]
        today = float(before.lowest[old[wall]]) if wall in old else None
        values: dict[str, float | None] = {
            f"storey_{k}": float(one) for k, one in enumerate(hours[:STOREYS]) if np.isfinite(one)
        }
        values |= {
            "length": float(np.linalg.norm(after.walls.end[i] - after.walls.start[i])), "before": today,
            "top": float(after.top[i]) if after.storeys[i] > STOREYS else None,
            "year": None if after.of_year is None else float(after.of_year[i, 0]),
            "lost": None if np.isnan(lost[i]) else float(lost[i]),
        }  # fmt: skip
        told = verdict(today, float(after.lowest[i]))
        shape = shapely.LineString([after.walls.start[i], after.walls.end[i]])
        key = "facade/" + "/".join(map(str, (wall[0], *wall[1])))
        of_side = Words(f"{title.de}, {side.de}", f"{title.en}, {side.en}")
        found.append(Place(key, "buildings", wall[0], of_side, values, told, None, shape))
    return sorted(found, key=lambda one: -(one.values["lost"] or 0.0))


def _roofs(given: Given, lit: Lit) -> tuple[Roofs, np.ndarray]:
    """The roof planes of the area's buildings, and the hours on each: NaN where it is smaller than a cell."""
    scene = lit.scene
    roofs = roofs_of(lit.rows, scene.ground, scene.bounds, scene.cell, given.assume("storey_height"))
    inside = given.inside["buildings"][roofs.owner]
    roofs = Roofs(*(part[inside] for part in roofs))
    grid = hours_asked(given, scene, rules("daylight")["sunlight"]["altitude"])
    owner, row, column = cells_in(roofs.shapes, grid.shape, scene.bounds, scene.cell)
    many = np.bincount(owner, minlength=len(roofs.shapes))
    total = np.bincount(owner, np.nan_to_num(grid[row, column]), len(roofs.shapes))
    return roofs, np.where(many > 0, total / np.maximum(many, 1), np.nan)


def _roof_places(given: Given, roofs: Roofs, hours: np.ndarray) -> list[Place]:
    rows, found = given.rows["buildings"], []
    size = shapely.area(roofs.shapes) * np.isfinite(hours)
    for owner in np.unique(roofs.owner[size > 0]).tolist():
        mine = (roofs.owner == owner) & (size > 0)
        mean = float(np.average(hours[mine], weights=size[mine]))
        title, uid = row_title(rows, owner, "address", "name"), str(rows["uid"][owner])
        unit = "h/a" if given.year else "h"
        told = Words(f"{number(mean, 1).de} {unit} im Mittel", f"{number(mean, 1).en} {unit} on average")
        of_roof = Words(f"{title.de}, Dach", f"{title.en}, roof")
        found.append(Place(f"roof-sun/{uid}", "buildings", uid, of_roof, {"roof": mean}, told, None, None))
    return found


def _panels(given: Given, lit: Lit, lost: np.ndarray) -> Drawn:
    """One upright face a storey and wall, a little before it: of the area's buildings and of those that lose sun."""
    shown = given.inside["buildings"].copy()
    shown[lit.walls.owner[np.nan_to_num(lost) >= NOTICED]] = True
    wall, storey = np.nonzero(np.isfinite(lit.hours) & shown[lit.walls.owner][:, None])
    out = lit.walls.normal[wall] * PROUD
    low = lit.foot[wall] + storey * lit.each[wall]
    high = low + lit.each[wall]
    one, other = lit.walls.start[wall] + out, lit.walls.end[wall] + out
    corners = [np.column_stack(corner) for corner in ((one, low), (other, low), (other, high), (one, high))]
    hours = lit.hours if lit.of_year is None else lit.of_year
    return Drawn("hours", shapely.polygons(np.stack(corners, axis=1)), classes=_class(given, hours[wall, storey]))


def _roof_panels(given: Given, roofs: Roofs, hours: np.ndarray) -> Drawn:
    known = Roofs(*(part[np.isfinite(hours)] for part in roofs))
    return Drawn("hours", lifted(known, PROUD), classes=_class(given, hours[np.isfinite(hours)]))


def _class(given: Given, hours: np.ndarray) -> np.ndarray:
    return (hours / SHADES[given.year]).astype(int)


INDICATOR = Indicator(
    "facades", 65,
    Words("Sonne auf Fassaden und Dächern", "Sun on facades and roofs"),
    Words("Wie lange scheint die Sonne auf jede Wand, Geschoss für Geschoss?", "How long is each storey in the sun?"),
    Words(
        "Für jede freie Außenwand im Gebiet und bis 100 m darum, auch zu Höfen: Stunden, in denen die Sonne höher als"
        " 11° vor der Wand steht und nichts dazwischen liegt, je Geschoss in 1,20 m Höhe und alle 5 m gemittelt. Am"
        " gewählten Tag für jede zehnte Minute, für ein Jahr am mittleren Tag jedes Monats alle 20 Minuten mal der"
        " Zahl seiner Tage. Dächer: Mittel der Felder von 1 m² jeder Dachfläche. Verloren: im Erdgeschoss gegen heute.",
        "For each free outer wall in the area and up to 100 m around it, those to courtyards among them: hours during"
        " which the sun stands higher than 11° before the wall and nothing lies between, for each storey at 1.20 m and"
        " every 5 m, averaged. On the chosen day for every tenth minute, for a year on the mean day of each month"
        " every 20 minutes, times its days. Roofs: mean of the cells of 1 m² of each plane. Lost: on the ground floor"
        " against today.",
    ),
    Words(
        "Klarer Himmel. Der Befund nach DIN EN 17037 gilt für Räume; Fenster, Balkone und Vordächer sind nicht"
        " bekannt. Eine Wand, die der Plan versetzt, hat keinen Wert von heute.",
        "Clear sky. DIN EN 17037 judges rooms; windows, balconies and canopies are not known. A wall that the plan"
        " moves has no value of today.",
    ),
    (source_of(rules("daylight")["sunlight"]),),
    SUN_READS,
    answer,
    ("facades_sun", "facades_losing", "roofs_sun"),
    margin=AROUND,
    slow=True,
    most=MOST,
)  # fmt: skip
