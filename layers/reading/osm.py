"""OpenStreetMap: streets, buildings, land cover, water, trees, facilities, stops and what stands empty."""

import datetime as dt
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from pyproj import CRS

from layers.reading import osm_words
from layers.reading.batch import Batch, LeftOut, Survey, Wanted
from layers.reading.osm_words import Meaning, Tags
from twin.errors import BadFile

LICENCE = "ODbL 1.0, © OpenStreetMap contributors"
DEGREES = CRS.from_epsg(4326)
LAYERS = ("buildings", "streets", "surfaces", "water", "trees", "facilities", "vacancies", "stops")
BATCH = 10_000
LOOK_EVERY = 500  # things, until it is asked again whether a batch is full
SMALL = 30_000_000  # bytes: up to here a first look may read the whole file
LARGE = 100_000_000  # bytes: from here on the places of the nodes lie in a temporary file, not in memory
RATIO = 200  # OpenStreetMap's XML packs to a tenth; what unpacks to more than this is no map
BESIDE = 40.0  # metres: a platform this near belongs to the stop
SAID = 20  # kinds of things without a layer that the report names
ENOUGH = 50  # addresses to know the town by; places to know the extent by
PLACES = ("hamlet", "village", "town", "city")
NO_WORD = {"type", "source", "note", "created_by", "fixme", "source:date"}  # tags that say nothing of the thing
KINDS = {"n": "node", "w": "way", "r": "relation"}
_Place = tuple[Tags, float, float]  # longitude, latitude
GEOMETRY = osmium.geom.WKBFactory()


def recognises(path: Path, head: bytes) -> bool:
    return b"OSMHeader" in head[4:20] or re.search(rb"<osm[\s>/]", head[:4096]) is not None


def survey(path: Path, wanted: Wanted) -> Survey:
    header = _header(path)
    small = path.stat().st_size <= SMALL
    bounds = _header_bounds(header) or _node_bounds(path)
    places, towns, counts = _look(path) if small else (_places(path), Counter[str](), None)
    return Survey(
        kind="OpenStreetMap",
        crs=DEGREES,
        bounds=bounds,
        layers=dict(counts) if counts is not None else dict.fromkeys(LAYERS),
        place=_largest(places, towns, bounds),
        delivered=_date(header.get("osmosis_replication_timestamp") or header.get("timestamp")),
        licence=LICENCE,
    )


def read(path: Path, wanted: Wanted) -> Iterator[Batch]:
    if wanted.layer and wanted.layer not in LAYERS:
        raise BadFile(f"OpenStreetMap gives {', '.join(LAYERS)}; not {wanted.layer}. Leave out --as.")
    asked = [wanted.layer] if wanted.layer else list(LAYERS)
    outlines = _outlines(path)
    town = _Town(outlines)
    for number, thing in enumerate(_things(path)):
        if thing.is_area():
            town.area(thing)
        elif thing.is_node():
            town.point(thing)
        elif thing.is_way():
            town.way(thing)
        elif thing.id not in outlines.meanings:
            town.count(dict(thing.tags))
        if number % LOOK_EVERY == 0:
            yield from (town.take(layer) for layer in asked if town.is_enough(layer))
    town.settle(path)
    batches = [town.take(layer) for layer in asked if town.rows[layer].holds_any()]
    batches = batches or [town.take(asked[0])]
    batches[0].notes += town.notes()
    yield from batches


@dataclass
class _Outlines:
    """Multipolygons: what each stands for, and the ways around it."""

    meanings: dict[int, list[Meaning]] = field(default_factory=dict)  # none: the tags are on its outer ways
    members: dict[int, list[int]] = field(default_factory=dict)
    around: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # outer way: its multipolygons
    shapes: dict[int, str | None] = field(default_factory=dict)  # of those whose rings could be put together


@dataclass
class _Rows:
    """Rows of one layer, until there are enough for a batch."""

    layer: str
    fields: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    shapes: list[str] = field(default_factory=list)  # hexadecimal WKB
    rings: list[bool] = field(default_factory=list)  # a closed line that stands for an area
    uids: list[str] = field(default_factory=list)
    estimated: list[str | None] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, meaning: Meaning, uid: str, shape: str, ring: bool) -> None:
        for name, value in meaning.fields.items():
            self.fields[name].append(value)
        self.shapes.append(shape)
        self.rings.append(ring)
        self.uids.append(uid)
        self.estimated.append(meaning.estimated)

    def holds_any(self) -> bool:
        return bool(self.uids or self.left_out)

    def batch(self) -> Batch:
        shapes = _shapes(self.shapes, self.rings)
        return Batch(
            layer=self.layer,
            crs=DEGREES,
            shapes=_as_points(shapes) if self.layer == "stops" else shapes,
            fields=dict(self.fields),
            uids=self.uids,
            where=[_where(uid) for uid in self.uids],
            estimated=self.estimated,
            left_out=self.left_out,
        )


