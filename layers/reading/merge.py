"""Features into the store: new ones in, changed ones over the old, the same ones left alone."""

import datetime as dt
import hashlib
from collections.abc import Container, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, count
from typing import Any, cast

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import BigInteger, Boolean, Date, Double, Integer, LargeBinary, Text, bindparam, func, select, text
from sqlalchemy.orm import Session

import layers
from layers import estimating
from layers.brought import bring, columns_of, holds, safe_name, type_of
from layers.matching import find_buildings
from layers.reading import doubles, shapes
from layers.reading.batch import Batch, LeftOut
from layers.reading.identity import APART
from layers.reading.report import FileReport
from twin import ground
from twin.city import City
from twin.feature import TODAY, Feature, Source
from twin.projection import LONLAT, transformer
from twin.shape import Shape, from_blob, to_blobs
from twin.store import encode, in_a_file, insert_rows, note_extent, quick_index

_AT_ONCE = 10_000  # uids in one question
_SAME_PLACE = 0.01  # m: deliveries of one survey differ by rounding
_MOVED = 1000.0  # m: what another file has farther away under the same id is another thing


Fresh = dict[str, set[str]]  # a table that was empty when the load began -> the uids that the load has written to it


@contextmanager
def fresh_tables(db: Session, names: Container[str]) -> Iterator[Fresh]:
    """Of the tables named the empty ones are filled without their spatial indexes, which are made at the load's end."""
    fresh: Fresh = {}
    with ExitStack() as until:
        for name, layer in layers.BY_NAME.items():
            if name in names and db.scalar(select(layer.id).limit(1)) is None:
                until.enter_context(quick_index(db, name, 0))
                fresh[name] = set()
        yield fresh
    for name, uids in fresh.items():
        if uids:
            note_extent(db.connection(), name)


