"""The command `twin`: load files into a store, look into it, serve it, make a sample city."""

import gc
import json
import re
import resource
import socket
import sys
from pathlib import Path
from typing import Any

import click

from layers.reading.report import FileReport, Report
from twin import __version__
from twin.errors import TwinError
from web.cli_export import bring_back, export, qgis
from web.cli_measure import measure
from web.cli_people import person

_STORE = "city.gpkg"
_SHOWN = 12  # kinds of left-out rows and notes that the report prints; --json has them all


class _Sentences(click.Group):
    """A TwinError becomes a sentence and exit code 1; Ctrl-C says that nothing was changed."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except TwinError as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            raise click.ClickException("stopped; the store is as it was.") from None


@click.group(cls=_Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="twin")
def main() -> None:
    """An open digital twin for urban planning. STORE is a file (city.gpkg) or a database (postgresql://…)."""


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--into", "store", default=_STORE, show_default=True, metavar="STORE", help="Where the city is kept.")
@click.option("--as", "layer", metavar="LAYER", help="Read the features as this layer, whatever they look like.")
@click.option("--crs", metavar="EPSG", help="The coordinates are in this projection, whatever the file says.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def load(
    context: click.Context, store: str, layer: str | None, crs: str | None, dry_run: bool, as_json: bool, paths: Any
):
    """Load files, folders and service addresses into a city."""
    gc.disable()  # a load makes millions of values and hardly a cycle: looking for them takes a fifth of the time
    from layers.reading.load import Asked, NoCity, load

    show = (lambda plan: None) if as_json else _show_plan
    asked = Asked(list(paths), store, layer=layer, crs=crs, dry_run=dry_run, show=show)
    if sys.stderr.isatty():
        asked.progress = lambda path, features: click.echo(f"\r\x1b[K{path}: {features:,} features", err=True, nl=False)
    try:
        report = load(asked)
    except NoCity as error:
        if as_json:
            click.echo(json.dumps(error.report.as_json(), ensure_ascii=False, indent=1))
        raise
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    elif not dry_run:
        _show_report(report, store)
    for file in report.failed:
        click.echo(f"Error: {file.path}: {file.left_out[0].reason}", err=True)
    context.exit(1 if report.failed else 0)


def _show_plan(plan: Any) -> None:
    click.echo(f"{plan.city.name} ({'new' if plan.new else 'known'} city, EPSG:{plan.city.srid})\n")
    for one in plan.files:
        survey = one.survey
        counts = ", ".join(f"{name} {count:,}" if count is not None else name for name, count in survey.layers.items())
        what = f"{survey.kind}: {counts}" if counts else survey.kind
        click.echo(f"  {one.found.shown}\n      {one.error or what}")


def _show_report(report: Report, store: str) -> None:
    click.echo()
    for file in report.files:
        if file.kind != "document" and not file.failed:
            _show_file(file)
    if report.written and report.city:
        click.echo(f"\n{report.city['name']} is in {store}. Look at it: twin serve {store}")
    else:
        click.echo(f"\nNothing changed in {store}.")


def _show_file(file: FileReport) -> None:
    figures = [f"{file.loaded:,} loaded"]
    for name, count in (("changed", file.changed), ("unchanged", file.unchanged), ("estimated", file.estimated)):
        if count:
            figures.append(f"{count:,} {name}")
    click.echo(f"  {file.path} → {file.layer} ({file.crs or 'no shapes'}): {file.read:,} read, {', '.join(figures)}")
    by_reason: dict[str, list[str]] = {}
    for left in file.left_out:
        by_reason.setdefault(re.sub(r"\d[\d.,]*", "#", left.reason), []).append(f"{left.where}: {left.reason}")
    for alike in list(by_reason.values())[:_SHOWN]:
        more = f" (and {len(alike) - 1:,} more like it)" if len(alike) > 1 else ""
        click.echo(f"      left out: {alike[0]}{more}")
    if file.left_out:
        click.echo(f"      {len(file.left_out):,} left out in all; --json lists each")
    for note in file.notes[:_SHOWN]:
        click.echo(f"      note: {note}")
    if len(file.notes) > _SHOWN:
        click.echo(f"      … and {len(file.notes) - _SHOWN:,} more notes; --json lists them all")


@main.command()
@click.argument("store", default=_STORE)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def info(store: str, as_json: bool) -> None:
    """List the layers of a store with counts, extents and sources."""
    from layers.contents import contents

    found = contents(store)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    city = found["city"]
    click.echo(f"{city['name']}, {city['crs']}, centre {city['longitude']:.4f}, {city['latitude']:.4f}\n")
    for layer in found["layers"]:
        click.echo(f"  {layer['name']:<20} {layer['count']:>9,}  {layer['title']}")
        for source in layer["sources"]:
            click.echo(
                f"  {'':<20} {'':>9}  from {source['path']} ({source['kind']}, {source['delivered'] or 'no date'})"
            )


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--buildings", default=3000, show_default=True, type=click.IntRange(50, 200_000))
@click.option("--seed", default=1, show_default=True, type=int)
def sample(folder: Path, buildings: int, seed: int) -> None:
    """Make a town of central Germany, delivered in the formats of offices."""
    from sample_city import generate

    _check_folder(folder)
    generate(folder, buildings, seed, tell=lambda words: click.echo(words, err=True))
    click.echo(f"{folder} holds the files of a town. Load it: twin load {folder} --into {folder.name}.gpkg")


@main.command()
@click.argument("project", type=click.Path(path_type=Path), metavar="PROJECT.twin")
@click.option("--into", "store", default=_STORE, show_default=True, metavar="STORE", help="Where the city is kept.")
@click.option("--by", "login", help="The login of the person whose project it is to be.")
def plan(project: Path, store: str, login: str | None) -> None:
    """Make a project of designs that a file holds, each a scenario."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from scenarios.bringing import bring_project, read_project
    from scenarios.project import Person
    from twin.errors import NotFound
    from twin.store import open_store

    told = read_project(project)
    with Session(open_store(store)) as db:
        person = db.scalar(select(Person).where(Person.login == login)) if login else None
        if login and person is None:
            raise NotFound(f"There is nobody with the login {login}. Add them first, or leave out --by.")
        made = bring_project(db, told, person)
        db.commit()
        click.echo(f"{made.title}: {len(told['designs'])} scenarios are in {store}.")


def _check_folder(folder: Path) -> None:
    """What is in it of an earlier town would be loaded with the new one, and a planner's files lie elsewhere."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        raise TwinError(f"{folder}: the folder cannot be made or opened: {error.strerror}. Name another.") from error
    if taken:
        raise TwinError(f"{folder} is not empty. Name a folder that is new, or empty it.")


@main.command()
@click.argument("store", default=_STORE)
def forget(store: str) -> None:
    """Delete citizens' personal data whose day has come. `twin serve` does so at its start and every day."""
    from sqlalchemy.orm import Session

    from scenarios.participation.allowed import today
    from scenarios.participation.keeping import forget
    from twin.store import open_store

    with Session(open_store(store)) as db:
        gone = forget(db, today())
        db.commit()
    click.echo(f"The personal data of {gone} people are deleted from {store}.")


@main.command()
@click.argument("store", default=_STORE)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def serve(store: str, host: str, port: int) -> None:
    """Serve a city in the browser."""
    from gunicorn.app.base import BaseApplication

    from twin.store import open_store
    from web import create_app, events, participation_news

    open_store(store).dispose()  # says what is wrong before anyone looks
    _check_port(host, port)
    app = create_app(DATABASE=store)
    threads = events.MOST_LISTENERS + participation_news.MOST_WATCHERS + 16  # who listens has one, the others answer
    _allow_files(2 * threads)

    class Server(BaseApplication):
        def load_config(self) -> None:
            for key, value in {
                "bind": f"{host}:{port}",
                "threads": threads,
                "worker_connections": 2 * threads,
                "worker_class": "gthread",
                "keepalive": 30,  # seconds: a browser's next question finds the line open
                "graceful_timeout": 2,  # who listens would go on listening
                "loglevel": "warning",
            }.items():
                self.cfg.set(key, value)

        def load(self) -> Any:
            return app

    click.echo(f"The city is at http://{host}:{port} (Ctrl-C ends it).")
    Server().run()


def _allow_files(most: int) -> None:
    """Each connection is an open file, and many systems allow a thousand where nobody asks for more."""
    usual, highest = resource.getrlimit(resource.RLIMIT_NOFILE)
    if usual != resource.RLIM_INFINITY and usual < most:
        wanted = most if highest == resource.RLIM_INFINITY else min(most, highest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, highest))


