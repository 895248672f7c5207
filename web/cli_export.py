"""The commands `twin qgis`, `twin bring-back` and `twin export`: the city handed out, and edits taken back."""

from pathlib import Path
from typing import Any

import click

_scenario = click.option("--scenario", "id", default=0, show_default=True, type=click.IntRange(0), help="0 is today.")
_language = click.option("--lang", "language", default="de", show_default=True, type=click.Choice(["de", "en"]))
_OUT = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("store", default="city.gpkg")
@click.argument("out", type=_OUT, metavar="OUT.qgz|OUT.gpkg")
@click.option("--service", metavar="ADDRESS", help="Read by the OGC API of this server instead of the store itself.")
@_scenario
@_language
def qgis(store: str, out: Path, service: str | None, id: int, language: str) -> None:
    """Write a QGIS project: over the store, over OGC API (--service), or packed with its data (OUT.gpkg)."""
    from layers.brought import layers_of
    from layers.writing.qgis.project import packed
    from layers.writing.vector import geopackage
    from web.exports.gather import delivery
    from web.exports.qgis import over_service, over_store

    _check_ending(out, (".qgz", ".gpkg"))
    with _opened(store) as db:
        scenario = _found(db, store, id)
        if out.suffix == ".gpkg":
            _replace(out, lambda path: geopackage(
                delivery(db, scenario, list(layers_of(db)), language=language, with_today=True), path))  # fmt: skip
        else:
            project = (
                over_service(db, service, scenario, language)
                if service
                else over_store(db, store, scenario, out, language)
            )
            _replace(out, lambda path: path.write_bytes(packed(project)))
    click.echo(
        f"{out} is ready. In QGIS: {'Project > Open From > GeoPackage' if out.suffix == '.gpkg' else 'open it'}."
    )


@click.command()
@click.argument("store", default="city.gpkg")
@click.argument("out", type=_OUT)
@click.option("--format", "name", help="By the ending of OUT where none is said; an unknown one names all.")
@click.option("--layers", help="Their names, with commas; all that the format holds where none is said.")
@click.option("--area", default="city", show_default=True, help="city, project, or west,south,east,north in degrees.")
@click.option("--indicator", "question", help="The map of an indicator as GeoTIFF (OUT.tif), such as sunlight.")
@_scenario
@_language
def export(
    store: str, out: Path, name: str | None, layers: str | None, area: str, question: str | None, id: int, language: str
) -> None:
    """Write layers of a scenario, or the map of an indicator, into a file of another format."""
    if question:
        _raster(store, out, question, area, id, language)
        return
    from layers.brought import layers_of
    from twin.city import city_of
    from twin.errors import NotFound
    from web.exports.formats import FORMATS
    from web.exports.gather import area_of_project, area_told, delivery

    format = FORMATS.get(name or _by_ending(out))
    if format is None:
        raise NotFound(f"There is no format {name or out.suffix}. There are: {', '.join(FORMATS)}.")
    with _opened(store) as db:
        scenario, known = _found(db, store, id), layers_of(db)
        names = [one.strip() for one in layers.split(",")] if layers else list(format.layers or known)
        lost = set(names) - set(known if format.layers is None else format.layers)
        if lost:
            held = ", ".join(known if format.layers is None else format.layers)
            raise NotFound(f"{format.title} has no layer {', '.join(sorted(lost))}. It may hold: {held}.")
        part = area_told(area, area_of_project(db, scenario), city_of(db).srid)
        made = delivery(db, scenario, names, part, language=language, with_today=format.beside)
        _replace(out, lambda path: format.write(made, path))
    click.echo(f"{out}: {sum(map(len, made.tables)):,} features as {format.title}.")


