"""What is said of verbs on several features, and of designs that are brought in."""

from twin.feature import Words

NO_VERB = Words("Das geht: {known}.", "There are these verbs: {known}.")
LACKING = Words("Es fehlt: {names}.", "This lacks: {names}. Please send it.")
NO_SHAPE = Words("„{name}“ ist keine Geometrie der Art {kinds}.", "“{name}” is no geometry of the kind {kinds}.")
CROSSES = Words(
    "Die Fläche kreuzt sich selbst. Bitte so zeichnen, dass sich ihre Seiten nicht schneiden.",
    "The area crosses itself. Please redraw it so that its sides do not cross.",
)
NO_TEXT = Words("„{value}“: Hier gehört ein Text hin.", "“{value}”: this takes a text.")
NO_LIST = Words(
    "Hier gehört eine Liste von höchstens {most} Kennungen hin.", "This takes a list of at most {most} ids."
)
NO_NUMBER = Words("„{name}“: Hier gehört eine Zahl hin.", "“{name}”: this takes a number.")
NO_FIELDS = Words("Hier sind diese Felder möglich: {known}.", "These fields are possible here: {known}.")
NO_FILE = Words("Bitte eine Datei mitschicken (Feld „file“).", "Please send a file, in the field “file”.")
NO_CRS = Words(
    "Diese Projektion ist nicht bekannt. Bitte die EPSG-Nummer angeben, etwa 25832.",
    "No such projection is known. Give an EPSG number, such as 25832.",
)
NO_LAYER = Words("Es gibt diese Ebenen: {known}.", "There are these layers: {known}.")
NO_PLACE = Words(
    "„{text}“ ist weder Koordinaten noch WKT noch GeoJSON noch etwas wie parcels/7. Ein Beispiel: 500000 5930000.",
    "“{text}” is neither coordinates nor WKT nor GeoJSON nor something like parcels/7. An example: 500000 5930000.",
)
SEVERAL_SO_CALLED = Words(
    "„{text}“ heißt hier mehreres. Bitte die Kennung nennen: {known}.",
    "There are several called “{text}”. Please give the id: {known}.",
)