class _Town:
    """Sorts what the file holds into layers."""

    def __init__(self, outlines: _Outlines) -> None:
        self.outlines = outlines
        self.rows = {layer: _Rows(layer) for layer in LAYERS}
        self.unused: Counter[str] = Counter()
        self.parts = 0
        self.beside_a_stop = 0
        self.held: dict[int, tuple[list[Meaning], str]] = {}  # outer ways, until their multipolygon is known
        self.open_outers: dict[int, list[Meaning]] = {}  # multipolygon: what its unclosed outer ways say
        self.platforms: list[tuple[Meaning, str, str, bool]] = []

    def point(self, node: Any) -> None:
        tags = dict(node.tags)
        meanings = osm_words.of_point(tags)
        shape = GEOMETRY.create_point(node)
        uid = f"n{node.id}"
        for meaning in meanings:
            self.rows[meaning.layer].add(meaning, uid, shape, ring=False)
        if osm_words.is_building(tags) and tags["building"] != "entrance":
            self.leave_out("buildings", uid, "It is a point without an outline. Draw the outline in OpenStreetMap.")
        elif not meanings and osm_words.is_platform(tags):
            self.platforms.append((osm_words.platform(tags), uid, shape, False))
        elif not meanings:
            self.count(tags)

    def way(self, way: Any) -> None:
        tags, uid, closed = dict(way.tags), f"w{way.id}", way.is_closed() and len(way.nodes) > 3
        lines, areas = osm_words.of_line(tags), osm_words.of_area(tags, uid)
        platform = osm_words.is_platform(tags) and not any(meaning.layer == "stops" for meaning in areas)
        if osm_words.is_building_site(tags):
            self.leave_out("buildings", uid, f"building={tags['building']}: it does not stand (yet, or any more).")
        elif not lines and not areas and not platform:
            return self.count(tags)
        try:
            shape = _line(way, tags)
        except (RuntimeError, osmium.InvalidLocationError):
            return self.leave_out_all(lines + areas, uid, _why_no_line(way))
        for meaning in lines:
            if meaning.layer == "streets" and osm_words.is_not_built(tags):
                self.leave_out("streets", uid, f"highway={tags['highway']}: it is not a street (yet, or any more).")
            else:
                self.rows[meaning.layer].add(meaning, uid, shape, ring=False)
        if platform:
            self.platforms.append((osm_words.platform(tags), uid, shape, closed))
        if areas:
            self.outline(way.id, areas, shape, closed)
        return None

    def outline(self, way: int, areas: list[Meaning], shape: str, closed: bool) -> None:
        if closed and way in self.outlines.around:
            self.held[way] = areas, shape
        elif closed:
            for meaning in areas:
                self.rows[meaning.layer].add(meaning, f"w{way}", shape, ring=True)
        elif bare := [number for number in self.outlines.around.get(way, ()) if not self.outlines.meanings[number]]:
            self.open_outers.setdefault(bare[0], areas)
        else:
            for meaning in areas:
                if meaning.layer == "stops":
                    self.rows["stops"].add(meaning, f"w{way}", shape, ring=False)
                else:
                    self.leave_out(meaning.layer, f"w{way}", "Its outline is not closed. Close it in OpenStreetMap.")

    def area(self, area: Any) -> None:
        number = area.orig_id()
        if area.from_way() or number not in self.outlines.meanings:
            return
        try:
            shape = GEOMETRY.create_multipolygon(area)
        except (RuntimeError, osmium.InvalidLocationError):
            return
        meanings = self.outlines.meanings[number]
        self.outlines.shapes[number] = None if meanings else shape
        for meaning in meanings:
            self.rows[meaning.layer].add(meaning, f"r{number}", shape, ring=False)

    def settle(self, path: Path) -> None:
        """What could not be decided before the last line of the file was read."""
        for way in self.held:
            self._settle_outer(way)
        for number, meanings in self.open_outers.items():
            self.outlines.meanings[number] = meanings
            shape = self.outlines.shapes.get(number)
            for meaning in meanings if shape else ():
                self.rows[meaning.layer].add(meaning, f"r{number}", str(shape), ring=False)
        for number, reason in _why_not_assembled(path, self.outlines).items():
            self.leave_out_all(self.outlines.meanings[number], f"r{number}", reason)
        self._settle_platforms()

    def _settle_outer(self, way: int) -> None:
        """A way that bounds a multipolygon: it stands for itself, or with courtyards, or the multipolygon for it."""
        meanings, shape = self.held[way]
        ring, hex_ring = True, shape
        for number in self.outlines.around[way]:
            if number not in self.outlines.shapes:
                continue
            if whole := self.outlines.shapes[number]:
                ring, shape = False, _with_courtyards(hex_ring, whole)
            same = {(meaning.layer, meaning.fields.get("kind")) for meaning in self.outlines.meanings[number]}
            for meaning in [m for m in meanings if (m.layer, m.fields.get("kind")) in same]:
                meanings.remove(meaning)
                self.leave_out(meaning.layer, f"w{way}", f"It is the outline of relation {number}, which is loaded.")
        for meaning in meanings:
            self.rows[meaning.layer].add(meaning, f"w{way}", shape, ring)

    def _settle_platforms(self) -> None:
        stops = self.rows["stops"]
        if not self.platforms:
            return
        places = _as_points(_shapes([p[2] for p in self.platforms], [p[3] for p in self.platforms]))
        alone = _far_from(places, _as_points(_shapes(stops.shapes, stops.rings)))
        for (meaning, uid, shape, ring), is_alone in zip(self.platforms, alone, strict=True):
            if is_alone:
                stops.add(meaning, uid, shape, ring)
        self.beside_a_stop = int((~alone).sum())

    def is_enough(self, layer: str) -> bool:
        return layer != "stops" and len(self.rows[layer].uids) >= BATCH  # platforms are held against all stops

    def take(self, layer: str) -> Batch:
        """What was gathered since the last time."""
        rows, self.rows[layer] = self.rows[layer], _Rows(layer)
        return rows.batch()

    def leave_out(self, layer: str, uid: str, reason: str) -> None:
        self.rows[layer].left_out.append(LeftOut(_where(uid), reason))

    def leave_out_all(self, meanings: list[Meaning], uid: str, reason: str) -> None:
        for layer in dict.fromkeys(meaning.layer for meaning in meanings):
            self.leave_out(layer, uid, reason)

    def count(self, tags: Tags) -> None:
        if "building:part" in tags:
            self.parts += 1
        elif not NO_WORD.issuperset(tags):
            self.unused[osm_words.main_tag(tags)] += 1

    def notes(self) -> list[str]:
        notes = []
        if self.parts:
            notes.append(f"{self.parts} building parts are not read: the outline of the building stands for them.")
        if self.beside_a_stop:
            notes.append(
                f"{self.beside_a_stop} platforms stand beside a stop and are not loaded as stops of their own."
            )
        if self.unused:
            most = ", ".join(f"{count} {tag}" for tag, count in self.unused.most_common(SAID))
            others = self.unused.total() - sum(count for _, count in self.unused.most_common(SAID))
            notes.append(f"No layer here has a place for: {most}" + (f", and {others} others." if others else "."))
        return notes