class Merger:
    """One file's features of one layer, batch by batch. Nothing is committed here."""

    def __init__(self, db: Session, batch: Batch, report: FileReport, source: Source, city: City, fresh: Fresh):
        self.db = db
        self.report = report
        self.source = source
        self.near = (city.longitude, city.latitude)
        self.centre = transformer(LONLAT, CRS(city.srid)).transform(*self.near)
        self.layer = _layer_for(db, batch)
        self.table = cast(Any, self.layer.__table__)
        self.srid: int = db.get_bind().dialect.city_srid  # type: ignore[attr-defined]
        self.seen: set[str] = set()
        again = source.kind == doubles.OSM and self.table.name in doubles.LAYERS
        self.offices = doubles.Offices(db, self.table.name) if again else None
        self.hilly = ground.bounds_of(db) is not None
        self.written = fresh.get(self.table.name)
        self.until = ExitStack()
        if self.written is None:
            before = db.scalar(select(func.count()).select_from(self.table)) or 0
            self.until.enter_context(quick_index(db, self.table.name, before))

    def merge(self, batch: Batch) -> None:
        """Check, complete and write one batch; what happened goes to the report."""
        self.report.read += len(batch) + len(batch.left_out)
        shapes.to_city(batch, self.srid, self.near)
        shapes.check(batch, self.centre, outlined=self.layer.outlined, point=self.layer.geometry == "POINT")
        if self.offices is not None:
            self.seen.update(self.offices.leave_out(batch))
        if len(batch):
            self._widen(batch)
            if batch.uids is None:
                batch.uids = _uids_of(batch)
            self._without_twice(batch)
            self._complete(batch)
            self._write(batch)
        self.report.left_out += batch.left_out
        self.report.notes += [note for note in batch.notes if note not in self.report.notes]

    def close(self) -> None:
        self.until.close()
        if self.written is None:
            self._note_absent()
        if self.written is None and (self.report.loaded or self.report.changed):
            note_extent(self.db.connection(), self.table.name)

    def _widen(self, batch: Batch) -> None:
        """A later batch of a brought layer may have columns that the first had not."""
        self.layer = _layer_for(self.db, batch)
        self.table = cast(Any, self.layer.__table__)

    def _without_twice(self, batch: Batch) -> None:
        keep = np.ones(len(batch), bool)
        for i, uid in enumerate(batch.uids or ()):
            if uid in self.seen:
                keep[i] = False
                reason = f"the id {uid} is in the file twice; the first one was taken. Give each its own id."
                batch.left_out.append(LeftOut(shapes.where_is(batch, i), reason))
            self.seen.add(uid)
        shapes.select(batch, keep)

    def _complete(self, batch: Batch) -> None:
        batch.estimated = batch.estimated or [None] * len(batch)
        if self.table.name == "buildings":
            estimating.complete(batch.fields, shapely.area(batch.shapes), batch.estimated)
        if self.hilly and self.table.name == "buildings":
            estimating.stand_on_ground(self.db, batch.fields, batch.shapes, batch.estimated)
        if self.hilly and self.table.name == "streets":
            estimating.slope(self.db, batch.fields, batch.shapes, batch.estimated)
        if self.table.name == "vacancies":
            find_buildings(self.db, batch.fields, batch.shapes)
        self.report.estimated += sum(1 for words in batch.estimated if words)

    def _write(self, batch: Batch) -> None:
        names, rows = self._rows(batch)
        uids = batch.uids or []
        there = self._there(uids if self.written is None else list(self.written.intersection(uids)), names)
        new: list[tuple] = []
        changed: list[tuple] = []
        for row in rows:
            old = there.get(row[0])
            if old is None:
                new.append(row)
            elif old[1:] == row or (old[1:-1] == row[:-1] and _same_place(old[-1], row[-1])):
                self.report.unchanged += 1
            else:
                changed.append((row, old))
        changed = self._without_strangers(changed, len(there), batch)
        if new or changed:
            self._note_source()
        if new:
            common = (TODAY, False, 0, self.source.id)
            columns = ["scenario_id", "gone", "version", "source_id", *names]
            insert_rows(self.db, self.table, columns, (common + row for row in new))
            if self.written is not None:
                self.written.update(uids)
        if changed:
            self._update(names[1:], [(*row[1:], old[0]) for row, old in changed])
        self.report.loaded += len(new)
        self.report.changed += len(changed)

    def _rows(self, batch: Batch) -> tuple[list[str], Iterator[tuple]]:
        """Column names, uid first, and the rows as the driver takes them."""
        file = in_a_file(self.db)
        columns: dict[str, Any] = {"uid": batch.uids, "estimated": batch.estimated}
        for name, values in batch.fields.items():
            columns[name] = _clean(values, self.table.c[name].type, file)
            self._note_lost(name, values, columns[name])
        if batch.surfaces is not None:
            columns["surfaces"] = _as_wkb(batch.surfaces)
        columns["geom"] = to_blobs(batch.shapes, self.srid) if file else _as_ewkb(batch.shapes, self.srid)
        return list(columns), zip(*columns.values(), strict=True)

    def _note_lost(self, name: str, given: list, kept: list) -> None:
        """Nothing is dropped unsaid: a number that its column cannot hold is one of the things that could be."""
        if kept is given or kept.count(None) == given.count(None):
            return
        lost = [value for value, now in zip(given, kept, strict=True) if now is None and value not in (None, "")]
        lost = [value for value in lost if value == value and str(value).strip()]
        if lost:
            self.report.notes.append(
                f"{name}: {len(lost):,} values do not fit the column and were left empty: {lost[0]}"
            )

    def _there(self, uids: list[str], names: list[str]) -> dict[str, tuple]:
        """uid -> (row id, then the same values as in `_rows`) of what the store holds today."""
        geom = "geom" if in_a_file(self.db) else "ST_AsEWKB(geom) as geom"
        listed = ", ".join(geom if name == "geom" else f'"{name}"' for name in names)
        question = text(f'select id, {listed} from "{self.table.name}" where scenario_id = 0 and uid in :uids')
        question = question.bindparams(bindparam("uids", expanding=True))
        there = {}
        for start in range(0, len(uids), _AT_ONCE):
            for row in self.db.execute(question, {"uids": uids[start : start + _AT_ONCE]}):
                there[row[1]] = tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
        return there

    def _without_strangers(self, changed: list[tuple], known: int, batch: Batch) -> list[tuple]:
        """Leave out what only bears the id of another file's feature: two registers may both count from 1.

        changed: pairs of the new row and the old one. known: how many of the batch the city knows by their ids.
        """
        metres = _moved(changed)
        another = 2 * sum(away > APART for away in metres.values()) > known
        far = {uid: away for uid, away in metres.items() if away > (APART if another else _MOVED)}
        strangers = {uid: path for uid, path in self._paths(list(far)).items() if path != self.source.path}
        place = {uid: i for i, uid in enumerate(batch.uids or ())}
        for uid, path in strangers.items():
            away = f"{far[uid] / 1000:,.1f} km" if far[uid] >= _MOVED else f"{far[uid]:.0f} m"
            reason = (
                f"its id {uid} is that of a feature {away} away, from {path or 'this city itself'}, which is kept."
                " If they are two things, give this file another name, or each thing its own id. If it has moved,"
                " load it from that path."
            )
            batch.left_out.append(LeftOut(shapes.where_is(batch, place[uid]), reason))
        return [pair for pair in changed if pair[0][0] not in strangers]

    def _paths(self, uids: list[str]) -> dict[str, str | None]:
        """uid -> the file that it came from."""
        found: dict[str, str | None] = {}
        for start in range(0, len(uids), _AT_ONCE):
            some = self.table.c.uid.in_(uids[start : start + _AT_ONCE])
            question = select(self.table.c.uid, Source.path).where(self.table.c.scenario_id == TODAY, some)
            joined = question.outerjoin_from(self.table, Source, Source.id == self.table.c.source_id)
            found.update((uid, path) for uid, path in self.db.execute(joined))
        return found

    def _note_absent(self) -> None:
        """What an earlier delivery of this file had, and this one has not, stays in the city and is named."""
        earlier = select(Source.id).where(Source.path == self.source.path)
        question = select(self.table.c.uid).where(self.table.c.scenario_id == TODAY, ~self.table.c.gone)
        uids = self.db.scalars(question.where(self.table.c.source_id.in_(earlier)))
        absent = [uid for uid in uids if uid not in self.seen]
        if absent:
            some = ", ".join(absent[:5]) + (" …" if len(absent) > 5 else "")
            self.report.notes.append(
                f"{len(absent):,} features of its earlier delivery are not among those of this one, and stay in the"
                f" city: {some}"
            )

    def _update(self, names: list[str], rows: list[tuple]) -> None:
        file = in_a_file(self.db)
        mark = "?" if file else "%s"
        values = ", ".join(f'"{name}" = {mark}' for name in names)
        newest = self.db.scalar(text("select max(version) from change where layer = :name"), {"name": self.table.name})
        # Beyond what any scenario made of it: a planner who saw that version has not seen this one.
        version = f"case when version > {newest or 0} then version else {newest or 0} end + 1"
        ours = f"version = {version}, source_id = {self.source.id}"
        change = f'update "{self.table.name}" set {values}, {ours} where id = {mark}'
        driver: Any = self.db.connection().connection.driver_connection
        driver.cursor().executemany(change, rows)

    def _note_source(self) -> None:
        if self.source.id is None:
            self.db.add(self.source)
            self.db.flush()