def _check_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        raise TwinError(
            f"{host}:{port} cannot be used: {error.strerror}. Say another one with --port or --host."
        ) from error


@main.group()
def postgis() -> None:
    """A private PostGIS server of this user, without an administrator."""


_folder = click.option("--folder", type=click.Path(path_type=Path), help="Where the server keeps its data.")


@postgis.command()
@_folder
@click.option("--port", type=click.IntRange(1, 65535), help="The port; a free one where none is said.")
def start(folder: Path | None, port: int | None) -> None:
    """Start the server, make it first where there is none, and print its address."""
    from twin import postgis

    click.echo(postgis.start(folder, port))


@postgis.command()
@_folder
def stop(folder: Path | None) -> None:
    """Stop the server; its data stay."""
    from twin import postgis

    postgis.stop(folder)
    click.echo("The server is stopped.")


@postgis.command()
@_folder
@click.pass_context
def status(context: click.Context, folder: Path | None) -> None:
    """Print the server's address, or say that none runs (exit code 3)."""
    from twin import postgis

    url = postgis.status(folder)
    click.echo(url or "No server runs.")
    context.exit(0 if url else 3)


main.add_command(person)
main.add_command(measure)
main.add_command(qgis)
main.add_command(export)
main.add_command(bring_back)


if __name__ == "__main__":
    main(prog_name="twin")
