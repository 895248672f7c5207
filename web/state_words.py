"""What the page says when something is missing, broken or out of sight, in both languages."""

from twin.feature import Words

STATES = {
    "no-scenario": Words("Es gibt keine Variante {id}.", "There is no scenario {id}."),
    "no-layer": Words("Es gibt keine Ebene namens {name}.", "There is no layer called {name}."),
    "no-feature": Words(
        "In der Ebene „{layer}“ gibt es {uid} nicht oder nicht mehr.",
        "There is no {uid} in the layer “{layer}”, or there is none any more.",
    ),
    "no-field": Words("Die Ebene „{layer}“ hat kein Feld {name}.", "The layer “{layer}” has no field {name}."),
    "no-way": Words(
        "{key}: Nach dem Feld {name} fragt man mit {ways}.", "{key}: the field {name} is asked for with {ways}."
    ),
    "many-values": Words(
        "{key} fragt nach {count} Werten; mehr als {most} gehen nicht.",
        "{key} is asked for with {count} values; {most} are the most.",
    ),
    "long-text": Words(
        "Ein Suchtext hat höchstens {most} Zeichen, nicht {count}.", "A text may have {most} letters, not {count}."
    ),
    "no-state": Words(
        "{name}.state ist eines von {states}, nicht {state}.", "{name}.state is one of {states}, not {state}."
    ),
    "no-date": Words(
        "{name}: {value} ist kein Datum wie 2026-03-21.", "{name}: {value} is no date such as 2026-03-21."
    ),
    "no-number": Words("{name}: {value} ist keine Zahl.", "{name}: {value} is no number."),
    "no-such-text": Words(
        "Die Adresse enthält ein Zeichen, das in keinem Namen vorkommt (Null).",
        "The address contains a character that no name has (null).",
    ),
    "server-failed": Words(
        "Auf dem Server ist ein Fehler passiert. Er ist dort vermerkt; bitte versuchen Sie es noch einmal.",
        "The server made a mistake. It is noted there; please try again.",
    ),
    "bad-picture": Words(
        "West liegt nicht östlich von Ost, Süd nicht nördlich von Nord.",
        "West does not lie east of east, nor south north of north.",
    ),
    "title-404": Words("Das gibt es hier nicht", "Not found here"),
    "title-400": Words("So lässt sich das nicht fragen", "This cannot be asked"),
    "title-500": Words("Das hat nicht geklappt", "This did not work"),
    "other-features": Words("Alle aus dieser Ebene", "All of this layer"),
    "try-again": Words("Noch einmal versuchen", "Try again"),
    "load-command": Words("Befehl zum Laden", "Command that loads"),
    "inspector": Words("Was ausgewählt ist", "What is selected"),
    "lost": Words(
        "Keine Verbindung. Was geladen ist, bleibt; der Rest kommt, sobald sie wieder da ist.",
        "No connection. What is loaded stays; the rest follows as soon as it is back.",
    ),
    "back": Words("Die Verbindung ist wieder da.", "The connection is back."),
    "away": Words("Hier ist nichts von der Stadt zu sehen.", "Nothing of the city is to be seen here."),
    "bad-view": Words(
        "Die Ansicht in diesem Link ist nicht zu lesen. Das ist die ganze Stadt.",
        "The view in this link cannot be read. This is the whole town.",
    ),
    "graphics-lost": Words(
        "Die 3D-Grafik ist ausgefallen. Laden Sie die Seite neu.", "The 3D graphics broke down. Reload the page."
    ),
    "reload": Words("Neu laden", "Reload"),
    "unanswered": Words(
        "Der Server antwortet nicht. Bitte versuchen Sie es gleich noch einmal.",
        "The server does not answer. Please try again in a moment.",
    ),
    "seen": Words(
        "{place}: {count} Gebäude im Bild, Blick nach {direction}.",
        "{place}: {count} buildings in the picture, facing {direction}.",
    ),
    "directions-in-words": Words(
        "Norden Nordosten Osten Südosten Süden Südwesten Westen Nordwesten",
        "north north-east east south-east south south-west west north-west",
    ),
}

# What the scripts of the page say.
SAID_OF_STATES = ("lost", "back", "away", "bad-view", "graphics-lost", "reload", "unanswered", "home")
