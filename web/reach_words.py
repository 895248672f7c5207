"""The words of reach: how far one comes from a place, what is near, who lives there."""

from twin.feature import Words

REACH = {
    "reach": Words("Erreichbarkeit", "Reach"),
    "reach-of": Words("Erreichbarkeit: {place}", "Reach: {place}"),
    "reach-why": Words(
        "Wie weit man von einem Ort in 5, 10, 15 und 30 Minuten kommt, wer dort wohnt, und was am nächsten liegt.",
        "How far one comes from a place in 5, 10, 15 and 30 minutes, who lives there, and what is nearest.",
    ),
    "reach-from": Words("Von wo?", "From where?"),
    "reach-from-note": Words("Adresse, Straße, Einrichtung oder Längen- und Breitengrad: 12.138, 51.047",
                             "An address, a street, a facility, or longitude and latitude: 12.138, 51.047"),
    "reach-mode": Words("Wie?", "How?"),
    "reach-leaves": Words("Abfahrt", "Leaving at"),
    "reach-no-buses": Words(
        "Es ist kein Fahrplan geladen und keine Linie mit Takt geplant: Das hier ist nur der Fußweg.",
        "No timetable is loaded and no line with headways planned: this is the way on foot alone.",
    ),
    "reach-no-time": Words("„{told}“ ist keine Uhrzeit wie 08:00.", "“{told}” is no time of day such as 08:00."),
    "reach-show": Words("Zeigen", "Show"),
    "reach-people": Words("Wer wohnt in dieser Reichweite?", "Who lives within reach?"),
    "reach-within": Words("in {minutes} min", "in {minutes} min"),
    "reach-all": Words("Menschen", "People"),
    "reach-nearest": Words("Was liegt am nächsten?", "What is nearest?"),
    "reach-need": Words("Bedarf", "Need"),
    "reach-called": Words("Nächste", "Nearest"),
    "reach-minutes": Words("Minuten", "Minutes"),
    "reach-today": Words("heute", "today"),
    "reach-then": Words("geplant", "planned"),
    "reach-moved": Words("Änderung", "Change"),
    "reach-too-far": Words("mehr als 30 min", "more than 30 min"),
    "reach-plan": Words("Reichweite um {place}: heller ist weiter.", "Reach around {place}: lighter is farther."),
    "reach-area": Words("{minutes} min: {km2} km²", "{minutes} min: {km2} km²"),
    "reach-nowhere": Words("„{q}“ wurde nicht gefunden. Schreiben Sie eine Adresse wie „Markt 1“.",
                           "“{q}” was not found. Write an address such as “Markt 1”."),
    "reach-in-3d": Words("In 3D zeigen", "Show in 3D"),
    "reach-as-page": Words("Als Seite mit Tabellen", "As a page with tables"),
    "reach-tool": Words("Erreichbarkeit", "Reach"),
    "reach-how": Words("Einen Ort in der Stadt antippen, oder Enter für die Bildmitte.",
                       "Tap a place in the city, or press Enter for the middle of the picture."),
    "reach-place": Words("Gewählter Ort", "Chosen place"),
    "reach-method": Words(
        "Auf den Straßen und Wegen dieser Variante, mit Steigung aus dem Gelände. Einwohner der Blöcke, auf Wohnungen"
        " verteilt. Ohne Ampeln, Öffnungszeiten und Querungen.",
        "On the streets and ways of this scenario, with slopes from the terrain. Inhabitants of blocks, spread over"
        " dwellings. Without lights, opening hours and crossings.",
    ),
    "kind-walk-5": Words("bis 5 min", "up to 5 min"),
    "kind-walk-10": Words("bis 10 min", "up to 10 min"),
    "kind-walk-15": Words("bis 15 min", "up to 15 min"),
    "kind-walk-30": Words("bis 30 min", "up to 30 min"),
    **{f"kind-served-{letter}": Words(f"Klasse {letter}", f"class {letter}") for letter in "ABCDEF"},
    "kind-served-none": Words("keine Klasse", "no class"),
    "kind-walk-far": Words("weiter", "farther"),
}  # fmt: skip
