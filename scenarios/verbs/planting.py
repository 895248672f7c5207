"""Trees in rows and groves."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from scenarios.verbs import Deed, new, refuse

SPECIES = "Winterlinde"
GROVE = ("Stieleiche", "Winterlinde", "Hainbuche", "Feldahorn", "Vogelkirsche")
PLANTED = {"height": 6.0, "crown": 3.0}  # metres: as the nursery delivers (girth 20 to 25 cm)
CLOSEST, WIDEST = 1.0, 200.0  # metres between trees
MOST = 2000  # trees in one step


def row_of_trees(
    line: LineString, spacing: float, species: str = SPECIES, *, avoid: Any | None = None, **fields: Any
) -> list[Deed]:
    """Trees along a line, the same distance apart, none within `avoid`. Raises BadShape."""
    _check_spacing(spacing)
    if line.geom_type != "LineString" or line.length == 0:
        refuse("Eine Baumreihe braucht eine Linie.", "A row of trees takes a line. Draw it.")
    count = int(line.length // spacing) + 1
    _check_count(count)
    start = (line.length - (count - 1) * spacing) / 2  # as much is left at either end
    places = shapely.line_interpolate_point(line, start + spacing * np.arange(count))
    return _trees([place for place in places if avoid is None or not avoid.intersects(place)], [species], fields, None)


def grove(
    area: Any, spacing: float, species: Sequence[str] = GROVE, *, seed: int = 1, avoid: Any | None = None, **fields: Any
) -> list[Deed]:
    """Trees all over an area, about `spacing` metres apart and never less than half of it. Raises BadShape.

    The same seed plants the same grove.
    """
    _check_spacing(spacing)
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty or not area.is_valid:
        refuse("Ein Hain braucht eine Fläche.", "A grove takes an area. Draw it.")
    _check_count(area.area / spacing**2)
    rng = np.random.default_rng(seed)
    min_x, min_y, max_x, max_y = area.bounds
    rows, columns = int((max_y - min_y) / (spacing * 0.866)) + 2, int((max_x - min_x) / spacing) + 2
    _check_count(rows * columns / 50)  # of a long thin area on the slant most places lie outside
    row, column = (places.ravel() for places in np.mgrid[:rows, :columns])
    shift = rng.uniform(-0.25, 0.25, (2, len(row))) * spacing
    x = min_x + (column + row % 2 / 2) * spacing + shift[0]
    y = min_y + row * spacing * 0.866 + shift[1]
    inside = shapely.contains_xy(area if avoid is None else area.difference(avoid), x, y)
    return _trees([Point(*place) for place in zip(x[inside], y[inside], strict=True)], species, fields, rng)


def _trees(places: Sequence[Point], species: Sequence[str], fields: dict, rng: np.random.Generator | None):
    if not len(places):
        refuse("Hier ist kein Platz für einen Baum.", "There is no room for a tree here. Draw it larger.")
    names = [species[0]] * len(places) if rng is None else rng.choice(list(species), len(places)).tolist()
    values = PLANTED | fields
    return [new("trees", place, species=name, **values) for place, name in zip(places, names, strict=True)]


def _check_spacing(spacing: float) -> None:
    if not CLOSEST <= spacing <= WIDEST:
        refuse(
            f"Bäume stehen {CLOSEST:g} bis {WIDEST:g} m auseinander, nicht {spacing:g} m.",
            f"Trees stand {CLOSEST:g} to {WIDEST:g} m apart, not {spacing:g} m.",
        )


def _check_count(count: float) -> None:
    if count > MOST:
        refuse(
            f"Das wären mehr als {MOST} Bäume auf einmal. Bitte kleiner zeichnen oder weiter auseinander.",
            f"These would be more than {MOST} trees at once. Draw it smaller, or set them farther apart.",
        )
