"""A folder of files goes in, a city comes out: find, survey, show the plan, read, write, report."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError
from sqlalchemy import Connection
from sqlalchemy.orm import Session

import layers
from layers.brought import layer_name, safe_name
from layers.lines import TIMETABLE
from layers.reading import recognise, timetable
from layers.reading.ahead import Beside, read_ahead
from layers.reading.batch import Batch, LeftOut, Rows, Survey, Terrain, Wanted
from layers.reading.beside import said_beside
from layers.reading.founding import Planned, city_for
from layers.reading.merge import Fresh, Merger, fresh_tables
from layers.reading.recognise import Found
from layers.reading.report import FileReport, Report
from twin import ground
from twin.city import City, city_of
from twin.covered import Covered
from twin.errors import BadFile, TwinError
from twin.feature import Source
from twin.store import causes, check_place, engine_for, establish, file_of, is_store, open_store, said_plainly


class NoCity(BadFile):
    """Nothing that is to be loaded says where a new city lies; the report says what became of each file."""

    def __init__(self, words: str, report: Report):
        super().__init__(words)
        self.report = report


@dataclass
class Plan:
    city: City
    new: bool  # the store is made for this load
    files: list[Planned] = field(default_factory=list)


@dataclass
class Asked:
    """What the planner says on the command line."""

    paths: list[str]
    where: str
    layer: str | None = None
    crs: str | None = None
    dry_run: bool = False
    show: Callable[[Plan], None] = lambda plan: None
    progress: Callable[[str, int], None] = lambda path, features: None


def load(asked: Asked) -> Report:
    """Read files and folders into a store, which is made if it is not there yet.

    A file goes in whole or not at all; where none goes in, the store stays as it was. Raises TwinError.
    """
    wanted = Wanted(layer=_layer_asked(asked.layer), crs=_crs_asked(asked.crs))
    new = not is_store(asked.where)
    if new:
        check_place(asked.where)
    with ExitStack() as keep:
        planned = [_survey(found, wanted) for found in recognise.find(asked.paths, keep)]
        engine = engine_for(asked.where) if new else open_store(asked.where)
        keep.callback(engine.dispose)
        if new:
            city = _new_city(asked, planned, wanted)
        else:
            with Session(engine) as db:
                city = city_of(db)
                db.expunge(city)
        asked.show(Plan(city, new, planned))
        if asked.dry_run:
            return _report_of(city, [_start(one) for one in planned])
        wanted.srid, wanted.near = city.srid, (city.longitude, city.latitude)
        readable = [one.found for one in planned if not one.error]
        with _all_or_nothing(engine, asked.where, new) as connection, read_ahead(readable, wanted) as ahead:
            if new:
                establish(connection, city)
            report = _load_all(connection, city, planned, wanted, asked, ahead)
            if not report.written:
                connection.rollback()
        if new and not report.written:
            _forget(asked.where)
            report.city = None
        return report


def _new_city(asked: Asked, planned: list[Planned], wanted: Wanted) -> City:
    try:
        return city_for(asked.paths, planned, wanted)
    except BadFile as error:
        files = [_start(one) for one in planned]
        blamed = [file for file in files if str(error).startswith(f"{file.path}: ")]
        if not any(file.failed for file in files) and not blamed:
            files.append(FileReport(", ".join(asked.paths), "unknown"))
            blamed = files[-1:]
        for file in blamed:
            if not file.failed:
                file.failed = True
                file.left_out.append(LeftOut(file.path, str(error).removeprefix(f"{file.path}: ")))
        raise NoCity(str(error), Report(None, files)) from error


@contextmanager
def _all_or_nothing(engine: Any, where: str, new: bool) -> Iterator[Connection]:
    """One transaction for the whole load: Ctrl-C leaves the store as it was."""
    try:
        with said_plainly(where), engine.connect() as connection:
            connection.begin()  # so that a session on it makes savepoints and commits nothing
            yield connection
            connection.commit()
    except BaseException as error:
        engine.dispose()
        if new:
            _forget(where)
        else:
            with suppress(TwinError):
                is_store(where)  # a look makes SQLite clear up what a full disk made it leave behind
        if any(isinstance(one, KeyboardInterrupt) for one in causes(error)):
            raise KeyboardInterrupt from error  # what follows from Ctrl-C may hide it
        raise


def _forget(where: str) -> None:
    file = file_of(where)
    if file is not None:
        file.unlink(missing_ok=True)
        file.with_name(f"{file.name}-journal").unlink(missing_ok=True)


def _load_all(
    connection: Connection, city: City, planned: list[Planned], wanted: Wanted, asked: Asked, ahead: dict[str, Any]
) -> Report:
    report = Report(city={"name": city.name, "crs": f"EPSG:{city.srid}"})
    with Session(connection, join_transaction_mode="create_savepoint") as db:
        wanted.db = db
        promised = {wanted.layer or "", *(name for one in planned for name in one.survey.layers)}
        with fresh_tables(db, promised) as fresh:
            covered = Covered()
            for one in planned:
                work = _File(db, city, one, wanted, asked, fresh, covered)
                report.files += _load_file(work, ahead.get(one.found.shown))
        db.commit()
    return report


def _load_file(work: "_File", pieces: Any) -> list[FileReport]:
    """One file, whole or not at all. pieces: of a reader that runs ahead, or None."""
    one = work.one
    if one.found.reader is None or one.error:
        return [_start(one)]
    savepoint = work.db.begin_nested()
    if pieces is None:
        pieces = one.found.reader.read(one.found.path, work.wanted)
        if getattr(one.found.reader, "IN_A_THREAD", False):
            pieces = Beside(pieces)
    try:
        work.read(pieces)
        _refuse_useless(list(work.reports.values()))
        savepoint.commit()
    except BadFile as error:
        savepoint.rollback()
        pieces.close()  # what is left of it is passed over
        return [_failed(one, str(error), work.reports.values())]
    finally:
        if isinstance(pieces, Beside):
            pieces.close()
    return list(work.reports.values()) or [_failed(one, "there is nothing in it. Ask for it again.", [])]


def _refuse_useless(reports: list[FileReport]) -> None:
    """A file of which nothing can be used is a mistake of the planner's, not a load."""
    used = any(report.loaded or report.changed or report.unchanged for report in reports)
    # A surface model is passed over by right: nothing of it was read.
    first = next((left for report in reports if report.read for left in report.left_out), None)
    if first is not None and not used:
        raise BadFile(f"nothing of it can be used: {first.where}: {first.reason}")


