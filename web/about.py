"""What the city is made of: each layer's sources, what is estimated, and the software that shows it."""

from collections import Counter
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from flask import Blueprint, Flask, jsonify, render_template
from pyproj import CRS
from sqlalchemy import func, select

from scenarios.planned import planned
from twin.errors import NotFound
from twin.feature import TODAY, Feature, Source
from twin.ground import bounds_of
from web.asked import city, counts, db, kept, layers
from web.contract import contract
from web.described import day, estimates
from web.language import said, words
from web.schemas import TEXT, list_of, object_of

about = Blueprint("about", __name__)

# What reaches the browser: name, version where it is told, licence.
IN_THE_BROWSER = (
    ("deck.gl, luma.gl, math.gl, loaders.gl", "MIT"),
    ("Source Sans 3", "OFL-1.1"),
)
ON_THE_SERVER = (
    "alembic", "argon2-cffi", "authlib", "brotli", "click", "contourpy", "cql2", "ezdxf", "flask", "flask-compress",
    "geoalchemy2", "gunicorn", "itsdangerous", "jinja2", "joserfc", "jsonschema-rs", "lxml", "mapbox-earcut",
    "markupsafe", "numba", "numpy", "openpyxl", "orjson", "osmium", "pillow", "psycopg", "pvlib", "pyarrow", "pydeck",
    "pyogrio", "pyproj", "rasterio", "reportlab", "requests", "scipy", "segno", "shapely", "sqlalchemy", "tzdata",
    "werkzeug",
)  # fmt: skip
LICENCE_LENGTH = 60  # some packages put the whole text where its name belongs


@about.get("/about")
def about_page():
    try:
        here = city()
    except NotFound:
        return render_template("about.html", city=None, programs=programs())
    return render_template(
        "about.html",
        city=here,
        layers=layer_sources(),
        estimates=estimated(),
        projection=f"{CRS(here.srid).name} (EPSG:{here.srid})",
        has_terrain=bounds_of(db()) is not None,
        programs=programs(),
    )


@about.get("/api/sources")
@contract(list_of(object_of({"name": TEXT, "title": TEXT, "lines": list_of(TEXT)})))
def sources():
    """Who is to be named beside a picture: the layers, and one line for each of their sources."""
    return jsonify(
        [
            {"name": layer["name"], "title": layer["title"], "lines": _lines(layer["sources"])}
            for layer in layer_sources()
        ]
    )


def layer_sources() -> list[dict[str, Any]]:
    """Each layer that holds something, topmost first, with its sources; the terrain last."""
    count = counts(TODAY)
    found = [
        {"name": name, "title": said(layer.title), "count": count[name], "sources": _sources_of(layer)}
        for name, layer in reversed(layers().items())
        if count[name]
    ]
    terrain = db().scalars(select(Source).where(Source.layer == "terrain").order_by(Source.id)).all()
    if terrain:
        found.append({"name": "terrain", "title": words("terrain"), "count": len(terrain), "sources": terrain})
    return found


def estimated() -> list[dict[str, Any]]:
    """Which fields are estimated in how many features, and how, the most first."""
    rows = [row for name, layer in layers().items() if counts(TODAY)[name] for row in _estimated_in(layer)]
    return sorted(rows, key=lambda row: -row["count"])


def programs() -> list[dict[str, str]]:
    """The third-party software that is inside, with its licence."""
    browser = [{"name": name, "licence": licence, "where": words("in-browser")} for name, licence in IN_THE_BROWSER]
    return browser + [{"name": name, "licence": _licence(name), "where": words("on-server")} for name in ON_THE_SERVER]


def init_app(app: Flask) -> None:
    app.register_blueprint(about)
    app.jinja_env.globals.update(day=day)


def _sources_of(layer: type[Feature]) -> list[Source]:
    view = planned(layer)
    used = select(view.c.source_id).where(view.c.scenario_id == TODAY).distinct()
    ids = kept(("sources", layer.__tablename__), lambda: [id for id in db().scalars(used) if id is not None])
    return list(db().scalars(select(Source).where(Source.id.in_(ids)).order_by(Source.path, Source.id)))


def _estimated_in(layer: type[Feature]) -> list[dict[str, Any]]:
    titles = {column.name: said(column.info["title"]) for column in layer.fields()}
    return [
        {"layer": said(layer.title), "field": titles.get(name, name), "how": how, "count": count}
        for (name, how), count in kept(("estimated", layer.__tablename__), lambda: _estimates(layer)).items()
    ]


def _estimates(layer: type[Feature]) -> Counter[tuple[str, str]]:
    view = planned(layer)
    found = db().execute(
        select(view.c.estimated, func.count())
        .where(view.c.scenario_id == TODAY, view.c.estimated.is_not(None))
        .group_by(view.c.estimated)
    )
    total: Counter[tuple[str, str]] = Counter()
    for text, count in found:
        for part in estimates(text).items():
            total[part] += count
    return total


def _lines(sources: Iterable[Source]) -> list[str]:
    """Files of one kind, one date and one licence are one line."""
    alike = dict.fromkeys(
        ", ".join(
            part for part in (source.kind, source.delivered and source.delivered.isoformat(), source.licence) if part
        )
        for source in sources
    )
    return list(alike)


def _licence(name: str) -> str:
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return words("unknown")
    classified = [text.rsplit("::", 1)[-1].strip() for text in told.get_all("Classifier") or [] if "License ::" in text]
    stated = next(((told[key] or "").strip() for key in ("License-Expression", "License") if key in told), "")
    return stated.splitlines()[0][:LICENCE_LENGTH] if stated else ", ".join(classified)
