// Handles on the selected feature: move, turn, scale, pull its height. Each is a slider for keyboards too.

import {drawn, redrawn} from './layer.js'
import {onScreen, pixelOf} from './overlay.js'
import {mapped, measured, middleOf, minus, placesOf, planeAt, plus, polygonsOf, times, turned} from './plane.js'
import {snapped} from './snapping.js'

const byId = id => document.getElementById(id)
const KINDS = ['move', 'turn', 'scale', 'pull']
const handles = Object.fromEntries(KINDS.map(kind => [kind, byId(`handle-${kind}`)]))
const APART = 46 // pixels
const LEAST_RISE = 0.35 // of a metre on the ground: from straight above, heights are not seen
const STEP = {move: 0.5, turn: Math.PI / 36, scale: 0.5} // metres, radians, metres
let held = null // {subject, on}: what has handles, and who is told
let isByKey = false

/** subject: {geometry, height, storeyHeight, storeys}. on: {change({geometry}) or ({storeys}), done(kind)}. */
export function hold(subject, on) {
  held = {subject, on}
  placeHandles()
}

export function release() {
  held = null
  for (const handle of Object.values(handles)) handle.hidden = true
}

addEventListener('city-drawn', placeHandles)

export function placeHandles() {
  if (!held) return
  const {geometry, height, storeys} = held.subject
  const places = placesOf(geometry)
  const plane = planeAt(places[0])
  const isArea = polygonsOf(geometry).length > 0
  const ring = isArea ? polygonsOf(geometry)[0][0].map(plane.flat) : places.map(plane.flat)
  const {width, depth, angle, middle} = isArea ? measured(ring) : {width: 0, depth: 0, angle: 0, middle: middleOf(ring)}
  const corner = turned([width / 2, depth / 2], (angle * Math.PI) / 180)
  const beside = turned([-width / 2 - 5, 0], (angle * Math.PI) / 180)
  const centre = onScreen(plane.round(middle))
  const now = {move: 0, turn: angle, scale: width, pull: storeys ?? 0}
  for (const kind of KINDS) handles[kind].setAttribute('aria-valuenow', now[kind].toFixed(kind === 'pull' ? 0 : 1))
  put(handles.move, centre)
  put(handles.turn, awayFrom(centre, onScreen(plane.round(plus(middle, beside)))), isArea)
  put(handles.scale, awayFrom(centre, onScreen(plane.round(plus(middle, corner)))), isArea)
  put(handles.pull, awayFrom(centre, onScreen(plane.round(middle), height ?? 0), [0, -1]), storeys !== undefined)
}

/** No handle lies on another, however small the thing is on the screen. */
function awayFrom([x, y], [x2, y2, depth], way = null) {
  const size = Math.hypot(x2 - x, y2 - y)
  if (size >= APART) return [x2, y2, depth]
  const [dx, dy] = way ?? (size > 1 ? [(x2 - x) / size, (y2 - y) / size] : [1, 0])
  return [x + dx * APART, y + dy * APART, depth]
}

function put(handle, [x, y, depth], isWanted = true) {
  const isSeen = isWanted && Math.abs(depth) <= 1 && x > -20 && y > -20 && x < innerWidth + 20 && y < innerHeight + 20
  handle.hidden = !isSeen
  handle.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
}

for (const kind of KINDS) {
  const handle = handles[kind]
  handle.addEventListener('pointerdown', event => begin(event, kind))
  handle.addEventListener('keydown', event => byKey(event, kind))
  handle.addEventListener('keyup', event => event.key.startsWith('Arrow') && isByKey && finish(kind))
}

function begin(event, kind) {
  if (!held || event.button) return
  event.preventDefault()
  event.stopPropagation()
  const handle = handles[kind]
  handle.setPointerCapture(event.pointerId)
  handle.focus({preventScroll: true})
  const start = {pixel: pixelOf(event), geometry: held.subject.geometry, storeys: held.subject.storeys}
  const drag = move => apply(kind, start, pixelOf(move), move)
  const end = () => {
    handle.removeEventListener('pointermove', drag)
    finish(kind)
  }
  handle.addEventListener('pointermove', drag)
  handle.addEventListener('pointerup', end, {once: true})
  handle.addEventListener('pointercancel', end, {once: true})
}

