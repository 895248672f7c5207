"""What the people of the sample town say about the three futures of their sugar works, as plain data."""

from typing import Any

import shapely
from shapely.geometry import LineString, Point, Polygon, mapping
from shapely.ops import nearest_points

QUARTER, CAMPUS, PARK, TODAY = 0, 1, 2, None  # the designs, in the order of `designs`
HOMES, TRAFFIC, GREEN, MEET, WORK, MEMORY = (
    "Wohnen", "Verkehr", "Grün und Klima", "Spielen und Treffen", "Einkaufen und Arbeiten", "Geschichte",
)  # fmt: skip
CATEGORIES = [HOMES, TRAFFIC, GREEN, MEET, WORK, MEMORY]
QUESTION = "Welche Zukunft gefällt Ihnen am besten?"
CHOICES = ["Neues Quartier", "Campus", "Zuckerpark", "eine Mischung", "noch unentschieden"]

TEXT = (
    "Die alte Zuckerfabrik steht seit 1991 leer. Nun entscheidet die Stadt, was daraus wird. Es gibt drei Entwürfe: ein"
    " Quartier mit Wohnungen, einen Campus und einen Park. Nichts davon ist beschlossen. Sicher ist nur: Siedehaus,"
    " Wasserturm, Schornstein und Verwaltung bleiben stehen.\n\nSchauen Sie sich die Entwürfe an. Tippen Sie an, was"
    " Sie meinen, und sagen Sie uns, was gut ist und was fehlt."
)
TITLE_EN = "What will become of the old sugar works?"
TEXT_EN = (
    "The old sugar works have been empty since 1991. Now the town decides what will become of them. There are three"
    " designs: a quarter of flats, a campus and a park. Nothing is decided yet. One thing is sure: boiling house, water"
    " tower, chimney and offices will stay.\n\nLook at the designs. Tap what you mean, and tell us what is good and"
    " what is missing."
)
SIMPLE = (
    "In unserer Stadt steht eine alte Fabrik.\nDort wurde früher Zucker gemacht.\nSeit 1991 ist die Fabrik leer.\n"
    "Die Stadt will dort etwas Neues bauen.\nEs gibt 3 Ideen:\nNeue Häuser zum Wohnen.\nOder: Häuser zum Lernen und"
    " Arbeiten.\nOder: Ein großer Park.\nNoch ist nichts entschieden.\nDer Schornstein bleibt stehen. Auch 3 alte"
    " Häuser bleiben stehen.\nSehen Sie sich die 3 Bilder an.\nSagen Sie uns: Was ist gut? Und was fehlt?"
)
PRIVACY = (
    "Verantwortlich ist die Stadt, Amt für Stadtentwicklung. Ihr Beitrag wird veröffentlicht und in der Abwägung"
    " verwendet (Art. 6 Abs. 1 Buchst. e DSGVO). Schreiben Sie keine Namen und keine Adressen hinein. Sie können den"
    " Beitrag mit Ihrem geheimen Link jederzeit zurückziehen."
)
CONTACT = "Amt für Stadtentwicklung, Zimmer 214\nSprechzeit dienstags 14 bis 18 Uhr"

