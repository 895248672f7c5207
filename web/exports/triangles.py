"""The buildings of a delivery as triangles, for programs that know nothing else."""

import numpy as np
import shapely

from layers.writing.bodies import Body
from web.drawn.mesh import triangles


def cut(found: list[Body]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Corners (3 m, 3), their normals (3 m, 3), and of each triangle (m,) its body and its letter."""
    polygons, body, letter = [], [], []
    for one in found:
        for kind, (outer, *inner) in one.faces:
            if len(set(outer)) > 2:
                polygons.append(shapely.Polygon(outer, inner))
                body.append(one.row)
                letter.append(kind)
    corners, owner, normals = triangles(np.array(polygons, object))
    of_each = owner[::3]
    return corners, normals[owner], np.array(body, int)[of_each], np.array(letter)[of_each]
