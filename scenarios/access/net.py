"""The shortest ways: from places onto the net, and along it to the nearest of many, or as far as time allows."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from scenarios.access.speeds import Costs, Mode, costs
from scenarios.access.ways import Ways

NEIGHBOURS = 200.0  # metres
FAR = 300.0  # metres from the next street: beyond that a place is not on any way


class Onto(NamedTuple):
    """Where places reach the net (p,): the piece, -1 where none is near; how far along it, 0 to 1; metres beside it."""

    piece: np.ndarray
    along: np.ndarray
    beside: np.ndarray

    def where(self, chosen: np.ndarray) -> "Onto":
        return Onto(*(part[chosen] for part in self))


class Corners(NamedTuple):
    """The corners of the streets that can be used, some 25 m apart. xy: (k, 2) metres."""

    xy: np.ndarray
    onto: Onto
    tree: cKDTree


@dataclass(frozen=True)
class Net:
    """The ways of one mode. lines: of the pieces that can be used; piece: which these are."""

    ways: Ways
    mode: Mode
    cost: Costs
    piece: np.ndarray
    tree: shapely.STRtree

    @staticmethod
    def of(ways: Ways, mode: Mode) -> "Net":
        cost = costs(ways, mode)
        piece = np.flatnonzero(np.isfinite(np.minimum(cost.ahead, cost.back)))
        return Net(ways, mode, cost, piece, shapely.STRtree(ways.lines()[piece]))

    @cached_property
    def corners(self) -> "Corners":
        ways = self.ways
        owner = np.repeat(np.arange(len(ways.start)), np.diff(ways.first))
        there = np.append(0.0, np.cumsum(ways.run))[:-1]
        along = (there - there[ways.first[:-1]][owner]) / np.maximum(ways.length[owner], 1e-9)
        usable = np.isin(owner, self.piece)
        onto = Onto(owner[usable], np.clip(along[usable], 0, 1), np.zeros(int(usable.sum())))
        return Corners(ways.corners[usable], onto, cKDTree(ways.corners[usable]))

    def onto(self, points: np.ndarray) -> Onto:
        """points: (p,) shapely points. Each goes straight to the nearest street that the mode can use."""
        found = Onto(np.full(len(points), -1), np.zeros(len(points)), np.full(len(points), np.inf))
        if len(self.piece) == 0 or len(points) == 0:
            return found
        x, y = shapely.get_coordinates(points).T
        order = np.lexsort((y, x // NEIGHBOURS))  # neighbours one after the other find the tree's leaves still at hand
        (which, near), away = self.tree.query_nearest(
            points[order], max_distance=FAR, return_distance=True, all_matches=False
        )
        which = order[which]
        lines = self.tree.geometries[near]
        along = shapely.line_locate_point(lines, points[which], normalized=True)
        found.piece[which], found.along[which], found.beside[which] = self.piece[near], along, away
        return found

    def beside(self, onto: Onto) -> np.ndarray:
        """(p,) seconds from the door to the street."""
        return onto.beside / self.mode.off


@dataclass(frozen=True)
class Joined:
    """A net with places in it. node: (p,) of each place, -1 where it is on no way. graph: seconds, (nodes, nodes).

    Its pieces are cut where places join. start, end: nodes of each cut piece; ahead, back: seconds.
    """

    net: Net
    node: np.ndarray
    graph: sparse.csr_matrix
    key: np.ndarray  # piece + share along it where each cut piece begins, ascending
    start: np.ndarray
    end: np.ndarray
    ahead: np.ndarray
    back: np.ndarray
    length: np.ndarray  # share of the whole piece

    def times(self, at_nodes: np.ndarray, onto: Onto, *, towards: bool) -> np.ndarray:
        """(p,) seconds at places beside the net, by those at its nodes: from the nodes on, or `towards` them."""
        return self.reached(at_nodes, onto, towards=towards)[0]

    def reached(self, at_nodes: np.ndarray, onto: Onto, *, towards: bool) -> tuple[np.ndarray, np.ndarray]:
        """The same, and (p,) the node by which each is reached, -1 where none is."""
        seconds, node = np.full(len(onto.piece), np.inf), np.full(len(onto.piece), -1)
        known = np.flatnonzero(onto.piece >= 0)
        if len(known) == 0:
            return seconds, node
        mine = onto.where(known)
        cut = np.searchsorted(self.key, mine.piece + np.minimum(mine.along, 1 - 1e-12), side="right") - 1
        share = np.clip((mine.piece + mine.along - self.key[cut]) / np.maximum(self.length[cut], 1e-12), 0, 1)
        to_start, to_end = (self.back, self.ahead) if towards else (self.ahead, self.back)
        by_start = at_nodes[self.start[cut]] + _part(share, to_start[cut])
        by_end = at_nodes[self.end[cut]] + _part(1 - share, to_end[cut])
        seconds[known] = np.minimum(by_start, by_end) + self.net.beside(mine)
        node[known] = np.where(by_start <= by_end, self.start[cut], self.end[cut])
        node[~np.isfinite(seconds)] = -1
        return seconds, node


def join(net: Net, onto: Onto) -> Joined:
    """Put places into the net as nodes of its own, so that the ways to and from them are exact."""
    ways = net.ways
    nodes, known = len(ways.xy), np.flatnonzero(onto.piece >= 0)
    node = np.full(len(onto.piece), -1)
    key_of = onto.piece[known] + np.clip(onto.along[known], 1e-9, 1 - 1e-9)
    unique, which = np.unique(key_of, return_inverse=True)
    on_street = nodes + np.arange(len(unique))
    node[known] = nodes + len(unique) + np.arange(len(known))
    of = np.floor(unique).astype(int)
    begins = np.concatenate([net.piece.astype(float), unique])
    order = np.argsort(begins, kind="stable")
    key, piece = begins[order], np.concatenate([net.piece, of])[order]
    start = np.concatenate([ways.start[net.piece], on_street])[order]
    final = np.append(piece[1:] != piece[:-1], True) if len(piece) else np.empty(0, bool)
    end = np.where(final, ways.end[piece], np.roll(start, -1))
    length = np.where(final, piece + 1.0, np.roll(key, -1)) - key
    with np.errstate(invalid="ignore"):
        ahead, back = net.cost.ahead[piece] * length, net.cost.back[piece] * length
    off = net.beside(onto)[known]
    rows = np.concatenate([start, end, node[known], on_street[which]])
    columns = np.concatenate([end, start, on_street[which], node[known]])
    graph = _graph(rows, columns, np.concatenate([ahead, back, off, off]), nodes + len(unique) + len(known))
    return Joined(net, node, graph, key, start, end, ahead, back, length)


def nearest(joined: Joined, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From each node to the nearest of some of the places: seconds, and which of them, -1 where none is reached."""
    which = places[joined.node[places] >= 0]
    many = joined.graph.shape[0]
    if len(which) == 0:
        return np.full(many, np.inf), np.full(many, -1)
    seconds, _, source = csgraph.dijkstra(
        joined.graph.T, indices=joined.node[which], min_only=True, return_predecessors=True
    )
    of_node = np.full(many + 1, -1)
    of_node[joined.node[which]] = which
    return seconds, of_node[np.where(source >= 0, source, many)]


def within(joined: Joined, place: int, limit: float) -> np.ndarray:
    """Seconds from a place to each node, infinite beyond the limit."""
    return csgraph.dijkstra(joined.graph, indices=joined.node[place], limit=limit)


def _graph(rows: np.ndarray, columns: np.ndarray, seconds: np.ndarray, nodes: int) -> sparse.csr_matrix:
    """Of several pieces between the same nodes the quickest; a way of no length takes a moment, or it would be none."""
    open_ = np.isfinite(seconds) & (rows != columns)
    rows, columns, seconds = rows[open_], columns[open_], np.maximum(seconds[open_], 1e-9)
    order = np.lexsort((seconds, columns, rows))
    rows, columns, seconds = rows[order], columns[order], seconds[order]
    new = np.append(True, (np.diff(rows) != 0) | (np.diff(columns) != 0)) if len(rows) else np.empty(0, bool)
    return sparse.csr_matrix((seconds[new], (rows[new], columns[new])), shape=(nodes, nodes))


def _part(share: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """A share of the way; none of it takes no time, even where it is closed."""
    with np.errstate(invalid="ignore"):
        return np.where(share > 0, share * seconds, 0.0)