class _File:
    """What is going on while one file is read: a merger and a report for each of its layers."""

    def __init__(
        self, db: Session, city: City, one: Planned, wanted: Wanted, asked: Asked, fresh: Fresh, covered: Covered
    ):
        self.db, self.city, self.one, self.wanted, self.asked = db, city, one, wanted, asked
        self.fresh, self.covered = fresh, covered
        self.mergers: dict[str, Merger] = {}
        self.reports: dict[str, FileReport] = {}
        self.rows: dict[str, list[Rows]] = {}
        self.features = 0

    def read(self, pieces: Iterable[Any]) -> None:
        for piece in pieces:
            if isinstance(piece, Terrain):
                self._terrain(piece)
            elif isinstance(piece, Rows):
                self.rows.setdefault(piece.table, []).append(piece)
            else:
                self._batch(piece)
        for merger in self.mergers.values():
            merger.close()
        if self.rows:
            self._timetable()

    def _batch(self, batch: Batch) -> None:
        batch.crs = self.wanted.crs or batch.crs
        if batch.layer not in layers.BY_NAME:
            batch.titles.setdefault("", batch.layer)
            batch.layer = layer_name(batch.layer)
        if batch.layer not in self.mergers:
            report = self._report(batch.layer, batch.crs)
            source = self._source(batch.layer, batch.crs)
            self.mergers[batch.layer] = Merger(self.db, batch, report, source, self.city, self.fresh)
        self.features += len(batch)
        self.mergers[batch.layer].merge(batch)
        self.asked.progress(self.one.found.shown, self.features)

    def _report(self, layer: str, crs: CRS | None) -> FileReport:
        survey = self.one.survey
        report = FileReport(self.one.found.shown, survey.kind, layer, crs_name(crs or survey.crs))
        self.reports[layer] = report
        return report

    def _source(self, layer: str, crs: CRS | None) -> Source:
        survey = self.one.survey
        beside = said_beside(self.one.found.path)
        return Source(
            path=self.one.found.shown,
            kind=survey.kind,
            layer=layer,
            crs=crs_name(crs or survey.crs),
            delivered=survey.delivered or beside.delivered or _date_of(self.one.found.path),
            read_at=dt.datetime.now(dt.UTC).replace(microsecond=0, tzinfo=None),
            licence=survey.licence or beside.licence,
        )

    def _terrain(self, terrain: Terrain) -> None:
        crs = self.wanted.crs or terrain.crs
        report = self.reports.get("terrain") or self._report("terrain", crs)
        report.left_out += terrain.left_out
        report.notes += terrain.notes
        if not terrain.path:
            return  # no terrain after all
        if crs is None:
            raise BadFile("it does not say in which projection it is. Say it: --crs 25832, for example.")
        written = ground.write_terrain(self.db, self.city.srid, terrain.path, crs, self.covered)
        report.read += terrain.read
        used = terrain.read - terrain.holes
        if written.cells:
            report.loaded += used
            self.db.add(self._source("terrain", crs))
        else:
            report.unchanged += used

    def _timetable(self) -> None:
        for name, pieces in self.rows.items():
            report = self.reports[name] = FileReport(self.one.found.shown, self.one.survey.kind, name)
            report.read = sum(len(next(iter(piece.columns.values()))) for piece in pieces)
        changed = timetable.replace(self.db, self.rows, self._source("timetable", None))
        for name in TIMETABLE:
            if name in self.reports:
                report = self.reports[name]
                report.loaded, report.unchanged = (report.read, 0) if changed else (0, report.read)