def _things(path: Path) -> Iterator[Any]:
    """Everything in the file that has tags, and the multipolygons put together."""
    store = "sparse_file_array" if path.stat().st_size > LARGE else "flex_mem"
    processor = osmium.FileProcessor(_opened(path)).with_locations(store)
    processor.with_areas(osmium.filter.TagFilter(("type", "multipolygon")))
    tagged = osmium.filter.EmptyTagFilter()
    tagged.enable_for(osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION)  # osmium hands on areas without `type`
    yield from _careful(processor.with_filter(tagged))


def _outlines(path: Path) -> _Outlines:
    """The multipolygons of the file; before 2016 many had their tags on the way around them."""
    outlines = _Outlines()
    processor = osmium.FileProcessor(_opened(path), osmium.osm.RELATION)
    for relation in _careful(processor.with_filter(osmium.filter.TagFilter(("type", "multipolygon")))):
        tags = dict(relation.tags)
        meanings = osm_words.of_area(tags, f"r{relation.id}")
        if not meanings and not NO_WORD.issuperset(tags):
            continue
        ways = [(member.ref, member.role) for member in relation.members if member.type == "w"]
        outlines.meanings[relation.id] = meanings
        outlines.members[relation.id] = [way for way, _ in ways]
        for way, role in ways:
            if role in ("outer", ""):
                outlines.around[way].append(relation.id)
    return outlines


