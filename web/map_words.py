"""The words of what lies on and beside the map: selections, backgrounds, opacity, the overview, new and empty."""

from twin.feature import Words

ON_THE_MAP = {
    "select-many": Words("Mehrere auswählen", "Select several"),
    "selection": Words("Auswahl", "Selection"),
    "how-to-select": Words(
        "Anklicken nimmt hinzu oder heraus, Ziehen nimmt alles im Rechteck. Enter nimmt, was in der Bildmitte steht.",
        "A click adds or removes, a drag takes all in the rectangle. Enter takes what stands in the middle.",
    ),
    "how-to-tap": Words("Antippen nimmt hinzu oder heraus.", "A tap adds or removes."),
    "select-in": Words("Rechteck wählt", "Rectangle selects"),
    "all-shown": Words("alle gezeigten Ebenen", "all layers shown"),
    "select-fitting": Words("Alle auswählen", "Select all"),
    "select-row": Words("Auswählen", "Select"),
    "too-many": Words(
        "Das sind {count}; höchstens {most} können zusammen ausgewählt sein. Nehmen Sie einen kleineren Ausschnitt oder"
        " einen engeren Filter.",
        "These are {count}; at most {most} can be selected together. Take a smaller part or a narrower filter.",
    ),
    "selection-failed": Words("Die Auswahl konnte nicht geladen werden.", "The selection could not be loaded."),
    "selection-empty": Words("Hier liegt nichts, was sich auswählen lässt.", "Nothing here can be selected."),
    "selection-unlinked": Words(
        "Die Auswahl ist zu groß für den Link dieser Ansicht.", "The selection is too large for this view's link."
    ),
    "clear-selection": Words("Auswahl aufheben", "Clear the selection"),
    "remove": Words("Herausnehmen", "Remove"),
    "mean": Words("Mittel", "Mean"),
    "span": Words("Spanne", "Range"),
    "known-of": Words("bekannt", "known"),
    "drawn-area": Words("Fläche (aus der Geometrie)", "Area (from the geometry)"),
    "drawn-length": Words("Länge (aus der Geometrie)", "Length (from the geometry)"),
    "and-more": Words("und {count} weitere", "and {count} more"),
    "gone-since": Words("{count} gibt es nicht mehr.", "{count} no longer exist."),
    "csv": Words("CSV", "CSV"),
    "opacity": Words("Deckkraft", "Opacity"),
    "background": Words("Hintergrund", "Background"),
    "background-none": Words("ohne", "none"),
    "background-failed": Words(
        "Der Kartendienst „{title}“ antwortet nicht. Die Stadt wird ohne ihn gezeigt, wo er fehlt.",
        "The map service “{title}” does not answer. Where it is missing, the city is shown without it.",
    ),
    "overview": Words("Übersicht", "Overview"),
    "overview-map": Words("Übersichtskarte", "Overview map"),
    "hide": Words("Ausblenden", "Hide"),
    "status": Words("Stand", "Status"),
}  # fmt: skip

# What the scripts say.
SAID_ON_THE_MAP = (
    "background", "selection-failed", "selection-empty", "selection-unlinked", "background-failed",
)  # fmt: skip
