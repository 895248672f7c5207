"""What the page about downloads and QGIS says."""

from twin.feature import Words

NO_FORMAT = Words("Das Format „{name}“ gibt es hier nicht. Es gibt: {known}.",
                  "There is no format “{name}” here. There are: {known}.")  # fmt: skip
NO_AREA = Words(
    "„{area}“ ist kein Ausschnitt. Möglich: city, project oder West,Süd,Ost,Nord in Grad.",
    "“{area}” is no part of the city. Possible: city, project or west,south,east,north in degrees.",
)
NOTHING_CHOSEN = Words("Wählen Sie mindestens eine Ebene.", "Choose at least one layer.")
CANNOT_HOLD = Words(
    "{format} hält {layer} nicht. Es hält: {known}. Nehmen Sie ein anderes Format, etwa GeoPackage.",
    "{format} cannot hold {layer}. It holds: {known}. Take another format, such as GeoPackage.",
)
NO_NUMBER = Words("„{name}“ braucht eine Zahl.", "“{name}” takes a number.")

EXPORTING = {
    "tokens": Words("Schlüssel für Programme", "Tokens for programs"),
    "tokens-note": Words(
        "Mit einem Schlüssel tut ein Programm, was Sie tun dürfen, etwa QGIS oder ein Skript. Abmelden überall, ein"
        " neues Passwort und Löschen machen ihn ungültig.",
        "With a token a program does what you may do: QGIS, or a script. Logging out everywhere, a new password and"
        " deleting it end it.",
    ),
    "token-once": Words("Nur jetzt zu sehen, bitte kopieren:", "Seen only now, please copy:"),
    "token-name": Words("Wofür ist er?", "What is it for?"),
    "token-make": Words("Schlüssel anlegen", "Make a token"),
    "token-delete": Words("Löschen", "Delete"),
    "token-how": Words("Im Kopf jeder Anfrage:", "In the head of each request:"),
    "export": Words("Herunterladen", "Download"),
    "export-link": Words("Herunterladen, QGIS", "Download, QGIS"),
    "export-title": Words("Herunterladen und in QGIS öffnen", "Download, and open in QGIS"),
    "export-qgis": Words("In QGIS öffnen", "Open in QGIS"),
    "export-qgis-note": Words(
        "Ein fertiges Projekt mit Gruppen, deutschen Feldnamen, Wertelisten und den Farben dieser Seite, die Variante"
        " neben dem heutigen Stand. QGIS 3.22 oder neuer.",
        "A ready project with groups, titles of fields, value lists and the colours of this page, the scenario beside"
        " today. QGIS 3.22 or later.",
    ),
    "export-packed": Words("Projekt mit Daten (.gpkg)", "Project with data (.gpkg)"),
    "export-packed-note": Words(
        "Eine Datei zum Mitnehmen. In QGIS: Projekt → Öffnen von → GeoPackage.",
        "One file to take along. In QGIS: Project → Open From → GeoPackage.",
    ),
    "export-live": Words("Projekt auf diesem Server (.qgz)", "Project on this server (.qgz)"),
    "export-live-note": Words(
        "Liest über die OGC API, zeigt also immer den neuesten Stand. Für Entwürfe ist die Datei der bessere Weg: Sie"
        " braucht keine Anmeldung.",
        "Reads by the OGC API, so it always shows the latest. For drafts the file is better: it needs no login.",
    ),
    "back-title": Words("Änderungen aus QGIS zurückbringen", "Bring back edits made in QGIS"),
    "back-note": Words(
        "Ein Projekt mit Daten (.gpkg) dieser Variante, das Sie in QGIS bearbeitet haben. Übernommen wird alles oder"
        " nichts; danach laden Sie es neu herunter.",
        "A project with data (.gpkg) of this scenario that you edited in QGIS. All of it is taken or none; then"
        " download it anew.",
    ),
    "back-send": Words("Zurückbringen", "Bring back"),
    "back-made": Words("{count} Änderungen sind übernommen.", "{count} edits are taken."),
    "back-none": Words("In dieser Datei ist nichts geändert.", "Nothing is edited in this file."),
    "back-refused": Words("Es ist nichts übernommen, denn das geht nicht:", "Nothing is taken, for this cannot be:"),
    "back-why": Words("Warum", "Why"),
    "back-history": Words("Zum Verlauf", "To the history"),
    "export-data": Words("Daten herunterladen", "Download data"),
    "export-layers": Words("Ebenen", "Layers"),
    "export-none-is-all": Words("Ohne Auswahl: alle, die das Format hält.", "None chosen: all that the format holds."),
    "export-area": Words("Ausschnitt", "Part of the city"),
    "export-city": Words("Ganze Stadt", "Whole city"),
    "export-project": Words("Gebiet des Projekts", "Area of the project"),
    "export-box": Words("Rechteck", "Box"),
    "export-box-note": Words(
        "West, Süd, Ost, Nord in Grad, mit Kommas", "West, south, east, north in degrees, with commas"
    ),
    "export-format": Words("Format", "Format"),
    "export-print": Words("Modell für den 3D-Druck (STL)", "Model for a 3D printer (STL)"),
    "export-print-note": Words(
        "Ein Quadrat der Stadt als geschlossener Körper mit Bodenplatte. Ist das Modell größer als das Druckbett, wird"
        " es in Kacheln geteilt.",
        "A square of the city as one closed body with a base plate. Where the model is larger than the print bed, it"
        " comes in tiles.",
    ),
    "export-longitude": Words("Mitte: Länge (Grad)", "Middle: longitude (degrees)"),
    "export-latitude": Words("Mitte: Breite (Grad)", "Middle: latitude (degrees)"),
    "export-side": Words("Seitenlänge (m)", "Length of the side (m)"),
    "export-scale": Words("Maßstab 1 :", "Scale 1 :"),
    "export-bed": Words("Druckbett (mm)", "Print bed (mm)"),
    "export-base": Words("Bodenplatte (mm)", "Base plate (mm)"),
    "export-services": Words("Dienste", "Services"),
    "export-services-note": Words(
        "Adressen für GIS und Programme, in QGIS unter Ebene → Layer hinzufügen → WFS / OGC API - Features.",
        "Addresses for GIS and programs, in QGIS under Layer → Add Layer → WFS / OGC API - Features.",
    ),
    "export-embed": Words("Diese Ansicht einbetten", "Embed this view"),
    "export-line": Words("In der Befehlszeile", "On the command line"),
}