def _layer_for(db: Session, batch: Batch) -> type[Feature]:
    """The known layer, or the one that the town brings with its file's columns."""
    if batch.layer in layers.BY_NAME:
        return layers.BY_NAME[batch.layer]
    there = columns_of(db, batch.layer)
    fields: dict[str, list] = {}
    columns: dict[str, tuple[str, str]] = {}
    for name, values in batch.fields.items():
        title, kind = batch.titles.get(name, name), type_of(values)
        safe = _free(safe_name(name), fields)
        if safe in there and not holds(there[safe], kind) and any(value is not None for value in values):
            fields[safe] = [None] * len(values)  # not what an earlier delivery said
            was, safe = there[safe], _free(f"{safe[:44]}_{kind}", fields)
            batch.notes.append(f"{title}: was {was} and is {kind} now, so it has a new column: {safe}")
        fields[safe] = values
        columns[safe] = title, kind
    batch.fields = fields
    return bring(db, batch.layer, batch.titles.get("", batch.layer), columns)


def _free(name: str, taken: dict[str, list]) -> str:
    """`a b` and `a-b` of one file are two columns."""
    names = chain([name], (f"{name[:46]}_{i}" for i in count(2)))
    return next(one for one in names if one not in taken)


def _moved(changed: list[tuple]) -> dict[str, float]:
    """uid -> metres between the old shape and the new one, of those that were given another shape."""
    pairs = [(row[0], old[-1], row[-1]) for row, old in changed if old[-1] != row[-1]]
    if not pairs:
        return {}
    uids, old, new = zip(*pairs, strict=True)
    away = shapely.distance(*([_shape_of(blob) for blob in blobs] for blobs in (old, new)))
    return dict(zip(uids, away.tolist(), strict=True))


