"""The search for land that coheres, and the candidates that the data point to."""

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from flask import Blueprint, Flask, Response, jsonify, render_template, request
from sqlalchemy import func, select

from layers import BY_NAME
from layers.blocks import Block
from layers.buildings import Building
from layers.codes import OWNER_KINDS, ZONE_KINDS
from layers.parcels import Parcel
from layers.streets import Street
from layers.vacancies import Vacancy
from layers.zones import Zone
from scenarios.access.people import BLOCKS
from scenarios.assumptions import in_force
from scenarios.counting import READS
from scenarios.indicators.given import EVERYWHERE
from scenarios.places.candidates import KINDS, candidates
from scenarios.places.land import Around, Site, Wanted, search
from scenarios.planned import planned
from scenarios.rows import Rows, rows_in
from scenarios.viewpoints import camera_over
from twin import ground
from twin.errors import NotFound
from twin.feature import Scenario, Words
from twin.projection import to_lonlat
from web.asked import city, db, find_scenario, layers
from web.contract import contract
from web.errors import BadQuestion
from web.figure_plans import in_proportion, scale_bar
from web.language import said, words
from web.plans import HEIGHT, WIDTH, path_of
from web.schemas import NUMBER, TEXT, list_of, map_of, object_of, or_null, text, whole

land = Blueprint("land", __name__)

MOST_PARCELS, LISTED = 150_000, 200
STEP = 20.0  # metres between the heights that a slope is taken from
# name -> unit, least, most, usual
NUMBERS: dict[str, tuple[str, float, float, str]] = {
    "hectares": ("ha", 0.01, 1000, "2"), "slope": ("%", 0, 100, ""), "built": ("%", 0, 100, "10"),
    "road": ("m", 0, 50_000, ""), "rail": ("m", 0, 50_000, ""),
}  # fmt: skip
_ASKS = {**dict.fromkeys(NUMBERS, text(20)), "zone": text(20), "owner": text(20), "outside": text(60)}
SITES = object_of(
    {
        "type": TEXT,
        "features": list_of(object_of({
            "type": TEXT, "geometry": {"type": "object"},
            "properties": object_of({
                "hectares": NUMBER, "parcels": whole(), "uids": list_of(TEXT), "owners": map_of(NUMBER),
                "zones": list_of(TEXT), "built": NUMBER, "slope": or_null(NUMBER), "road": or_null(NUMBER),
                "rail": or_null(NUMBER), "obstacles": list_of(TEXT),
            }),
        })),
    },
    title="Sites",
)  # fmt: skip


@land.get("/scenarios/<int:id>/land")
def page(id: int):
    scenario = find_scenario(id)
    wanted = asked_land()
    sites = found(scenario, wanted) if request.args.get("hectares") else None
    largest = _largest(scenario, wanted) if sites == [] else 0.0
    return render_template(
        "land.html", city=city(), scenario=scenario, sites=sites, numbers=NUMBERS, zones=ZONE_KINDS, owners=OWNER_KINDS,
        others=_others(), typed=request.args, largest=largest, camera=camera_on, has_parcels=_has_parcels(scenario),
    )  # fmt: skip


@land.get("/scenarios/<int:id>/land.svg")
def plan(id: int):
    """The sites on a plan, numbered as in the list."""
    scenario = find_scenario(id)
    sites = found(scenario, asked_land())
    if not sites:
        raise NotFound(words("land-none").format(most="–"))
    return Response(_drawing(scenario, sites), mimetype="image/svg+xml")


@land.get("/api/scenarios/<int:id>/land")
@contract(SITES, asks=_ASKS, also=(422,))
def sites_of(id: int):
    """Touching parcels that together reach a size, the best first, with what stands in the way."""
    sites = found(find_scenario(id), asked_land())
    return jsonify(type="FeatureCollection", features=[_feature(site) for site in sites])


@land.get("/scenarios/<int:id>/candidates")
def guesses(id: int):
    """Gaps, reserves and likely empty houses, as the data have them."""
    scenario = find_scenario(id)
    kind = request.args.get("kind", "")
    read = lambda layer, names: rows_in(db(), layer, id, EVERYWHERE, names)  # noqa: E731
    _check_many()
    parcels, blocks = read(Parcel, ("number", "use")), read(Block, BLOCKS)
    listed = candidates(
        parcels, read(Building, (*READS, "name", "address")), blocks,
        read(Zone, ("kind", "gfz")), in_force(db(), scenario.project_id), read(Vacancy, ()).shapes,
    )  # fmt: skip
    mine = [one for one in listed if one.kind == kind or kind not in KINDS]
    counts = {name: sum(one.kind == name for one in listed) for name in KINDS}
    return render_template("guesses.html", city=city(), scenario=scenario, listed=mine[:LISTED], counts=counts,
                           kinds=KINDS, kind=kind, more=len(mine) - LISTED, camera=camera_on,
                           has_parcels=len(parcels) > 0,
                           has_people=any(one is not None for one in blocks["inhabitants"]))  # fmt: skip


