"""What the OGC API says, most of all when it cannot answer."""

from twin.feature import Words

NO_CRS = Words(
    "Diese Projektion gibt es hier nicht. Es gibt: {known}.", "There is no such CRS here. There are: {known}."
)
NO_BBOX = Words(
    "„bbox“ sind vier Zahlen mit Kommas, West, Süd, Ost, Nord in der Ordnung von „bbox-crs“, die kleineren zuerst.",
    "“bbox” is four numbers with commas, west, south, east, north in the order of “bbox-crs”, the smaller ones first.",
)
UNKNOWN = Words(
    "Nach „{name}“ lässt sich hier nicht fragen, nur nach {known}.",
    "“{name}” cannot be asked for here, only {known}.",
)
CQL_TOO_DEEP = Words(
    "Der Filter ist zu lang oder zu tief verschachtelt: bis {most} Zeichen und {deepest} Klammern ineinander.",
    "The filter is too long or nested too deep: up to {most} letters, and {deepest} brackets within each other.",
)
CQL_UNREAD = Words(
    "Der Filter ist kein CQL2: {why}. Ein Beispiel: height > 10 AND use = 'residential'.",
    "The filter is no CQL2: {why}. An example: height > 10 AND use = 'residential'.",
)
CQL_CANNOT = Words("So lässt sich nicht filtern: {de}.", "This cannot be filtered: {en}.")
CQL_NO_FIGURE = Words(
    "Mit diesem Filter lässt sich nicht rechnen: eine Zahl wird zu groß, oder ein Muster endet mit „\\“.",
    "This filter cannot be reckoned: a number gets too large, or a pattern ends with “\\”.",
)
NO_LOCK = Words(
    "„If-Match“ nennt keine Fassung, die es hier gibt. Es gehört der ETag hinein, mit dem das Ding gelesen wurde.",
    "“If-Match” names no version that there is. Put the ETag in it with which the feature was read.",
)
NO_MATRIX = Words(
    "Diese Kachelung gibt es hier nicht. Es gibt: {known}.", "There is no such tiling here. There are: {known}."
)
NO_TILE = Words(
    "Diese Kachel liegt außerhalb: Stufe {z} hat die Zeilen und Spalten 0 bis {most}.",
    "This tile lies outside: level {z} has the rows and columns 0 to {most}.",
)
NO_LEVEL = Words("Stufen gibt es von {least} bis {most}.", "There are levels {least} to {most}.")
NO_STYLE = Words(
    "Diesen Stil gibt es hier nicht. Es gibt: {known}.", "There is no such style here. There are: {known}."
)
OGC = {
    "ogc-layers": Words("Ebenen", "Layers"),
    "ogc-tiles": Words("Vektorkacheln", "Vector tiles"),
    "ogc-styles": Words("Stile", "Styles"),
    "ogc-features": Words("Objekte", "Features"),
    "ogc-links": Words("Verweise", "Links"),
    "ogc-as-json": Words("Als JSON", "As JSON"),
    "ogc-next": Words("Weiter", "Next"),
    "ogc-of": Words("{shown} von {all}", "{shown} of {all}"),
    "ogc-note": Words(
        "Die Ebenen der Stadt, wie sie heute ist oder geplant wird, nach OGC API - Features.",
        "The layers of the city as it stands or is planned, by OGC API - Features.",
    ),
}
