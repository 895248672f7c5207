"""What is said of the API: when a question or a body is not as it has to be, and by what name each view goes."""

from typing import Any

from twin.feature import Words

NO_JSON = Words("Das ist kein JSON: {why}.", "This is no JSON: {why}. Please send a JSON object.")
NO_OBJECT = Words("Gefragt ist ein JSON-Objekt.", "This takes a JSON object.")
TOO_DEEP = Words(
    "Das JSON ist zu tief verschachtelt. Bitte flacher senden.", "The JSON is nested too deep. Please send it flatter."
)
MISSING = Words("Es fehlt: {names}. Bitte mitsenden.", "This is missing: {names}. Please send it.")
UNKNOWN = Words("„{name}“ ist hier nicht bekannt. Es gibt: {known}.", "“{name}” is not known here. There are: {known}.")
WRONG = Words("„{name}“ muss {de} sein.", "“{name}” has to be {en}.")
REFUSED = {
    405: Words(
        "So lässt sich diese Adresse nicht fragen. Möglich ist: {methods}.",
        "This address cannot be asked in this way. It may be asked with {methods}.",
    ),
    413: Words(
        "Das sind mehr als {most} MB auf einmal. Bitte auf mehrere Schritte verteilen.",
        "This is more than {most} MB at once. Please send it in several steps.",
    ),
    415: Words(
        "Hier gehört JSON hin: Content-Type: application/json.", "This takes JSON: Content-Type: application/json."
    ),
    503: Words(
        "Die Stadt wird gerade von einem anderen Programm geschrieben. Bitte gleich noch einmal versuchen.",
        "Another program is writing to the city. Please try again in a moment.",
    ),
}
KINDS = {
    "integer": Words("eine ganze Zahl", "a whole number"),
    "number": Words("eine Zahl", "a number"),
    "string": Words("ein Text", "a text"),
    "array": Words("eine Liste", "a list"),
    "object": Words("ein Objekt aus Namen und Werten", "an object of names and values"),
    "boolean": Words("true oder false", "true or false"),
    "null": Words("null", "null"),
}
DATE = Words("ein Datum wie 2026-03-21", "a date such as 2026-03-21")
OF_SIZE = {
    "": Words("", ""),
    "Length": Words(" Zeichen", " characters"),
    "Items": Words(" Einträgen", " entries"),
}


def wanted(schema: dict[str, Any]) -> Words:
    """What a schema allows, as it stands in a sentence: "a whole number from 0 to 9"."""
    if "enum" in schema:
        listed = ", ".join(map(str, schema["enum"]))
        return Words(f"eins von {listed}", f"one of {listed}")
    if schema.get("format") == "date":
        return DATE
    if "pattern" in schema:
        return Words(f"ein Text der Form {schema['pattern']}", f"a text of the form {schema['pattern']}")
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    de, en = ([getattr(KINDS[kind], tongue) for kind in kinds] for tongue in ("de", "en"))
    limits = _limits(schema)
    return Words(" oder ".join(de) + limits.de, " or ".join(en) + limits.en)


def _limits(schema: dict[str, Any]) -> Words:
    for size, of in OF_SIZE.items():
        least, most = (schema.get(f"{end}{size}" if size else f"{end}imum") for end in ("min", "max"))
        if least is not None and most is not None:
            return Words(f" von {least} bis {most}{of.de}", f" from {least} to {most}{of.en}")
        if most is not None:
            return Words(f" bis {most}{of.de}", f" up to {most}{of.en}")
        if least is not None:
            return Words(f" ab {least}{of.de}", f" from {least}{of.en}")
    return Words("", "")


