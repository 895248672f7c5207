// A design on the map: set down, then moved, turned and scaled by the handles, while its form has the exact numbers.

import {groundAt} from '../ground.js'
import {draw, stopDrawing} from './drawing.js'
import {lookedAt, wrong} from './design_form.js'
import {hold, release} from './handles.js'
import {drawn, lowest, redrawn} from './layer.js'
import {paintFigures} from './overlay.js'
import {long, mapped, minus, placesOf, planeAt, plus, polygonsOf, times, turned} from './plane.js'
import {toast} from './toast.js'

const panel = document.getElementById('verb')
const LOW = 0.2 // metres of what has no height
const STOREY = 3 // metres, until the server builds it
let city
let on
let shown = null // {features, base, geometry, middle, angle, scale}: base are its outlines as brought in
let unplaced = null // {polygons, features}: looked at, and not set down yet

const form = () => panel.querySelector('.design-form')
const field = name => form().elements.namedItem(name)
const numberIn = (name, usual) => (field(name).value.trim() ? Number(field(name).value.replace(',', '.')) : usual)

/** told: {placed(answer)}. */
export function wireDesigns(wired, told) {
  city = wired
  on = told
  panel.addEventListener('change', ({target}) => {
    if (!form()) return
    if (['file', 'layer', 'crs'].includes(target.name)) look()
    else if (shown || unplaced) byNumbers()
  })
  panel.addEventListener('submit', event => {
    if (!form()) return
    event.preventDefault()
    if (event.submitter?.value === 'look') look()
    else plan()
  })
}

/** The form is gone. */
export function endDesign() {
  unplaced = null
  if (!shown) return
  shown = null
  release()
  drawn.bodies = []
  redrawn()
  paintFigures(null)
}

async function look() {
  if (!field('file').files.length) return
  for (const name of ['east', 'north', 'angle']) field(name).value = ''
  field('scale').value = '1'
  endDesign()
  const found = await lookedAt(form())
  if (!found) return
  const polygons = found.features.flatMap(({geometry}) => polygonsOf(geometry))
  const features = found.features.map(({properties}) => properties)
  if (found.placed) {
    const [west, south, east, north] = found.bounds
    const middle = [(west + east) / 2, (south + north) / 2]
    const {flat} = planeAt(middle)
    start(polygons.map(rings => rings.map(ring => ring.map(flat))), features, middle)
  } else if (polygons.length) {
    unplaced = {polygons, features}
    draw({kind: 'stamp', polygons, how: city.scene.words['design-put'], onDone: set})
  }
}

/** Set down by a click, along the nearest edge. */
function set(geometry) {
  if (!unplaced) return
  const {polygons, features} = unplaced
  const {middle, angle} = laid(outlines(polygons), geometry)
  start(polygons, features, middle, angle)
}

const outlines = polygons => ({
  type: 'MultiPolygon', coordinates: polygons.map(rings => rings.map(ring => [...ring, ring[0]])),
})

/** polygons: in metres around the middle; angle: radians. */
function start(polygons, features, middle, angle = 0) {
  shown = {features, base: outlines(polygons), middle, angle, scale: 1}
  unplaced = null
  lay()
  tell()
}

/** The outlines where the numbers say. */
function lay() {
  const {base, middle, angle, scale} = shown
  const {round} = planeAt(middle)
  shown.geometry = mapped(base, place => round(times(turned(place, angle), scale)))
  show()
}

function show() {
  drawn.base = lowest(shown.geometry, groundAt)
  const heights = shown.features.map(({height, storeys}) => (height ?? (storeys ? storeys * STOREY : LOW)) * shown.scale)
  drawn.bodies = polygonsOf(shown.geometry).map((rings, i) => ({
    geometry: {type: 'Polygon', coordinates: rings.map(ring => [...ring, ring[0]])}, height: heights[i] ?? LOW,
  }))
  redrawn()
  hold({geometry: shown.geometry}, {
    change({geometry}) {
      Object.assign(shown, {geometry}, laid(shown.base, geometry))
      show()
    },
    done: tell,
  })
}

/** How the base came to lie there: {middle, angle, scale}. The two places of it that lie farthest apart tell. */
function laid(base, geometry) {
  const before = placesOf(base)
  const after = placesOf(geometry)
  const {flat, round} = planeAt(after[0])
  const far = before.reduce((best, place, i) => (long(minus(place, before[0])) > long(minus(before[best], before[0])) ? i : best), 0)
  const [from, to] = [minus(before[far], before[0]), minus(flat(after[far]), flat(after[0]))]
  const angle = Math.atan2(to[1], to[0]) - Math.atan2(from[1], from[0])
  const scale = long(to) / long(from)
  return {angle, scale, middle: round(plus(flat(after[0]), times(turned(before[0], angle), -scale)))}
}

/** The handles' doing, as exact numbers: degrees and metres of the city. */
async function tell() {
  const before = shown
  const {middle: [longitude, latitude], angle, scale} = shown
  const found = await placeOf({longitude, latitude})
  if (!found || shown !== before) return
  field('east').value = found.east.toFixed(2)
  field('north').value = found.north.toFixed(2)
  const degrees = Math.round(((angle * 180) / Math.PI + found.turned) * 100) / 100
  field('angle').value = (((degrees % 360) + 360) % 360).toFixed(2)
  field('scale').value = Number(scale.toPrecision(5))
}

/** What was entered, as the city shows it. */
async function byNumbers() {
  const found = await placeOf({east: field('east').value, north: field('north').value})
  if (!found) return
  if (unplaced) {
    stopDrawing()
    shown = {features: unplaced.features, base: outlines(unplaced.polygons)}
    unplaced = null
  }
  if (!shown) return
  shown.middle = [found.longitude, found.latitude]
  shown.angle = ((numberIn('angle', 0) - found.turned) * Math.PI) / 180
  shown.scale = numberIn('scale', 1) || 1
  lay()
}

async function placeOf(asked) {
  const response = await fetch(`${form().dataset.place}?${new URLSearchParams(asked)}`).catch(() => null)
  return response?.ok ? response.json() : null
}

async function plan() {
  const sent = new FormData()
  sent.set('place', '1')
  if (field('file').files.length) sent.set('file', field('file').files[0])
  for (const name of ['layer', 'crs']) if (field(name).value) sent.set(name, field(name).value)
  for (const name of ['east', 'north', 'angle', 'scale']) {
    if (field(name).value.trim()) sent.set(name, field(name).value.trim().replace(',', '.'))
  }
  const response = await fetch(form().dataset.api, {method: 'POST', body: sent}).catch(() => null)
  const answer = await response?.json().catch(() => null)
  if (!answer) return wrong(form(), city.scene.words['needs-connection'])
  if (!response.ok) return wrong(form(), answer.error)
  for (const message of answer.messages) toast(message)
  on.placed(answer)
}
