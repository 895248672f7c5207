"""The words of empty and available places: coherent land, candidates, and which use fits where."""

from twin.feature import Words

PLACES = {
    "places-and-ways": Words("Leere Orte und kurze Wege", "Empty places and short ways"),
    "land": Words("Flächensuche", "Land search"),
    "land-why": Words(
        "Flurstücke, die sich berühren und zusammen groß genug sind, mit dem, was im Weg steht. Die besten zuerst.",
        "Parcels that touch and together are large enough, with what stands in the way. The best first.",
    ),
    "land-hectares": Words("Mindestens", "At least"),
    "land-zones": Words("Gebietsart", "Kind of zone"),
    "land-owners": Words("Eigentümer", "Owners"),
    "land-slope": Words("Neigung bis", "Slope up to"),
    "land-built": Words("Überbaut bis", "Built over up to"),
    "land-road": Words("Zur Hauptstraße bis", "To a main road up to"),
    "land-rail": Words("Zur Bahn bis", "To rail up to"),
    "land-outside": Words("Nicht in", "Not in"),
    "land-any": Words("egal", "any"),
    "land-search": Words("Suchen", "Search"),
    "land-found": Words("Flächen: {n}", "Sites: {n}"),
    "land-none": Words(
        "Keine Fläche erfüllt alles. Lassen Sie eine Bedingung weg, oder suchen Sie nach weniger Hektar; die größte"
        " zusammenhängende Fläche mit diesen Bedingungen hat {most} ha.",
        "No site meets all this. Leave a condition out, or look for fewer hectares; the largest one that coheres under"
        " these conditions has {most} ha.",
    ),
    "land-no-parcels": Words(
        "Es sind keine Flurstücke geladen. Laden Sie das Liegenschaftskataster (ALKIS): twin load ORDNER.",
        "No parcels are loaded. Load the cadastre: twin load FOLDER.",
    ),
    "land-too-many": Words("{n} Flurstücke auf einmal sind zu viele; gesucht wird in bis zu {most}. Wählen Sie das"
                           " Projektgebiet.", "{n} parcels at once are too many; up to {most} are searched."
                           " Choose the project's area."),
    "land-where": Words("Wo?", "Where?"),
    "land-size": Words("Größe", "Size"),
    "land-parcels": Words("Flurstücke", "Parcels"),
    "land-who": Words("Eigentümer", "Owners"),
    "land-in": Words("Gebiet", "Zone"),
    "land-obstacles": Words("Was im Weg steht", "What stands in the way"),
    "land-free": Words("nichts bekannt", "nothing known"),
    "land-plan": Words("Die gefundenen Flächen auf einem Plan", "The sites that were found, on a plan"),
    "land-no-number": Words("{name}: „{told}“ ist keine Zahl von {least} bis {most}.",
                            "{name}: “{told}” is no number from {least} to {most}."),
    "guesses": Words("Kandidaten aus den Daten", "Candidates from the data"),
    "guesses-why": Words(
        "Vermutungen, keine Feststellungen: Baulücken, wenig genutzte Grundstücke und wohl leere Häuser. Was schon im"
        " Register steht, fehlt hier. Bitte vor Ort prüfen.",
        "Guesses, not findings: gaps between buildings, under-used plots, houses that are likely empty. What the"
        " register knows is not listed. Please look on site.",
    ),
    "guess": Words("Vermutung", "Guess"),
    "guess-why": Words("Woran man es sieht", "What points to it"),
    "guesses-none": Words("Nichts deutet auf weitere Leerstände hin.", "Nothing points to further vacancies."),
    "guesses-no-blocks": Words(
        "Wohl leere Häuser lassen sich nicht erkennen: Es sind keine Baublöcke mit Einwohnern geladen.",
        "Likely empty houses cannot be told: no blocks with inhabitants are loaded.",
    ),
    "guesses-more": Words("… und {n} weitere.", "… and {n} more."),
    "uses": Words("Nutzung und Ort", "Uses and places"),
    "uses-why": Words(
        "Welcher leere Ort passt zu welchem Bedarf? Mit Gründen und mit dem, was fehlt.",
        "Which empty place fits which need? With reasons, and with what is missing.",
    ),
    "uses-use": Words("Was sucht einen Ort?", "What looks for a place?"),
    "uses-ranked": Words("{n} Orte für: {use}", "{n} places for: {use}"),
    "uses-for": Words("Was aus diesem Ort werden könnte: {place}", "What this place could become: {place}"),
    "uses-mark": Words("Eignung", "Fitness"),
    "uses-met": Words("Spricht dafür", "Speaks for it"),
    "uses-lacking": Words("Fehlt oder ist offen", "Missing or open"),
    "uses-refused": Words("Pflicht nicht erfüllt", "lacks what is needed"),
    "uses-none": Words("Im Register steht kein leerer Ort. Laden Sie das Leerstandskataster: twin load LISTE.xlsx.",
                       "The register holds no empty place. Load it: twin load LIST.xlsx."),
    "uses-nothing-fits": Words(
        "Kein Ort erfüllt, was dieses Profil unbedingt braucht. Die Liste zeigt, woran es jeweils fehlt.",
        "No place meets what this profile needs. The list shows what each one lacks.",
    ),
    "uses-place": Words("Ort", "Place"),
    "uses-put": Words("In die Variante", "Into the scenario"),
    "uses-what-else": Words("Was könnte es werden?", "What could it become?"),
    "uses-to-scenario": Words("Zum Einplanen eine Variante öffnen, die bearbeitet werden darf.",
                              "To plan it in, open a scenario that may be edited."),
    "uses-method": Words(
        "Jeder Wunsch des Profils hat ein Gewicht; erfüllt zählt er ganz, knapp verfehlt zum Teil, unbekannt halb."
        " Wege zu Fuß über das Netz. Die Profile stehen in scenarios/rules/uses.toml und lassen sich ändern.",
        "Each wish of the profile has a weight; met it counts fully, narrowly missed in part, unknown by half. Ways on"
        " foot over the net. The profiles stand in scenarios/rules/uses.toml and can be changed.",
    ),
}  # fmt: skip
