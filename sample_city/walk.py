"""A walk through the closed factory and its three futures, as it is told to a council: plain data for `twin plan`."""

from typing import Any

import shapely
from shapely.geometry import Polygon, box, mapping

NEAR = 90.0  # metres around a place that is looked at closely


def walk(area: Polygon, keep: list[Polygon]) -> list[dict[str, Any]]:
    """area: of the factory; keep: outlines of the buildings that stay. Six stops: today, and what could be."""
    hall = max(keep, key=lambda outline: outline.area, default=area).centroid
    middle = shapely.centroid(area)
    return [
        _stop(
            None, area.buffer(260), 50, -24, "Die Zuckerfabrik heute",
            "Zwischen Bahndamm und Merle liegt das Gelände seit 1991 brach: fast ganz versiegelt, dabei nah am"
            " Zentrum.",
        ),
        _stop(
            None, hall.buffer(NEAR), 62, 38, "Was bleibt",
            "Siedehaus, Wasserturm, Schornstein und Verwaltung stehen unter Denkmalschutz. Jeder Entwurf behält sie"
            " und gibt ihnen eine neue Aufgabe.",
        ),
        _stop(
            0, area, 56, -24, "Erster Entwurf: Neues Quartier",
            "Blockränder und Zeilen um einen grünen Platz. Gewohnt wird, wo bisher Asphalt liegt; Läden öffnen sich zur"
            " Straße.",
        ),
        _stop(
            0, middle.buffer(NEAR), 64, 30, "Der grüne Platz",
            "In der Mitte bleibt ein Platz mit Eichen und Ahorn frei; in den Höfen ringsum wachsen Obstbäume.",
        ),
        _stop(
            1, area, 56, 24, "Zweiter Entwurf: Campus",
            "Institute und Werkhallen um einen Platz mit Hochhaus. Das Siedehaus wird zur Bibliothek, und was vom Werk"
            " bleibt, gibt dem Campus sein Gesicht.",
        ),
        _stop(
            2, area.buffer(60), 52, -50, "Dritter Entwurf: Zuckerpark",
            "Das Gelände wird entsiegelt und bepflanzt; die neue Linie 9 verbindet den Park mit Markt und Bahnhof."
            " Wofür entscheiden wir uns?",
        ),
    ]  # fmt: skip


def _stop(design: int | None, around: Any, pitch: float, bearing: float, title: str, text: str) -> dict[str, Any]:
    """design: its number, or none for today. around: what fills the picture, in the city's metres."""
    return {
        "design": design,
        "around": mapping(shapely.transform(box(*around.bounds), lambda points: points.round(1))),
        "pitch": pitch,
        "bearing": bearing,
        "title": title,
        "text": text,
    }
