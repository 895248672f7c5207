"""The words of the tools beside the city and of the page about it, in both languages."""

from twin.feature import Words

TOOLS = {
    "about": Words("Über diese Stadt", "About this city"),
    "about-data": Words("Daten und Quellen", "Data and sources"),
    "about-none": Words("Ohne Angabe der Quelle", "No source given"),
    "sources": Words("Quellen", "Sources"),
    "source-files": Words("Dateien", "files"),
    "read-at": Words("Eingelesen", "Read"),
    "crs": Words("Bezugssystem", "Coordinate system"),
    "notes": Words("Bemerkung", "Notes"),
    "estimates": Words("Was geschätzt ist", "What is estimated"),
    "estimates-note": Words(
        "Was die Quellen nicht sagen, wird aus anderem abgeleitet. So viele Werte sind es:",
        "What the sources do not tell is derived from what they do. So many values are:",
    ),
    "estimates-none": Words("Nichts ist geschätzt.", "Nothing is estimated."),
    "field": Words("Feld", "Field"),
    "how": Words("Verfahren", "Method"),
    "projection": Words("Lage und Höhe", "Position and height"),
    "projection-is": Words("Gerechnet wird in", "All is computed in"),
    "heights-known": Words(
        "Höhen sind Meter über Normalhöhennull, wie die Quellen sie liefern; das Gelände ist bekannt.",
        "Heights are metres above sea level as the sources give them; the terrain is known.",
    ),
    "heights-flat": Words(
        "Das Gelände ist nicht bekannt: Die Stadt steht auf einer Ebene.",
        "The terrain is not known: the city stands on a plane.",
    ),
    "terrain": Words("Gelände", "Terrain"),
    "software-title": Words("Software", "Software"),
    "software-licence": Words(
        "Twin ist freie Software unter der European Union Public Licence 1.2 (EUPL-1.2).",
        "Twin is free software under the European Union Public Licence 1.2 (EUPL-1.2).",
    ),
    "third-party": Words("Was darin steckt", "What is inside"),
    "in-browser": Words("im Browser", "in the browser"),
    "on-server": Words("auf dem Server", "on the server"),
    "program": Words("Programm", "Program"),
    "where": Words("Wo", "Where"),
    "version": Words("Fassung", "Version"),
    "tools": Words("Werkzeuge", "Tools"),
    "select": Words("Auswählen", "Select"),
    "measure-length": Words("Strecke", "Length"),
    "measure-area": Words("Fläche", "Area"),
    "measure-height": Words("Höhe", "Height"),
    "save-picture": Words("Bild speichern", "Save picture"),
    "fullscreen": Words("Ganzer Bildschirm", "Full screen"),
    "shortcuts": Words("Tasten und Hilfe", "Keys and help"),
    "how-to-measure": Words(
        "Punkte anklicken, oder Enter für die Bildmitte. Doppelklick oder E beendet, Rücktaste nimmt den letzten"
        " Punkt zurück, Esc bricht ab.",
        "Click points, or press Enter for the middle of the picture. Double-click or E ends, Backspace takes the last"
        " point back, Esc cancels.",
    ),
    "how-to-height": Words(
        "Einen Punkt anklicken für Gelände und Dach, einen zweiten für den Höhenunterschied.",
        "Click one point for ground and roof, a second one for the difference in height.",
    ),
    "finish": Words("Fertig", "Done"),
    "start-again": Words("Neu beginnen", "Start again"),
    "length": Words("Länge", "Length"),
    "area": Words("Fläche", "Area"),
    "perimeter": Words("Umfang", "Perimeter"),
    "crosses-itself": Words("Der Umriss kreuzt sich selbst.", "The outline crosses itself."),
    "last-leg": Words("letzte Strecke", "last leg"),
    "on-ellipsoid": Words(
        "waagerecht, auf dem Ellipsoid GRS 80", "horizontal, on the ellipsoid GRS 80"
    ),
    "ground-height": Words("Gelände", "Ground"),
    "roof-height": Words("Dach", "Roof"),
    "highest-point": Words("höchster Punkt", "highest point"),
    "above-ground": Words("über dem Gelände", "above the ground"),
    "difference": Words("Höhenunterschied", "Difference in height"),
    "apart": Words("waagerechter Abstand", "horizontal distance"),
    "sea-level": Words("m ü. NHN", "m a.s.l."),
    "from-survey": Words("aus dem 3D-Modell (LoD2) an diesem Punkt", "from the 3D model (LoD2) at this point"),
    "from-height": Words("aus der Gebäudehöhe", "from the building's height"),
    "height-failed": Words("Die Höhe konnte nicht geholt werden.", "The height could not be fetched."),
    "picture-wait": Words("Das Bild wird gezeichnet …", "The picture is being drawn …"),
    "picture-failed": Words(
        "Das Bild konnte nicht gezeichnet werden.", "The picture could not be drawn."
    ),
    "picture-scale": Words("Maßstabsbalken gilt für die Bildmitte", "Scale bar holds for the middle of the picture"),
    "paper": Words("Papier", "Paper"),
    "paper-a4": Words("A4, 200 dpi", "A4, 200 dpi"),
    "paper-a3": Words("A3, 200 dpi", "A3, 200 dpi"),
    "picture-title": Words("Titel", "Title"),
    "labels": Words("Beschriftung", "Labels"),
    "color-by": Words("Einfärben", "Colour by"),
    "color-layer": Words("Ebene", "Layer"),
    "color-field": Words("Feld", "Field"),
    "color-none": Words("nicht einfärben", "no colouring"),
    "color-scale": Words("Klassen", "Classes"),
    "color-quantile": Words("gleich viele je Klasse", "as many in each class"),
    "color-equal": Words("gleich breite Klassen", "classes of equal width"),
    "color-unknown": Words("nicht bekannt", "not known"),
    "color-others": Words("übrige", "others"),
}  # fmt: skip

