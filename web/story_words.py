"""The words of viewpoints and stories, German and English."""

from twin.feature import Words

STORIES = {
    "story": Words("Rundgang", "Story"),
    "story-note": Words(
        "Blickpunkte mit Text, der Reihe nach: für die Sitzung, im Vollbild.",
        "Viewpoints with text, one after the other: for the meeting, in full screen.",
    ),
    "present": Words("Vorführen", "Present"),
    "edit-story": Words("Rundgang bearbeiten", "Edit the story"),
    "no-viewpoints": Words("Noch kein Blickpunkt.", "No viewpoint yet."),
    "no-viewpoints-planner": Words(
        "Noch kein Blickpunkt. Öffnen Sie eine Variante in der Stadt, suchen Sie den Blick und wählen Sie in ihrem Menü"
        " „Blickpunkt merken“.",
        "No viewpoint yet. Open a scenario in the city, find the view and choose “Keep this viewpoint” in its menu.",
    ),
    "new-viewpoint": Words("Neuer Blickpunkt", "New viewpoint"),
    "keep-viewpoint": Words("Blickpunkt merken", "Keep this viewpoint"),
    "edit-viewpoint": Words("Blickpunkt ändern", "Change the viewpoint"),
    "shows": Words("Zeigt", "Shows"),
    "story-text": Words("Text", "Text"),
    "story-text-note": Words(
        "Was dazu gesagt wird; steht neben dem Bild.", "What is said of it; it stands beside the picture."
    ),
    "view": Words("Ansicht", "View"),
    "view-note": Words(
        "Was in der Adresse der Stadt hinter # steht: Kamera, Ebenen, Sonne. Leer: der Blick, mit dem"
        " sich der Zustand öffnet.",
        "What stands behind # in the city's address: camera, layers, sun. Empty: the view with which it opens.",
    ),
    "earlier": Words("Früher", "Earlier"),
    "later": Words("Später", "Later"),
    "take-out": Words("Herausnehmen", "Take out"),
    "step-back": Words("Zurück", "Back"),
    "step-on": Words("Weiter", "Next"),
    "steps-told": Words("Blickpunkt {n} von {all}", "Viewpoint {n} of {all}"),
    "end-story": Words("Vorführung beenden", "End the presentation"),
    "story-keys": Words(
        "Pfeiltasten, Bild ↑ und ↓: blättern · Esc: beenden", "Arrow keys, Page Up and Down: turn · Esc: end"
    ),
    "no-viewpoint-here": Words("Diesen Blickpunkt gibt es nicht.", "There is no such viewpoint."),
}  # fmt: skip