def _raster(store: str, out: Path, question: str, area: str, id: int, language: str) -> None:
    from layers.writing.raster import geotiff
    from scenarios.assumptions import in_force
    from scenarios.indicators import Inquiry, indicator
    from scenarios.project import Project
    from twin.city import city_of
    from twin.errors import BadValue
    from web.exports.gather import area_of_project, area_told

    _check_ending(out, (".tif", ".tiff"))
    one = indicator(question)
    with _opened(store) as db:
        scenario, city = _found(db, store, id), city_of(db)
        project = db.get(Project, scenario.project_id) if scenario.project_id else None
        part = area_told(area, area_of_project(db, scenario), city.srid)
        grid = Inquiry(db, [one], part, in_force(db, project.id if project else None)).of(id)[question].grid
        if grid is None:
            raise BadValue(f"{one.title.en} has no map. `twin measure` gives its figures.")
        about = {
            "title": getattr(one.title, language),
            "unit": grid.unit,
            "scenario": scenario.title,
            "city": city.name,
        }
        _replace(out, lambda path: geotiff(grid.values, grid.bounds, grid.cell, city.srid, path, about))
    click.echo(f"{out}: {one.title.en}, {grid.cell:g} m a cell, {grid.unit}.")


@click.command("bring-back")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="FILE.gpkg")
@click.option(
    "--into", "store", default="city.gpkg", show_default=True, metavar="STORE", help="Where the city is kept."
)
@click.option("--by", "login", required=True, help="The login of the person who made the edits.")
@click.pass_context
def bring_back(context: click.Context, file: Path, store: str, login: str) -> None:
    """Take back what was edited in QGIS, in a file of `twin qgis`: all of it, or none with the reasons."""
    from sqlalchemy import select

    from layers.brought import layers_of
    from layers.writing.handed import noted_in, tell
    from layers.writing.vector import geopackage
    from scenarios.permissions import allow
    from scenarios.project import Person
    from scenarios.returning import bring_back as bring
    from twin.errors import NotFound
    from web.exports.gather import delivery

    with _opened(store) as db:
        scenario = _found(db, store, noted_in(file)[0])
        person = db.scalar(select(Person).where(Person.login == login))
        if person is None:
            raise NotFound(f"There is nobody with the login {login}.")
        allow(person, "edit", None, scenario)
        found = bring(db, scenario, person, file)
        for one in found.refused:
            click.echo(f"Refused: {one.table} {one.uid or one.fid}: {one.why.en}", err=True)
        if found.refused:
            tell(file, [(one.table, one.fid, one.why.de) for one in found.refused if one.fid is not None])
            click.echo("Nothing was taken. The reasons stand in the column “refused” of the file.", err=True)
            context.exit(1)
        if found.step is None:
            click.echo("Nothing was edited.")
            return
        db.commit()
        click.echo(f"{len(found.step.changes)} edits are in {scenario.title}.")
        names = list(layers_of(db))
        _replace(file, lambda path: geopackage(delivery(db, scenario, names, with_today=True), path))


def _opened(store: str) -> Any:
    from sqlalchemy.orm import Session

    from twin.store import open_store

    return Session(open_store(store))


def _found(db: Any, store: str, id: int) -> Any:
    from twin.errors import NotFound
    from twin.feature import Scenario

    found = db.get(Scenario, id)
    if found is None:
        raise NotFound(f"There is no scenario {id} in {store}. The number of one is at the end of its page's address.")
    return found


def _check_ending(out: Path, endings: tuple[str, ...]) -> None:
    from twin.errors import BadValue

    if out.suffix not in endings:
        raise BadValue(f"{out}: let the name end with {' or '.join(endings)}.")


def _by_ending(out: Path) -> str:
    endings = {"json": "cityjson", "gml": "citygml", "glb": "gltf", "zip": "gtfs"}
    ending = out.suffix.removeprefix(".").lower()
    return endings.get(ending, ending)


def _replace(out: Path, write: Any) -> None:
    """The file appears when it is whole; it bears its own name from the beginning, for a project within it tells it."""
    import tempfile

    from twin.errors import BadFile

    try:
        with tempfile.TemporaryDirectory(prefix=".twin-", dir=out.parent) as folder:
            write(Path(folder) / out.name)
            (Path(folder) / out.name).replace(out)
    except OSError as error:
        raise BadFile(f"{out} cannot be written: {error.strerror or error}. Name another place.") from error