# text, design, category, where (a name, or shares of the area's width and height, or several of them: a line, or an
# area where the last is the first; or nowhere), what became of it
# (status, or a state that is not published), agree, disagree, and what else there is: the city's answer, a reason,
# comments, the way it came, an office, the number of the one that it repeats.
Voice = tuple[str, int | None, str, Any, str, int, int, dict[str, Any]]
VOICES: list[Voice] = [
    ("Der alte Schornstein muss bleiben. Wenn ich mit dem Zug heimkomme, sehe ich ihn zuerst.", TODAY, MEMORY,
     "Schornstein", "adopted", 58, 2,
     {"answer": "Der Schornstein steht unter Denkmalschutz und bleibt in allen drei Entwürfen stehen. Er wird 2028"
                " saniert.", "comments": ["Genau. Ohne ihn ist das hier irgendeine Stadt."]}),
    ("Im Erdgeschoss am Platz bitte eine Kinderarztpraxis. Wir fahren jedes Mal 20 Kilometer.", QUARTER, HOMES,
     (0.46, 0.52), "considering", 71, 1, {"office": "Sozialamt", "comments": ["Und eine Hebamme!"]}),
    ("Fünf Geschosse sind zu viel neben unseren Siedlungshäusern. Drei reichen an dieser Ecke.", QUARTER, HOMES,
     (0.14, 0.3), "partly", 49, 22,
     {"answer": "Am Rand zur Siedlung gehen wir auf drei Geschosse zurück, innen bleibt es bei fünf: So entstehen immer"
                " noch 240 Wohnungen.", "office": "Stadtplanungsamt"}),
    ("Wo sollen die ganzen Autos hin? In der Fabrikstraße ist heute schon alles zugeparkt.", QUARTER, TRAFFIC,
     (0.5, 0.04), "considering", 44, 9, {"office": "Tiefbauamt", "comments": [
         "Mit der Linie 9 braucht man keins.", "Schichtarbeiter fahren aber nachts um vier."]}),
    ("Bitte mindestens ein Drittel Wohnungen, die sich eine Verkäuferin leisten kann.", QUARTER, HOMES, None,
     "adopted", 83, 6, {"answer": "Der Rat hat beschlossen: 35 Prozent der Wohnungen werden gefördert."}),
    ("Den Wasserturm als Aussichtspunkt öffnen, mit Fahrstuhl, damit auch meine Mutter hochkommt.", PARK, MEMORY,
     "Wasserturm", "considering", 62, 3, {"office": "Denkmalschutz"}),
    ("Ein Park ist schön, aber wer macht ihn sauber? Der Stadtpark sieht im Sommer aus wie eine Müllhalde.", PARK,
     GREEN, (0.55, 0.5), "new", 31, 5, {"comments": ["Mehr Mülleimer wären ein Anfang."]}),
    ("Endlich etwas Schatten! Auf dem Asphalt dort hält man es im Juli nicht aus.", PARK, GREEN, (0.4, 0.6),
     "adopted", 40, 0, {"answer": "Im Park werden 60.000 m² entsiegelt und rund 700 Bäume gepflanzt."}),
    ("Ein Bolzplatz mit Licht bis 22 Uhr wäre super. Wir sind 14 und werden überall weggeschickt.", PARK, MEET,
     (0.75, 0.3), "considering", 55, 18, {"comments": ["Bitte weit weg von den Schlafzimmern.",
                                                       "Auf der Seite zur Bahn stört er niemanden."]}),
    ("Die neue Buslinie muss auch sonntags fahren, sonst nützt sie uns im Pflegeheim nichts.", PARK, TRAFFIC,
     (0.96, 0.5), "partly", 37, 1, {"answer": "Ab Fahrplanwechsel fährt die Linie 9 sonntags stündlich von 9 bis 18"
                                              " Uhr.", "office": "Verkehrsbetriebe"}),
    ("Der Campus bringt junge Leute in die Stadt. Unsere Tochter musste zum Studieren wegziehen.", CAMPUS, WORK, None,
     "new", 46, 12, {}),
    ("Ein Hochhaus mit elf Stockwerken passt nicht zur Altstadt. Man sieht dann die Kirche nicht mehr.", CAMPUS, HOMES,
     (0.6, 0.55), "refused", 39, 35,
     {"answer": "Die Sichtachsen auf die Stadtkirche wurden geprüft: Von keinem der acht Blickpunkte wird der Turm"
                " verdeckt. Am Hochpunkt halten wir fest.", "comments": ["Vom Friedhof aus schon!"]}),
    ("Siedehaus als Bibliothek: das ist die beste Idee von allen drei Entwürfen!", CAMPUS, MEMORY, "Siedehaus",
     "adopted", 66, 2, {"answer": "Die Bibliothek im Siedehaus wird in jedem Fall weiterverfolgt."}),
    ("Bitte einen durchgehenden Radweg von der Bahnhofstraße bis zum Fluss, drei Meter breit.", QUARTER, TRAFFIC,
     [(0.08, 0.94), (0.3, 0.9), (0.6, 0.82), (0.92, 0.86)], "adopted", 59, 4,
     {"answer": "Der Radweg ist jetzt eingeplant.", "linked": True}),
    ("Gibt es Altlasten im Boden? Mein Opa hat dort gearbeitet und von Gruben erzählt.", TODAY, GREEN, (0.8, 0.8),
     "considering", 33, 0, {"office": "Umweltamt"}),
    ("Eine Kita gehört mitten hinein, nicht an den Rand an die laute Straße.", QUARTER, MEET, (0.5, 0.45), "adopted",
     47, 1, {"answer": "Der Standort liegt jetzt am grünen Platz."}),
    ("Lasst die Lagerhalle stehen! Da könnte man Konzerte machen.", TODAY, MEMORY, (0.7, 0.4), "refused", 28, 14,
     {"answer": "Die Halle ist einsturzgefährdet; eine Sanierung kostet nach Gutachten 4,2 Mio. €."}),
    ("Wir brauchen einen Supermarkt auf dieser Seite der Bahn. Für Ältere ist der Weg zu weit.", QUARTER, WORK,
     (0.5, 0.1), "considering", 52, 3, {}),
    ("Fledermäuse! Im Dach der Verwaltung hängen jedes Jahr welche. Bitte vor dem Umbau nachsehen.", TODAY, GREEN,
     "Verwaltung", "adopted", 41, 0, {"answer": "Danke für den Hinweis. Die Untersuchung ist für Mai beauftragt."}),
    ("Bitte keine Schottergärten erlauben.", QUARTER, GREEN, None, "adopted", 38, 4,
     {"answer": "Der Bebauungsplan wird begrünte Vorgärten festsetzen."}),
    ("Die Straße zwischen den Blöcken ist zu schmal für die Müllabfuhr.", QUARTER, TRAFFIC, (0.33, 0.5), "considering",
     8, 2, {"office": "Tiefbauamt"}),
    ("Könnte man im Park auch Obstbäume pflanzen, von denen alle ernten dürfen?", PARK, GREEN, (0.3, 0.4), "partly",
     45, 1, {"answer": "Am Nordrand pflanzen wir 24 Apfel- und Birnbäume."}),
    ("Ein Wasserspielplatz wie in der Nachbarstadt!!!", PARK, MEET, (0.5, 0.3), "new", 36, 2, {}),
    ("Wenn der Campus kommt, steigen bei uns die Mieten. Das ist doch überall so.", CAMPUS, HOMES, None, "new", 29, 11,
     {"comments": ["Dann lieber Wohnungen bauen."]}),
    ("Bänke mit Lehnen, alle hundert Meter. Mein Mann kann nicht lange laufen.", PARK, MEET, (0.6, 0.7), "adopted", 34,
     0, {"answer": "Übernommen: alle 80 Meter eine Bank mit Lehne.", "way": "paper"}),
    ("Die Zufahrt zum Campus über die Wohnstraße geht nicht, da ist die Grundschule.", CAMPUS, TRAFFIC, (0.05, 0.5),
     "considering", 42, 3, {"office": "Tiefbauamt"}),
    ("Photovoltaik auf alle Flachdächer, das sollte 2026 selbstverständlich sein.", QUARTER, GREEN, (0.65, 0.65),
     "partly", 39, 5, {"answer": "Pflicht für neue Dächer; auf den Denkmälern nicht."}),
    ("Ich finde alle drei Entwürfe besser als die Ruine. Hauptsache, es passiert endlich was.", TODAY, MEMORY, None,
     "new", 50, 4, {"way": "spoken"}),
    ("Ein Café im alten Pförtnerhaus wäre ein Treffpunkt für alle.", QUARTER, MEET, "Verwaltung", "considering", 27, 1,
     {}),
    ("Bitte barrierefrei: die Rampe am Platz ist auf dem Bild viel zu steil.", CAMPUS, MEET, (0.52, 0.5), "adopted", 23,
     0, {"answer": "Die Rampe bekommt sechs Prozent Steigung und ein Podest."}),
    ("Warum nicht Wohnen und Park mischen? Halb und halb.", QUARTER, GREEN, None, "considering", 57, 8,
     {"comments": ["Das wäre auch mein Wunsch.", "Dann wird beides nichts Richtiges."]}),
    ("Ein Hundeauslauf fehlt im ganzen Viertel.", PARK, MEET, 
     [(0.78, 0.62), (0.92, 0.62), (0.92, 0.78), (0.78, 0.78), (0.78, 0.62)], "new", 19, 16, {}),
    ("Tempo 20 in allen neuen Straßen.", QUARTER, TRAFFIC, (0.4, 0.35), "partly", 26, 13,
     {"answer": "Wir planen Tempo 30, vor der Kita Schrittgeschwindigkeit."}),
    ("Die Werkhallen bitte nicht direkt neben unsere Gärten, da wird dann gesägt.", CAMPUS, WORK, (0.15, 0.75), "new",
     17, 2, {}),
    ("Proberäume für Bands im Keller vom Siedehaus!", CAMPUS, MEET, "Siedehaus", "considering", 30, 3, {}),
    ("Der Markt ist mittwochs zu voll, ein zweiter Wochenmarkt auf dem neuen Platz wäre gut.", QUARTER, WORK,
     (0.48, 0.5), "new", 21, 6, {}),
    ("Werden die Schwalben am Wasserturm geschützt?", TODAY, GREEN, "Wasserturm", "new", 15, 0, {}),
    ("Bitte auch große Wohnungen mit fünf Zimmern, nicht nur für Singles.", QUARTER, HOMES, (0.7, 0.3), "considering",
     32, 2, {}),
    ("Eine Gedenktafel für die Zwangsarbeiter, die hier 1943 arbeiten mussten.", TODAY, MEMORY, "Siedehaus", "adopted",
     53, 1, {"answer": "Der Heimatverein bereitet mit der Schule eine Tafel vor."}),
    ("Auf dem Weg zum Bahnhof ist es stockdunkel. Mehr Lampen, aber bitte insektenfreundlich.", PARK, TRAFFIC,
     (0.2, 0.2), "adopted", 43, 1, {"answer": "Warmes Licht mit Bewegungsmeldern ist vorgesehen."}),
    ("Ladesäulen nicht vergessen.", QUARTER, TRAFFIC, None, "new", 14, 9, {}),
    ("Was kostet das alles? Und wer bezahlt den Park, wenn keine Wohnungen gebaut werden?", PARK, WORK, None,
     "considering", 35, 7, {"office": "Kämmerei"}),
    ("Ich wünsche mir ein Generationenhaus, in dem Alte und Junge zusammen wohnen.", QUARTER, HOMES, (0.25, 0.6),
     "considering", 24, 1, {"way": "paper"}),
    ("Kletterwand am Schornstein!", TODAY, MEET, "Schornstein", "refused", 22, 17,
     {"answer": "Das Mauerwerk trägt keine Haken. Am Siedehaus prüfen wir eine Boulderwand."}),
    ("Die Linden an der Zufahrt sind über 100 Jahre alt, bitte nicht fällen!", TODAY, GREEN, (0.1, 0.1), "adopted", 61,
     0, {"answer": "Alle 14 Linden bleiben. Die Leitung wird umgelegt."}),
    ("Co-Working mit schnellem Internet, dann muss ich nicht mehr pendeln.", CAMPUS, WORK, (0.45, 0.7), "new", 18, 3,
     {}),
    ("Regenwasser sammeln statt in den Kanal leiten. Unsere Keller laufen bei jedem Gewitter voll.", QUARTER, GREEN,
     (0.55, 0.2), "considering", 40, 0, {"office": "Stadtentwässerung"}),
    ("Der Spielplatz liegt auf dem Plan im Schatten des Hochhauses.", CAMPUS, MEET, (0.66, 0.62), "new", 16, 1, {}),
    ("Öffentliche Toiletten! Es gibt in der ganzen Innenstadt eine einzige.", PARK, MEET, (0.5, 0.55), "considering",
     48, 0, {"way": "spoken"}),
    ("Kann der Bus auch am Krankenhaus halten?", PARK, TRAFFIC, None, "refused", 13, 2,
     {"answer": "Die Umfahrt kostet elf Minuten. Das Krankenhaus erreichen Sie mit einmal Umsteigen am Markt."}),
    ("Bitte mehr Bäume statt Parkplätze vor unserem Block.", QUARTER, GREEN, (0.36, 0.22), "new", 20, 5, {}),
    ("Eine Werkstatt, in der man Fahrräder und Möbel selbst reparieren kann.", CAMPUS, WORK, (0.3, 0.3), "new", 25, 0,
     {}),
    ("Mein Vorschlag: den alten Gleisanschluss als Radweg nutzen.", TODAY, TRAFFIC,
     [(0.95, 0.2), (0.9, 0.5), (0.9, 0.9)], "considering", 37, 1,
     {}),
    # what is not, or no longer, for everyone to see
    ("Ich finde, der Platz braucht einen Brunnen, an dem man auch trinken kann.", QUARTER, GREEN, (0.5, 0.5), "waiting",
     0, 0, {}),
    ("Am Eingang fehlt ein Zebrastreifen, da rasen alle.", CAMPUS, TRAFFIC, (0.03, 0.4), "waiting", 0, 0, {}),
    ("Schaut euch mal https://example.org/beispiele an, so kann ein Park aussehen.", PARK, GREEN, None, "waiting", 0,
     0, {}),
    ("Das Haus da hinten ist zu hoch.", QUARTER, HOMES, None, "asked", 0, 0,
     {"reason": "Welches Haus meinen Sie? Bitte tippen Sie es auf der Karte an."}),
    ("Der Bürgermeister ist ein …", TODAY, WORK, None, "hidden", 0, 0,
     {"reason": "Beleidigung einer Person. Bitte schreiben Sie zur Sache."}),
    ("Verkaufe Wohnmobil, guter Zustand.", TODAY, WORK, None, "hidden", 0, 0, {"reason": "Werbung"}),
    ("Kinderarzt wäre wichtig!", QUARTER, HOMES, (0.47, 0.53), "merged", 0, 0, {"into": 2}),
    ("Mehr Schatten im Park", PARK, GREEN, (0.42, 0.58), "merged", 0, 0, {"into": 8}),
    ("", PARK, MEET, None, "withdrawn", 0, 0, {}),
]  # fmt: skip


