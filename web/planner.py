"""The planner's page: what its tools need, and the same by form and list, without the map."""

from typing import Any

import shapely
from flask import Blueprint, Flask, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select

from layers.buildings import Building
from layers.parcels import Parcel
from scenarios import changes
from scenarios.assumptions import in_force
from scenarios.diary import newest_change
from scenarios.forms.library import Type, outline, types
from scenarios.forms.roofs import CODES
from scenarios.outlines import Measures
from scenarios.rows import rows_in
from twin.errors import NotFound, TwinError
from twin.feature import TODAY, Feature, Scenario
from twin.projection import LONLAT, to_lonlat, transformer
from web import editing
from web.asked import city, db, find_feature, find_layer, find_scenario, layers
from web.contract import contract
from web.described import title_of
from web.entering import entered, form_of, formed, is_rebuilt, shape_entered
from web.errors import STATUS, BadQuestion, sentence_of
from web.language import language, number, said, words
from web.pasts import AT_ONCE, steps_told
from web.people import person, require
from web.planner_words import SAID_BY_PLANNER
from web.schemas import GEOMETRY, NUMBER, TEXT, YES_NO, list_of, object_of
from web.verb_words import SAID_OF_VERBS

planner = Blueprint("planner", __name__)

WIDEST = 4000.0  # metres of a window in which edges are looked for
POINTS = {"vacancies", "facilities"}  # which may be outlines too
ROUND = 7  # decimals of a degree: a centimetre


def planner_of(scenario: Scenario) -> dict[str, Any] | None:
    """What the page needs of the planner's tools; None for those who may not plan here."""
    if not may_plan(scenario):
        return None
    if "plan" not in request.args:
        return {"on": False}
    who = person()
    return {
        "on": True,
        "scenario": scenario.id,
        "person": who.id if who else None,
        "api": f"/api/scenarios/{scenario.id}",
        "snapping": url_for("planner.snapping", id=scenario.id),
        "measures": url_for("planner.measures", id=scenario.id, name="LAYER", uid="UID"),
        "history": url_for("planner.history", id=scenario.id, lang=language()),
        "verbs": url_for("verbs.verb_form", id=scenario.id, name="VERB", lang=language()),
        "events": _events(scenario),
        "login": "/login",
        "layers": [_tool(layer) for layer in layers().values()],
        "fields": {name: _fields(layer) for name, layer in layers().items()},
        "roofs": {code: roof for roof, code in CODES.items()},
        "types": _types(),
        "building": {**_building(types()["slab"]), "storeys": 3},
        "assumptions": _assumptions(scenario),
    }


def planned_scene(scene: dict[str, Any], planner: dict[str, Any] | None) -> dict[str, Any]:
    """The scene with what the scripts of the planner's tools need; for all others as it is."""
    if not planner or not planner["on"]:
        return scene
    id = planner["scenario"]
    form = url_for("planner.edit", id=id, name="LAYER", uid="UID")
    said_there = {key: words(key) for key in (*SAID_BY_PLANNER, *SAID_OF_VERBS)}
    return {**scene, "planner": planner, "feature": form, "words": {**scene["words"], **said_there}}


def area_scene(scene: dict[str, Any], area: dict[str, Any]) -> dict[str, Any]:
    """The scene with what it takes to draw a project's area, and nothing else."""
    tools = {"snapping": url_for("planner.snapping", id=scene["scenario"]), "area": True}
    said_there = {key: words(key) for key in (*SAID_BY_PLANNER, *SAID_OF_VERBS)}
    return {**scene, "planner": tools, "words": {**scene["words"], **said_there}}


@planner.get("/scenarios/<int:id>/<name>/<path:uid>/edit")
def edit(id: int, name: str, uid: str):
    """The form of a feature, as a page of its own or, with ?part, as what stands beside the city."""
    return _form(find_scenario(id), find_layer(name), uid)


@planner.post("/scenarios/<int:id>/<name>/<path:uid>/edit")
def save(id: int, name: str, uid: str):
    layer, scenario = find_layer(name), editing.writing(id)
    does, seen = request.form.get("does", "save"), request.form.get("seen", type=int)
    try:
        with changes.step(db(), scenario, person(), does if does in ("clear", "restore") else "fields") as step:
            if does == "clear":
                changes.clear(step, layer, uid, seen=seen)
            elif does == "restore":
                changes.restore(step, layer, uid, seen=seen)
            else:
                row = find_feature(id, layer, uid)
                shape = shape_entered(layer, request.form, city(), row["geom"])
                fields = formed(db(), layer, entered(layer, request.form, row), shape, row)
                changes.place(step, layer, uid, shape, fields, seen=seen)
        db().commit()
    except TwinError as error:
        db().rollback()
        return _form(scenario, layer, uid, error)
    if does == "clear":
        return redirect(url_for("planner.history", id=id, lang=language()), 303)
    return redirect(url_for("planner.edit", id=id, name=name, uid=uid, saved="", lang=language()), 303)


