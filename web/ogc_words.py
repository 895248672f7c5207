"""What OGC API - Features says when it cannot answer."""

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
OGC = {
    "ogc-note": Words(
        "Die Ebenen der Stadt, wie sie heute ist oder geplant wird, nach OGC API - Features.",
        "The layers of the city as it stands or is planned, by OGC API - Features.",
    ),
}
