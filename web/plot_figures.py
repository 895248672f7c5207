"""What a change means where it was made: the figures of the plot on which a feature stands, beside today's."""

from typing import Any

import shapely
from flask import Blueprint, Flask, render_template, request

from layers.parcels import Parcel
from scenarios.indicators import indicator
from scenarios.indicators.figures import Answer
from scenarios.indicators.plots import SLIVER
from scenarios.rows import rows_in
from twin.errors import NotFound
from twin.feature import TODAY, Feature
from web.answers import asked_of_scenario
from web.asked import city, db, find_feature, find_layer, find_scenario
from web.dashboard import rows_of
from web.described import title_of
from web.language import said, words
from web.plans import camera

plot_figures = Blueprint("plot_figures", __name__)

AROUND = 15.0  # metres around what stands on no parcel
MOST = 30  # parcels of one feature: a street crosses many
# What is told beside the map, of which question.
TOLD = {
    "law": ("grz_1", "grz_2", "gfz", "bmz", "plots_above"), "spacing": ("overlap_most", "crossing_most"),
    "areas": ("dwellings", "people", "jobs", "parking"), "cost": ("cost",),
}  # fmt: skip


@plot_figures.get("/scenarios/<int:id>/<name>/<path:uid>/figures")
def of_plot(id: int, name: str, uid: str):
    """A page, or with ?part the few figures that stand beside the map while one plans."""
    scenario, layer = find_scenario(id), find_layer(name)
    shape, title = _feature(id, layer, uid)
    plot, parcels = _plot(shape)
    asked = asked_of_scenario(scenario, plot)
    wanted = [indicator(question) for question in TOLD]
    answers = asked.answers(wanted)
    part = "part" in request.args
    groups = [(one, rows_of(one, answers, asked, TOLD[one.name] if part else None)) for one in wanted]
    return render_template(
        "plot_part.html" if part else "plot.html", city=city(), scenario=scenario, scenarios=asked.scenarios,
        groups=groups, parcels=parcels, title=title, layer=layer.__tablename__, uid=uid, project=asked.project,
        camera=camera(plot), places=_places(answers[id]),
    )  # fmt: skip


def init_app(app: Flask) -> None:
    app.register_blueprint(plot_figures)


def _feature(id: int, layer: type[Feature], uid: str) -> tuple[Any, str]:
    """Its shape as planned; of what the scenario clears, today's."""
    try:
        row = find_feature(id, layer, uid)
    except NotFound:
        row = find_feature(TODAY, layer, uid)
    return row["geom"], title_of(layer, row)


def _plot(shape: Any) -> tuple[Any, list[str]]:
    """The parcels on which it stands, as one, and their numbers; where there is none, the ground around it."""
    rows = rows_in(db(), Parcel, TODAY, shape.bounds, ("number",))
    flat = shapely.make_valid(shapely.force_2d(shape))
    if shapely.get_dimensions(flat) == 2:
        touched = shapely.area(shapely.intersection(shapely.make_valid(rows.shapes), flat)) > SLIVER
    else:
        touched = shapely.intersects(rows.shapes, flat)
    mine = rows.where(touched)
    if len(mine) == 0 or len(mine) > MOST:
        return flat.buffer(AROUND), []
    return shapely.union_all(shapely.make_valid(mine.shapes)), [str(one or words("unknown")) for one in mine["number"]]


def _places(answers: dict[str, Answer]) -> list[str]:
    """What is above a value or too near, in sentences."""
    found = [one for name in ("law", "spacing") for one in answers[name].places if one.above and one.told]
    return [f"{said(one.title)}: {said(one.told)}" for one in found if one.told]