def _survey(found: Found, wanted: Wanted) -> Planned:
    if found.reader is None:
        return Planned(found, Survey(kind="document" if found.document else "unknown"), found.reason)
    try:
        survey = found.reader.survey(found.path, wanted)
        survey.crs = wanted.crs or survey.crs
        return Planned(found, survey)
    except BadFile as error:
        return Planned(found, Survey(kind=found.name), str(error))


def _start(one: Planned) -> FileReport:
    if one.found.document:
        return FileReport(one.found.shown, "document", notes=[one.found.reason])
    if one.error:
        return _failed(one, one.error, [])
    return FileReport(one.found.shown, one.survey.kind, ", ".join(one.survey.layers) or None, crs_name(one.survey.crs))


def _failed(one: Planned, reason: str, so_far: Any) -> FileReport:
    left_out = [LeftOut(one.found.shown, reason)]
    left_out += [left for report in so_far for left in report.left_out]
    failed = FileReport(
        one.found.shown, one.survey.kind, None, crs_name(one.survey.crs), left_out=left_out, failed=True
    )
    failed.read = sum(report.read for report in so_far)
    return failed


def _report_of(city: City, files: list[FileReport]) -> Report:
    return Report(city={"name": city.name, "crs": f"EPSG:{city.srid}"}, files=files)


def _crs_asked(words: str | None) -> CRS | None:
    if words is None:
        return None
    try:
        crs = CRS.from_user_input(int(words) if words.strip().isdigit() else words)
        if not (crs.is_projected or crs.is_geographic):
            raise CRSError(f"{crs.name} has heights alone, or the middle of the earth as its origin")
        return crs
    except CRSError as error:
        raise TwinError(f"--crs {words}: no such projection is known. Give an EPSG number, such as 25832.") from error


def _layer_asked(words: str | None) -> str | None:
    """The layer of --as: a known one, by its name or title, or one that the town brings."""
    if not words:
        return None
    titles = {title.lower(): name for name, layer in layers.BY_NAME.items() for title in (name, *layer.title)}
    known = titles.get(words.strip().lower())
    alike = get_close_matches(words.lower(), titles, 1, 0.8)
    if known is None and (alike or layer_name(words) != safe_name(words)):
        meant = f" Is {titles[alike[0]]} meant?" if alike else " Choose another name."
        raise TwinError(f"--as {words}: there is no such layer.{meant} The known ones are {', '.join(layers.BY_NAME)}.")
    return known or words


def crs_name(crs: CRS | None) -> str | None:
    """ "EPSG:25832", or the name where it has no number."""
    if crs is None:
        return None
    horizontal = crs.sub_crs_list[0] if crs.is_compound else crs
    authority = horizontal.to_authority(min_confidence=70)
    return ":".join(authority) if authority else horizontal.name


def _date_of(path: Any) -> dt.date | None:
    return dt.date.fromtimestamp(Path(path).stat().st_mtime) if isinstance(path, Path) else dt.date.today()
