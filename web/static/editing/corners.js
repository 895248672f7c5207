// The corners of what is selected: drag one, add one on an edge, take one away; each by keyboard, too.

import {drawn} from './layer.js'
import {onScreen, pixelOf} from './overlay.js'
import {planeAt, plus, times} from './plane.js'
import {snapped} from './snapping.js'

const home = document.getElementById('corners')
const MOST = 120 // corners that have a handle
const REACH = 12 // pixels within which an edge catches
const SHORTEST = 56 // pixels of an edge that has room for a new corner
const STEP = 0.5 // metres that an arrow key moves a corner
const LEAST = {Polygon: 3, MultiPolygon: 3, LineString: 2, MultiLineString: 2}
const ARROWS = {ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]}
let edited = null // {geometry, words, on}

/** on: {change(geometry), done()}. False where there are no corners to edit, or too many. */
export function editCorners(geometry, words, on) {
  if (!(geometry.type in LEAST) || runsOf(geometry).reduce((sum, run) => sum + count(run), 0) > MOST) return false
  edited = {geometry: structuredClone(geometry), words, on}
  build()
  return true
}

export function endCorners() {
  edited = null
  home.replaceChildren()
}

export const isEditingCorners = () => edited !== null

/** What the server has now: after an edit, an undo, another's change. */
export function renewCorners(geometry) {
  const now = structuredClone(geometry)
  const size = shape => JSON.stringify(runsOf(shape).map(count))
  const isAlike = now.type === edited.geometry.type && size(now) === size(edited.geometry)
  const {run, at} = home.contains(document.activeElement) ? document.activeElement.dataset : {}
  edited.geometry = now
  if (isAlike) put()
  else build(run && [run, at])
}

addEventListener('city-drawn', put)

/** Rings and lines, as {places, isRing}: the lists of the geometry itself. */
function runsOf({type, coordinates}) {
  const lists = {
    Polygon: () => coordinates, MultiPolygon: () => coordinates.flat(),
    LineString: () => [coordinates], MultiLineString: () => coordinates,
  }[type]()
  return lists.map(places => ({places, isRing: type.endsWith('Polygon')}))
}

const count = ({places, isRing}) => places.length - (isRing ? 1 : 0)

/** A ring's last place is its first. */
function set({places, isRing}, i, place) {
  places[i] = place
  if (isRing && i === 0) places[places.length - 1] = place
}

/** A button for each corner, and between two a small one that becomes a new corner. */
function build(focus = null) {
  const made = []
  runsOf(edited.geometry).forEach((run, r) => {
    for (let i = 0; i < count(run); i++) {
      made.push(button('corner', r, i, `${edited.words.corner} ${i + 1}`))
      if (i + 1 < run.places.length) made.push(button('between', r, i, `${edited.words['corner-new']} ${i + 1}`))
    }
  })
  home.replaceChildren(...made)
  put()
  if (focus) home.querySelector(`.corner[data-run="${focus[0]}"][data-at="${focus[1]}"]`)?.focus({preventScroll: true})
}

function button(kind, run, at, label) {
  const made = Object.assign(document.createElement('button'), {type: 'button', className: kind, title: label})
  made.setAttribute('aria-label', label)
  made.setAttribute('aria-keyshortcuts', kind === 'corner' ? 'ArrowUp ArrowDown ArrowLeft ArrowRight Delete' : 'Enter')
  Object.assign(made.dataset, {run, at})
  made.addEventListener('pointerdown', begin)
  made.addEventListener('keydown', byKey)
  made.addEventListener('keyup', event => event.key in ARROWS && edited?.isMoved && finish())
  return made
}

function placeOf({className, dataset: {run, at}}) {
  const {places} = runsOf(edited.geometry)[run]
  const i = Number(at)
  return className === 'corner' ? places[i] : times(plus(places[i], places[i + 1]), 0.5)
}