LAND = Words("Boden", "Land")
GREEN = Words("Grün", "Green")
TRAFFIC = Words("Verkehr", "Traffic")
HOUSES = Words("Häuser", "Houses")
AREA = Words("Fläche", "Area")
WAY = Words("Weg", "Way")
WAY_HINT = Words(
    "Leer: der kürzeste Weg auf den Straßen von Halt zu Halt.", "Empty: the shortest way on streets from stop to stop."
)
HEADWAYS_HINT = Words(
    "Stunden und Minuten zwischen zwei Fahrten: 6-9:10;9-20:15", "Hours, and minutes between two trips: 6-9:10;9-20:15"
)
SPLIT = Words("Flurstück teilen", "Split a parcel")
SPLIT_DOES = Words(
    "Eine Linie von Rand zu Rand teilt es; das größte Stück behält die Nummer.",
    "A line from edge to edge divides it; the largest piece keeps the number.",
)
PARCEL = Words("Flurstück", "Parcel")
CUT = Words("Teilungslinie", "Dividing line")
MERGE = Words("Flurstücke vereinigen", "Merge parcels")
MERGE_DOES = Words(
    "Aus Nachbarn wird eines, unter der Nummer des größten.", "Neighbours become one, under the number of the largest."
)
PARCELS = Words("Flurstücke", "Parcels")
REZONE = Words("Umwidmen", "Rezone")
REZONE_DOES = Words(
    "Die Fläche bekommt eine andere Gebietsart; was dort bisher festgesetzt ist, weicht.",
    "The area becomes of another kind; what was laid down there gives way.",
)
RESURFACE = Words("Entsiegeln oder befestigen", "Unseal or pave")
RESURFACE_DOES = Words(
    "Der Boden wird innerhalb der Fläche von anderer Art.", "Within the area the ground becomes of another kind."
)
ROW = Words("Baumreihe pflanzen", "Plant a row of trees")
ROW_DOES = Words("Bäume entlang einer Linie, keine unter Häusern.", "Trees along a line, none under houses.")
LINE = Words("Linie", "Line")
SPACING = Words("Abstand", "Spacing")
GROVE = Words("Hain pflanzen", "Plant a grove")
GROVE_DOES = Words("Bäume auf einer Fläche, keine unter Häusern.", "Trees all over an area, none under houses.")
SPECIES_HINT = Words("Mehrere durch Kommas getrennt.", "Several are separated by commas.")
STREET = Words("Straße neu aufteilen", "Redesign a street")
STREET_DOES = Words(
    "Fahrstreifen, Tempo, Radverkehr und Bäume. Was leer bleibt, ändert sich nicht.",
    "Lanes, speed, cycling and trees. What is left empty does not change.",
)
STREET_ONE = Words("Straße", "Street")
TREES_EVERY = Words("Bäume beiderseits alle", "Trees on both sides every")
NEW_STOP = Words("Haltestelle anlegen", "Add a stop")
NEW_STOP_DOES = Words("Ein neuer Halt für Linien, die hier fahren.", "A new stop for lines that run here.")
PLACE = Words("Ort", "Place")
MOVE_STOP = Words("Haltestelle verlegen", "Move a stop")
MOVE_STOP_DOES = Words(
    "Geplante Linien, die dort halten, fahren mit ihrem Weg dorthin.", "Planned lines that call there go along."
)
STOP = Words("Haltestelle", "Stop")
NEW_PLACE = Words("Neuer Ort", "New place")
NEW_LINE = Words("Linie anlegen", "Draw a line")
NEW_LINE_DOES = Words(
    "Eine Linie in beiden Richtungen, mit Takt nach Tageszeit.", "A line both ways, with headways by time of day."
)
STOPS = Words("Haltestellen, der Reihe nach", "Stops, in order")
STOPS_HINT = Words("Eine je Zeile.", "One a line.")
STOPS_ANEW_HINT = Words("Eine je Zeile. Leer: wie bisher.", "One a line. Empty: as before.")
CHANGE_LINE = Words("Linie ändern", "Change a line")
CHANGE_LINE_DOES = Words(
    "Ein anderer Takt, andere Halte, ein anderer Weg. Was leer bleibt, ändert sich nicht.",
    "Other headways, other stops, another way. What is left empty does not change.",
)
LINE_ONE = Words("Buslinie, Bahnlinie", "Line of bus or train")
REUSE = Words("Gebäude umnutzen", "Put to a new use")
REUSE_DOES = Words(
    "Das Gebäude bekommt eine neue Nutzung; sein Leerstand ist beendet.",
    "The building gets a new use; its vacancy is over.",
)
BUILDING = Words("Gebäude", "Building")
COURTYARD = Words("Hof öffnen", "Open a courtyard")
COURTYARD_DOES = Words(
    "Die Fläche wird aus dem Gebäude genommen; Wände und Dach folgen.",
    "The area is taken out of the building; walls and roof follow.",
)
COURTYARD_AREA = Words("Der Hof", "The courtyard")
PART = Words("Teil anbauen", "Add a part")
PART_DOES = Words(
    "Ein Flügel, oder ein Teil für sich: ein Gebäude mit denselben Geschossen und demselben Dach.",
    "A wing, or a part that stands by itself: one building with the same storeys and the same roof.",
)
PART_AREA = Words("Der neue Teil", "The new part")
TAKE_DOWN = Words("Gebäude abreißen", "Take a building down")
TAKE_DOWN_DOES = Words(
    "Mit ihm geht, was in seinem Umriss steht: Leerstand, Bäume, Einrichtungen.",
    "With it goes what stands in its outline: vacancies, trees, facilities.",
)

