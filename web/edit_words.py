"""What the planning interface says when it cannot do what it is asked."""

from typing import Any

from twin.feature import Words

NO_GEOMETRY = Words(
    "„geometry“ ist keine GeoJSON-Geometrie in Längen- und Breitengraden: {why}.",
    "“geometry” is no GeoJSON geometry in degrees of longitude and latitude: {why}.",
)
NO_DEGREES = Words(
    "„geometry“: Länge liegt zwischen -180 und 180, Breite zwischen -90 und 90 Grad, in dieser Reihenfolge.",
    "“geometry”: longitude lies between -180 and 180, latitude between -90 and 90 degrees, in this order.",
)
NO_WHAT = Words(
    "„what“ ist ein Wort aus Kleinbuchstaben, das sagt, was getan wurde, wie „height“; nicht undo, redo oder return.",
    "“what” is a word in small letters that says what was done, such as “height”; not undo, redo or return.",
)
COMPUTED = Words(
    "{names}: Das wird aus „form“ berechnet und lässt sich nicht eintragen.",
    "{names}: this is computed from “form” and cannot be entered.",
)
IN_CHANGE = Words("Änderung {number}: ", "Change {number}: ")
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
