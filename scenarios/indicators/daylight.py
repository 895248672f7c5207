"""DIN EN 17037: hours of sun on the facades of homes, before and after, and what each neighbour loses."""

import numpy as np
import shapely

from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Parts, Place, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.lit import Lit, by_wall, lit_of
from scenarios.indicators.plots import row_title
from scenarios.indicators.sunlight import MOST, SUN_READS, notes, too_large
from scenarios.rules import rules, source_of
from scenarios.shade.scene import AROUND, area_bounds
from twin.feature import Words

HOMES = ("residential", "mixed", "care")
NOTICED = 5.0  # minutes from which on a neighbour is named
COLUMNS = {
    "before": Column(Words("heute", "today"), "h", 1),
    "after": Column(Words("danach", "after"), "h", 1),
    "top": Column(Words("danach, oberstes Geschoss", "after, top storey"), "h", 1),
    "lost": Column(Words("verloren, am stärksten betroffene Wand", "lost, the wall that loses most"), "min", 0),
}


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
    marks = (*notes(given, after.scene), *dated(given))
    return Answer(_figures(given, after, places), places, COLUMNS, drawn, notes=marks)


def dated(given: Given) -> tuple[Words, ...]:
    """The norm judges on one day between 1 February and 21 March; on others its levels are only shown."""
    told = rules("daylight")["sunlight"]
    if told["first"] <= f"{given.sun_day:%m-%d}" <= told["last"]:
        return ()
    return (Words(
        f"DIN EN 17037 urteilt an einem Tag vom 1. Februar bis 21. März, nicht am {given.sun_day:%d.%m.}: Wählen Sie"
        " für den Befund einen solchen.",
        f"DIN EN 17037 judges on a day between 1 February and 21 March, not on {given.sun_day:%d %B}: choose one of"
        " those for its verdict.",
    ),)  # fmt: skip


LEVELS = ("none", "minimum", "medium", "high")


def _verdicts(hours: np.ndarray) -> np.ndarray:
    levels = rules("daylight")["levels"]
    return np.select([hours >= levels[name] for name in ("high", "medium", "minimum")], LEVELS[:0:-1], "none")


def _lit(given: Given) -> Lit:
    """The walls of homes."""
    lit = lit_of(given)
    homes = np.array([use in HOMES for use in lit.rows["use"]], bool)
    return lit.where(homes[lit.walls.owner])


def _figures(given: Given, lit: Lit, places: list[Place]) -> list[Figure]:
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
    uids, hit = np.array([one.uid for one in places]), np.array(lost) >= NOTICED
    return [
        Figure("homes_lit", title, "%", 100 * float(enough.mean()), 1, by_hand=by_hand, sources=(source,),
               parts=Parts("buildings", np.array(list(best)), 100 * enough / len(hours))),
        Figure("homes_medium", Words("mit mindestens 3 h (mittel)", "with at least 3 h (medium)"), "%",
               100 * float((hours >= levels["medium"]).mean()), 1, sources=(source,)),
        Figure("homes_high", Words("mit mindestens 4 h (hoch)", "with at least 4 h (high)"), "%",
               100 * float((hours >= levels["high"]).mean()), 1, sources=(source,)),
        Figure("facades_mean", Words("Sonne auf Wänden von Wohngebäuden", "Sun on walls of homes"), "h",
               float(np.nanmean(lit.hours)), 1, sources=(source,)),
        Figure("neighbours_losing", Words("Häuser, die 5 Minuten oder mehr verlieren", "Homes that lose 5 minutes"),
               "", float(hit.sum()), sources=(source,), parts=Parts("buildings", uids, hit.astype(float))),
        Figure("minutes_lost", Words("Größter Verlust an einer Wand", "Largest loss at a wall"), "min",
               max(lost, default=0.0), sources=(source,)),
    ]  # fmt: skip


def _best(lit: Lit, of_walls: np.ndarray) -> dict[str, float]:
    """uid -> hours at the best of its walls. of_walls: (m,) hours."""
    best: dict[str, float] = {}
    for owner, hours in zip(lit.walls.owner.tolist(), of_walls.tolist(), strict=True):
        uid = str(lit.rows["uid"][owner])
        best[uid] = max(best.get(uid, 0.0), hours)
    return best


def _places(given: Given, before: Lit, after: Lit) -> list[Place]:
    """One line a home: what it has today, what it has then, and what its worst hit wall loses."""
    old, new, top = _best(before, before.lowest), _best(after, after.lowest), _best(after, after.top)
    walls_before = by_wall(before)
    lost: dict[str, float] = {}
    for wall, i in by_wall(after).items():
        if wall in walls_before:
            less = float(before.lowest[walls_before[wall]] - after.lowest[i]) * 60
            lost[wall[0]] = max(lost.get(wall[0], 0.0), less)
    found = []
    for i in np.unique(after.walls.owner).tolist():
        uid = str(after.rows["uid"][i])
        values = {"before": old.get(uid), "after": new[uid], "top": top[uid], "lost": lost.get(uid)}
        told = verdict(values["before"], new[uid])
        title = row_title(after.rows, i, "address", "name")
        above = new[uid] < rules("daylight")["levels"]["minimum"]
        found.append(Place(f"home/{uid}", "buildings", uid, title, values, told, above, after.rows.shapes[i]))
    return sorted(found, key=lambda one: -(one.values["lost"] or 0.0))


WORDS = {
    "none": Words("unter dem Mindestwert", "below the minimum"),
    "minimum": Words("Mindestwert", "minimum"),
    "medium": Words("mittel", "medium"),
    "high": Words("hoch", "high"),
}


def verdict(before: float | None, after: float) -> Words:
    """DIN EN 17037 on the hours of today and of then."""
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
