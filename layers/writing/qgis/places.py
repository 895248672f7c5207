"""Where QGIS finds a layer: in the city's file, in PostGIS, at our OGC API, or in a file that goes with the project."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from twin.feature import TODAY, Feature

# In a file the rows of scenarios bear their number, and what was loaded has a source.
PLANNED_IN_A_FILE = "CASE WHEN \"scenario_id\" > 0 THEN if(\"source_id\" IS NULL, 'new', 'changed') END"


def in_the_file(file: Path, project: Path, layer: type[Feature], kind: str, scenario: int) -> tuple[str, str]:
    """(provider, address): the rows that the view planned_… shows; QGIS cannot count a view that it filters."""
    name = layer.__tablename__
    rows = f'"scenario_id" = {TODAY} and not "gone"'
    if scenario != TODAY:
        own = f'select "uid" from "{name}" where "scenario_id" = {scenario}'
        rows = f'not "gone" and ("scenario_id" = {scenario} or ("scenario_id" = {TODAY} and "uid" not in ({own})))'
    return "ogr", f"{relative(file, project)}|layername={name}{_geometry(layer, kind)}|subset={rows}"


def on_the_server(url: URL, layer: type[Feature], kind: str, scenario: int, epsg: int) -> tuple[str, str]:
    """The view, without a password: QGIS asks for it, or takes it from ~/.pgpass."""
    told: dict[str, Any] = {"dbname": url.database, "host": url.host or url.query.get("host"), "port": url.port}
    server = " ".join(f"{name}={_quoted(value)}" for name, value in told.items() if value)
    user = f" user={_quoted(url.username)}" if url.username else ""
    rows = f"scenario_id = {scenario}"
    if layer.geometry != "POINT":
        rows += f" and GeometryType(geom) in ('{kind.upper()}', 'MULTI{kind.upper()}')"
    place = f"{server}{user} key='fid' srid={epsg} type={kind}"
    return "postgres", f"{place} table={_view(layer, scenario)} (geom) sql={rows}"


def at_the_service(root: str, layer: type[Feature], scenario: int) -> tuple[str, str]:
    """root: the address of this server, as those who use it write it."""
    url = f"{root.rstrip('/')}/ogc/scenarios/{scenario}/"
    told = {"pagingEnabled": "default", "preferCoordinatesForWfsT11": "false", "restrictToRequestBBOX": "1"}
    told |= {"srsname": "OGC:CRS84", "typename": layer.__tablename__, "url": url, "version": "OGC_API_FEATURES"}
    return "OAPIF", " ".join(f"{name}='{value}'" for name, value in told.items())


def relative(file: Path, project: Path) -> str:
    way = os.path.relpath(file.resolve(), project.resolve().parent).replace(os.sep, "/")
    return way if way.startswith("../") else f"./{way}"


def _geometry(layer: type[Feature], kind: str) -> str:
    return "" if layer.geometry == "POINT" else f"|geometrytype={kind}"


def _quoted(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _view(layer: type[Feature], scenario: int) -> str:
    """Buildings of a scenario come with what it made of each: their look hangs on it."""
    name = layer.__tablename__
    if name != "buildings" or scenario == TODAY:
        return f'"public"."planned_{name}"'
    own = f"select 1 from {name} o where o.uid = p.uid and o.scenario_id = {scenario}"
    before = f"select 1 from {name} b where b.uid = p.uid and b.scenario_id = {TODAY} and not b.gone"
    state = f"case when exists ({own}) then case when exists ({before}) then 'changed' else 'new' end end"
    return f'"(select p.*, {state} as planned from planned_{name} p)"'
