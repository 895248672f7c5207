"""Land-cover rasters with UMEP's classes, as outlines of surfaces and water."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from rasterio.features import shapes

from layers.codes import SEALED_PERCENT
from layers.reading.batch import Batch, LeftOut, Terrain
from twin.errors import BadFile

# UMEP's classes: paved, buildings, evergreen trees, deciduous trees, grass, bare soil; 7 is water.
KINDS = {1: "asphalt", 2: "building", 3: "forest", 4: "forest", 5: "grass", 6: "bare"}
WATER = 7
AT_ONCE = 10_000  # outlines
FEW = 20  # classes: more different numbers are heights or a picture
LOOKED_AT = 512  # cells along a side of the thinned-out first look


def looks_like_classes(source: Any) -> bool:
    """Few different whole numbers from 0 to 255."""
    size = min(source.height, LOOKED_AT), min(source.width, LOOKED_AT)
    seen = np.unique(source.read(1, out_shape=size, masked=True).compressed())
    return 0 < len(seen) <= FEW and bool(np.isin(seen, range(256)).all())


def features(source: Any, crs: CRS | None) -> Iterator[Batch | Terrain]:
    """Patches of one class, along the cells' edges; cells without a class are counted in a note."""
    values = source.read(1)
    known = (source.read_masks(1) != 0) & np.isfinite(values)
    classes = np.unique(values[known])
    if not len(classes):
        raise BadFile("no cell of it has a class: it is empty. Ask for the file again.")
    if not np.isin(classes, [*KINDS, WATER]).all():
        shown = ", ".join(f"{value:g}" for value in classes[:8]) + (" ..." if len(classes) > 8 else "")
        reason = (
            f"a land-cover raster with classes unknown here ({shown}). Twin knows UMEP's 1 to 7."
            " If they are heights, say --as terrain."
        )
        yield Terrain("", crs, read=0, holes=0, left_out=[LeftOut("the whole raster", reason)])
        return
    empty = int((~known).sum())
    notes = [f"cells without a class, on which nothing lies: {empty:,}"] if empty else []
    patches = shapes(np.where(known, values, 0).astype("uint8"), mask=known, transform=source.transform)
    while some := list(islice(patches, AT_ONCE)):
        outlines = np.array([shapely.geometry.shape(outline) for outline, _ in some])
        yield from _batches(outlines, np.array([int(number) for _, number in some]), crs, notes)
        notes = []


def _batches(outlines: np.ndarray, classes: np.ndarray, crs: CRS | None, notes: list[str]) -> Iterator[Batch]:
    is_water = classes == WATER
    where = [f"the patch at {point.x:.0f} / {point.y:.0f}" for point in shapely.point_on_surface(outlines)]
    for layer, mine in (("surfaces", ~is_water), ("water", is_water)):
        if not mine.any():
            continue
        kinds = [KINDS.get(number) for number in classes[mine].tolist()]
        fields: dict[str, list] = {"kind": ["other"] * len(kinds)} if layer == "water" else {"kind": kinds}
        guessed: list[str | None] = [None] * len(kinds)
        if layer == "surfaces":
            fields["sealed_percent"] = [SEALED_PERCENT.get(kind or "", 0.0) for kind in kinds]
            guessed = ["sealed_percent: usual for the kind"] * len(kinds)
        yield Batch(
            layer=layer,
            crs=crs,
            shapes=outlines[mine],
            fields=fields,
            where=[words for words, one in zip(where, mine, strict=True) if one],
            estimated=guessed,
            notes=notes,
        )
        notes = []
