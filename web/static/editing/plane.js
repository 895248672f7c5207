// A piece of the city as a plane: metres east and north of a place. Outlines are measured, turned and scaled here.

import {scales} from '../geodesy.js'

const radians = degrees => (degrees * Math.PI) / 180
const degrees = angle => (angle * 180) / Math.PI

/** The plane that touches the ellipsoid at a place: exact to a centimetre within some hundred metres. */
export function planeAt([longitude, latitude]) {
  const {north, east} = scales(latitude)
  return {
    flat: place => [radians(place[0] - longitude) * east, radians(place[1] - latitude) * north],
    round: ([x, y]) => [longitude + degrees(x / east), latitude + degrees(y / north)],
  }
}

export const minus = ([ax, ay], [bx, by]) => [ax - bx, ay - by]
export const plus = ([ax, ay], [bx, by]) => [ax + bx, ay + by]
export const times = ([x, y], factor) => [x * factor, y * factor]
export const dot = ([ax, ay], [bx, by]) => ax * bx + ay * by
export const across = ([x, y]) => [-y, x] // a quarter turn to the left
export const long = ([x, y]) => Math.hypot(x, y)

export function unit(vector) {
  const size = long(vector) || 1
  return times(vector, 1 / size)
}

export function turned([x, y], angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  return [x * c - y * s, x * s + y * c]
}

/** The place on the line from a to b that lies nearest, held between its ends. */
export function nearestOn(a, b, place) {
  const along = minus(b, a)
  const part = dot(minus(place, a), along) / (dot(along, along) || 1)
  return plus(a, times(along, Math.min(1, Math.max(0, part))))
}

/** Square metres; positive where the ring runs against the clock. */
export const signedArea = ring =>
  ring.reduce((sum, [x, y], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length]
    return sum + (x * y2 - x2 * y) / 2
  }, 0)

export const ringArea = ring => Math.abs(signedArea(ring))

/** The middle of the rectangle around some places. */
export function middleOf(places) {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)]
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
}

/** The way of the longest edge: what people call a building's direction. */
export function directionOf(ring) {
  let best = [1, 0]
  ring.forEach((place, i) => {
    const edge = minus(ring[(i + 1) % ring.length], place)
    if (long(edge) > long(best) * 1.001 || i === 0) best = edge
  })
  return Math.atan2(best[1], best[0])
}

/** Width along the longest edge, depth across it, the angle of that edge in degrees, and the middle. */
export function measured(ring) {
  const angle = directionOf(ring)
  const lying = ring.map(place => turned(place, -angle))
  const [xs, ys] = [lying.map(([x]) => x), lying.map(([, y]) => y)]
  const width = Math.max(...xs) - Math.min(...xs)
  const depth = Math.max(...ys) - Math.min(...ys)
  return {width, depth, angle: ((degrees(angle) % 180) + 180) % 180, middle: turned(middleOf(lying), angle)}
}

/** All positions of a geometry, with what `change` makes of each. */
export function mapped(geometry, change) {
  const walk = part => (typeof part[0] === 'number' ? change(part) : part.map(walk))
  return {...geometry, coordinates: walk(geometry.coordinates)}
}

/** The positions of a geometry in one list. */
export function placesOf({coordinates}) {
  const depth = part => (typeof part === 'number' ? 0 : 1 + depth(part[0]))
  return depth(coordinates) === 1 ? [coordinates] : coordinates.flat(depth(coordinates) - 2)
}

/** The rings of a polygon or of several, each without its closing place; the first of each polygon is its outline. */
export function polygonsOf({type, coordinates}) {
  const open = ring => ring.slice(0, -1)
  if (type === 'Polygon') return [coordinates.map(open)]
  if (type === 'MultiPolygon') return coordinates.map(polygon => polygon.map(open))
  return []
}

/** Square metres of all parts, less their courtyards. */
export function footprint(geometry) {
  const {flat} = planeAt(placesOf(geometry)[0])
  return polygonsOf(geometry).reduce((sum, [outline, ...holes]) =>
    sum + ringArea(outline.map(flat)) - holes.reduce((all, hole) => all + ringArea(hole.map(flat)), 0), 0)
}