ANSWERS = {
    200: Words("Die Antwort", "The answer"),
    201: Words("Angelegt", "Made"),
    304: Words("Unverändert, seit zuletzt gefragt wurde", "The same as when it was asked for last"),
    400: Words("So lässt sich das nicht fragen", "This cannot be asked"),
    401: Words("Anmeldung nötig oder abgelaufen", "A login is needed, or ran out"),
    403: Words("Das darf hier nicht, wer fragt", "Who asks may not do this here"),
    404: Words("Das gibt es hier nicht", "There is no such thing here"),
    409: Words("Jemand war schneller: beide Fassungen", "Somebody else was first: both states"),
    413: Words("Zu viel auf einmal", "Too much at once"),
    415: Words("Kein JSON", "No JSON"),
    422: Words("Umriss oder Feld ist nicht möglich", "The outline or a field cannot be so"),
    503: Words("Gerade nicht möglich; bitte gleich noch einmal", "Not possible just now; please try again"),
}
# What each view is for, in the groups and the order of the page.
VIEWS: dict[Words, dict[str, Words]] = {
    Words("Die Stadt lesen", "Reading the city"): {
        "api.layer_list": Words("Ebenen und ihre Anzahl", "Layers and their counts"),
        "api.feature": Words("Ein Ding mit allen Feldern", "A feature with all its fields"),
        "api.at": Words("Was an einem Ort liegt", "What lies at a place"),
        "search.found": Words("Suchen", "Search"),
        "measure.height": Words("Höhe von Gelände und Dach", "Height of the ground and the roof"),
        "sun.day": Words("Der Lauf der Sonne an einem Tag", "The sun's way on a day"),
        "seen.sentence": Words("Was ein Bild zeigt, in einem Satz", "What a picture shows, in a sentence"),
        "about.sources": Words("Quellen der Ebenen", "Sources of the layers"),
        "colours.legend": Words("Farben und Klassen eines Feldes", "Colours and classes of a field"),
        "several.building_types": Words("Gebäudetypen zum Zeichnen", "Types of buildings to draw"),
        "openapi.document": Words("Diese Schnittstelle als OpenAPI", "This API as OpenAPI"),
    },
    Words("Filtern und auswählen", "Filtering and selecting"): {
        "tables.matching": Words("Was ein Filter übrig lässt oder wegnimmt", "What a filter leaves or takes away"),
        "selection.fitting": Words("Kennungen, auf die ein Filter passt", "Ids that fit a filter"),
        "selection.within": Words("Kennungen in einem Umriss", "Ids within an outline"),
        "selection.outlines": Words("Umrisse von Ausgewähltem", "Outlines of what is selected"),
        "selection.panel": Words("Übersicht der Auswahl, als HTML", "The selection summed up, as HTML"),
        "participation.pins": Words(
            "Beiträge einer Beteiligung mit ihrem Ort", "A session's contributions, with places"
        ),
        "participation_news.watch": Words(
            "Was in einer Beteiligung gerade gesagt wird", "What is being said in a session, as it happens"
        ),
        "participation_present.counted": Words(
            "Wie viele, und was die Umfragen ergeben", "How many, and what polls say"
        ),
        "selection.selection_csv": Words("Auswahl als Tabelle", "The selection as a table"),
        "tables.table_csv": Words("Gefilterte Ebene als Tabelle", "A filtered layer as a table"),
    },
    Words("Planen", "Planning"): {
        "editing.post": Words("Neu setzen", "Place a new one"),
        "editing.put": Words("Ändern", "Change"),
        "editing.delete": Words("Abräumen", "Clear"),
        "editing.restore": Words("Wiederherstellen", "Restore"),
        "editing.steps": Words("Vieles in einem Schritt", "Many in one step"),
        "several.do": Words("Teilen, umwidmen, bepflanzen, umgestalten", "Split, rezone, plant, redesign"),
        "bringing.designs": Words("Einen Entwurf hereinholen", "Bring in a design"),
        "editing.undo": Words("Rückgängig", "Undo"),
        "editing.redo": Words("Wiederholen", "Redo"),
        "editing.return_to": Words("Zurück zu einem Zeitpunkt", "Return to a moment"),
        "planner.measures": Words("Ein Ding mit anderen Maßen", "A feature with other measures"),
        "planner.snapping": Words("Kanten zum Einrasten", "Edges to snap to"),
    },
    Words("Vergleichen und mithören", "Comparing and listening"): {
        "editing.past": Words("Was getan wurde", "What was done"),
        "figures.compared": Words("Was sich unterscheidet", "What differs"),
        "figures.counters": Words("Was der Plan ergibt", "What the plan adds up to"),
        "figures.counters_of_one": Words("Was ein Gebäude ergibt, das gezeichnet wird", "What one building adds"),
        "figures.assumed": Words("Annahmen", "Assumptions"),
        "figures.assume": Words("Eine Annahme setzen", "Set an assumption"),
        "dashboard.known": Words("Fragen an einen Plan", "Questions to a plan"),
        "dashboard.figures_of": Words("Eine Frage an einen Plan, beantwortet", "A question to a plan, answered"),
        "figures3d.drawn": Words("Was eine Antwort zeichnet", "What an answer draws"),
        "figures3d.raster": Words("Was eine Antwort von jedem Feld weiß", "What an answer knows of each cell"),
        "working.look": Words("Wie weit eine Berechnung ist", "How far a computation is"),
        "working.cancel": Words("Eine Berechnung abbrechen", "Cancel a computation"),
        "register_field.buildings": Words("Gebäude um einen Standort", "Buildings around a position"),
        "register_field.record": Words("Einen Leerstand vor Ort erfassen", "Record a vacancy on site"),
        "reach.areas_of": Words("Wie weit man kommt, und wer dort wohnt", "How far one comes, and who lives there"),
        "land.sites_of": Words("Zusammenhängende Flächen", "Land that coheres"),
        "uses.matches": Words("Leere Orte für eine Nutzung", "Empty places for a use"),
        "reach.streets_of": Words("Erreichte Straßen auf dem Gelände", "Reached streets on the ground"),
        "events.listen": Words("Änderungen, sobald sie geschehen", "Changes as they happen"),
    },
    Words("OGC API", "OGC API"): {
        "ogc.scenarios": Words("Heute und die Varianten", "Today and the scenarios"),
        "ogc.landing": Words("Der Dienst einer Variante", "The service of a scenario"),
        "ogc.conformance": Words("Was vom Standard gilt", "What of the standard is kept"),
        "ogc.collections": Words("Die Ebenen als Dienst", "The layers as a service"),
        "ogc.collection": Words("Eine Ebene als Dienst", "A layer as a service"),
        "ogc.items": Words("Dinge einer Ebene, seitenweise", "Features of a layer, page by page"),
        "ogc.item": Words("Ein Ding als GeoJSON", "A feature as GeoJSON"),
        "ogc.queryables": Words("Wonach sich filtern lässt", "What a filter may name"),
        "ogc.create": Words("Neu setzen, nach dem Standard", "Create, by the standard"),
        "ogc.replace": Words("Ganz ersetzen", "Replace"),
        "ogc.update": Words("Zum Teil ändern", "Update in part"),
        "ogc.remove": Words("Abräumen, nach dem Standard", "Delete, by the standard"),
        "ogc.styles": Words("Stile der Ebenen", "Styles of the layers"),
        "ogc.style": Words("Ein Stil", "A style"),
        "ogc.tilesets": Words("Vektorkacheln einer Ebene", "Vector tiles of a layer"),
        "ogc.all_tilesets": Words("Vektorkacheln aller Ebenen", "Vector tiles of all layers"),
        "ogc.tile": Words("Eine Ebene in einer Kachel", "A layer in a tile"),
        "ogc.tile_of_all": Words("Alle Ebenen in einer Kachel", "All layers in a tile"),
        "ogc.matrix_sets_told": Words("Wie die Ebene in Kacheln geschnitten ist", "How the plane is cut into tiles"),
        "ogc.matrix_set": Words("Eine Kachelung, Stufe für Stufe", "A tiling, level by level"),
    },
    Words("Kacheln", "Tiles"): {
        "tiles.land": Words("Flächen und Linien", "Surfaces and lines"),
        "tiles.buildings": Words("Gebäude", "Buildings"),
        "tiles.trees": Words("Bäume", "Trees"),
        "tiles.markers": Words("Punkte", "Points"),
        "tiles.labels": Words("Namen", "Names"),
    },
}

