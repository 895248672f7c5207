"""What is said of verbs on several features, and of designs that are brought in."""

from twin.feature import Words

NO_VERB = Words("Das geht: {known}.", "There are these verbs: {known}.")
NO_SHAPE = Words("„{name}“ ist keine Geometrie der Art {kinds}.", "“{name}” is no geometry of the kind {kinds}.")
CROSSES = Words(
    "Die Fläche kreuzt sich selbst. Bitte so zeichnen, dass sich ihre Seiten nicht schneiden.",
    "The area crosses itself. Please redraw it so that its sides do not cross.",
)
NO_CRS = Words(
    "Diese Projektion ist nicht bekannt. Bitte die EPSG-Nummer angeben, etwa 25832.",
    "No such projection is known. Give an EPSG number, such as 25832.",
)
