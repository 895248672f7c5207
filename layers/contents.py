"""What a store holds: its layers with counts, extents and sources."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from layers.brought import layers_of
from twin import ground
from twin.city import city_of
from twin.feature import TODAY, Feature, Source
from twin.store import in_a_file, open_store


def contents(where: str | Path) -> dict[str, Any]:
    """The city, and each layer that has features: name, title, count, extent in metres, sources."""
    engine = open_store(where)
    try:
        with Session(engine) as db:
            city = city_of(db)
            found = [_layer(db, name, layer) for name, layer in layers_of(db).items()]
            return {
                "city": {
                    "name": city.name,
                    "crs": f"EPSG:{city.srid}",
                    "longitude": city.longitude,
                    "latitude": city.latitude,
                    "state": city.state,
                },
                "layers": [layer for layer in found if layer["count"]] + _terrain(db),
            }
    finally:
        engine.dispose()


def _layer(db: Session, name: str, layer: type[Feature]) -> dict[str, Any]:
    today = select(func.count()).where(layer.scenario_id == TODAY, layer.gone.is_(False))
    count = db.scalar(today) or 0
    return {
        "name": name,
        "title": layer.title.de,
        "count": count,
        "extent": extent(db, name) if count else None,
        "sources": _sources(db, layer) if count else [],
    }


def extent(db: Session, table: str) -> list[float] | None:
    """minx, miny, maxx, maxy in the city's metres."""
    if in_a_file(db):
        bounds = f'select min(minx), min(miny), max(maxx), max(maxy) from "rtree_{table}_geom"'
    else:
        box = f'select ST_Extent(geom) as b from "{table}"'
        bounds = f"select ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) from ({box}) as boxed"
    row = db.execute(text(bounds)).one()
    return None if row[0] is None else [float(value) for value in row]


def _sources(db: Session, layer: type[Feature]) -> list[dict[str, Any]]:
    used = select(layer.source_id).where(layer.scenario_id == TODAY).distinct()
    return [_source(source) for source in db.scalars(select(Source).where(Source.id.in_(used)).order_by(Source.id))]


def _source(source: Source) -> dict[str, Any]:
    return {
        "path": source.path,
        "kind": source.kind,
        "crs": source.crs,
        "delivered": source.delivered.isoformat() if source.delivered else None,
        "read_at": source.read_at.isoformat(),
        "licence": source.licence,
    }


def _terrain(db: Session) -> list[dict[str, Any]]:
    bounds = ground.bounds_of(db)
    if bounds is None:
        return []
    found = db.scalars(select(Source).where(Source.layer == "terrain").order_by(Source.id))
    sources = [_source(source) for source in found]
    return [{"name": "terrain", "title": "Gelände", "count": len(sources), "extent": list(bounds), "sources": sources}]
