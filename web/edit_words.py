"""What the planning interface says when it cannot do what it is asked."""

from typing import Any

from twin.feature import Words

NO_JSON = Words("Das ist kein JSON: {why}.", "This is no JSON: {why}. Please send a JSON object.")
NO_OBJECT = Words("Gefragt ist ein JSON-Objekt.", "This takes a JSON object.")
NO_GEOMETRY = Words(
    "„geometry“ ist keine GeoJSON-Geometrie in Längen- und Breitengraden: {why}.",
    "“geometry” is no GeoJSON geometry in degrees of longitude and latitude: {why}.",
)
NO_DEGREES = Words(
    "„geometry“: Länge liegt zwischen -180 und 180, Breite zwischen -90 und 90 Grad, in dieser Reihenfolge.",
    "“geometry”: longitude lies between -180 and 180, latitude between -90 and 90 degrees, in this order.",
)
WRONG_TYPE = Words("„{name}“ muss {de} sein.", "“{name}” has to be {en}.")
NO_SEEN = Words(
    "Es fehlt, welche Fassung Sie gesehen haben: „seen“ ist die Nummer aus „version“.",
    "Say which version you have seen: “seen” is the number that “version” gave.",
)
NO_WHAT = Words(
    "„what“ ist ein Wort aus Kleinbuchstaben, das sagt, was getan wurde, wie „height“; nicht undo, redo oder return.",
    "“what” is a word in small letters that says what was done, such as “height”; not undo, redo or return.",
)
COMPUTED = Words(
    "{names}: Das wird aus „form“ berechnet und lässt sich nicht eintragen.",
    "{names}: this is computed from “form” and cannot be entered.",
)
NO_VERB = Words("„verb“ ist place, clear oder restore.", "“verb” is place, clear or restore.")
NO_CHANGES = Words(
    "„changes“ ist eine Liste von 1 bis {most} Änderungen.", "“changes” is a list of 1 to {most} changes."
)
TOO_LARGE = Words(
    "Das sind mehr als {most} MB auf einmal. Bitte auf mehrere Schritte verteilen.",
    "This is more than {most} MB at once. Please send it in several steps.",
)
IN_CHANGE = Words("Änderung {number}: ", "Change {number}: ")
BUSY = Words(
    "Die Stadt wird gerade von einem anderen Programm geschrieben. Bitte gleich noch einmal versuchen.",
    "Another program is writing to the city. Please try again in a moment.",
)
TOO_MANY_WATCH = Words(
    "Es sehen schon zu viele zu. Die Seite fragt gleich noch einmal.",
    "Too many are watching already. The page asks again in a moment.",
)
NO_PROJECT = Words("Das Projekt {id} gibt es nicht.", "There is no project {id}.")

EDITING = {
    "difference-shape": Words("Umriss", "Outline"),
    "difference-form": Words("Dach und Wände", "Roof and walls"),
}


def filled(sentence: Words, **values: Any) -> Words:
    return Words(sentence.de.format(**values), sentence.en.format(**values))
