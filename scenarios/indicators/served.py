"""Stop quality: who lives how well served by bus and train, in classes from A to F."""

import numpy as np
import shapely

from scenarios.access.asked import MARGIN, NO_BUILDINGS, NO_STREETS, READS, people_given, ways_given
from scenarios.access.quality import CLASSES, Served, classes, in_metres, served
from scenarios.access.timetable import Timetable
from scenarios.indicators.figures import Answer, Column, Drawn, Figure, Indicator, Parts, Place, number, sentence
from scenarios.indicators.given import Given
from scenarios.indicators.walking import MOST
from scenarios.rows import Rows
from scenarios.rules import rules, source_of
from twin.feature import Words

SOURCE = source_of(rules("access")["quality"])
GOOD = CLASSES.index("D")  # the last class that counts as served in a town
SERVED = Words("Gut angebunden (Güteklasse A bis D)", "Well served (class A to D)")
COLUMNS = {
    "headway": Column(Words("mittlerer Takt 6–20 Uhr", "mean headway 6–20 h"), "min", 0),
    "category": Column(Words("Kategorie", "Category"), "", 0),
    "people": Column(Words("Menschen, die davon leben", "People who have their class from it"), "", 0),
}
NO_TIMETABLE = Words(
    "Es ist kein Fahrplan geladen und keine Linie geplant. Laden Sie ihn (GTFS): twin load fahrplan.zip, oder zeichnen"
    " Sie in der Variante eine Linie mit Takt.",
    "No timetable is loaded and no line planned. Load one (GTFS): twin load timetable.zip, or draw a line with headways"
    " in the scenario.",
)


def answer(given: Given) -> Answer:
    table = given.timetable()
    rows = given.of("buildings")
    missing = NO_BUILDINGS if len(rows) == 0 else NO_TIMETABLE if table is None or len(table.runs) == 0 else None
    net = in_metres(ways_given(given)) if missing is None else None
    if missing is None and net is not None and len(net.piece) == 0:
        missing = NO_STREETS
    if missing is not None or table is None or net is None:
        return Answer([Figure("served", SERVED, "", None, refused=missing)])
    stops = served(table)
    found, by = classes(net, net.onto(shapely.centroid(rows.shapes)), table, stops)
    people = people_given(given).people[given.inside["buildings"]]
    drawn = [Drawn(f"served-{letter or 'none'}", rows.shapes[found == i]) for i, letter in enumerate(CLASSES)]
    return Answer(_figures(rows, people, found), _places(table, stops, people, by), COLUMNS, drawn,
                  notes=(*table.notes, _day(table)))  # fmt: skip


def _figures(rows: Rows, people: np.ndarray, found: np.ndarray) -> list[Figure]:
    whole, good = float(people.sum()), people * (found <= GOOD)
    share = 100 * float(good.sum()) / whole if whole else 0.0
    by_hand = sentence("{n} von {all} Menschen = {share} %", "{n} of {all} people = {share} %",
                       n=(float(good.sum()), 0), all=(whole, 0), share=(share, 1))  # fmt: skip
    figures = [Figure("served", SERVED, "", float(good.sum()), by_hand=by_hand, sources=(SOURCE,),
                      parts=Parts("buildings", rows["uid"], good))]  # fmt: skip
    for i, letter in enumerate(CLASSES):
        mine = people * (found == i)
        title = Words(f"Menschen in Güteklasse {letter}", f"People in class {letter}") if letter else Words(
            "Menschen ohne Güteklasse", "People without a class")  # fmt: skip
        figures.append(Figure(f"class_{letter or 'none'}", title, "", float(mine.sum()), sources=(SOURCE,),
                              parts=Parts("buildings", rows["uid"], mine)))  # fmt: skip
    return figures


def _places(table: Timetable, stops: Served, people: np.ndarray, by: np.ndarray) -> list[Place]:
    """Stops that give somebody a class, those of one name together, the best first."""
    living = np.bincount(stops.group[by[by >= 0]], people[by >= 0], len(stops.group))
    found = []
    for i in np.flatnonzero(living > 0).tolist():
        headway, category = float(stops.headway[i]), int(stops.category[i])
        values: dict[str, float | None] = {"headway": headway, "category": category, "people": float(living[i])}
        title = str(table.stops["name"][i] or table.stops["uid"][i])
        told = Words(f"alle {number(headway).de} min", f"every {number(headway).en} min")
        uid = str(table.stops["uid"][i])
        found.append(Place(f"stop/{uid}", "stops", uid, Words(title, title), values, told, None, table.stops.shapes[i]))
    return sorted(found, key=lambda one: (one.values["category"] or 0, one.values["headway"] or 0))


def _day(table: Timetable) -> Words:
    return Words(f"Fahrplan vom {table.day:%d.%m.%Y}, einem gewöhnlichen Werktag.",
                 f"Timetable of {table.day}, an ordinary weekday.")  # fmt: skip


INDICATOR = Indicator(
    "served", 92,
    Words("Anbindung an Bus und Bahn", "Served by bus and train"),
    Words("Wer wohnt wie gut angebunden?", "Who lives how well served?"),
    Words(
        "ÖV-Güteklassen nach dem Verfahren des Schweizer ARE: Aus dem mittleren Takt einer Haltestelle von 6 bis 20 Uhr"
        " (Abfahrten aller Linien durch zwei Richtungen) und dem Verkehrsmittel folgt ihre Kategorie; aus Kategorie und"
        " Weg die Klasse. Der Weg führt zu Fuß über das Netz, nicht als Luftlinie. Es gilt die beste Klasse. Steige"
        " eines Namens bis 300 m sind eine Haltestelle. Gezählt werden Fahrplan und geplante Linien mit ihrem Takt.",
        "Quality classes after the Swiss ARE: the mean headway of a stop from 6 to 20 h (departures of all lines by"
        " two directions) and the means of transport give its category; category and way give the class. The way is on"
        " foot over the net, not as the crow flies. The best class holds. Platforms of one name up to 300 m apart are"
        " one stop. Both the timetable and planned lines with their headways count.",
    ),
    Words(
        "In Deutschland kein verbindlicher Standard. Ein Werktag steht für alle: Abende, Wochenenden und Ferien fehlen,"
        " ebenso Rufbusse, Anschlüsse, Zuverlässigkeit und Stufenfreiheit.",
        "No binding standard in Germany. One weekday stands for all: evenings, weekends and holidays are missing, and"
        " so are buses on demand, connections, reliability and step-free access.",
    ),
    (SOURCE,),
    {**READS, "lines": ("number",)},
    answer,
    ("served", "class_none"),
    margin=MARGIN,
    slow=True,
    most=MOST,
)  # fmt: skip
