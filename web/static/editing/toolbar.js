// The planner's tool bar: its menus, what each tool draws, undo and redo.

import {draw, isDrawing, stopDrawing} from './drawing.js'
import {lengthOf} from '../geodesy.js'
import {minus, placesOf, planeAt, plus, polygonsOf, times, unit} from './plane.js'
import {newUid} from './sending.js'
import {toast} from './toast.js'

const byId = id => document.getElementById(id)
const SPACING = 8 // metres between trees of a row
const GROVE = 7 // metres between trees of a grove
const MOST = 400 // trees at once
const TREE = {height: 8, crown: 5}

/** on: {created, planted, copied, command}. */
export function wireTools(city, on) {
  const menus = [...document.querySelectorAll('#planner .menu')]
  document.addEventListener('click', event => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false
  })
  byId('planner').addEventListener('keydown', event => {
    const menu = event.target.closest('.menu[open]')
    if (event.key !== 'Escape' || !menu) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
  byId('planner').addEventListener('click', event => {
    const button = event.target.closest('[data-draw]')
    if (!button) return
    button.closest('.menu').open = false
    take(city, on, button.dataset)
    if (isDrawing()) button.closest('.menu').classList.add('on')
  })
  addEventListener('drawing-ended', () => menus.forEach(menu => menu.classList.remove('on')))
  byId('undo').onclick = () => on.command('/undo')
  byId('redo').onclick = () => on.command('/redo')
  document.addEventListener('keydown', event => onKey(event, on))
}

function onKey(event, on) {
  if (!(event.ctrlKey || event.metaKey) || event.target.closest('input, textarea, dialog')) return
  const key = event.key.toLowerCase()
  const path = key === 'y' || (key === 'z' && event.shiftKey) ? '/redo' : key === 'z' ? '/undo' : null
  if (!path || isDrawing()) return
  event.preventDefault()
  on.command(path)
}

function take(city, on, {draw: tool, layer, type}) {
  stopDrawing()
  const {words, planner} = city.scene
  if (tool === 'copy') {
    const copy = on.copied()
    if (!copy) return toast(words['choose-first'])
    return draw({kind: 'stamp', ...copy, onDone: geometry => on.created(layer, geometry, copy, 'copy')})
  }
  if (tool === 'type') {
    const chosen = planner.types[type]
    return draw({kind: 'stamp', ...chosen, onDone: geometry => on.created(layer, geometry, chosen)})
  }
  if (layer === 'buildings') {
    const {building} = planner
    const given = {building, fields: {use: building.use}}
    return draw({kind: tool, building, onDone: geometry => on.created(layer, geometry, given)})
  }
  if (tool === 'row') return draw({kind: 'line', onDone: line => plant(on, alongLine(line))})
  if (tool === 'grove') return draw({kind: 'polygon', onDone: area => plant(on, within(area))})
  const kind = {tree: 'stamp', point: 'stamp', line: 'line', polygon: 'polygon'}[tool]
  const fields = layer === 'trees' ? TREE : {}
  return draw({kind, onDone: geometry => on.created(layer, geometry, {fields}, layer === 'trees' ? 'plant' : 'draw')})
}

function plant(on, places) {
  const planting = {verb: 'place', layer: 'trees', properties: TREE, seen: null}
  on.planted(places.slice(0, MOST).map(place =>
    ({...planting, uid: newUid(), geometry: {type: 'Point', coordinates: place}})))
}

/** A tree at the beginning, at the end, and every so many metres between. */
function alongLine({coordinates}) {
  const count = Math.max(1, Math.round(lengthOf(coordinates) / SPACING))
  const {flat, round} = planeAt(coordinates[0])
  const spots = coordinates.map(flat)
  const legs = spots.slice(1).map((spot, i) => ({from: spots[i], way: minus(spot, spots[i])}))
  for (const leg of legs) leg.size = Math.hypot(...leg.way)
  const whole = legs.reduce((sum, {size}) => sum + size, 0)
  return Array.from({length: count + 1}, (_, i) => {
    let away = (whole * i) / count
    const leg = legs.find(({size}) => (away <= size + 1e-6 ? true : ((away -= size), false))) ?? legs.at(-1)
    return round(plus(leg.from, times(unit(leg.way), Math.min(away, leg.size))))
  })
}

/** Trees in rows that are set off against each other, each a little beside its place, as nature has it. */
function within(area) {
  const {flat, round} = planeAt(placesOf(area)[0])
  const [[outline]] = polygonsOf(area)
  const corners = outline.map(flat)
  const [west, south, east, north] = [
    Math.min(...corners.map(([x]) => x)), Math.min(...corners.map(([, y]) => y)),
    Math.max(...corners.map(([x]) => x)), Math.max(...corners.map(([, y]) => y))]
  const found = []
  for (let y = south + GROVE / 2, row = 0; y < north; y += GROVE * 0.87, row++) {
    for (let x = west + (row % 2 ? GROVE : GROVE / 2); x < east; x += GROVE) {
      const aside = n => (((Math.sin(n * 12.9898 + row * 78.233) * 43758.5453) % 1) * GROVE) / 5
      const spot = [x + aside(x), y + aside(x + 7)]
      if (isWithin(corners, spot)) found.push(round(spot))
    }
  }
  return found
}

const isWithin = (corners, [x, y]) => corners.reduce((inside, [x1, y1], i) => {
  const [x2, y2] = corners[(i + 1) % corners.length]
  return y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside
}, false)
