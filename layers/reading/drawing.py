"""DXF drawings: each CAD layer becomes a layer of its own, closed lines become areas, texts are told."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from layers.reading.gdal import Part, Table

_TEXTS_TOLD = 5


@dataclass
class CadLayer(Part):
    """A CAD layer: its entities are read with the drawing, once, and kept."""

    shapes: Any = field(default=None)
    handles: Any = field(default=None)

    @property
    def keeps_ids(self) -> bool:
        return True  # an entity's handle stays with it as long as the drawing lives

    def tables(self, columns: list[str] | None = None) -> Iterator[Table]:
        yield {}, self.shapes.copy(), self.handles


def parts_of(drawing: Part) -> list[Part]:
    """The CAD layers of a drawing that hold shapes."""
    import pyarrow as pa

    shapes, handles, texts = defaultdict(list), defaultdict(list), []
    for table, found, _ in drawing.tables():
        rows = zip(
            table["Layer"].to_pylist(), table["Text"].to_pylist(), table["EntityHandle"].to_pylist(), strict=True
        )
        for shape, (layer, text, handle) in zip(found, rows, strict=True):
            if text:
                texts.append(text)
            else:
                shapes[layer or "0"].append(_area(shape))
                handles[layer or "0"].append(handle)
    notes = (*drawing.notes, *_told(texts))
    parts: list[Part] = []
    for layer, found in shapes.items():
        array = np.array(found, dtype=object)
        base = replace(drawing, name=f"cad_{layer}", columns=[], count=len(found), dimension=None)
        part = CadLayer(
            **{**vars(base), "notes": notes}, shapes=array, handles=pa.array(_apart(handles[layer], drawing.path.stem))
        )
        bounds = shapely.total_bounds(array)
        part.bounds = tuple(bounds.tolist()) if np.isfinite(bounds).all() else None
        parts.append(part)
        notes = ()
    return parts


def _area(shape: Any) -> Any:
    if shape is not None and shape.geom_type == "LineString" and shape.is_closed and len(shape.coords) >= 4:
        return shapely.Polygon(shape)
    return shape


def _apart(handles: list[str | None], drawing: str) -> list[str]:
    """What is drawn by inserting one block has one handle: the pieces are counted."""
    seen: dict[str | None, int] = defaultdict(int)
    names = []
    for handle in handles:
        seen[handle] += 1
        name = f"{drawing}:{handle}"
        names.append(name if seen[handle] == 1 else f"{name}-{seen[handle]}")
    return names


def _told(texts: list[str]) -> tuple[str, ...]:
    if not texts:
        return ()
    some = ", ".join(f"“{text[:40]}”" for text in texts[:_TEXTS_TOLD])
    return (f"{len(texts)} texts of the drawing are not kept: {some}{' …' if len(texts) > _TEXTS_TOLD else ''}",)
