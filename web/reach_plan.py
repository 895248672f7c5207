"""Reach areas as a plan: streets and buildings around a place, and how far one comes."""

from typing import Any

import numpy as np
import shapely
from flask import render_template

from layers.buildings import Building
from layers.streets import Street
from layers.water import Water
from scenarios.access.areas import Area
from scenarios.rows import rows_in
from twin.feature import Scenario
from web.asked import db
from web.figure_plans import in_proportion, scale_bar
from web.language import words
from web.plans import HEIGHT, WIDTH, path_of

LARGE = 3000.0  # metres: of a wider plan the buildings are left out


def drawing(scenario: Scenario, place: shapely.Point, drawn: list[Area]) -> str:
    whole = drawn[-1].shape if not drawn[-1].shape.is_empty else place.buffer(200)
    window = in_proportion(whole.buffer(60).bounds)
    scale = WIDTH / (window[2] - window[0])

    def path(shapes: Any) -> str:
        return path_of(np.asarray(shapes, object), window, scale)

    seen = window if window[2] - window[0] < 2 * LARGE else (0.0, 0.0, 0.0, 0.0)
    buildings = rows_in(db(), Building, scenario.id, seen, ()).shapes
    return render_template(
        "reach_plan.svg", width=WIDTH, height=HEIGHT, scale_bar=scale_bar(scale),
        streets=path(rows_in(db(), Street, scenario.id, window, ()).shapes), buildings=path(buildings),
        water=path(rows_in(db(), Water, scenario.id, window, ()).shapes),
        areas=[(one.minutes, path([one.shape]), words(f"kind-walk-{one.minutes}")) for one in reversed(drawn)],
        at=((place.x - window[0]) * scale, (window[3] - place.y) * scale),
    )  # fmt: skip
