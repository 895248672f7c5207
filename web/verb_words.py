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
