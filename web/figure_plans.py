"""What an answer draws, as a plan: spacing and overlaps, plots above a value, hours of sun as a picture below it."""

import base64
import io
from typing import Any

import numpy as np
from flask import Response, render_template
from PIL import Image

from layers.buildings import Building
from layers.parcels import Parcel
from scenarios.indicators.figures import Answer, Drawn, Grid
from scenarios.rows import rows_in
from web.answers import Asked
from web.asked import db
from web.language import words
from web.plans import HEIGHT, WIDTH, path_of, window_of

# Hours of sun from none to many: told apart by lightness alone, so that they can be by everyone.
SCALE = ((36, 30, 72), (66, 62, 133), (48, 104, 142), (53, 153, 136), (122, 190, 94), (221, 213, 86), (255, 241, 170))


def plan(asked: Asked, scenario: int, answer: Answer) -> Response:
    found = Response(drawing(asked, scenario, answer), mimetype="image/svg+xml")
    found.headers["Cache-Control"] = "no-cache"
    return found


def drawing(asked: Asked, scenario: int, answer: Answer) -> str:
    window = answer.grid.bounds if answer.grid else window_of(asked.area, scenario)
    window = in_proportion(window)
    scale = WIDTH / (window[2] - window[0])

    def path(shapes: np.ndarray) -> str:
        return path_of(np.asarray(shapes, object), window, scale)

    buildings = rows_in(db(), Building, scenario, window, ()).shapes
    parcels = rows_in(db(), Parcel, scenario, window, ()).shapes
    drawn = [(one.kind, path(one.shapes)) for one in flat(answer) if len(one.shapes)]
    return render_template(
        "figure_plan.svg", width=WIDTH, height=HEIGHT, parcels=path(parcels), buildings=path(buildings), drawn=drawn,
        area=path(np.array([asked.area], object)) if asked.area is not None else "",
        picture=_placed(answer.grid, window, scale) if answer.grid else None,
        legend=_legend(answer), bar=scale_bar(scale),
    )  # fmt: skip


def flat(answer: Answer) -> list[Drawn]:
    """What can be seen from above: faces of walls cannot."""
    return [one for one in answer.drawn if one.classes is None]


def picture(grid: Grid) -> Image.Image:
    """The grid in the colours of SCALE, clear where it is not known."""
    known = np.isfinite(grid.values)
    colour = np.clip(np.nan_to_num(grid.values) / grid.step, 0, len(SCALE) - 1).astype(int)
    rgba = np.zeros((*grid.values.shape, 4), np.uint8)
    rgba[..., :3], rgba[..., 3] = np.array(SCALE, np.uint8)[colour], np.where(known, 255, 0)
    return Image.fromarray(rgba)


def _placed(grid: Grid, window: tuple, scale: float) -> dict[str, Any]:
    file = io.BytesIO()
    picture(grid).quantize(16).save(file, "PNG", optimize=True)
    west, south, east, north = grid.bounds
    return {
        "data": base64.b64encode(file.getvalue()).decode(),
        "x": (west - window[0]) * scale, "y": (window[3] - north) * scale,
        "width": (east - west) * scale, "height": (north - south) * scale,
    }  # fmt: skip


def _legend(answer: Answer) -> list[tuple[str, str]]:
    """(class or colour, words)."""
    if answer.grid is None:
        return [(one.kind, words(f"kind-{one.kind}")) for one in flat(answer) if len(one.shapes)]
    return scale_legend(answer.grid.step, answer.grid.most, answer.grid.unit)


def scale_legend(step: float, most: float, unit: str) -> list[tuple[str, str]]:
    """(colour, words) of SCALE, as far as it is needed. step: so much of the unit is one colour."""
    last = len(SCALE) - 1
    shown = [i for i in range(len(SCALE)) if i * step <= most]
    told = [f"{i * step:.0f}–{(i + 1) * step:.0f} {unit}" if i < last else f"≥ {i * step:.0f} {unit}" for i in shown]
    return [(f"rgb{SCALE[i]}", each) for i, each in zip(shown, told, strict=True)]


def in_proportion(window: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = window
    half = max((east - west) / 2, (north - south) / 2 * WIDTH / HEIGHT)
    x, y = (west + east) / 2, (south + north) / 2
    return x - half, y - half * HEIGHT / WIDTH, x + half, y + half * HEIGHT / WIDTH


def scale_bar(scale: float) -> tuple[float, str]:
    """Length in units of the drawing, and its words: a round number of metres."""
    metres = next(one for one in (5, 10, 20, 50, 100, 200, 500, 1000, 5000, 1e9) if one * scale > 110)
    return metres * scale, f"{metres:.0f} m"
