// The tools that draw: which mode is at hand, its keys, and the figures while it is in use.

import {endCorners} from './corners.js'
import {clickAt, drawn, redrawn} from './layer.js'
import {Outline, Rectangle, Stamp} from './modes.js'
import {paintFigures, pixelOf} from './overlay.js'
import {heightOf, tellFigures} from './figures.js'
import {release} from './handles.js'
import {loadEdges} from './snapping.js'

const byId = id => document.getElementById(id)
const root = document.documentElement
let city
const NEAR = 8 // pixels that a hand may tremble while it clicks
let current = null // {mode, building, how}
let hasEnded = false

export function wireDrawing(wired) {
  city = wired
  drawn.view = city.view
  document.addEventListener('keydown', onKey, true)
  document.addEventListener('keyup', event => event.key === 'Alt' && (drawn.isFree = false))
  document.addEventListener('keydown', event => event.key === 'Alt' && (drawn.isFree = true))
  // Nothing is selected meanwhile, nor by the click that ends it.
  addEventListener('city-click', event => (drawn.mode || hasEnded) && event.preventDefault())
  byId('drafting-keys').addEventListener('click', ({target}) => deeds()[target.value]?.())
  byId('drafting-keys').hidden = true
  byId('view').addEventListener('pointerdown', event => {
    hasEnded = false
    drawn.pressed = pixelOf(event)
  }, true)
  byId('view').addEventListener('click', event => {
    const pixel = pixelOf(event)
    const isDragged = Math.hypot(pixel[0] - drawn.pressed[0], pixel[1] - drawn.pressed[1]) > NEAR
    if (drawn.mode && !isDragged) clickAt(pixel, event)
  })
  addEventListener('city-drawn', () => current && paint())
  let resting
  addEventListener('city-drawn', () => {
    clearTimeout(resting)
    resting = setTimeout(() => loadEdges(city), 400)
  })
}

/**
 * Draws with a tool until something is done. kind: "polygon", "square", "line", "rectangle", "stamp"; polygons: of the
 * stamp; building: {storeys, storeyHeight, ...} as which it would stand; onDone: is handed the geometry.
 */
export function draw({kind, polygons, building, how, onDone}) {
  stopDrawing()
  const {words} = city.scene
  const told = {onChange: changed, onDone: geometry => (stopDrawing(), onDone(geometry))}
  const mode = kind === 'rectangle' ? new Rectangle(told)
    : kind === 'stamp' ? new Stamp({...told, polygons, aligned: Boolean(polygons)})
    : new Outline({...told, square: kind === 'square', open: kind === 'line'})
  const key = {rectangle: 'rectangle-drawn', stamp: 'stamp-drawn'}[kind] ?? 'lines-drawn'
  current = {mode, building, how: how ?? words[key]}
  release()
  endCorners()
  Object.assign(drawn, {mode, features: [], bodies: []})
  root.dataset.tool = 'draw'
  for (const button of byId('drafting-keys').children) button.hidden = !(button.value in deeds())
  byId('drafting-keys').hidden = false
  city.redraw()
  changed()
  city.view.getCanvas().focus({preventScroll: true})
}

export function stopDrawing() {
  if (!current) return
  current = null
  hasEnded = true
  byId('drafting-keys').hidden = true
  Object.assign(drawn, {mode: null, features: [], bodies: [], snap: {kind: '', place: null}})
  delete root.dataset.tool
  paintFigures(null)
  tellFigures(city.scene, null)
  dispatchEvent(new Event('drawing-ended'))
  city.redraw()
}

export const isDrawing = () => Boolean(current)

function changed() {
  if (!current) return
  const {mode, building} = current
  const geometry = mode.tentative()
  const stands = building && geometry?.type.endsWith('Polygon')
  drawn.bodies = stands ? [{geometry, height: heightOf(geometry, building)}] : []
  redrawn()
  paint()
}

function paint() {
  const {mode, building, how} = current
  const geometry = mode.tentative()
  const hasFirst = mode.pointer && mode.places.length === 1
  const line = hasFirst ? {type: 'LineString', coordinates: [...mode.places, mode.pointer]} : null
  paintFigures(geometry ?? line, city.scene.language)
  tellFigures(city.scene, geometry, building, how)
}

const TURN = Math.PI / 12

/** What the keys do now; the buttons beside the figures do the same. */
function deeds() {
  const {mode} = current
  const always = {Escape: stopDrawing}
  if (mode.turn) return {...always, r: () => mode.turn(TURN), R: () => mode.turn(-TURN)}
  return {...always, Enter: () => mode.finish(), Backspace: () => mode.takeBack()}
}

function onKey(event) {
  if (!current || document.querySelector('dialog[open]') || event.target.closest('input, select, textarea')) return
  const does = deeds()[event.key]
  if (!does || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Enter' && event.target.closest('button, a, summary')) return
  event.preventDefault()
  event.stopPropagation()
  does()
}