@planner.get("/scenarios/<int:id>/<name>/new")
def new(id: int, name: str):
    return _new_form(find_scenario(id), find_layer(name))


@planner.post("/scenarios/<int:id>/<name>/new")
def make(id: int, name: str):
    layer, scenario = find_layer(name), editing.writing(id)
    try:
        shape = shape_entered(layer, request.form, city(), None)
        fields = formed(db(), layer, entered(layer, request.form, None), shape, None)
        with changes.step(db(), scenario, person(), "draw") as step:
            made = changes.place(step, layer, None, shape, fields, seen=None)
        db().commit()
    except TwinError as error:
        db().rollback()
        return _new_form(scenario, layer, error)
    return redirect(url_for("planner.edit", id=id, name=name, uid=made.uid, saved="", lang=language()), 303)


@planner.get("/api/scenarios/<int:id>/<name>/<path:uid>/measured")
@contract(
    object_of({"geometry": GEOMETRY, "scaled": YES_NO}),
    asks=dict.fromkeys(("outline", *Measures._fields), TEXT),
    also=(422,),
)
def measures(id: int, name: str, uid: str):
    """The feature's shape with what was entered as exact numbers, in degrees: nothing is saved."""
    layer = find_layer(name)
    row = find_feature(find_scenario(id).id, layer, uid)
    shape = shape_entered(layer, request.args, city(), row["geom"])
    moved = shape if shape is not None else row["geom"]
    degrees = shapely.set_precision(to_lonlat(moved, city().srid), 10**-ROUND, mode="pointwise")
    return jsonify(geometry=shapely.geometry.mapping(degrees), scaled=is_rebuilt(moved, row["geom"]))


@planner.get("/api/scenarios/<int:id>/snapping")
@contract(object_of({"rings": list_of(list_of(NUMBER))}), asks={"bbox": TEXT}, needs=("bbox",))
def snapping(id: int):
    """Outlines of buildings and parcels in a window (west,south,east,north), as longitude, latitude, longitude …"""
    bounds = _window(request.args.get("bbox", ""))
    scenario = find_scenario(id)
    rings = [_rings(scenario.id, layer, bounds) for layer in (Building, Parcel)]
    return jsonify(rings=[ring for found in rings for ring in found])


@planner.get("/scenarios/<int:id>/history")
def history(id: int):
    scenario = find_scenario(id)
    before = _change(request.args.get("before"))
    steps = steps_told(db(), scenario, city(), before)
    template = "history_part.html" if "part" in request.args else "history.html"
    more = steps[-1]["step"] if len(steps) == AT_ONCE else None
    return render_template(
        template, steps=steps, more=more, before=before, scenario=scenario, planner=may_plan(scenario)
    )


@planner.post("/scenarios/<int:id>/history")
def go_back(id: int):
    """Undo, redo, or back to a moment, for those who have no map."""
    scenario = editing.writing(id)
    does = request.form.get("does", "return")
    if does == "undo":
        changes.undo(db(), scenario, person())
    elif does == "redo":
        changes.redo(db(), scenario, person())
    else:
        changes.return_to(db(), scenario, person(), _change(request.form.get("change")) or 0)
    db().commit()
    return redirect(url_for("planner.history", id=id, lang=language()), 303)


def init_app(app: Flask) -> None:
    app.register_blueprint(planner)
    app.jinja_env.globals.update(may_plan=lambda id: may_plan(find_scenario(id)))


def _change(text: str | None) -> int | None:
    """The number of a change or a step; None where there is none of that name."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def may_plan(scenario: Scenario) -> bool:
    if scenario.id == TODAY or scenario.state != "draft":
        return False
    try:
        require("edit", None, scenario)
    except TwinError:
        return False
    return True


def _events(scenario: Scenario) -> str | None:
    """Where others' changes are told, from the newest on that this page knows of."""
    if scenario.project_id is None:
        return None
    return f"/api/projects/{scenario.project_id}/events?after={newest_change(db(), scenario.id)}"


def _assumptions(scenario: Scenario) -> dict[str, Any]:
    """What the live figures assume, and the same in words."""
    used = ("living_share", "dwelling_area", "people_per_dwelling")
    assumed = in_force(db(), scenario.project_id)
    told = (f"{said(one.title)} {number(one.value, 2)} {one.unit}" for one in (assumed[name] for name in used))
    values = {name: one.value for name, one in assumed.items()}
    return {**values, "said": f"{words('assumed')}: {' · '.join(told)}"}


