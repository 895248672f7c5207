"""A GeoPackage's spatial index written whole, packed: SQLite's own way, row by row, takes ten times as long.

The form of the tables is SQLite's (the R*Tree module, section 6): a node is a blob of a depth, a count, and cells of a
64-bit number with four 32-bit floats, all big-endian; node 1 is the root.
"""

from typing import Any

import numpy as np

_CELL = np.dtype([("number", ">i8"), ("box", ">f4", 4)])
_HEAD = 4  # bytes: depth of the tree (in the root), number of cells
_LEAST, _MOST = -np.float32(np.inf), np.float32(np.inf)


def fill(driver: Any, index: str, numbers: np.ndarray, boxes: np.ndarray) -> None:
    """Write an index that is empty.

    driver: a sqlite3 connection; numbers: (n,) int64, the rows' ids; boxes: (n, 4) float64, minx, maxx, miny, maxy.
    """
    if not len(numbers):
        return
    room = driver.execute(f'select length(data) from "{index}_node" where nodeno = 1').fetchone()[0]
    per_node = (room - _HEAD) // _CELL.itemsize
    order = np.argsort(_along_a_curve(boxes))
    cells = np.empty(len(numbers), _CELL)
    cells["number"], cells["box"] = numbers[order], _outward(boxes[order])
    levels = _levels(cells, per_node)
    nodes, parents = _nodes(levels, room)
    driver.execute(f'delete from "{index}_node"')
    driver.executemany(f'insert into "{index}_node" values (?, ?)', nodes)
    driver.executemany(f'insert into "{index}_parent" values (?, ?)', parents)
    of_node = (_number_of(levels, 0) + np.arange(len(cells)) // per_node).tolist()
    in_order = sorted(zip(cells["number"].tolist(), of_node, strict=True))
    driver.executemany(f'insert into "{index}_rowid" values (?, ?)', in_order)


def _along_a_curve(boxes: np.ndarray) -> np.ndarray:
    """Where each box lies on a Z-order curve: neighbours on it are neighbours in the city."""
    middles = boxes[:, ::2] + boxes[:, 1::2]
    spread = np.ptp(middles, axis=0).max() or 1.0
    places = ((middles - middles.min(axis=0)) / spread * 0xFFFF).astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        places = (places | (places << np.uint64(shift))) & np.uint64(mask)
    return places[:, 0] | (places[:, 1] << np.uint64(1))


def _outward(boxes: np.ndarray) -> np.ndarray:
    """As 32-bit floats that hold the box: the lower ones rounded down, the upper ones up."""
    small = boxes.astype(np.float32)
    for side, beyond, edge in ((0, np.greater, _LEAST), (1, np.less, _MOST)):
        inside = beyond(small[:, side::2].astype(float), boxes[:, side::2])
        small[:, side::2] = np.where(inside, np.nextafter(small[:, side::2], edge), small[:, side::2])
    return small


def _levels(cells: np.ndarray, per_node: int) -> list[list[np.ndarray]]:
    """The nodes' cells, level by level, the leaves first. A parent's cells name its children by their place."""
    levels = [[cells[i : i + per_node] for i in range(0, len(cells), per_node)]]
    while len(levels[-1]) > 1:
        children = levels[-1]
        above = np.empty(len(children), _CELL)
        above["number"] = np.arange(len(children))
        for side, widest in ((0, np.min), (1, np.max)):
            above["box"][:, side::2] = [widest(child["box"][:, side::2], axis=0) for child in children]
        levels.append([above[i : i + per_node] for i in range(0, len(above), per_node)])
    return levels


def _number_of(levels: list[list[np.ndarray]], level: int) -> int:
    """The first node number of a level: the root is 1, the levels follow downwards."""
    return 1 + sum(len(nodes) for nodes in levels[level + 1 :])


def _nodes(levels: list[list[np.ndarray]], room: int) -> tuple[list[tuple[int, bytes]], list[tuple[int, int]]]:
    nodes, parents = [], []
    for level in range(len(levels) - 1, -1, -1):
        first = _number_of(levels, level)
        below = _number_of(levels, level - 1) if level else 0
        depth = level if level == len(levels) - 1 else 0
        for place, cells in enumerate(levels[level]):
            if level:
                cells["number"] += below
                parents += [(child, first + place) for child in cells["number"].tolist()]
            head = depth.to_bytes(2, "big") + len(cells).to_bytes(2, "big")
            nodes.append((first + place, (head + cells.tobytes()).ljust(room, b"\0")))
    return nodes, parents
