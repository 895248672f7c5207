"""DXF for CAD: each layer of the city is one of the drawing's, buildings as bodies, all else flat."""

from pathlib import Path
from typing import Any

import shapely

from layers.palette import color_of
from layers.writing.bodies import Ring, bodies
from layers.writing.delivery import Delivery, Table

METRES = 6  # $INSUNITS
ID = "TWIN"  # the application under whose name a thing's uid stands


def dxf(delivery: Delivery, path: Path) -> None:
    """In the city's metres, AutoCAD 2010."""
    import ezdxf  # only here: it takes a while to import

    drawing = ezdxf.new("R2010", units=METRES)
    drawing.appids.add(ID)
    space = drawing.modelspace()
    for table in delivery.tables:
        name = delivery.name_of(table)
        red, green, blue = color_of(table.layer)
        drawing.layers.add(name, true_color=ezdxf.rgb2int((red, green, blue)))
        if table.name == "buildings":
            _bodies(delivery, table, space, name)
        else:
            _flat(table, space, name)
    drawing.saveas(path)


def _bodies(delivery: Delivery, table: Table, space: Any, name: str) -> None:
    for body in bodies(delivery, table):
        mesh = space.add_mesh(dxfattribs={"layer": name})
        uid = str(table.columns["uid"][body.row])
        mesh.set_xdata(ID, [(1000, uid[:250])])
        with mesh.edit_data() as data:
            for _, rings in body.faces:
                for face in _whole(rings):
                    data.add_face(face[:-1])


def _whole(rings: list[Ring]) -> list[Ring]:
    """A face as a mesh takes it: one with holes is cut into triangles."""
    if len(rings) == 1:
        return rings
    flat = shapely.Polygon([point[:2] for point in rings[0]], [[point[:2] for point in ring] for ring in rings[1:]])
    heights = {tuple(point[:2]): point[2] for ring in rings for point in ring}
    if not flat.is_valid or len(set(heights.values())) == 0:
        return rings[:1]
    cut = shapely.get_parts(shapely.constrained_delaunay_triangles(flat))
    return [[(x, y, heights[x, y]) for x, y in one.exterior.coords] for one in cut]


def _flat(table: Table, space: Any, name: str) -> None:
    for uid, shape in zip(table.columns["uid"], table.shapes, strict=True):
        for part in shapely.get_parts(shapely.force_2d(shape)):
            if part.geom_type == "Point":
                drawn = [space.add_point(part.coords[0], dxfattribs={"layer": name})]
            elif part.geom_type == "Polygon":
                drawn = [_line(space, ring, name, closed=True) for ring in (part.exterior, *part.interiors)]
            else:
                drawn = [_line(space, part, name, closed=False)]
            for one in drawn:
                one.set_xdata(ID, [(1000, str(uid)[:250])])


def _line(space: Any, ring: Any, name: str, *, closed: bool) -> Any:
    points = list(ring.coords)
    return space.add_lwpolyline(points[:-1] if closed else points, close=closed, dxfattribs={"layer": name})
