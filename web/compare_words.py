"""The words of a comparison, German and English."""

from twin.feature import Words

COMPARING = {
    "mode": Words("Ansicht des Vergleichs", "How it is compared"),
    "mode-split": Words("Geteilt", "Split"),
    "mode-swipe": Words("Wischen", "Swipe"),
    "mode-list": Words("Liste", "List"),
    "side-before": Words("Links", "Left"),
    "side-after": Words("Rechts", "Right"),
    "divider": Words(
        "Trennlinie: wie viel von der linken Seite zu sehen ist", "Divider: how much of the left side shows"
    ),
    "back-to-city": Words("Zurück zur Stadt", "Back to the city"),
    "compare-no-webgl": Words(
        "Dieser Browser zeigt keine 3D-Grafik (WebGL 2 fehlt oder ist abgeschaltet). Hier ist der Vergleich als Liste.",
        "This browser shows no 3D graphics (WebGL 2 is missing or switched off). Here is the comparison as a list.",
    ),
    "marked-new": Words("neu: blau, +", "new: blue, +"),
    "marked-changed": Words("geändert: orange gepunktet, ≠", "changed: orange dots, ≠"),
    "marked-gone": Words(
        "fällt weg: magenta gestreift, −; rechts steht es noch als Geist",
        "gone: magenta stripes, −; on the right it still stands as a ghost",
    ),
    "compare-with-today": Words("Mit heute vergleichen", "Compare with today"),
    "layers-and-sun": Words("Ebenen und Sonne", "Layers and sun"),
    "differ": Words("{n} anders", "{n} differ"),
    "all-layers": Words("Alle Ebenen", "All layers"),
    "listed": Words("{first}–{last} von {many}", "{first}–{last} of {many}"),
    "more-of-them": Words("Weitere {n} zeigen (noch {left})", "Show {n} more ({left} left)"),
}  # fmt: skip