const groundAt = pixel => drawn.view.getViewports()[0].unproject(pixel, {targetZ: drawn.base}).slice(0, 2)

function apply(kind, start, pixel, {shiftKey, altKey}) {
  if (kind === 'pull') return pull(pixel, start)
  const {geometry} = start
  const plane = planeAt(placesOf(geometry)[0])
  const [from, to] = [groundAt(start.pixel), groundAt(pixel)].map(plane.flat)
  const middle = middleOf(placesOf(geometry).map(plane.flat))
  const change = {
    move: () => mover(plane, geometry, minus(to, from), altKey),
    turn: () => turner(middle, turnOf(middle, from, to, shiftKey)),
    scale: () => scaler(geometry, plane, Math.hypot(...minus(to, middle)) / Math.hypot(...minus(from, middle))),
  }[kind]()
  changed(mapped(geometry, place => plane.round(change(plane.flat(place)))))
}

/** A corner that comes near an edge of the neighbourhood is caught by it. */
function mover(plane, geometry, step, isFree) {
  if (!isFree) {
    for (const place of placesOf(geometry).slice(0, 40)) {
      const moved = plane.round(plus(plane.flat(place), step))
      const {place: caught, kind} = snapped(moved, 1)
      if (kind === 'corner' || kind === 'edge') {
        const more = minus(plane.flat(caught), plane.flat(moved))
        return spot => plus(plus(spot, step), more)
      }
    }
  }
  return spot => plus(spot, step)
}

function turnOf(middle, from, to, isCoarse) {
  const angle = Math.atan2(...minus(to, middle).reverse()) - Math.atan2(...minus(from, middle).reverse())
  return isCoarse ? Math.round(angle / (Math.PI / 12)) * (Math.PI / 12) : angle
}

const turner = (middle, angle) => spot => plus(middle, turned(minus(spot, middle), angle))

/** From the middle, alike in all directions. */
function scaler(geometry, plane, factor) {
  const middle = middleOf(placesOf(geometry).map(plane.flat))
  const held = Math.min(Math.max(factor, 0.1), 10)
  return spot => plus(middle, times(minus(spot, middle), held))
}

/** The height at which the roof's middle would lie under the pointer, in whole storeys. */
function pull(pixel, start) {
  const {geometry, storeyHeight, height} = held.subject
  const places = placesOf(geometry)
  const plane = planeAt(places[0])
  const middle = middleOf(places.map(plane.flat))
  start.height ??= height
  const rise = z => onScreen(plane.round(middle), z)[1]
  const onGround = onScreen(plane.round(middle))[0] - onScreen(plane.round([middle[0] - 1, middle[1]]))[0]
  const perMetre = Math.max(rise(start.height) - rise(start.height + 1), LEAST_RISE * Math.abs(onGround), 0.1)
  const wanted = start.height + (start.pixel[1] - pixel[1]) / perMetre
  const storeys = start.storeys + Math.round((wanted - start.height) / storeyHeight)
  held.on.change({storeys: Math.min(Math.max(storeys, 1), 60)})
}

function changed(geometry) {
  held.subject.geometry = geometry
  held.on.change({geometry})
}

function byKey(event, kind) {
  const way = {ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]}[event.key]
  if (!way || !held) return
  event.preventDefault()
  event.stopPropagation()
  isByKey = true
  const {geometry, storeys} = held.subject
  const more = way[0] || way[1]
  if (kind === 'pull') return held.on.change({storeys: Math.min(Math.max(storeys + more, 1), 60)})
  const plane = planeAt(placesOf(geometry)[0])
  const middle = middleOf(placesOf(geometry).map(plane.flat))
  const size = Math.max(1, ...placesOf(geometry).map(place => Math.hypot(...minus(plane.flat(place), middle))))
  const change = {
    move: () => spot => plus(spot, times(way, STEP.move)),
    turn: () => turner(middle, -more * STEP.turn),
    scale: () => scaler(geometry, plane, 1 + (more * STEP.scale) / size),
  }[kind]()
  changed(mapped(geometry, place => plane.round(change(plane.flat(place)))))
}

function finish(kind) {
  if (!held) return
  isByKey = false
  held.on.done(kind)
  redrawn()
}