API = {
    "api": Words("Schnittstelle für Programme", "Interface for programs"),
    "api-note": Words(
        "Alles, was die Seiten dieser Stadt fragen und senden, steht auch anderen Programmen offen. Diese Seite und das"
        " Dokument entstehen aus dem Programm selbst und gelten für diese Stadt mit ihren Ebenen.",
        "All that this city's pages ask and send is open to other programs too. This page and the document are made of"
        " the program itself, and hold for this city with its layers.",
    ),
    "api-document": Words("OpenAPI-Dokument (JSON)", "OpenAPI document (JSON)"),
    "api-how": Words("So wird gefragt", "How to ask"),
    "api-degrees": Words(
        "Orte sind Längen- und Breitengrade in dieser Reihenfolge (WGS 84), Geometrien sind GeoJSON, Höhen Meter.",
        "Places are degrees of longitude and latitude in this order (WGS 84), geometries are GeoJSON, heights metres.",
    ),
    "api-login": Words(
        "Lesen darf jeder, was veröffentlicht ist. Für alles andere gilt die Anmeldung der Seite (Cookie „twin“) oder"
        " ein Schlüssel vom eigenen Konto (Authorization: Bearer).",
        "Everyone may read what is published. For the rest the login of the page holds (the cookie “twin”), or a token"
        " of one's account (Authorization: Bearer).",
    ),
    "api-refused": Words(
        "Was nicht geht, wird mit 4xx und einem Satz beantwortet, der in „error“ steht; geschrieben ist dann nichts.",
        "What cannot be done is answered with 4xx and a sentence, in “error”; nothing is written then.",
    ),
    "api-seen": Words(
        "Wer ändert, nennt die gesehene Fassung („seen“). War jemand schneller, kommt 409 mit beiden Fassungen.",
        "Whoever changes something names the version they saw (“seen”). If somebody was first, 409 has both states.",
    ),
    "api-limits": Words(
        "Eine Sendung hat höchstens 8 MB, eine Auswahl 2 MB, ein Entwurf 50 MB. „lang“ wählt die Sprache: de oder en.",
        "What is sent may have 8 MB, a selection 2 MB, a design 50 MB. “lang” chooses the language: de or en.",
    ),
    "api-questions": Words("Frage", "Question"),
    "api-in-path": Words("in der Adresse", "in the address"),
    "api-in-query": Words("hinter dem ?", "behind the ?"),
    "api-sent": Words("Gesendet wird", "What is sent:"),
    "api-answers": Words("Antworten", "Answers"),
    "api-parts": Words("Bausteine", "Parts"),
}
