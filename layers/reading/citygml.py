"""Buildings from CityGML 1.0 to 3.0, as the survey offices deliver them."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from lxml import etree
from pyproj import CRS

from layers.reading.batch import Batch, Survey, Wanted
from layers.reading.citygml_walk import Walk, local
from layers.reading.crs_names import crs_of_name, straight
from layers.reading.positions import points_of
from layers.reading.unpacking import Unpacked, opened
from twin.errors import BadFile
from twin.projection import LONLAT, transformer

PARALLEL = True  # several files may be read at once, each in a process of its own
RINGS_AT_ONCE = 60_000  # about 5,000 buildings: some 100 MB while they are worked on
SURVEYED = 50  # buildings that a first look reads
SKIMMED_BELOW = 256 << 20  # bytes: what is in larger files is counted when they are read
CREATED = re.compile(rb"creationDate>\s*(\d{4}-\d\d-\d\d)")

NOT_READ = ("appearanceMember",)
PIECES = ["{*}Envelope", "{*}cityObjectMember", "{*}featureMember", *(f"{{*}}{name}" for name in NOT_READ)]
CUT_OFF = {etree.ErrorTypes.ERR_TAG_NOT_FINISHED, etree.ErrorTypes.ERR_DOCUMENT_END}
ENTITY_TROUBLE = {etree.ErrorTypes.ERR_ENTITY_LOOP, etree.ErrorTypes.ERR_UNDECLARED_ENTITY}


def recognises(path: Path, head: bytes) -> bool:
    return b"opengis.net/citygml" in head.replace(b"\0", b"") and b"CityModel" in head.replace(b"\0", b"")


def survey(path: Path, wanted: Wanted) -> Survey:
    """From the envelope and the first buildings; only their number and date need the whole file."""
    walk = Walk()
    for member in members(path):
        walk.gather(member)
        if len(walk.told.ids) >= SURVEYED:
            break
    crs = wanted.crs or crs_of_name(walk.crs_name)
    buildings, made = skim(path, walk.closing_tag)
    return Survey(
        kind=kind_of(walk),
        crs=crs,
        bounds=bounds_of(walk, crs),
        layers={"buildings": buildings},
        place=walk.places.most_common(1)[0][0] if walk.places else None,
        delivered=made,
    )


def read(path: Path, wanted: Wanted) -> Iterator[Batch]:
    walk = Walk()
    for member in members(path):
        walk.gather(member)
        if len(walk.texts) >= RINGS_AT_ONCE:
            yield walk.batch(wanted)
    if not walk.buildings:
        others = Counter(left.reason for left in walk.told.left_out)
        listed = " ".join(f"{number} times: {reason}" for reason, number in others.most_common(5))
        raise BadFile(f"there is no building in it. {listed or 'Ask for a file with buildings.'}")
    yield walk.batch(wanted)


def members(path: Path) -> Iterator[Any]:
    """The envelope and each cityObjectMember, one after the other; each is gone from memory when the next one comes."""
    with opened(path) as file:
        # Blank text between elements is not kept: a third of the time goes into it.
        elements = etree.iterparse(
            file, tag=PIECES, resolve_entities=False, no_network=True, remove_comments=True, remove_blank_text=True
        )
        try:
            for number, (_, element) in enumerate(elements):
                if number == 0:
                    refuse_entities(element)
                depth = sum(1 for _ in element.iterancestors())
                if depth != (2 if local(element) == "Envelope" else 1):
                    continue  # in a building, which is still being read
                if local(element) not in NOT_READ:
                    yield element
                forget(element)
        except etree.XMLSyntaxError as error:
            raise BadFile(told_of(error, path)) from error


def forget(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None and element.getparent() is not None:
        del element.getparent()[0]


def refuse_entities(element: Any) -> None:
    dtd = element.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise BadFile(
            "it declares entities of its own (<!ENTITY …>), which no survey office needs and which can do harm."
            " Ask for the file without a DOCTYPE."
        )


def told_of(error: etree.XMLSyntaxError, path: Path, roots: tuple[bytes, ...] = (b"CityModel",)) -> str:
    """roots: the elements that may hold all others of such a file."""
    line, column = error.position
    troubles = {error.code}  # its log is no help: it goes on from one file to the next
    if troubles & ENTITY_TROUBLE or "entity amplification" in error.msg:  # of the newer libxml2 lxml has no word yet
        return f"line {line}: entities that blow up ({error.msg}). Ask for the file without a DOCTYPE."
    if troubles & CUT_OFF or not ends_well(path, roots):
        return f"it is cut off after line {line}: ask for it again."
    return f"line {line}, column {column}: this is not sound XML ({error.msg}). Ask for it again."


def ends_well(path: Path, roots: tuple[bytes, ...]) -> bool:
    """Whether the last element of a file is closed; a gzipped one says by itself if its end is missing."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(max(path.stat().st_size - 4096, 0))
        end = file.read().replace(b"\0", b"")
        return packed or any(root + b">" in end for root in roots)


def skim(path: Path, closing_tag: bytes) -> tuple[int | None, dt.date | None]:
    """How many buildings end in a file and when the latest was made, where that takes no more than a second."""
    with opened(path) as file:
        if isinstance(file, Unpacked) or path.stat().st_size > SKIMMED_BELOW:
            return None, None
        count, dates, rest = 0, set(), b""
        while piece := file.read(1 << 22):
            count += (rest + piece).count(closing_tag)
            dates.update(CREATED.findall(rest + piece))
            rest = piece[1 - len(closing_tag) :]
    return count, latest(dates)


def kind_of(walk: Walk) -> str:
    lods = set(walk.drawing.polygon_lod)
    best = next((f" LoD{lod}" for lod in (2, 3, 1, 4, 0) if lod in lods), "")
    return f"CityGML {walk.version}".strip() + best


def bounds_of(walk: Walk, crs: CRS | None) -> tuple[float, float, float, float] | None:
    """In degrees: of the envelope, else of the first buildings."""
    if len(walk.corners) == 2:
        dimension = min(len(corner.split()) for corner in walk.corners)
        points = points_of(walk.corners, bytearray([3 if dimension > 2 else 2] * 2))[0]
    else:
        points = points_of(walk.texts, walk.dimensions)[0]
    if crs is None or not len(points):
        return None
    points = straight(points, crs, walk.crs_name or "")
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return transformer(crs, LONLAT).transform_bounds(*low.tolist(), *high.tolist())


def latest(dates: set[bytes]) -> dt.date | None:
    known = []
    for date in dates:
        with suppress(ValueError):
            known.append(dt.date.fromisoformat(date.decode()))
    return max(known, default=None)
