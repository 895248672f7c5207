"""Styles and a project within a GeoPackage, as QGIS keeps them there."""

import datetime as dt
import json
import sqlite3
from pathlib import Path

import numpy as np
import shapely

from layers.writing.delivery import Delivery, Table, licences, told_sources
from layers.writing.qgis.project import Entry, Project, style
from layers.writing.qgis.project import packed as as_qgz

PROJECT = "Twin"  # its name within the file
_TABLES = """
create table if not exists layer_styles (id INTEGER primary key autoincrement not null, f_table_catalog TEXT,
    f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME);
create table if not exists qgis_projects (name TEXT primary key, metadata BLOB, content BLOB);
insert or ignore into gpkg_contents (table_name, data_type, identifier) values ('layer_styles', 'attributes', 'styles');
"""


def add(delivery: Delivery, path: Path) -> None:
    """Into a file that holds the delivery's tables."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    project = as_qgz(project_of(delivery, path.name))
    with sqlite3.connect(path) as db:
        db.executescript(_TABLES)
        for table in delivery.tables:
            for kind in table.kinds:
                name = delivery.name_of(table, kind)
                qml = style(table.layer, kind, delivery.language)
                title = delivery.said(table.layer.title)
                values = ("", "", name, "geom", title, qml, "", 1, title, "", None, f"{now.isoformat()}.000Z")
                db.execute(f"insert into layer_styles values (null, {', '.join('?' * len(values))})", values)
        told = json.dumps({"last_modified_time": now.isoformat(), "last_modified_user": ""})
        db.execute("insert or replace into qgis_projects values (?, ?, ?)", (PROJECT, told, project.hex().encode()))
    db.close()


def project_of(delivery: Delivery, file: str) -> Project:
    """The project over a file of that name, which lies beside it."""
    entries = []
    for table in delivery.tables:
        for kind in table.kinds:
            address = f"./{file}|layername={delivery.name_of(table, kind)}"
            entries.append(
                Entry(table.layer, kind, table.scenario, "ogr", address, delivery.epsg,
                      tuple(told_sources(table)), tuple(licences(table)),
                      writable=table.scenario == delivery.scenario != 0)
            )  # fmt: skip
    title = f"{delivery.city}: {delivery.title}"
    return Project(title, delivery.epsg, bounds_of(delivery.tables), delivery.title, delivery.scenario, entries,
                   delivery.language)  # fmt: skip


def bounds_of(tables: list[Table]) -> tuple[float, float, float, float]:
    """Of the buildings where there are any, else of all."""
    of = [table for table in tables if table.name == "buildings" and len(table)] or tables
    return tuple(shapely.total_bounds(np.concatenate([table.shapes for table in of])).tolist())