# The keys of the page, as the help tells them.
SHORTCUTS = (
    ("← ↑ → ↓", Words("bewegen", "move")),
    ("+ −", Words("näher, weiter weg", "closer, farther")),
    ("Shift ← → ↑ ↓", Words("drehen und neigen", "turn and tilt")),
    ("N", Words("nach Norden", "face north")),
    ("H", Words("ganze Stadt", "whole town")),
    ("T", Words("neigen", "tilt")),
    ("F", Words("ganzer Bildschirm", "full screen")),
    ("L", Words("Strecke messen", "measure a length")),
    ("A", Words("Fläche messen", "measure an area")),
    ("M", Words("Höhe messen", "measure a height")),
    ("W", Words("Erreichbarkeit von einem Ort", "reach from a place")),
    ("R", Words("mehrere auswählen: Klick, Rechteck, Enter", "select several: click, rectangle, Enter")),
    ("Shift/Strg", Words("mit einem Klick: nimmt zur Auswahl hinzu", "with a click: adds to the selection")),
    ("B", Words("Bild speichern", "save a picture")),
    ("Enter", Words("wählt, was in der Bildmitte steht; beim Messen: ein Punkt", "selects what stands in the middle;"
                    " while measuring: a point")),
    ("E", Words("Messung beenden", "end measuring")),
    ("Esc", Words("schließen, abbrechen", "close, cancel")),
    ("?", Words("diese Hilfe", "this help")),
)  # fmt: skip

# What the scripts of the tools say.
SAID_BY_TOOLS = (
    "how-to-measure", "how-to-height", "length", "area", "perimeter", "last-leg", "crosses-itself", "on-ellipsoid",
    "ground-height", "roof-height", "highest-point", "above-ground", "difference", "apart", "sea-level",
    "from-survey", "from-height", "height-failed", "unknown", "picture-wait", "picture-failed", "picture-scale",
    "sources",
)  # fmt: skip