def _why_not_assembled(path: Path, outlines: _Outlines) -> dict[int, str]:
    """For each multipolygon that came to nothing, the reason."""
    failed = [number for number, meanings in outlines.meanings.items() if meanings and number not in outlines.shapes]
    if not failed:
        return {}
    asked = {way for number in failed for way in outlines.members[number]}
    ways = osmium.FileProcessor(_opened(path), osmium.osm.WAY).with_filter(osmium.filter.IdFilter(asked))
    there = {way.id for way in _careful(ways)}
    reasons = {}
    for number in failed:
        members = outlines.members[number]
        missing = sum(way not in there for way in members)
        reasons[number] = (
            f"{missing} of its {len(members)} ways are not in this file. Ask for a larger extract."
            if missing
            else "Its ways do not close to rings, or lack nodes. Mend it in OpenStreetMap, or ask for a larger extract."
        )
    return reasons


def _line(way: Any, tags: Tags) -> str:
    backward = tags.get("oneway") in ("-1", "reverse")
    direction = osmium.geom.direction.BACKWARD if backward else osmium.geom.direction.FORWARD
    return GEOMETRY.create_linestring(way, direction=direction)


def _why_no_line(way: Any) -> str:
    missing = sum(not node.location.valid() for node in way.nodes)
    if missing:
        return f"{missing} of its {len(way.nodes)} nodes are not in this file. Ask for a larger extract."
    return "It has no length: all its nodes are in one place. Delete it in OpenStreetMap."


def _shapes(wkb: list[str], rings: list[bool]) -> np.ndarray:
    """Points, lines and areas; multipolygons of one part become polygons."""
    shapes = shapely.from_wkb(np.array(wkb, dtype=object))
    closed = np.flatnonzero(np.array(rings, dtype=bool))
    if len(closed):
        coordinates, owner = shapely.get_coordinates(shapes[closed], return_index=True)
        enough = np.bincount(owner, minlength=len(closed)) > 3  # a way there and back encloses nothing
        kept = enough[owner]
        order = np.cumsum(enough) - 1
        shapes[closed[enough]] = shapely.polygons(shapely.linearrings(coordinates[kept], indices=order[owner[kept]]))
    single = (shapely.get_type_id(shapes) == 6) & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    return shapes