SEVERAL = {
    "design": Words("Entwurf hereinholen", "Bring in a design"),
    "design-why": Words(
        "GeoJSON, GeoPackage, DXF, CityJSON, CityGML oder IFC, auch als ZIP, bis 50 MB. Was darin liegt, zählt sofort"
        " in jeder Zahl.",
        "GeoJSON, GeoPackage, DXF, CityJSON, CityGML or IFC, zipped too, up to 50 MB. What is in it counts in every"
        " figure at once.",
    ),
    "design-file": Words("Entwurf (Datei)", "Design (file)"),
    "design-placing": Words("Lage, Winkel, Maßstab", "Place, angle, scale"),
    "design-place-help": Words(
        "Leer: wie die Datei es sagt. Sonst liegt die Mitte des Entwurfs dort, um sie gedreht und vergrößert.",
        "Empty: as the file says. Else the middle of the design lies there, turned and scaled about it.",
    ),
    "design-scale": Words("Maßstab", "Scale"),
    "design-scale-help": Words("0,001 für Zeichnungen in Millimetern", "0.001 for drawings in millimetres"),
    "design-crs": Words("Projektion (EPSG)", "Projection (EPSG)"),
    "design-crs-help": Words("Leer: wie erkannt. Ein Beispiel: 25832", "Empty: as recognised. An example: 25832"),
    "design-layer": Words("Alles darin ist", "All in it is"),
    "design-as-found": Words("wie in der Datei", "as in the file"),
    "design-look": Words("Ansehen", "Look at it"),
    "design-plan": Words("Einplanen", "Plan it"),
    "design-holds": Words("Darin liegt", "It holds"),
    "design-is-placed": Words(
        "Seine Mitte liegt bei {east} / {north} ({crs}).", "Its middle is at {east} / {north} ({crs})."
    ),
    "design-no-place": Words(
        "Er sagt nicht, wo er liegt: Ostwert und Nordwert angeben oder ihn auf der Karte ablegen.",
        "It does not say where it lies: give easting and northing, or put it on the map.",
    ),
    "design-again": Words(
        "Zum Einplanen wählen Sie die Datei noch einmal: Der Browser gibt sie nicht zweimal her.",
        "To plan it choose the file once more: the browser does not hand it over twice.",
    ),
    "design-put": Words(
        "Auf der Karte ablegen; danach verschieben ✥, drehen ⟳, skalieren ⤢.",
        "Put it on the map; then move ✥, turn ⟳, scale ⤢.",
    ),
    "design-large": Words("{width} × {depth} m groß", "{width} × {depth} m large"),
    "verbs": Words("Umplanen", "Replan"),
    "verbs-why": Words(
        "Was mehrere Dinge auf einmal ändert, in einem Schritt. Jedes geht auch auf der Karte.",
        "What changes several things at once, in one step. Each also works on the map.",
    ),
    "verb-do": Words("Ausführen", "Do it"),
    "verb-done": Words("Ausgeführt", "Done"),
    "verb-waits": Words(
        "Keine Verbindung: Es wird ausgeführt, sobald sie wieder da ist.", "No connection: it is done once it is back."
    ),
    "on-the-map-draw": Words("Auf der Karte zeichnen", "Draw on the map"),
    "on-the-map-again": Words("Neu zeichnen", "Draw again"),
    "on-the-map-click": Words("Auf der Karte anklicken.", "Click it on the map."),
    "on-the-map-several": Words(
        "Auf der Karte anklicken, eins nach dem anderen; noch einmal nimmt es heraus.",
        "Click them on the map, one after the other; once more takes it out.",
    ),
    "several-lines": Words("Eins je Zeile.", "One a line."),
    "feature-help": Words("Kennung, Name oder Nummer.", "Id, name or number."),
    "shape-help": Words(
        "Ost- und Nordwerte in Metern ({crs}), ein Punkt je Zeile; oder WKT, GeoJSON in Grad, oder was schon da ist:"
        " parcels/7, eins je Zeile.",
        "Eastings and northings in metres ({crs}), one point a line; or WKT, GeoJSON in degrees, or what is there:"
        " parcels/7, one a line.",
    ),
    "shape-is-drawn": Words("gezeichnet", "drawn"),
    "exactly": Words("Genaue Angaben", "Exact values"),
    "stays-so": Words("bleibt", "stays"),
    "optional": Words("freiwillig", "optional"),
}
SAID_OF_VERBS = ("design-put", "verb-done", "verb-waits", "shape-is-drawn", "on-the-map-draw", "on-the-map-again")