def _types() -> list[dict[str, Any]]:
    """The library of buildings, with their outlines in metres around the middle."""
    return [
        {
            "title": said(kind.title),
            "size": f"{number(kind.width)} × {number(kind.depth)} m",
            "building": _building(kind),
            "fields": {"use": kind.use, "function": kind.function, "storey_uses": kind.storey_uses},
            "polygons": [_rings_around(outline(name, (0.0, 0.0)))],
        }
        for name, kind in types().items()
    ]


def _building(kind: Type) -> dict[str, Any]:
    return {
        "storeys": kind.storeys,
        "storeyHeight": kind.storey_height,
        "roof": CODES[kind.roof],
        "pitch": kind.pitch,
        "use": kind.use,
        "dwellings": kind.dwellings,
    }


def _rings_around(shape: Any) -> list[list[tuple[float, float]]]:
    return [list(ring.coords)[:-1] for ring in (shape.exterior, *shape.interiors)]


def _form(scenario: Scenario, layer: type[Feature], uid: str, error: TwinError | None = None):
    told: dict[str, Any] = {"scenario": scenario, "layer": layer, "uid": uid, "error": error and sentence_of(error)}
    try:
        row = find_feature(scenario.id, layer, uid)
    except NotFound:
        row = find_feature(0, layer, uid)  # cleared: it still stands today
        told["cleared"] = True
    told |= form_of(layer, row, city(), request.form if error else None)
    told["action"] = url_for("planner.save", id=scenario.id, name=layer.__tablename__, uid=uid, lang=language())
    told["title"] = title_of(layer, row)
    told["state"] = _state(scenario, layer, uid)
    told["may_edit"] = may_plan(scenario)
    template = "edit_form.html" if "part" in request.args else "edit.html"
    return render_template(template, **told), _status(error)


def _new_form(scenario: Scenario, layer: type[Feature], error: TwinError | None = None):
    require("edit", None, scenario)
    told = form_of(layer, None, city(), request.form if error else None)
    title = words("new-in").replace("{layer}", said(layer.title))
    page = render_template(
        "edit.html", scenario=scenario, layer=layer, uid=None, title=title, error=error and sentence_of(error),
        action=url_for("planner.make", id=scenario.id, name=layer.__tablename__, lang=language()), may_edit=True,
        **told,
    )  # fmt: skip
    return page, _status(error)


def _status(error: TwinError | None) -> int:
    return STATUS[type(error)] if error else 200


def _state(scenario: Scenario, layer: type[Feature], uid: str) -> str | None:
    """ "new" or "changed" where the scenario differs from today."""
    own = db().scalar(select(layer.id).where(layer.scenario_id == scenario.id, layer.uid == uid))
    if own is None or scenario.id == 0:
        return None
    return "changed" if db().scalar(select(layer.id).where(layer.scenario_id == 0, layer.uid == uid)) else "new"


def _tool(layer: type[Feature]) -> dict[str, str]:
    name = layer.__tablename__
    kind = "line" if layer.lined else "point" if name in POINTS or layer.geometry == "POINT" else "polygon"
    return {"name": name, "title": said(layer.title), "kind": kind}


def _fields(layer: type[Feature]) -> dict[str, Any]:
    """Titles, units and value lists, for the dialog that shows two states; "" is the layer's own title."""
    found: dict[str, Any] = {"": said(layer.title)}
    for column in layer.fields():
        codes = column.info.get("codes") or {}
        found[column.name] = {
            "title": said(column.info["title"]),
            "unit": column.info["unit"],
            "codes": {code: said(title) for code, title in codes.items()},
        }
    return found


def _window(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        bounds = transformer(LONLAT, city().srid).transform_bounds(west, south, east, north)
        if max(bounds[2] - bounds[0], bounds[3] - bounds[1]) <= WIDEST:
            return bounds
    except ValueError:
        pass
    raise BadQuestion(words("bad-box").replace("{most}", f"{WIDEST:.0f}"))


def _rings(scenario: int, layer: type[Feature], bounds: tuple[float, float, float, float]) -> list[list[float]]:
    shapes = shapely.force_2d(rows_in(db(), layer, scenario, bounds, ()).shapes)
    rings = shapely.get_rings(shapely.get_parts(shapes[shapely.area(shapes) > 0]))
    points, owner = shapely.get_coordinates(rings, return_index=True)
    longitudes, latitudes = transformer(city().srid, LONLAT).transform(points[:, 0], points[:, 1])
    found: list[list[float]] = [[] for _ in rings]
    for ring, longitude, latitude in zip(owner.tolist(), longitudes, latitudes, strict=True):
        found[ring] += (round(float(longitude), ROUND), round(float(latitude), ROUND))
    return found