def _uids_of(batch: Batch) -> list[str]:
    """Names for features that have none: from the place, so that the same delivery gives the same names."""
    counts: dict[str, int] = {}
    uids = []
    for wkb in shapely.to_wkb(shapely.set_precision(batch.shapes, 0.01, mode="pointwise")):
        name = hashlib.blake2b(wkb, digest_size=8).hexdigest()
        counts[name] = counts.get(name, 0) + 1
        uids.append(name if counts[name] == 1 else f"{name}-{counts[name]}")
    return uids


def _same_place(old: bytes, new: bytes) -> bool:
    """Is it the same shape, to the centimetre? Both as the driver gives and takes them."""
    return bool(shapely.equals_exact(_shape_of(old), _shape_of(new), tolerance=_SAME_PLACE))


def _shape_of(blob: bytes) -> Any:
    return from_blob(blob) if blob[:2] == b"GP" else shapely.from_wkb(blob)


def _as_wkb(surfaces: np.ndarray) -> list[bytes | None]:
    first = next((one for one in surfaces if one is not None), None)
    if first is None or isinstance(first, bytes):
        return surfaces.tolist()
    return shapely.to_wkb(surfaces, flavor="iso", byte_order=1).tolist()


def _as_ewkb(all_shapes: np.ndarray, srid: int) -> list[bytes]:
    return shapely.to_wkb(shapely.set_srid(all_shapes, srid), include_srid=True, byte_order=1).tolist()


def _clean(values: list, column_type: Any, file: bool) -> list:
    """Values as the driver takes them: plain Python, no NaN, no empty text. Those that are so already stay the list."""
    kinds = set(map(type, values))
    if kinds <= {type(None)}:
        return values
    if isinstance(column_type, Text):
        return _tidy(values) if kinds == {str} else [_plain_text(value) for value in values]
    if isinstance(column_type, Boolean):
        return values if kinds == {bool} else [None if value is None else bool(value) for value in values]
    if isinstance(column_type, Integer):
        most = 2**63 - 1 if isinstance(column_type, BigInteger) else 2**31 - 1
        fits = kinds == {int} and max(values) <= most and min(values) >= -most
        return values if fits else [_whole(value, most) for value in values]
    if isinstance(column_type, Double):
        return values if kinds == {float} and np.isfinite(values).all() else [_number(value) for value in values]
    if isinstance(column_type, Date) and file:
        return [value.isoformat() if isinstance(value, dt.date) else value for value in values]
    if isinstance(column_type, (Date, LargeBinary, Shape)):
        return values
    return [encode(value, column_type, 0, file) for value in values]


def _tidy(values: list[str]) -> list:
    stripped = list(map(str.strip, values))
    clean = "" not in stripped and "\x00" not in "".join(stripped)
    return stripped if clean else [_plain_text(value) for value in values]


def _plain_text(value: Any) -> str | None:
    if value is None:
        return None
    words = value if type(value) is str else str(value)
    return words.replace("\x00", "").strip() or None


def _whole(value: Any, most: int) -> int | None:
    if value is None or value != value or abs(value) > most:
        return None
    return int(value)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