function put() {
  if (!edited) return
  for (const one of home.children) {
    const [x, y, depth] = onScreen(placeOf(one))
    const isSeen = Math.abs(depth) <= 1 && x > -20 && y > -20 && x < innerWidth + 20 && y < innerHeight + 20
    one.hidden = !isSeen || (one.className === 'between' && sizeOf(one) < SHORTEST)
    one.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`
  }
}

/** Of the edge on which a new corner would lie, in pixels. */
function sizeOf({dataset: {run, at}}) {
  const {places} = runsOf(edited.geometry)[run]
  const [from, to] = [places[Number(at)], places[Number(at) + 1]].map(place => onScreen(place))
  return Math.hypot(to[0] - from[0], to[1] - from[1])
}

function begin(event) {
  if (event.button) return
  event.preventDefault()
  event.stopPropagation()
  let handle = event.currentTarget
  if (handle.className === 'between') handle = added(handle)
  handle.setPointerCapture(event.pointerId)
  handle.focus({preventScroll: true})
  const drag = move => moved(handle, caught(handle, pixelOf(move), move.altKey))
  const end = () => {
    handle.removeEventListener('pointermove', drag)
    if (edited?.isMoved) finish()
  }
  handle.addEventListener('pointermove', drag)
  handle.addEventListener('pointerup', end, {once: true})
  handle.addEventListener('pointercancel', end, {once: true})
}

/** The new corner's own button, in the place of the small one. */
function added({dataset: {run, at}}) {
  const [r, i] = [Number(run), Number(at)]
  const {places} = runsOf(edited.geometry)[r]
  places.splice(i + 1, 0, times(plus(places[i], places[i + 1]), 0.5))
  edited.isMoved = true
  build([r, i + 1])
  return home.querySelector(`.corner[data-run="${r}"][data-at="${i + 1}"]`)
}

/** The ground under a pixel, caught by the neighbourhood and square to the corners beside it. */
function caught({dataset: {run, at}}, pixel, isFree) {
  const viewport = drawn.view.getViewports()[0]
  const [place, beside] = [pixel, [pixel[0] + 1, pixel[1]]].map(spot =>
    viewport.unproject(spot, {targetZ: drawn.base}).slice(0, 2))
  if (isFree) return place
  const metres = Math.hypot(...planeAt(place).flat(beside))
  const one = runsOf(edited.geometry)[run]
  const before = (back) => one.places[(Number(at) - back + count(one)) % count(one)]
  const set = one.isRing || at > 1 ? [before(2), before(1)] : []
  return snapped(place, REACH * metres, set).place
}

function moved({dataset: {run, at}}, place) {
  set(runsOf(edited.geometry)[run], Number(at), place)
  edited.isMoved = true
  put()
  edited.on.change(structuredClone(edited.geometry))
}

function byKey(event) {
  const handle = event.currentTarget
  const [r, i] = [Number(handle.dataset.run), Number(handle.dataset.at)]
  const isCorner = handle.className === 'corner'
  const does = event.key in ARROWS && isCorner ? () => moved(handle, stepped(handle, ARROWS[event.key]))
    : ['Delete', 'Backspace'].includes(event.key) && isCorner ? () => takeAway(r, i)
    : ['Enter', ' '].includes(event.key) && !isCorner ? () => (added(handle), edited.on.change(structuredClone(edited.geometry)), finish())
    : null
  if (!does) return
  event.preventDefault()
  event.stopPropagation()
  does()
}

function stepped(handle, way) {
  const plane = planeAt(placeOf(handle))
  return plane.round(times(way, STEP))
}

function takeAway(r, i) {
  const run = runsOf(edited.geometry)[r]
  if (count(run) <= LEAST[edited.geometry.type]) return
  run.places.splice(i, 1)
  if (run.isRing && i === 0) run.places[run.places.length - 1] = run.places[0]
  build([r, Math.max(0, i - 1)])
  edited.on.change(structuredClone(edited.geometry))
  finish()
}

function finish() {
  edited.isMoved = false
  edited.on.done()
}