def asked_land() -> Wanted:
    """What the address asks for. Raises BadQuestion."""
    told = {name: _number(name) for name in NUMBERS}
    outside = [name for name in request.args.getlist("outside") if name]
    unknown = [name for name in outside if name not in layers()]
    if unknown:
        raise BadQuestion(words("no-layer").format(name=unknown[0][:40]))
    shapes = {said(layers()[name].title): rows_in(db(), layers()[name], 0, EVERYWHERE, ()).shapes for name in outside}
    return Wanted(
        told["hectares"] or 2.0, tuple(filter(None, request.args.getlist("zone"))),
        tuple(filter(None, request.args.getlist("owner"))), told["slope"], (told["built"] or 0.0) / 100, told["road"],
        told["rail"], shapes,
    )  # fmt: skip


def found(scenario: Scenario, wanted: Wanted) -> list[Site]:
    return search(_around(scenario), wanted)


def _has_parcels(scenario: Scenario) -> bool:
    view = planned(Parcel)
    return db().scalar(select(view.c.uid).where(view.c.scenario_id == scenario.id).limit(1)) is not None


def init_app(app: Flask) -> None:
    app.register_blueprint(land)


def _number(name: str) -> float | None:
    _, least, most, usual = NUMBERS[name]
    told = request.args.get(name, usual).strip().replace(",", ".")
    if not told:
        return None
    try:
        value = float(told)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        title = words(f"land-{name}")
        raise BadQuestion(
            words("land-no-number").format(name=title, told=told[:20], least=f"{least:g}", most=f"{most:g}")
        )
    return value


def _check_many() -> None:
    many = db().scalar(select(func.count()).select_from(Parcel).where(Parcel.scenario_id == 0)) or 0
    if many > MOST_PARCELS:
        raise BadQuestion(words("land-too-many").format(n=many, most=MOST_PARCELS))


def _around(scenario: Scenario) -> Around:
    _check_many()
    parcels = rows_in(db(), Parcel, scenario.id, EVERYWHERE, ("number", "use", "owner_kind", "address"))
    read = lambda layer, names: rows_in(db(), layer, scenario.id, EVERYWHERE, names)  # noqa: E731
    return Around(parcels, read(Zone, ("kind",)), read(Building, ()), read(Street, ("kind",)), _slopes(parcels))


def _slopes(parcels: Rows) -> np.ndarray:
    """(n,) per cent around the middle of each parcel, NaN where no terrain is known."""
    xy = shapely.get_coordinates(shapely.point_on_surface(parcels.shapes))
    sides = [ground.heights_at(db(), *(xy + step).T).astype(float) for step in
             ((STEP, 0), (-STEP, 0), (0, STEP), (0, -STEP))]  # fmt: skip
    return 100 * np.hypot(sides[0] - sides[1], sides[2] - sides[3]) / (2 * STEP)


def _largest(scenario: Scenario, wanted: Wanted) -> float:
    """Hectares of the largest site under the same conditions."""
    return max((site.hectares for site in found(scenario, replace(wanted, hectares=0.0001))), default=0.0)


def _others() -> list[tuple[str, Words]]:
    """The town's own layers of surfaces, such as flood zones: what a site may have to lie outside of."""
    return [(name, layer.title) for name, layer in layers().items() if name not in BY_NAME]


def _feature(site: Site) -> dict[str, Any]:
    told = site._asdict()
    properties = {name: told[name] for name in ("hectares", "parcels", "uids", "owners", "zones", "built")}
    properties |= {name: told[name] for name in ("slope", "road", "rail")}
    properties["obstacles"] = [said(one) for one in site.obstacles]
    shape = to_lonlat(site.shape, city().srid)
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": properties}


def camera_on(shape: Any) -> str:
    return f"camera={camera_over(shape.buffer(60), city().srid)}"


def _drawing(scenario: Scenario, sites: list[Site]) -> str:
    shown = sites[:40]
    west, south, east, north = shapely.total_bounds([site.shape for site in shown])
    margin = max(east - west, north - south, 300.0) * 0.1
    window = in_proportion((west - margin, south - margin, east + margin, north + margin))
    scale = WIDTH / (window[2] - window[0])

    def path(shapes: Any) -> str:
        return path_of(np.asarray(shapes, object), window, scale)

    middles = [shapely.get_coordinates(shapely.point_on_surface(site.shape))[0] for site in shown]
    return render_template(
        "land_plan.svg", width=WIDTH, height=HEIGHT, scale_bar=scale_bar(scale),
        buildings=path(rows_in(db(), Building, scenario.id, window, ()).shapes),
        streets=path(rows_in(db(), Street, scenario.id, window, ()).shapes),
        sites=[(path([site.shape]), (x - window[0]) * scale, (window[3] - y) * scale) for site, (x, y) in
               zip(shown, middles, strict=True)],
    )  # fmt: skip