def _as_points(shapes: np.ndarray) -> np.ndarray:
    kinds = shapely.get_type_id(shapes)
    points, lines, areas = shapes.copy(), kinds == 1, np.isin(kinds, (3, 6))
    points[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    points[areas] = shapely.point_on_surface(shapes[areas])
    return points


def _with_courtyards(ring: str, multipolygon: str) -> str:
    """The part of the multipolygon that this ring goes around."""
    outline = _shapes([ring], [True])[0]
    for part in shapely.get_parts(shapely.from_wkb(multipolygon)):
        if shapely.Polygon(part.exterior).equals(outline):
            return shapely.to_wkb(part, hex=True)
    return shapely.to_wkb(outline, hex=True)


def _far_from(places: np.ndarray, stops: np.ndarray) -> np.ndarray:
    """(n,) whether no stop lies beside the place."""
    if not len(stops):
        return np.ones(len(places), dtype=bool)
    north = 111_320.0  # metres a degree
    east = north * np.cos(np.radians(shapely.get_y(places).mean()))
    here, there = (shapely.points(shapely.get_coordinates(points) * (east, north)) for points in (places, stops))
    near, _ = shapely.STRtree(there).query_nearest(here, max_distance=BESIDE)
    alone = np.ones(len(places), dtype=bool)
    alone[near] = False
    return alone


def _where(uid: str) -> str:
    return f"{KINDS[uid[0]]} {uid[1:]}"


def _careful(things: Any) -> Iterator[Any]:
    try:
        for thing in things:
            if not thing.deleted:
                yield thing
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise BadFile(f"The OpenStreetMap data is damaged or breaks off: {error}. Download the file again.") from error


def _opened(path: Path) -> osmium.io.File:
    """The format by the first bytes: names lie."""
    with path.open("rb") as file:
        head = file.read(20)
    if head[:2] == b"\x1f\x8b":
        return osmium.io.File(str(path), "osm.gz")
    return osmium.io.File(str(path), "pbf" if b"OSMHeader" in head else "osm")


def _header(path: Path) -> Any:
    _refuse_bomb(path)
    try:
        with osmium.io.Reader(_opened(path), osmium.osm.NOTHING) as reader:
            header = reader.header()
    except (RuntimeError, ValueError, OSError) as error:
        raise BadFile(f"The OpenStreetMap data cannot be opened: {error}. Download the file again.") from error
    if header.has_multiple_object_versions:
        raise BadFile("It holds the whole history. Take the state of one day from it: osmium time-filter.")
    return header


def _refuse_bomb(path: Path) -> None:
    """Packed XML is unpacked once without keeping it, so that a small file cannot grow without end."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return
        file.seek(0)
        unpacker = zlib.decompressobj(31)
        left = RATIO * path.stat().st_size
        try:
            while data := unpacker.unconsumed_tail or file.read(1 << 20):
                left -= len(unpacker.decompress(data, 1 << 22))
                if left < 0:
                    raise BadFile(f"It unpacks to more than {RATIO} times its size; no map does. Download it again.")
                if unpacker.eof and (more := unpacker.unused_data or file.read(1 << 20)):
                    unpacker = zlib.decompressobj(31)  # a file may be several packed ones in a row
                    left -= len(unpacker.decompress(more, 1 << 22))
        except zlib.error as error:
            raise BadFile(f"It cannot be unpacked: {error}. Download the file again.") from error


def _header_bounds(header: Any) -> tuple[float, float, float, float] | None:
    """The file's own frame, unless it is the whole world: then some tool forgot to set it."""
    box = header.box()
    if not box.valid():
        return None
    west, south, east, north = box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat
    return None if east - west > 20 or north - south > 20 else (west, south, east, north)


def _node_bounds(path: Path) -> tuple[float, float, float, float] | None:
    """Where nearly all nodes lie: long borders and routes may reach far out. Nodes with tags are enough if many."""
    nodes = osmium.FileProcessor(_opened(path), osmium.osm.NODE)
    tagged = osmium.FileProcessor(_opened(path), osmium.osm.NODE).with_filter(osmium.filter.EmptyTagFilter())
    places = np.empty((0, 2))
    for chosen in (tagged, nodes):
        if len(places) < ENOUGH:
            flat = (degrees for node in _careful(chosen) for degrees in (node.lon, node.lat))
            places = np.fromiter(flat, dtype=np.float64).reshape(-1, 2)
    if not len(places):
        return None
    west, south = np.percentile(places, 2, axis=0).tolist()
    east, north = np.percentile(places, 98, axis=0).tolist()
    return west, south, east, north


def _look(path: Path) -> tuple[list[_Place], Counter[str], Counter[str]]:
    """Places, the towns of the addresses, and how many things each layer will be offered."""
    places: list[_Place] = []
    towns, counts = Counter[str](), Counter[str]()
    for thing in _careful(osmium.FileProcessor(_opened(path)).with_filter(osmium.filter.EmptyTagFilter())):
        tags = dict(thing.tags)
        if "addr:city" in tags:
            towns[tags["addr:city"]] += 1
        if thing.is_node():
            if "place" in tags:
                places.append((tags, thing.lon, thing.lat))
            meanings = osm_words.of_point(tags)
        elif thing.is_way():
            meanings = osm_words.of_line(tags) + osm_words.of_area(tags, "")
        else:
            meanings = osm_words.of_area(tags, "") if tags.get("type") == "multipolygon" else []
        counts.update({meaning.layer for meaning in meanings})
    return places, towns, counts


def _places(path: Path) -> list[_Place]:
    nodes = osmium.FileProcessor(_opened(path), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter("place"))
    return [(dict(node.tags), node.lon, node.lat) for node in _careful(nodes)]


def _largest(places: list[_Place], towns: Counter[str], bounds: tuple[float, float, float, float] | None) -> str | None:
    """The name of the city or town; else the one in most addresses; else of the village with most inhabitants."""
    best, name = (-1, 0), None
    for tags, longitude, latitude in places:
        inside = not bounds or (bounds[0] <= longitude <= bounds[2] and bounds[1] <= latitude <= bounds[3])
        if tags["place"] not in PLACES or "name" not in tags or not inside:
            continue
        rank = (PLACES.index(tags["place"]), osm_words.whole(tags.get("population"), 100_000_000) or 0)
        if rank > best:
            best, name = rank, tags["name"]
    addressed, count = towns.most_common(1)[0] if towns else (None, 0)
    is_a_town = best[0] >= PLACES.index("town")
    return addressed if not is_a_town and count >= ENOUGH and 2 * count >= towns.total() else name


def _date(stamp: str) -> dt.date | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", stamp or "")
    try:
        return dt.date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