def session(area: Polygon) -> dict[str, Any]:
    """The town's participation session, for the project's file. area: of the factory, in the city's metres."""
    return {
        "title": "Was wird aus der alten Zuckerfabrik?", "text": TEXT, "title_en": TITLE_EN, "text_en": TEXT_EN,
        "simple": SIMPLE, "privacy": PRIVACY, "contact": CONTACT,
        "area": mapping(area.buffer(120, join_style="mitre")), "categories": CATEGORIES,
        "questions": [[QUESTION, "\n".join(CHOICES)]], "moderation": "before", "formal": "3-1",
        "phases": {"inform": [-40, -22], "collect": [-21, 42], "rate": [-21, 56], "discuss": [-21, 56],
                   "results": [-21, 400]},
        "voices": [_told(area, i, *voice) for i, voice in enumerate(VOICES)],
    }  # fmt: skip


def _told(
    area: Polygon, i: int, text: str, design: int | None, category: str, where: Any, became: str, agree: int,
    disagree: int, more: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    place = {"thing": where} if isinstance(where, str) else {"geometry": _drawn(area, where)} if where else {}
    reply = CHOICES[design] if design is not None and i % 3 == 0 else CHOICES[3 + i % 2] if i % 5 == 0 else ""
    return {
        "text": text, "design": design, "category": category, "became": became, "agree": agree, "disagree": disagree,
        "hours_ago": 20 * 24 - i * 7, "reply": reply, **place, **more,
    }  # fmt: skip


def _drawn(area: Polygon, where: Any) -> dict[str, Any]:
    """A spot, a line or an area as GeoJSON, to the centimetre."""
    if isinstance(where, tuple):
        shape: Any = _spot(area, *where)
    else:
        corners = [_spot(area, *corner) for corner in where]
        shape = Polygon(corners) if where[0] == where[-1] else LineString(corners)
    return mapping(shapely.transform(shape, lambda xy: xy.round(2)))


def _spot(area: Polygon, across: float, up: float) -> Point:
    """A point of the area: its shares of the width and the height of the turned rectangle around it."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(area))
    along, side = corners[1] - corners[0], corners[3] - corners[0]
    point = Point(corners[0] + across * along + up * side)
    return point if area.contains(point) else nearest_points(area, point)[0]
