// Catches the pointer at corners, edges and right angles: of buildings, parcels and of what is being drawn.

import {across, dot, long, minus, nearestOn, planeAt, plus, times, unit} from './plane.js'

const CELL = 25 // metres
const SAME = 0.05 // metres
const FARTHEST = 2500 // metres across: more than that nobody snaps in
const MARGIN = 0.35 // of the window, so that a small move asks nothing
let known = null // {bounds, plane, cells}
let asking = false
let own = [] // places of what is being moved: nothing is caught by itself

/** Asks for the edges in the window, unless they are there. stale: also if they are. */
export async function loadEdges(city, stale = false) {
  const bounds = city.view.getViewports()[0].getBounds()
  const {flat} = planeAt([bounds[0], bounds[1]])
  const size = flat([bounds[2], bounds[3]])
  const holds = known && [0, 1].every(i => known.bounds[i] <= bounds[i] && known.bounds[i + 2] >= bounds[i + 2])
  if (asking || (holds && !stale) || Math.max(...size) > FARTHEST) return
  asking = true
  const [dx, dy] = [(bounds[2] - bounds[0]) * MARGIN, (bounds[3] - bounds[1]) * MARGIN]
  const wider = [bounds[0] - dx, bounds[1] - dy, bounds[2] + dx, bounds[3] + dy]
  try {
    const response = await fetch(`${city.scene.planner.snapping}?bbox=${wider.map(value => value.toFixed(6))}`)
    if (response.ok) known = gridded(wider, (await response.json()).rings)
  } catch {
    known = null // without a connection nothing catches, and drawing goes on
  }
  asking = false
}

function gridded(bounds, rings) {
  const plane = planeAt([(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2])
  const cells = new Map()
  const put = (key, edge) => (cells.has(key) ? cells.get(key).push(edge) : cells.set(key, [edge]))
  for (const ring of rings) {
    for (let i = 0; i + 3 < ring.length; i += 2) {
      const edge = [plane.flat([ring[i], ring[i + 1]]), plane.flat([ring[i + 2], ring[i + 3]])]
      for (const key of cellsAlong(edge)) put(key, edge)
    }
  }
  return {bounds, plane, cells}
}

function cellsAlong([a, b]) {
  const steps = Math.ceil(long(minus(b, a)) / (CELL / 2)) || 1
  const keys = new Set()
  for (let i = 0; i <= steps; i++) keys.add(cellOf(plus(a, times(minus(b, a), i / steps))))
  return keys
}

const cellOf = ([x, y]) => `${Math.floor(x / CELL)},${Math.floor(y / CELL)}`

/** places: of what is edited. */
export const ignore = places => (own = places)

function edgesNear([x, y]) {
  const isOwn = corner => own.some(place => long(minus(known.plane.flat(place), corner)) < SAME)
  const found = new Set()
  for (const dx of [-CELL, 0, CELL]) {
    for (const dy of [-CELL, 0, CELL]) {
      for (const edge of known.cells.get(cellOf([x + dx, y + dy])) ?? []) found.add(edge)
    }
  }
  return own.length ? [...found].filter(edge => !edge.every(isOwn)) : [...found]
}

/**
 * place: degrees; reach: metres; drawn: the places set so far.
 * Returns {place, kind}: "corner", "edge", "angle" or "".
 */
export function snapped(place, reach, drawn = []) {
  const {plane} = known ?? {plane: planeAt(place)}
  const spot = plane.flat(place)
  const edges = known ? edgesNear(spot) : []
  const set = drawn.map(plane.flat)
  const within = candidate => candidate && long(minus(candidate, spot)) <= reach
  const nearest = found => found.filter(within).sort((a, b) => long(minus(a, spot)) - long(minus(b, spot)))[0]
  const catches = [
    ['corner', nearest([...edges.flat(), ...set])],
    ['edge', nearest(edges.map(([a, b]) => nearestOn(a, b, spot)))],
    ['angle', nearest(rightAngles(set, spot))],
  ]
  const [kind, caught] = catches.find(([, found]) => found) ?? ['', null]
  return {place: caught ? plane.round(caught) : place, kind}
}

/** Where a right angle to the last edge, or a straight line on, would end; and where the first corner lies square. */
function rightAngles(set, spot) {
  if (set.length < 2) return []
  const last = set.at(-1)
  const way = unit(minus(last, set.at(-2)))
  const onward = [way, across(way)].map(along => plus(last, times(along, dot(minus(spot, last), along))))
  if (set.length < 3) return onward
  const closing = across(unit(minus(set[1], set[0])))
  const square = plus(set[0], times(closing, dot(minus(spot, set[0]), closing)))
  return [...onward, square]
}

/** The angle of the nearest edge within some metres, to lay a building along it; null where there is none. */
export function angleNear(place, reach = 30) {
  if (!known) return null
  const spot = known.plane.flat(place)
  const away = ([a, b]) => long(minus(nearestOn(a, b, spot), spot))
  const near = edgesNear(spot).filter(edge => long(minus(edge[1], edge[0])) > 4 && away(edge) < reach)
  const [best] = near.sort((one, other) => away(one) - away(other))
  return best ? Math.atan2(best[1][1] - best[0][1], best[1][0] - best[0][0]) : null
}
