// What floats over the picture while planning: lengths along the edges, the area, and where the pointer was caught.

import {area, length} from '../figures.js'
import {distance} from '../geodesy.js'
import {drawn} from './layer.js'
import {footprint, polygonsOf} from './plane.js'

const SVG = 'http://www.w3.org/2000/svg'
const SHORTEST = 34 // pixels of an edge that has room for its length
const picture = document.getElementById('drafted')

export function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  if (text) made.textContent = text
  return made
}

/** Where an event is in the view. */
export function pixelOf({clientX, clientY}) {
  const {left, top} = document.getElementById('view').getBoundingClientRect()
  return [clientX - left, clientY - top]
}

export const onScreen = (place, height = 0) =>
  drawn.view.getViewports()[0].project([place[0], place[1], drawn.base + height])

/** geometry: what is drawn or moved now, in degrees; null wipes the figures. */
export function paintFigures(geometry, language) {
  const parts = geometry ? [...edges(geometry, language), ...areas(geometry, language)] : []
  const {kind, place} = drawn.snap
  if (kind && drawn.mode?.places) {
    const [x, y] = onScreen(place)
    parts.push(kind === 'corner'
      ? element('rect', {x: x - 7, y: y - 7, width: 14, height: 14, class: 'caught'})
      : element('circle', {cx: x, cy: y, r: 7, class: 'caught'}))
  }
  picture.replaceChildren(...parts)
}

function edges(geometry, language) {
  const rings = polygonsOf(geometry).flat().map(ring => [...ring, ring[0]])
  const lines = geometry.type === 'LineString' ? [geometry.coordinates] : rings
  if (lines.flat().length > 60) return []
  return lines.flatMap(line => line.slice(1).flatMap((place, i) => {
    const [from, to] = [onScreen(line[i]), onScreen(place)]
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) < SHORTEST) return []
    return label((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, length(distance(line[i], place), language))
  }))
}

function areas(geometry, language) {
  const [polygon] = polygonsOf(geometry)
  if (!polygon) return []
  const spots = polygon[0].map(place => onScreen(place))
  const middle = [0, 1].map(i => spots.reduce((sum, spot) => sum + spot[i], 0) / spots.length)
  return label(...middle, area(footprint(geometry), language), 'area')
}

const label = (x, y, text, kind = '') => [
  element('text', {x, y, class: `halo ${kind}`}, text), element('text', {x, y, class: kind}, text)]
